"""Explanations of records with detail rows: what each row gave, down to its cells, and nothing else than the result."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve

from rulecore import Results, load_policy
from rulecore.cli.main import run
from rulecore.errors import InternalError
from rulecore.explain import explain_record
from rulecore.explain.chosen import states
from rulecore.explain.values import ExplainedTable, Explanation
from rulecore.expr.nodes import FieldRef
from rulecore.expr.supplied import RowPart, TableCall
from tests.explain.test_golden import agreed, settled

POLICIES = Path(__file__).parent / "policies"


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> Results:
    monkeypatch.chdir(POLICIES)
    return load_policy("milestones.toml").evaluate("milestones.csv")


def settled_rows(explanation: Explanation) -> Explanation:
    """Return the explanation without what changes with every version of rulecore."""

    def table(of: ExplainedTable) -> ExplainedTable:
        rows = tuple(
            evolve(
                row,
                rules=tuple(evolve(rule, origin=evolve(rule.origin, version="0.0.0")) for rule in row.rules),
                tables=tuple(map(table, row.tables)),
            )
            for row in of.rows
        )
        return evolve(of, rows=rows)

    explanation = evolve(explanation, tables=tuple(map(table, explanation.tables)))
    return settled(explanation) if explanation.policy is not None else explanation


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("entity", ["K1", "K2", "K3"])
def test_the_text_of_an_explanation_with_rows_is_as_agreed(
    results: Results, entity: str, language: str
) -> None:
    explanation = settled_rows(results.explain(entity))
    written = explanation.text("zh" if language == "zh" else "en") + "\n"
    assert written == agreed(f"milestones-{entity}.{language}.txt", written)


def test_the_document_of_an_explanation_with_rows_is_as_agreed(results: Results) -> None:
    document = settled_rows(results.explain("K1")).document("zh")
    written = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    assert written == agreed("milestones-K1.json", written)


@pytest.mark.parametrize("engine", ["columnar", "exact"])
def test_what_rows_gave_adds_up_to_what_the_record_was_given(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(POLICIES)
    results = load_policy("milestones.toml").evaluate("milestones.csv", engine=engine)
    rule = results.explain("K1").rule("score")
    assert rule is not None
    (total,) = rule.aggregates
    values = [row.value for row in total.rows if row.state == "counted"]
    assert sum(value for value in values if isinstance(value, Fraction)) == total.value == Fraction("5293.5")
    assert [row.state for row in total.rows] == ["counted", "counted", "left_out"]
    assert [row.source.line for row in total.rows if row.source is not None] == [2, 3, 4]


def test_every_explained_value_of_a_row_is_the_result(results: Results) -> None:
    (part,) = results.parts
    rows = part.tables["nodes"]
    (table,) = explain_record(results, part, 0).tables
    for position, row in enumerate(table.rows):
        stored = results.values_of(rows.part, position)
        assert {item.name: item.value for item in row.fields}.items() <= stored.items()
        assert {rule.name: rule.value for rule in row.rules}.items() <= stored.items()


@pytest.mark.parametrize("forged", ["row", "given from rows", "given from above"])
def test_a_number_that_differs_from_the_result_is_not_explained(results: Results, forged: str) -> None:
    import polars as pl

    (part,) = results.parts
    rows = part.tables["nodes"]
    if forged == "row":
        rows = evolve(rows, steps=rows.steps.with_columns(pl.col("points") + 1))
    elif forged == "given from above":
        rows = evolve(
            rows, records=rows.records.with_columns(pl.col("^floor") + pl.lit(0).cast(pl.Int64) + 1)
        )
    given = part.plan.supplied[0].name
    records = part.records.with_columns(pl.col(given) + 1) if forged == "given from rows" else part.records
    with pytest.raises(InternalError):
        explain_record(results, evolve(part, records=records, tables={"nodes": rows}), 0)


VALUES = [Fraction(3), None, Fraction(5), Fraction(1), Fraction(5), Fraction(9)]
KEPT = [0, 1, 2, 3, 4]
"""The last row does not meet the condition."""


@pytest.mark.parametrize(
    ("function", "options", "counted"),
    [
        ("sum", (), [0, 2, 3, 4]),
        ("mean", (), [0, 2, 3, 4]),
        ("max", (), [2, 4]),
        ("min", (), [3]),
        ("median", (), [0, 2]),
        ("nth_largest", (("n", Fraction(3)),), [0]),
        ("sum_largest", (("n", Fraction(2)),), [2, 4]),
        ("trimmed_mean", (("low", Fraction(1)), ("high", Fraction(1))), [0, 2]),
        ("first", (), [0]),
        ("last", (), [4]),
        ("count", (), [0, 2, 3, 4]),
    ],
)
def test_the_rows_that_decide_what_a_function_gives(
    function: str, options: tuple[tuple[str, Fraction], ...], counted: list[int]
) -> None:
    call = TableCall(function, "votes", RowPart(FieldRef("points")), options=options)
    found = states(call, VALUES, KEPT, len(VALUES))
    assert [row for row, state in enumerate(found) if state == "counted"] == counted
    assert found[5] == "left_out"
    assert found[1] in ("not_applicable", "counted")


BALLOTS = """\
[policy]
name = "ballots"
version = "1"
language = "en"
[record]
entity = "project"
[fields.project]
type = "text"
[tables.votes]
source = "records"
row = "expert"
at_most = 200
[tables.votes.fields]
expert = { type = "text" }
points = { type = "integer", min = 0, max = 10 }
[rules.total]
scorer = "formula"
value = "sum(votes.points)"
[rules.best]
scorer = "formula"
value = "max(votes.points)"
[output]
columns = ["project", "total", "best"]
"""


def test_long_lists_are_cut_and_what_is_cut_is_counted_so_that_it_still_adds_up(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(BALLOTS, encoding="utf-8")
    lines = [f"P,E{number},{number % 10}" for number in range(1, 51)]
    (tmp_path / "records.csv").write_text("\n".join(("project,expert,points", *lines, "")), encoding="utf-8")
    explanation = load_policy(tmp_path / "policy.toml").evaluate(tmp_path / "records.csv").explain("P")
    text = explanation.text("en")
    # 225 in all; the 20 that are listed add up to 90.
    assert "total of points over votes = 225" in text
    assert "… and 30 more rows, together 135" in text
    assert "… and 30 more rows, of which 3 count" in text
    assert "E20" in text
    assert "E21" not in text
    assert len(explanation.tables[0].rows) == 50
    assert len(explanation.document("en")["tables"][0]["rows"]) == 50  # type: ignore[index]


NESTED = """\
[policy]
name = "nested"
version = "1"
language = "en"
[record]
entity = "unit"
[fields.unit]
type = "text"
[tables.teams]
label = "team"
source = "records"
row = "team"
[tables.teams.fields]
team = { type = "text" }
[tables.teams.rules.together]
label = "team points"
scorer = "formula"
value = "sum(members.points)"
[tables.members]
source = "records"
parent = "teams"
row = "member"
[tables.members.fields]
member = { type = "text" }
points = { type = "integer", min = 0, max = 10 }
[tables.members.rules.part]
scorer = "formula"
value = "points / together"
[rules.total]
scorer = "formula"
value = "sum(teams.together)"
[output]
columns = ["unit", "total"]
"""


def test_rows_below_rows_are_explained_down_to_the_last(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(NESTED, encoding="utf-8")
    cells = ["unit,team,member,points", "U,A,a1,3", "U,A,a2,4", "U,B,b1,5", ""]
    (tmp_path / "records.csv").write_text("\n".join(cells), encoding="utf-8")
    results = load_policy(tmp_path / "policy.toml").evaluate(tmp_path / "records.csv")
    explanation = results.explain("U")
    (teams,) = explanation.tables
    assert [row.name for row in teams.rows] == ["A", "B"]
    (together,) = teams.rows[0].rules
    assert [row.value for row in together.aggregates[0].rows] == [3, 4]
    members = teams.rows[0].tables[0].rows
    assert [row.rules[0].value for row in members] == [Fraction(3, 7), Fraction(4, 7)]
    assert "points ÷ team points of team" in explanation.text("en")


def test_one_rule_of_the_rows_can_be_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(POLICIES)
    monkeypatch.setenv("RULECORE_LANG", "en")
    command = ["explain", "milestones.toml", "--records", "milestones.csv", "--entity", "K1", "--rule"]
    assert run([*command, "节点得分"]) == 0
    text = capsys.readouterr().out
    assert "节点得分 = 81.450" in text
    assert "节点名次 =" not in text
    assert "计入权重 =" not in text
    assert run([*command, "score"]) == 0
    text = capsys.readouterr().out
    assert "30 × 81.45 = 2443.5" in text
    assert "节点得分 =" not in text
    assert run([*command, "pionts"]) == 2
    assert "points" in capsys.readouterr().err
