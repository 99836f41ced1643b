"""Laws of adjustments: without decisions nothing changes, a revocation undoes, what is unwaivable stays."""

from __future__ import annotations

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
    assert all(one.revoked_by is not None for one in found.adjustments.applied)


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
