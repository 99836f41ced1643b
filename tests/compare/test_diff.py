"""What differs between two policies, two versions of the records, or both: nothing else, exactly, and why."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulecore
from rulecore.compare import Difference, compare_results
from rulecore.compare.side import Side
from rulecore.compare.values import Moved, RecordDifference
from rulecore.errors import UsageError
from rulecore.plugins import load_plugins
from rulecore.registry import Registry

POLICIES = Path(__file__).parents[2] / "policies"
TEXT = (POLICIES / "double_hundred" / "policy.toml").read_text(encoding="utf-8")
HEADERS = ("单位编码", "党建基本分", "党建加分", "党建扣分", "经营得分", "一票否决事项")
Row = dict[str, str]
SHIPPED = sorted(
    (file.parent.name, file.parent / "records.csv")
    for file in POLICIES.glob("*/policy.toml")
    if (file.parent / "records.csv").exists()
)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins()


@pytest.fixture(scope="module")
def old(registry: Registry) -> rulecore.PolicySet:
    return rulecore.load_policy(POLICIES / "double_hundred", registry=registry)


@pytest.fixture(scope="module")
def new(registry: Registry, tmp_path_factory: pytest.TempPathFactory) -> rulecore.PolicySet:
    """Return the policy with a higher bonus cap, and a higher line for B."""
    text = TEXT.replace("bonus_cap = 3", "bonus_cap = 6").replace("at_least = 80, is", "at_least = 85, is")
    path = tmp_path_factory.mktemp("new") / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return rulecore.load_policy(path, registry=registry)


def row(unit: str, basic: str = "90", bonus: str = "0", operations: str = "95") -> Row:
    return dict(zip(HEADERS, (unit, basic, bonus, "0", operations, ""), strict=True))


def moved(found: Difference, entity: str, rule: str) -> Moved:
    return next(item for item in record(found, entity).moved if item.rule.name == rule)


def record(found: Difference, entity: str) -> RecordDifference:
    return next(item for item in found.records if item.entity == entity)


@pytest.mark.parametrize(("name", "records"), SHIPPED, ids=[name for name, _records in SHIPPED])
def test_a_policy_does_not_differ_from_itself(name: str, records: Path, registry: Registry) -> None:
    one = rulecore.load_policies(POLICIES / name, registry=registry)
    other = rulecore.load_policies(POLICIES / name, registry=registry)
    found = compare_results(one.evaluate(records), other.evaluate(records, engine="exact"))
    assert found.empty
    assert found.lines == found.transitions == ()
    assert found.compared > 0


def test_a_higher_cap_moves_the_score_through_the_rule_that_caps(
    old: rulecore.PolicySet, new: rulecore.PolicySet
) -> None:
    rows = [row("甲", bonus="5"), row("乙", bonus="1")]
    found = compare_results(old.evaluate(rows), new.evaluate(rows))
    assert [item.entity for item in found.records] == ["甲"]
    score = moved(found, "甲", "score")
    assert (score.before, score.after) == (Fraction("88.35"), Fraction("90.25"))
    assert score.difference == Fraction("1.9")
    (cause,) = record(found, "甲").causes
    assert (cause.kind, cause.name) == ("policy", "party")
    assert [(line.key, line.before, line.after) for line in cause.lines] == [
        ("parameters.bonus_cap", "3", "6")
    ]
    assert cause.lines[0].after_place is not None
    assert cause.lines[0].after_place.line == TEXT.splitlines().index("bonus_cap = 3") + 1


def test_lines_that_move_nobody_are_shown_all_the_same(
    old: rulecore.PolicySet, new: rulecore.PolicySet
) -> None:
    rows = [row("甲")]
    found = compare_results(old.evaluate(rows), new.evaluate(rows))
    assert found.empty
    assert [line.key for line in found.lines] == ["parameters.bonus_cap", "rules.band.bands[1].at_least"]


def test_a_definition_that_differs_is_no_cause_for_whom_it_changes_nothing(
    old: rulecore.PolicySet, new: rulecore.PolicySet
) -> None:
    before, after = [row("甲", basic="95", bonus="1")], [row("甲", basic="88", bonus="1")]
    found = compare_results(old.evaluate(before), new.evaluate(after))
    assert [(cause.kind, cause.name) for cause in record(found, "甲").causes] == [
        ("input", "party_basic"),
        ("policy", "band"),
    ]
    assert moved(found, "甲", "score").because == (0,)
    assert moved(found, "甲", "band").because == (0, 1)


def test_one_corrected_record_moves_others_through_rank_and_quota(old: rulecore.PolicySet) -> None:
    rows = [row(name, basic=str(100 - number)) for number, name in enumerate("甲乙丙丁")]
    corrected = [row("甲", basic="50"), *rows[1:]]
    found = compare_results(old.evaluate(rows), old.evaluate(corrected), ripple="甲")
    assert [(item.entity, item.ripple) for item in found.records] == [
        ("甲", False),
        ("乙", True),
        ("丙", True),
        ("丁", True),
    ]
    assert moved(found, "乙", "grade").after == "A"
    causes = record(found, "乙").causes
    assert {(cause.kind, cause.others) for cause in causes} == {("others", "rank")}
    assert [causes[index].label for index in moved(found, "乙", "grade").because] == ["最终等次"]


def test_a_ripple_of_two_corrections_is_refused(old: rulecore.PolicySet) -> None:
    rows, corrected = [row("甲"), row("乙")], [row("甲", basic="50"), row("乙", basic="60")]
    with pytest.raises(UsageError, match=r"RC082: .*乙"):
        compare_results(old.evaluate(rows), old.evaluate(corrected), ripple="甲")
    with pytest.raises(UsageError, match="RC083"):
        compare_results(old.evaluate(rows), old.evaluate(rows), ripple="甲")


def test_a_column_that_only_rounds_a_rule_is_not_compared_beside_it(
    old: rulecore.PolicySet, registry: Registry, tmp_path: Path
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(TEXT.replace("C = 0.8", "C = 0.72"), encoding="utf-8")
    rows = [row("甲", basic="80")]
    found = compare_results(old.evaluate(rows), rulecore.load_policy(path, registry=registry).evaluate(rows))
    assert [(item.rule.name, item.difference) for item in record(found, "甲").moved] == [
        ("coefficient", Fraction("-0.08"))
    ]
    assert [line.key for line in record(found, "甲").causes[0].lines] == ["rules.coefficient.table.C"]


def test_records_of_one_side_only_are_named_and_the_refused_told(old: rulecore.PolicySet) -> None:
    before = [row("甲"), row("乙")]
    after = [row("甲"), row("乙", basic="x"), row("丙")]
    found = compare_results(old.evaluate(before), old.evaluate(after))
    assert [(item.entity, item.refused) for item in found.only_old] == [("乙", True)]
    assert [(item.entity, item.refused) for item in found.only_new] == [("丙", False)]
    assert not found.empty


def test_money_is_summed_exactly(old: rulecore.PolicySet) -> None:
    before = [row("甲", basic="100"), row("乙", basic="95"), row("丙", basic="50"), row("丁", basic="95")]
    after = [row("甲", basic="50"), *before[1:3]]
    found = compare_results(old.evaluate(before), old.evaluate(after), money=["绩效系数"])
    (money,) = found.money
    assert (money.before, money.after) == (Fraction("3.7"), Fraction(2))
    assert money.after - money.before == money.gained - money.lost
    assert money.one_sided == 1


def test_money_of_a_text_or_of_nothing_is_refused_at_once(old: rulecore.PolicySet) -> None:
    results = old.evaluate([row("甲")])
    with pytest.raises(UsageError) as caught:
        compare_results(results, results, money=["grade", "coeficient"])
    assert [fault.code.id for fault in caught.value.faults] == ["RC081", "RC080"]
    assert "coefficient" in caught.value.faults[1].advice("en")


def test_transitions_count_every_record_that_is_compared(old: rulecore.PolicySet) -> None:
    rows = [row(name, basic=str(100 - 8 * number)) for number, name in enumerate("甲乙丙丁")]
    corrected = [row("甲", basic="70"), *rows[1:]]
    found = compare_results(old.evaluate(rows), old.evaluate(corrected))
    band = next(table for table in found.transitions if table.rule.name == "band")
    assert band.values == ("A", "B", "C", "D")
    assert sum(map(sum, band.counts)) == found.compared == 4
    assert band.counts[0] == (0, 0, 0, 1)


MARKS = st.integers(min_value=0, max_value=1000).map(lambda tenths: str(Fraction(tenths, 10).__float__()))
UNITS = st.lists(st.tuples(MARKS, MARKS, MARKS), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(before=UNITS, after=UNITS)
def test_effects_add_up_exactly_and_in_both_orders(
    old: rulecore.PolicySet,
    new: rulecore.PolicySet,
    before: list[tuple[str, str, str]],
    after: list[tuple[str, str, str]],
) -> None:
    first = [row(f"U{number}", *marks) for number, marks in enumerate(before)]
    second = [row(f"U{number}", *marks) for number, marks in enumerate(after)]
    runs = [
        policy.evaluate(rows, engine="exact")
        for policy, rows in ((old, first), (new, second), (new, first), (old, second))
    ]
    found = compare_results(runs[0], runs[1], mixed=(runs[2], runs[3]))
    sides = [Side(results=run) for run in runs]
    for item in found.records:
        key = (item.entity, "", "")
        for effect in item.effects:
            oo, nn, no, on = (side.value(key, effect.rule.name) for side in sides)
            assert effect.policy + effect.performance == nn - oo
            assert effect.policy + effect.order / 2 == nn - on  # the policy changed last
            assert effect.policy - effect.order / 2 == no - oo  # the policy changed first
        numbers = {one.rule.name for one in item.moved if one.difference is not None}
        assert numbers <= {effect.rule.name for effect in item.effects} | {
            one.rule.name for one in item.mixed
        }
    for total in found.effects:
        every = [
            side_new - side_old
            for key in sides[0].keys
            if key in sides[1].places and None not in [side.value(key, total.rule.name) for side in sides]
            for side_old, side_new in [
                (sides[0].value(key, total.rule.name), sides[1].value(key, total.rule.name))
            ]
        ]
        assert total.policy + total.performance == sum(every)
        assert total.records == len(every)


@settings(max_examples=25, deadline=None)
@given(before=UNITS, after=UNITS)
def test_every_move_has_a_cause_and_every_other_record_is_the_same(
    old: rulecore.PolicySet,
    new: rulecore.PolicySet,
    before: list[tuple[str, str, str]],
    after: list[tuple[str, str, str]],
) -> None:
    first = [row(f"U{number}", *marks) for number, marks in enumerate(before)]
    second = [row(f"U{number}", *marks) for number, marks in enumerate(after)]
    one, other = old.evaluate(first, engine="exact"), new.evaluate(second, engine="exact")
    found = compare_results(one, other)
    assert all(item.because for each in found.records for item in each.moved)
    names = {each.entity for each in found.records}
    shown = [{line[0]: line for line in results.output_rows()} for results in (one, other)]
    for unit in shown[0].keys() & shown[1].keys() - names:
        assert shown[0][unit] == shown[1][unit]


ROWS = """
[policy]
name = "rows"
version = "1"
[record]
entity = "project"
[fields.project]
type = "text"
[fields.factor]
type = "integer"
min = 0
max = 10
[tables.votes]
row = "vote"
[tables.votes.fields.vote]
type = "text"
[tables.votes.fields.points]
type = "integer"
min = 0
max = 100
[tables.votes.rules.weighted]
scorer = "formula"
value = "points × factor"
[rules.total]
scorer = "formula"
value = "sum(votes.weighted)"
[output]
columns = ["project", "total"]
"""
"""A policy whose rows are given a field of their record."""


def test_rows_that_differ_are_told_from_rows_that_are_given_another_value(
    registry: Registry, tmp_path: Path
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(ROWS, encoding="utf-8")
    policy = rulecore.load_policy(path, registry=registry)

    def results(factor: int, points: int) -> rulecore.Results:
        votes = [{"vote": "1", "points": str(points)}]
        return policy.evaluate([{"project": "甲", "factor": str(factor), "votes": votes}])

    base = results(2, 10)
    rows, given_other = compare_results(base, results(2, 11)), compare_results(base, results(3, 10))
    assert [(cause.kind, cause.label) for cause in record(rows, "甲").causes] == [("rows", "votes")]
    assert [(cause.kind, cause.name) for cause in record(given_other, "甲").causes] == [("input", "factor")]
    assert moved(given_other, "甲", "total").difference == 10
