"""Laws of adjustments: without decisions nothing changes, a revocation undoes, what is unwaivable stays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.api import CompiledPolicy
from rulecore.errors import InputError
from rulecore.results import Results
from tests.adjustments.given import POLICY, column, decision, loaded, revocation, run

UNITS = "甲乙丙丁戊己"
WITHOUT = POLICY[: POLICY.index("[adjustments")] + POLICY[POLICY.index("[output]") :]


@cache
def adjustable() -> CompiledPolicy:
    """The policy of this folder."""
    return loaded(Path(mkdtemp()))


@cache
def plain() -> CompiledPolicy:
    """The same policy without its adjustments."""
    return loaded(Path(mkdtemp()), WITHOUT)


tenths = st.integers(400, 1000).map(lambda scaled: f"{scaled / 10:.1f}")


@st.composite
def record_sets(draw: st.DrawFn) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Draw records and their votes, with many ties among them."""
    units = UNITS[: draw(st.integers(2, len(UNITS)))]
    few = st.sampled_from(("70", "85.5", "95"))
    records: list[dict[str, object]] = [
        {
            "单位": unit,
            "年度": 2024,
            "经营": draw(st.one_of(few, tenths)),
            "事故": draw(st.sampled_from((False, False, True))),
            "轻微": draw(st.booleans()),
        }
        for unit in units
    ]
    votes: list[dict[str, object]] = [
        {"单位": unit, "年度": 2024, "评委": judge, "评分": draw(st.one_of(few, tenths))}
        for unit in units
        for judge in "xyz"[: draw(st.integers(1, 3))]
    ]
    return records, votes


@st.composite
def decisions_of(draw: st.DrawFn, units: str) -> list[dict[str, object]]:
    """Draw decisions, some of which may be refused."""
    found = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        unit = draw(st.sampled_from(units))
        kind = draw(
            st.sampled_from(
                ("waive", "set_score", "set_grade", "recuse", "judge", "tie", "order", "points", "clear")
            )
        )
        value = {
            "set_score": draw(tenths),
            "set_grade": draw(st.sampled_from("ABC")),
            "tie": draw(st.integers(1, 3)),
            "order": draw(st.integers(1, 3)),
            "points": draw(st.sampled_from((0, 50))),
        }.get(kind)
        row = draw(st.sampled_from("xy")) if kind in ("judge", "points") else None
        found.append(decision(number, unit, kind, value, 明细=row))
    return found


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]]:
    """Draw records, votes and decisions about them."""
    records, votes = draw(record_sets())
    return records, votes, draw(decisions_of("".join(str(record["单位"]) for record in records)))


def outcome(
    drawn: tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]],
    engine: str = "exact",
) -> Results | list[str]:
    """Return the results, or what is wrong with the decisions."""
    records, votes, decisions = drawn
    try:
        return run(adjustable(), decisions, engine, records, votes)
    except InputError as error:
        return sorted(fault.message("en") for fault in error.faults)


@settings(max_examples=60)
@given(record_sets())
def test_without_decisions_the_section_changes_nothing(
    drawn: tuple[list[dict[str, object]], list[dict[str, object]]],
) -> None:
    records, votes = drawn
    expected = run(plain(), None, "exact", records, votes)
    for engine in ("exact", "columnar"):
        assert run(adjustable(), None, engine, records, votes).text_table.equals(expected.text_table)


@settings(max_examples=80)
@given(runs())
def test_a_decision_and_its_revocation_give_what_none_gives(
    drawn: tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]],
) -> None:
    records, votes, decisions = drawn
    taken_back = [revocation(100 + index, line["编号"]) for index, line in enumerate(decisions)]
    found = outcome((records, votes, [*decisions, *taken_back]))
    assert isinstance(found, Results)
    assert found.text_table.equals(run(adjustable(), None, "exact", records, votes).text_table)
    assert found.adjustments is not None
    assert not any(one.rule for one in found.adjustments.applied)


@settings(max_examples=80)
@given(runs(), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(
    drawn: tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]], random: object
) -> None:
    records, votes, decisions = drawn
    shuffled = [*decisions]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = outcome(drawn), outcome((records, votes, shuffled))
    if isinstance(first, Results):
        assert isinstance(second, Results)
        assert second.text_table.equals(first.text_table)
        assert first.adjustments is not None
        assert second.adjustments is not None
        assert [one.adjusted for one in second.adjustments.applied] == [
            one.adjusted for one in first.adjustments.applied
        ]
    else:
        assert not isinstance(second, Results)


@settings(max_examples=120)
@given(runs())
def test_the_engines_agree_on_adjusted_runs(
    drawn: tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]],
) -> None:
    exact, columnar = outcome(drawn), outcome(drawn, "columnar")
    if isinstance(exact, Results):
        assert isinstance(columnar, Results)
        assert columnar.text_table.equals(exact.text_table)
        assert columnar.adjustments == exact.adjustments
    else:
        assert columnar == exact


FROM = {
    "waive": {"after", "grade"},
    "set_grade": {"grade"},
    "recuse": {"rank", "grade"},
    "tie": {"grade"},
    "order": {"rank"},
    "clear": {"after", "grade"},
}
"""The shown rules that come from what each adjustment is about; all others, all shown rules do."""


@settings(max_examples=80)
@given(runs())
def test_what_does_not_come_from_an_adjusted_rule_stays_as_it_was(
    drawn: tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]],
) -> None:
    records, votes, decisions = drawn
    found = outcome(drawn)
    if not isinstance(found, Results):
        return
    before = run(adjustable(), None, "exact", records, votes)
    touched: set[str] = set()
    for line in decisions:
        touched |= FROM.get(str(line["调整事项"]), {"panel", "score", "band", "after", "rank", "grade"})
    for rule in {"panel", "score", "band", "after", "rank", "grade"} - touched:
        assert column(found, rule) == column(before, rule)


@settings(max_examples=150)
@given(runs())
def test_an_unwaivable_veto_survives_every_file(
    drawn: tuple[list[dict[str, object]], list[dict[str, object]], list[dict[str, object]]],
) -> None:
    found = outcome(drawn)
    if not isinstance(found, Results):
        return
    held = {str(record["单位"]) for record in drawn[0] if record["事故"]}
    after, grade = column(found, "after"), column(found, "grade")
    for unit in held:
        assert after[unit] == "D"
        assert grade[unit] == "D"


GRADES = "DCBA"


def vetoes_policy(caps: Sequence[str], unwaivable: Sequence[bool]) -> str:
    """Return a policy with three vetoes whose facts, waivers, result and what follows may all be decided."""
    flags = range(len(caps))
    vetoes = ", ".join(
        f'{{ when = "fact{number}", cap = "{cap}", reason = "R{number}", unwaivable = {str(firm).lower()} }}'
        for number, (cap, firm) in enumerate(zip(caps, unwaivable, strict=True))
    )
    waivable = [number for number in flags if not unwaivable[number]]
    parts = [
        '[policy]\nname = "vetoes"\nversion = "1"\n[record]\nentity = "unit"\n[fields.unit]\ntype = "text"',
        *(f'[fields.given{n}]\ntype = "flag"\nmissing = "not_applicable"' for n in flags),
        *(f'[rules.fact{n}]\nscorer = "formula"\nvalue = "given{n}"' for n in flags),
        '[rules.band]\nscorer = "formula"\nvalue = "\'A\'"',
        f'[rules.after]\nscorer = "veto"\nof = "band"\norder = ["D", "C", "B", "A"]\nvetoes = [{vetoes}]',
        '[rules.grade]\nscorer = "formula"\nvalue = "after"',
        *(
            f'[adjustments.fact{n}]\nkind = "override"\nrule = "fact{n}"\nmay_be = [true, false]'
            for n in flags
        ),
        *(f'[adjustments.waive{n}]\nkind = "exemption"\nrule = "after"\nvetoes = ["R{n}"]' for n in waivable),
        '[adjustments.after]\nkind = "override"\nrule = "after"\nmay_be = ["A", "B", "C", "D"]',
        '[adjustments.grade]\nkind = "override"\nrule = "grade"\nmay_be = ["A", "B", "C", "D"]',
        '[output]\ncolumns = ["unit", "after", "grade"]',
    ]
    return "\n".join(parts)


@settings(max_examples=150)
@given(st.data())
def test_no_file_gets_round_an_unwaivable_veto_wherever_it_stands_among_others(data: st.DataObject) -> None:
    caps = data.draw(st.lists(st.sampled_from(GRADES[:3]), min_size=3, max_size=3))
    firm = data.draw(st.lists(st.booleans(), min_size=3, max_size=3))
    given_facts = data.draw(st.lists(st.sampled_from((True, False, None)), min_size=3, max_size=3))
    policy = loaded(Path(mkdtemp()), vetoes_policy(caps, firm))
    names = (
        [f"fact{n}" for n in range(3)] + [f"waive{n}" for n in range(3) if not firm[n]] + ["after", "grade"]
    )
    lines = []
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)):
        value = {"f": data.draw(st.booleans()), "w": None}.get(name[0], data.draw(st.sampled_from(GRADES)))
        lines.append(decision(name, "甲", name, value))
    record = {"unit": "甲", **{f"given{n}": fact for n, fact in enumerate(given_facts)}}
    before = policy.evaluate([record], engine="exact").text_table
    try:
        after = policy.evaluate([record], engine="exact", adjustments=lines).text_table
    except InputError:
        return
    held = [n for n in range(3) if firm[n] and given_facts[n] is not False]
    if not held or before["after"][0] == "":
        return
    # What decided before, or an unwaivable veto that held: no other may decide now.
    decided = next((n for n in range(3) if given_facts[n]), held[0])
    mildest = max(GRADES.index(caps[n]) for n in {decided, *held})
    for rule in ("after", "grade"):
        assert after[rule][0] == "" or GRADES.index(after[rule][0]) <= mildest
