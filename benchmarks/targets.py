"""The targets that were set, a line each: what was measured in this run, and whether that reaches it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from report import seconds, table

Raw = Sequence[Mapping[str, object]]
OURS = "rulecore_columnar"
HAND = ("polars_float", "polars_exact")
SECOND, MICRO = 1.0, 1e-6


class Numbers:
    """The numbers of a run, looked up by section, name and size."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw

    def one(self, section: str, what: str, size: int | None = None) -> Mapping[str, object] | None:
        """Return a number with what belongs to it: of a size, or of the largest."""
        found = [
            item
            for item in self.raw
            if item["section"] == section and item["what"] == what and size in (None, item["size"])
        ]
        found = [item for item in found if not item.get("reason")]
        return max(found, key=lambda item: int(str(item["size"])), default=None)

    def value(self, section: str, what: str, size: int | None = None) -> float | None:
        """Return a number alone."""
        found = self.one(section, what, size)
        return None if found is None else float(str(found["value"]))

    def ratio(self, section: str, what: str, base: str, size: int) -> float | None:
        """Return a time by another of the same race."""
        mine, other = self.one(section, what, size), self.value(section, base, size)
        if mine is None or not other:
            return None
        beside = float(str(mine.get("base") or 0.0))
        return float(str(mine["value"])) / (beside if beside and base == HAND[0] else other)


def targets(raw: Raw) -> str:
    """Return the table of targets."""
    rows = []
    for target, measured, reached in _lines(Numbers(raw)):
        rows.append((target, measured, "not measured" if reached is None else "yes" if reached else "**no**"))
    return "## Targets\n\n" + table(("target", "measured", "reached"), rows)


def _lines(numbers: Numbers) -> Iterator[tuple[str, str, bool | None]]:
    size = 10**6
    for section, base, most, name in (
        ("w1", "polars_float", 2.0, "W1 steps 1–5, 1e6 records, to float Polars by hand"),
        ("w1", "polars_exact", 1.15, "W1 steps 1–5, 1e6 records, to exact integers in Polars by hand"),
        ("w1u", "polars_float", 3.0, "W1u, 1e6 records, to float Polars by hand"),
        ("ranked", "polars_float", 1.5, "W1 with rank and quota, 1e6 records, to float Polars by hand"),
    ):
        found = numbers.ratio(section, OURS, base, size)
        yield f"{name}: ≤ {most}", _times(found), None if found is None else found <= most
    yield _all_right(numbers)
    for section, name in (("w1", "W1"), ("dense", "W1 on round numbers"), ("w1u", "W1u")):
        for many in (10**5, 10**6):
            yield _ahead(numbers, section, name, many)
    yield from _from_files(numbers)
    for what, most, name in (
        ("rulecore, evaluate_one of texts", 25, "evaluate_one, 21 inputs as texts"),
        ("rulecore, evaluate_one of numbers", 25, "evaluate_one, 21 inputs as numbers"),
        ("rulecore, kernel (inputs scaled)", 8, "its kernel alone"),
    ):
        yield _at_most(f"{name}: ≤ {most} µs", numbers.value("single", what), most * MICRO)
    yield _at_most("`rulecore --help`: ≤ 0.15 s", numbers.value("cold", "rulecore --help"), 0.15)
    yield _at_most(
        "`run` on 1,000 records: ≤ 1.0 s", numbers.value("cold", "rulecore run, 1,000 records"), 1.0
    )
    yield _at_most("compiling 200 rules: ≤ 1 s", numbers.value("compile", "rules", 200), 1.0)
    found = numbers.ratio("csv", "rulecore_csv", "polars_csv", size)
    yield (
        "CSV of 1e6 rows, typed strictly, to polars.read_csv: ≤ 3",
        _times(found),
        None if found is None else found <= 3,
    )
    yield _linear(
        numbers, "compile", "rules", 50, "compiling: a rule of 800 costs what one of 50 does (≤ 1.3 times)"
    )
    yield _linear(
        numbers,
        "growth",
        "rules",
        50,
        "computing: a rule of 800 costs what one of 50 does (≤ 1.5 times)",
        1.5,
    )
    for what, name in (("w1", "W1"), ("w1u", "W1u"), ("w1r", "W1 with rank and quota")):
        words = f"{name}: a record of the most costs what one of 1e5 does (≤ 1.5 times)"
        yield _linear(numbers, "growth", what, 10**5, words, most=1.5)


def _times(found: float | None) -> str:
    return "—" if found is None else f"{found:.2f}"


def _at_most(target: str, found: float | None, most: float) -> tuple[str, str, bool | None]:
    return target, "—" if found is None else seconds(found), None if found is None else found <= most


def _all_right(numbers: Numbers) -> tuple[str, str, bool | None]:
    found = [
        item
        for item in numbers.raw
        if item["what"] in (OURS, "rulecore_one", "rulecore_w2", "rulecore_w2_whole", "rulecore_csv")
        and not item.get("reason")
    ]
    wrong, checked = (sum(int(str(item.get(key, 0))) for item in found) for key in ("wrong", "checked"))
    right = None if not found else wrong == 0
    return (
        "every result right, also on round numbers",
        f"{wrong} of {checked:,} wrong" if found else "—",
        right,
    )


def _ahead(numbers: Numbers, section: str, name: str, size: int) -> tuple[str, str, bool | None]:
    target = f"{name}, {size:.0e} records: ahead of every other peer".replace("e+0", "e")
    mine = numbers.value(section, OURS, size)
    others = {
        str(item["what"]): float(str(item["value"]))
        for item in numbers.raw
        if item["section"] == section and item["size"] == size and item["value"] and not item.get("reason")
        if item["what"] not in (*HAND, OURS)
    }
    if mine is None or not others:
        return target, "—", None
    nearest = min(others, key=others.__getitem__)
    return target, f"{nearest} takes {others[nearest] / mine:.2f} of its time", others[nearest] >= mine


def _from_files(numbers: Numbers) -> Iterator[tuple[str, str, bool | None]]:
    ours = numbers.one("files", "rulecore run")
    size = int(str(ours["size"])) if ours is not None else 0
    found = numbers.ratio("files", "rulecore run", "Polars by hand, floats, streaming", size)
    of = "" if size in (0, 10**7) else f" (at {size:,}; 1e7 was not measured)"
    reached = None if found is None or size < 10**7 else found <= 1.5
    yield "Parquet to Parquet, 1e7 records, to Polars by hand: ≤ 1.5", _times(found) + of, reached
    peak = int(str(ours["peak"])) if ours is not None else 0
    reached = None if size < 10**7 else peak < 2 * 2**30
    yield "its peak memory: < 2 GiB", f"{peak / 2**20:,.0f} MiB{of}" if ours else "—", reached


def _linear(
    numbers: Numbers, section: str, what: str, first: int, words: str, most: float = 1.3
) -> tuple[str, str, bool | None]:
    last = numbers.one(section, what)
    base = numbers.value(section, what, first)
    if last is None or base is None or int(str(last["size"])) <= first:
        return words, "—", None
    each = float(str(last["value"])) / int(str(last["size"])) / (base / first)
    return words, f"{each:.2f} (at {int(str(last['size'])):,})", each <= most
