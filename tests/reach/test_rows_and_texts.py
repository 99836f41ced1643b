"""What it would take where detail rows, texts, histories and coarse steps are in play."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import rulecore
from rulecore.errors import UsageError
from rulecore.reach import InputAnswer, Reach, reach
from rulecore.reach.text import reach_text

POLICIES = Path(__file__).parents[2] / "policies"


def asked(policies: rulecore.PolicySet, records: object, entity: str, to: str, **options: object) -> Reach:
    results = policies.evaluate(records, history=options.pop("history", ()))
    return reach(results, policies.engine("columnar"), entity, to, **options)  # type: ignore[arg-type]


def answer(found: Reach, field: str, row: str = "") -> InputAnswer:
    return next(one for one in found.answers if (one.field, one.row) == (field, row))


@pytest.fixture(scope="module")
def milestone() -> rulecore.PolicySet:
    return rulecore.load_policies(POLICIES / "milestone")


MILESTONES = POLICIES / "milestone" / "records.csv"


def test_a_cell_of_a_row_is_named_by_its_row_and_its_line(milestone: rulecore.PolicySet) -> None:
    found = asked(milestone, MILESTONES, "K1", "grade=优秀", fields=["质量分"])
    best = found.answers[0]
    assert (best.table, best.row, best.row_number, best.field) == ("nodes", "N3", 3, "quality")
    assert best.source is not None
    assert best.source.line == 4
    assert best.change is not None
    assert (best.change.after, best.change.steps) == (Fraction(93), 10)
    assert "节点 N3 · 质量分" in reach_text(found, "zh")


def test_a_field_may_be_named_with_its_table(milestone: rulecore.PolicySet) -> None:
    one = asked(milestone, MILESTONES, "K1", "grade=优秀", fields=["nodes.quality"])
    other = asked(milestone, MILESTONES, "K1", "grade=优秀", fields=["节点.质量分"])
    assert one.answers == other.answers
    with pytest.raises(UsageError, match="RC034"):
        asked(milestone, MILESTONES, "K1", "grade=优秀", fields=["votes.quality"])


def test_a_grade_that_another_rule_orders_has_a_next(milestone: rulecore.PolicySet) -> None:
    assert asked(milestone, MILESTONES, "K1", "grade").target == "grade = 优秀"


def test_the_last_step_is_shorter_where_the_range_ends() -> None:
    policies = rulecore.load_policies(POLICIES / "double_hundred")
    records = POLICIES / "double_hundred" / "records.csv"
    found = asked(
        policies,
        records,
        "U02",
        "party>=99",
        fields=["party_basic"],
        steps={"party_basic": Fraction(3)},
    )
    change = found.answers[0].change
    assert change is not None
    assert (change.after, change.steps, change.difference) == (Fraction(100), 3, Fraction("6.5"))
    coarse = asked(
        policies,
        records,
        "U02",
        "operations=98",
        fields=["operations_raw"],
        steps={"operations_raw": Fraction(3)},
    )
    assert coarse.answers[0].status == "cannot"
    assert "in steps of 3" in reach_text(coarse, "en")


TEXTS = """
[policy]
name = "texts"
version = "1"
[record]
entity = "unit"
period = "year"
[fields.unit]
type = "text"
[fields.year]
type = "integer"
min = 2000
max = 2100
[fields.planned]
type = "text"
[fields.actual]
type = "text"
[fields.points]
type = "integer"
min = 0
max = 10
[rules.kept]
scorer = "formula"
value = "actual == planned"
[rules.total]
scorer = "formula"
value = "min(points + coalesce(previous(total, low = 0, high = 100, decimals = 0), 0), 100)"
decimals = 0
[output]
columns = ["unit", "year", "kept", "total"]
"""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> rulecore.PolicySet:
    file = tmp_path_factory.mktemp("texts") / "policy.toml"
    file.write_text(TEXTS, encoding="utf-8")
    return rulecore.load_policies(file)


def row(year: int, points: int) -> dict[str, object]:
    return {"unit": "a", "year": year, "planned": "东", "actual": "西", "points": points}


def test_a_text_is_tried_as_the_text_it_is_compared_with(texts: rulecore.PolicySet) -> None:
    found = asked(texts, [row(2024, 3)], "a", "kept=true")
    assert {one.field: one.change and one.change.after for one in found.answers} == {
        "planned": "西",
        "actual": "东",
    }


def test_what_was_read_of_earlier_periods_stays(texts: rulecore.PolicySet) -> None:
    earlier = texts.evaluate([row(2023, 7)], history=())
    found = asked(texts, [row(2024, 3)], "a", "total>=12", history=earlier)
    change = answer(found, "points").change
    assert change is not None
    assert (change.before, change.after, change.outcome) == (Fraction(3), Fraction(5), Fraction(12))
    assert answer(asked(texts, [row(2024, 3)], "a", "total>=12"), "points").status == "cannot"


DATES = """
[policy]
name = "dates"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.points]
type = "integer"
min = 0
max = 10
[fields.done]
type = "date"
[fields.due]
type = "date"
[rules.remark]
scorer = "formula"
value = "concat(if done > due then '逾期' else '', if points >= 5 then '合格' else '不足')"
[rules.passed]
scorer = "formula"
value = "remark == '合格'"
[output]
columns = ["unit", "remark"]
"""


def test_texts_that_are_made_of_dates_and_numbers_are_followed(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(DATES, encoding="utf-8")
    policies = rulecore.load_policies(tmp_path)
    record = {"unit": "a", "points": 2, "done": "2024-03-01", "due": "2024-03-05"}
    found = asked(policies, [record], "a", "passed=true")
    change = answer(found, "points").change
    assert change is not None
    assert change.after == Fraction(5)
    assert {one.field: one.status for one in found.answers} == {
        "points": "reached",
        "done": "cannot",
        "due": "cannot",
    }
