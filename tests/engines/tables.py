"""Generated policies with detail tables, their records, and what they must give, worked out apart from rulecore.

Every expression is drawn as a pair: the text that the policy holds, and a function of plain Python values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TypeVar

from attrs import field, frozen

from rulecore.api import CompiledPolicy
from rulecore.contracts import Value
from rulecore.plugins import load_plugins
from rulecore.registry import Registry
from rulecore.testing import compile_rule

Item = TypeVar("Item")
Integers = Callable[[int, int], int]
Row = dict[str, Value]
OfRow = Callable[[Row], Value]

TEXTS = ("甲", "乙", "a", "")
DAYS = (date(2024, 2, 29), date(2024, 3, 1), date(1999, 12, 31))

POLICY = """
[policy]
name = "generated"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.w]
type = "integer"
min = -3
max = 3
missing = "not_applicable"

[tables.items]
source = "SOURCE"
row = "k"
at_least = LEAST
at_most = 9
[tables.items.fields.k]
type = "text"
[tables.items.fields.a]
type = "decimal"
decimals = 2
min = -50
max = 50
missing = "not_applicable"
[tables.items.fields.n]
type = "integer"
min = -5
max = 5
missing = "not_applicable"
[tables.items.fields.t]
type = "text"
values = ["甲", "乙"]
[tables.items.fields.s]
type = "text"
missing = "not_applicable"
[tables.items.fields.f]
type = "flag"
[tables.items.fields.g]
type = "flag"
missing = "not_applicable"
[tables.items.fields.d]
type = "date"
missing = "not_applicable"
[tables.items.rules]
share = { scorer = "formula", value = "a / (n + 7)" }
lifted = { scorer = "formula", value = "coalesce(a, 1) + total / 3" }
place = { scorer = "rank", by = "a" }
own_sum = { scorer = "formula", value = "cohort_sum(share)" }
team_sum = { scorer = "formula", value = "cohort_sum(a, by = t)" }
depth = { scorer = "formula", value = "sum(parts.quarter where positive) + coalesce(w, 0)" }

[tables.parts]
source = "SOURCE"
parent = "items"
at_least = LEAST
at_most = 9
[tables.parts.fields.v]
type = "decimal"
decimals = 1
min = -9
max = 9
missing = "not_applicable"
[tables.parts.fields.positive]
type = "flag"
[tables.parts.rules]
quarter = { scorer = "formula", value = "v / 7 + coalesce(n, 0)" }

[rules.total]
scorer = "formula"
value = "sum(items.n where f)"
"""
END = '\n[output]\ncolumns = ["unit"]\n'


@frozen(kw_only=True)
class Rule:
    """A drawn rule of the records: its text, whether it rounds, and what it must give of a record's rows."""

    text: str
    rounds: bool
    expected: Callable[[Sequence[Row]], Value]
    crosses: bool = False
    """Whether it compares rows of different records, which one record alone cannot."""


@frozen(kw_only=True)
class TablesCase:
    """A policy, its records as rulecore is given them, and the rules that were drawn."""

    policy: CompiledPolicy = field(repr=False)
    records: list[dict[str, object]]
    rules: tuple[Rule, ...]


@cache
def registry() -> Registry:
    """Return what rulecore brings itself."""
    return load_plugins(entry_points=False)


def make_tables_case(integer: Integers) -> TablesCase:
    """Return a generated policy over detail tables with records for it."""

    def pick(items: Sequence[Item]) -> Item:
        return items[integer(0, len(items) - 1)]

    source = pick(("table", "records"))
    least = 0 if source == "table" else 1
    rules = tuple(_rule(pick, integer) for _ in range(integer(3, 8)))
    text = POLICY.replace("SOURCE", source).replace("LEAST", str(least))
    for number, rule in enumerate(rules):
        rounding = 'decimals = 4\nrounding = "half_even"\n' if rule.rounds else ""
        text += f"[rules.r{number}]\nscorer = \"formula\"\nvalue = '''{rule.text}'''\n{rounding}"

    def maybe(value: Item) -> Item | None:
        return None if integer(1, 4) == 1 else value

    def part() -> dict[str, object]:
        return {"v": maybe(Fraction(integer(-90, 90), 10)), "positive": pick((True, False))}

    def item(number: int) -> dict[str, object]:
        return {
            "k": f"K{number}",
            "a": maybe(pick((Fraction(integer(-5000, 5000), 100), Fraction(1), Fraction(5, 2)))),
            "n": maybe(Fraction(integer(-5, 5))),
            "t": pick(TEXTS[:2]),
            "s": maybe(pick(TEXTS[:3])),
            "f": pick((True, False)),
            "g": maybe(pick((True, False))),
            "d": maybe(pick(DAYS)),
            "parts": [part() for _ in range(integer(least, 3))],
        }

    records: list[dict[str, object]] = [
        {
            "unit": f"U{number}",
            "w": maybe(Fraction(integer(-3, 3))),
            "items": [item(row) for row in range(integer(least, 5))],
        }
        for number in range(integer(1, 4))
    ]
    return TablesCase(policy=compile_rule(text + END, registry=registry()), records=records, rules=rules)


# --- what rows must give --------------------------------------------------------------------------


def with_row_rules(records: Sequence[dict[str, object]]) -> list[list[Row]]:
    """Return the rows of each record with what their rules must give."""
    found = [[_plain(row, record) for row in _rows(record)] for record in records]
    every = [row for rows in found for row in rows]
    for rows in found:
        counted = [row["n"] for row in rows if row["f"]]
        total = _total(counted)
        own = [row["share"] for row in rows if row["share"] is not None]
        for row in rows:
            row["lifted"] = None if total is None else _number(row["a"], 1) + total / 3
            before = [other for other in rows if _more(other["a"], row["a"])]
            row["place"] = None if row["a"] is None else Fraction(1 + len(before))
            row["own_sum"] = sum(own, Fraction(0)) if own else None
            team = [other["a"] for other in every if other["t"] == row["t"] and other["a"] is not None]
            row["team_sum"] = sum(team, Fraction(0)) if team else None
    return found


def _rows(record: dict[str, object]) -> list[dict[str, object]]:
    rows = record["items"]
    assert isinstance(rows, list)
    return rows


def _plain(item: dict[str, object], record: dict[str, object]) -> Row:
    row: Row = {name: value for name, value in item.items() if name != "parts"}
    a, n = row["a"], row["n"]
    both = isinstance(a, Fraction) and isinstance(n, Fraction)
    row["w"] = record["w"]
    row["share"] = a / (n + 7) if both else None
    parts = item["parts"]
    assert isinstance(parts, list)
    met = [None if part["v"] is None else part["v"] / 7 + _number(n, 0) for part in parts if part["positive"]]
    depth = _total(met)
    row["depth"] = None if depth is None else depth + _number(row["w"], 0)
    return row


def _total(values: Sequence[Value]) -> Fraction | None:
    known = [value for value in values if isinstance(value, Fraction)]
    return sum(known, Fraction(0)) if known or not values else None


def _number(value: Value, otherwise: int) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(otherwise)


def _more(one: Value, other: Value) -> bool:
    return isinstance(one, Fraction) and isinstance(other, Fraction) and one > other


# --- expressions ----------------------------------------------------------------------------------


def _both(row: Row, one: str, other: str, join: Callable[[Fraction, Fraction], Fraction]) -> Value:
    first, second = row[one], row[other]
    return join(first, second) if isinstance(first, Fraction) and isinstance(second, Fraction) else None


NUMBERS: tuple[tuple[str, OfRow], ...] = (
    ("items.a", lambda row: row["a"]),
    ("items.n", lambda row: row["n"]),
    ("items.a + n", lambda row: _both(row, "a", "n", lambda a, n: a + n)),
    ("w * items.a / 3", lambda row: _both(row, "a", "w", lambda a, w: a * w / 3)),
    ("items.share", lambda row: row["share"]),
    ("items.share / 3 + share", lambda row: _both(row, "share", "share", lambda x, y: x / 3 + y)),
    ("items.lifted", lambda row: row["lifted"]),
    ("items.place", lambda row: row["place"]),
    ("items.own_sum", lambda row: row["own_sum"]),
    ("items.team_sum", lambda row: row["team_sum"]),
    ("items.depth", lambda row: row["depth"]),
)
CONDITIONS: tuple[tuple[str, OfRow], ...] = (
    ("", lambda _row: True),
    ("f", lambda row: row["f"]),
    ("not f", lambda row: not row["f"]),
    ("is_applicable(a)", lambda row: row["a"] is not None),
    ("coalesce(n, 0) >= 1 or coalesce(w, 0) > 1", lambda row: _number(row["n"], 0) >= 1 or _number(row["w"], 0) > 1),
    ('t == "甲"', lambda row: row["t"] == "甲"),
)  # fmt: skip
ORDERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ()), ("n", ("n",)), ("[t, n]", ("t", "n")), ("[d, share]", ("d", "share")),
)  # fmt: skip
KINDS: tuple[tuple[str, OfRow], ...] = (
    *NUMBERS,
    ("items.t", lambda row: row["t"]),
    ("items.s", lambda row: row["s"]),
    ("items.g", lambda row: row["g"]),
    ("items.d", lambda row: row["d"]),
)


def _rule(pick: Callable[[Sequence[Item]], Item], integer: Integers) -> Rule:
    function = pick((*AGGREGATES, "count", "count_distinct", "first", "last", "join", "any", "all"))
    condition, met = pick(CONDITIONS)
    order, keys = pick(ORDERS)
    argument, of_row = pick(NUMBERS)
    options, of_values = "", AGGREGATES.get(function)
    if function in ("first", "last", "count", "count_distinct"):
        argument, of_row = pick(KINDS)
    elif function in ("any", "all"):
        argument, of_row = "items.g", lambda row: row["g"]
    elif function == "join":
        argument, of_row, options = "items.s", lambda row: row["s"], ', separator = "+"'
    if function in ("first", "last", "join") and order:
        options += f", order = {order}"
    else:
        keys = ()
    if function in ("nth_largest", "sum_largest"):
        options = ", n = 2"
    if function == "trimmed_mean":
        low, high = integer(0, 2), integer(0, 2)
        options = f", low = {low}, high = {high}"
        of_values = lambda values: _trimmed(values, low, high)  # noqa: E731
    made = of_values or OTHERS[function]

    def expected(rows: Sequence[Row]) -> Value:
        chosen = [row for row in rows if met(row)]
        for key in reversed(keys):
            present = sorted((row for row in chosen if row[key] is not None), key=lambda row: row[key])
            chosen = [*present, *(row for row in chosen if row[key] is None)]
        return made([of_row(row) for row in chosen])

    where = f" where {condition}" if condition else ""
    if options:
        where = f", where = {condition}" if condition else ""
    number = function in AGGREGATES or (function in ("first", "last") and (argument, of_row) in NUMBERS)
    text = f"{function}({argument}{options}{where})"
    return Rule(text=text, rounds=number, expected=expected, crosses="team_sum" in text)


def _known(values: Sequence[Value]) -> list[Fraction]:
    return sorted(value for value in values if isinstance(value, Fraction))


def _trimmed(values: Sequence[Value], low: int, high: int) -> Value:
    kept = _known(values)[low:]
    kept = kept[: max(0, len(kept) - high)]
    return sum(kept, Fraction(0)) / len(kept) if kept else None


def _median(values: Sequence[Value]) -> Value:
    known = _known(values)
    if not known:
        return None
    middle = len(known) // 2
    return known[middle] if len(known) % 2 else (known[middle - 1] + known[middle]) / 2


def _product(values: Sequence[Value]) -> Value:
    known = _known(values)
    result = Fraction(1)
    for value in known:
        result *= value
    return result if known or not values else None


def _sum_largest(values: Sequence[Value]) -> Value:
    known = _known(values)
    return sum(known[-2:], Fraction(0)) if known or not values else None


AGGREGATES: dict[str, Callable[[Sequence[Value]], Value]] = {
    "sum": _total,
    "mean": lambda values: sum(_known(values), Fraction(0)) / len(_known(values)) if _known(values) else None,
    "min": lambda values: _known(values)[0] if _known(values) else None,
    "max": lambda values: _known(values)[-1] if _known(values) else None,
    "median": _median,
    "product": _product,
    "trimmed_mean": lambda values: _trimmed(values, 1, 1),
    "nth_largest": lambda values: _known(values)[-2] if len(_known(values)) > 1 else None,
    "sum_largest": _sum_largest,
}
OTHERS: dict[str, Callable[[Sequence[Value]], Value]] = {
    "count": lambda values: Fraction(
        len([value for value in values if value is not None and value is not False])
    ),
    "count_distinct": lambda values: Fraction(len(set(values) - {None})),
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "join": lambda values: "+".join(str(value) for value in values if value),
    "any": lambda values: True if True in values else None if None in values else False,
    "all": lambda values: False if False in values else None if None in values else True,
}
