"""Records with detail tables: every refusal, from one long file and from two files, and no row lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.api import CompiledPolicy
from rulecore.errors import InputError
from rulecore.plugins import load_plugins
from rulecore.results import Results
from rulecore.testing import compile_rule

POLICY = """
[policy]
name = "votes"
version = "1"
[record]
entity = "project"
refuse = [{ when = "sum(votes.score) = 13", reason = "合计不得为13" }]
[fields.project]
column = "项目"
type = "text"
[fields.budget]
column = "预算"
type = "integer"
min = 0
max = 1000
[tables.votes]
label = "投票"
source = "SOURCE"
row = "judge"
at_least = 2
at_most = 3
complete = COMPLETE
[tables.votes.fields.judge]
column = "评委"
type = "text"
values = ["甲", "乙", "丙", "丁"]
[tables.votes.fields.score]
column = "分数"
type = "integer"
min = 0
max = 100
[rules.total]
scorer = "formula"
value = "sum(votes.score)"
[output]
columns = ["project", "total"]
"""
Vote = tuple[str, str, str, str]
"""The cells of a row of the long file: project, budget, judge, score."""
GOOD: list[Vote] = [
    ("P1", "10", "甲", "80"),
    ("P1", "10", "乙", "90"),
    ("P2", "20", "甲", "70"),
    ("P2", "20", "乙", "60"),
]
REGISTRY = load_plugins(entry_points=False)


def policy(source: str, *, complete: bool = False) -> CompiledPolicy:
    text = POLICY.replace("SOURCE", source).replace("COMPLETE", "true" if complete else "false")
    if complete:
        text = text.replace('["甲", "乙", "丙", "丁"]', '["甲", "乙"]')
    return compile_rule(text.replace("sum(votes.score) = 13", "sum(votes.score) == 13"), registry=REGISTRY)


LONG, TWO = policy("records"), policy("table")


def long(rows: list[Vote], compiled: CompiledPolicy = LONG, engine: str = "columnar") -> Results:
    return compiled.evaluate(
        [dict(zip(("项目", "预算", "评委", "分数"), row, strict=True)) for row in rows], engine=engine
    )


def two(
    records: list[tuple[str, str]], votes: list[tuple[str, str, str]], compiled: CompiledPolicy = TWO
) -> Results:
    own = {"项目": [row[0] for row in records], "预算": [row[1] for row in records]}
    rows = {header: [row[place] for row in votes] for place, header in enumerate(("项目", "评委", "分数"))}
    return compiled.evaluate(own, tables={"votes": rows})


RECORDS = [("P1", "10"), ("P2", "20")]
VOTES = [(project, judge, score) for project, _budget, judge, score in GOOD]


def refusals(results: Results) -> set[tuple[str, str]]:
    """Return the entity and code of every reason in the quarantine."""
    return {(item.entity, item.code.id) for item in results.quarantined}


def scored(results: Results) -> dict[object, object]:
    table = results.table
    return dict(zip(table["项目"].to_list(), table["total"].to_list(), strict=True))


def test_good_rows_make_their_records_from_either_source() -> None:
    assert scored(long(GOOD)) == scored(two(RECORDS, VOTES)) == {"P1": 170, "P2": 130}
    assert (long(GOOD).rows_in, two(RECORDS, VOTES).rows_in) == (4, 6)


def test_a_row_of_no_record_is_refused_alone() -> None:
    results = two(RECORDS, [*VOTES, ("P9", "甲", "1")])
    assert [(item.code.id, item.row) for item in results.quarantined] == [("RC560", 5)]
    assert scored(results) == {"P1": 170, "P2": 130}


def test_a_row_with_a_blank_name_may_be_the_record_s_above_which_is_refused_with_it() -> None:
    results = two(RECORDS, [*VOTES[:2], ("", "丙", "1"), *VOTES[2:]])
    assert ("P1", "RC566") in refusals(results)
    assert scored(results) == {"P2": 130}
    merged = long([*GOOD, ("", "", "丙", "1")])
    assert scored(merged) == {"P1": 170}


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_a_broken_line_takes_the_record_along_that_it_names(tmp_path: Path, engine: str) -> None:
    lines = ["项目,预算,评委,分数", *(",".join(row) for row in GOOD)]
    file = tmp_path / "votes.csv"
    for broken, left in (("P1,10,丙", {"P2": 130}), ("P2,20,丙,1,2", {"P1": 170}), ("丙", {"P1": 170})):
        file.write_text("\n".join([*lines, broken]), encoding="utf-8")
        results = LONG.evaluate(file, engine=engine)
        assert scored(results) == left
        assert (results.rows_in, results.rows_quarantined) == (5, 3)


def test_rows_within_records_and_rows_given_apart_are_all_read() -> None:
    record = {"项目": "P2", "预算": 2, "votes": VOTES_OF_P2}
    results = TWO.evaluate([record], tables={"votes": [{"项目": "P2", "评委": "丙", "分数": 4}]})
    assert (results.rows_in, scored(results)) == (4, {"P2": 7})


@pytest.mark.parametrize("votes", [3, "甲", {"评委": "甲"}, [{"评委": "甲", "分数": 1}, 5]])
@pytest.mark.parametrize("source", ["records", "table"])
def test_what_is_no_list_of_rows_refuses_its_record_and_is_not_taken_for_none(
    source: str, votes: object
) -> None:
    compiled = {"records": LONG, "table": TWO}[source]
    odd = {"项目": "P1", "预算": 1, "votes": votes}
    assert next(fault.code.id for fault in compiled.evaluate_one(odd).faults) == "RC567"
    results = compiled.evaluate([odd, {"项目": "P2", "预算": 2, "votes": VOTES_OF_P2}])
    assert "RC567" in {item.code.id for item in results.quarantined}
    assert scored(results) == {"P2": 3}


def test_a_missing_key_column_is_named_as_the_policy_names_it() -> None:
    with pytest.raises(InputError, match=r"no column 项目 \(field project\)"):
        TWO.evaluate([{"项目": "P1", "预算": 1}], tables={"votes": [{"评委": "甲", "分数": 1}]})


def test_too_few_rows_refuse_the_record() -> None:
    assert refusals(long(GOOD[:3])) == {("P2", "RC561")}
    assert refusals(two(RECORDS, VOTES[:3])) == {("P2", "RC561"), ("P2", "RC566")}
    assert refusals(two(RECORDS, VOTES[:2])) == {("P2", "RC561")}


def test_too_many_rows_refuse_the_record() -> None:
    more = [*GOOD, ("P2", "20", "丙", "1"), ("P2", "20", "丁", "1")]
    assert refusals(long(more)) == {("P2", "RC562")}
    votes = [(project, judge, score) for project, _budget, judge, score in more]
    assert refusals(two(RECORDS, votes)) == {("P2", "RC562"), ("P2", "RC566")}


def test_a_row_that_is_there_twice_refuses_the_record() -> None:
    again = [*GOOD, ("P1", "10", "甲", "5")]
    assert ("P1", "RC563") in refusals(long(again))
    assert scored(long(again)) == {"P2": 130}
    votes = [*VOTES, ("P1", "甲", "5")]
    assert {("P1", "RC563"), ("P1", "RC566")} <= refusals(two(RECORDS, votes))
    assert scored(two(RECORDS, votes)) == {"P2": 130}


def test_a_lacking_row_refuses_the_record_where_all_are_needed() -> None:
    whole = policy("records", complete=True)
    rows = [("P1", "10", "甲", "80"), ("P1", "10", "乙", "90"), ("P2", "20", "甲", "70")]
    assert {("P2", "RC561"), ("P2", "RC564")} == refusals(long(rows, whole))
    assert scored(long(rows, whole)) == {"P1": 170}
    votes = [(project, judge, score) for project, _budget, judge, score in rows]
    assert {("P2", "RC561"), ("P2", "RC564"), ("P2", "RC566")} == refusals(
        two(RECORDS, votes, policy("table", complete=True))
    )


def test_a_value_of_the_record_must_be_the_same_in_all_its_rows() -> None:
    differing = [GOOD[0], ("P1", "11", "乙", "90"), *GOOD[2:]]
    results = long(differing)
    assert refusals(results) == {("P1", "RC565")}
    assert {item.row for item in results.quarantined} == {1, 2}


def test_each_record_that_differs_is_told_with_its_own_rows() -> None:
    rows = [
        ("P1", "10", "甲", "80"),
        ("P2", "20", "甲", "70"),
        ("P3", "30", "甲", "70"),
        ("P2", "21", "乙", "60"),
        ("P1", "11", "乙", "90"),
        ("P3", "30", "乙", "70"),
    ]
    results = long(rows)
    told = {
        (item.row, item.entity, item.values["row"], item.values["other_row"]) for item in results.quarantined
    }
    assert told == {(1, "P1", 1, 5), (5, "P1", 1, 5), (2, "P2", 2, 4), (4, "P2", 2, 4)}
    assert scored(results) == {"P3": 140}


def test_one_bad_cell_takes_the_whole_record_along() -> None:
    results = long([GOOD[0], ("P1", "10", "乙", "many"), *GOOD[2:]])
    assert {(item.row, item.code.id) for item in results.quarantined} == {(1, "RC566"), (2, "RC511")}
    found = two(RECORDS, [VOTES[0], ("P1", "乙", "many"), *VOTES[2:]])
    assert [item.code.id for item in found.quarantined].count("RC566") == 2
    assert scored(results) == scored(found) == {"P2": 130}


def test_a_bad_record_takes_its_rows_along() -> None:
    found = two([("P1", "much"), ("P2", "20")], VOTES)
    assert len(found.quarantined) == 3
    assert scored(found) == {"P2": 130}


def test_a_condition_over_rows_refuses_every_row_of_the_record() -> None:
    rows = [("P1", "10", "甲", "6"), ("P1", "10", "乙", "7"), *GOOD[2:]]
    assert len(long(rows).quarantined) == 2
    assert scored(long(rows)) == {"P2": 130}
    found = two(RECORDS, [(project, judge, score) for project, _budget, judge, score in rows])
    assert (found.rows_quarantined, found.rows_scored) == (3, 3)


def test_a_record_whose_list_of_rows_is_empty_is_refused_and_not_lost() -> None:
    results = LONG.evaluate(
        [{"项目": "P1", "预算": 1, "votes": []}, {"项目": "P2", "预算": 2, "投票": VOTES_OF_P2}]
    )
    assert (results.rows_in, results.rows_quarantined) == (3, 1)
    assert [item.code.id for item in results.quarantined] == ["RC561"]


VOTES_OF_P2 = [{"评委": "甲", "分数": 1}, {"评委": "乙", "分数": 2}]

# --- whatever is damaged, every row is scored, quarantined or blank -------------------------------

PROJECTS = st.sampled_from(["P1", "P2", "P3", "", " P1", "p1", "9"])
BUDGETS = st.sampled_from(["10", "10", "10", "20", "", "x"])
JUDGES = st.sampled_from(["甲", "乙", "丙", "丁", "", "戊"])
SCORES = st.sampled_from(["80", "6", "7", "", "101", "1.5"])
BLANK = ("", "", "", "")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.tuples(PROJECTS, BUDGETS, JUDGES, SCORES), st.just(BLANK)), max_size=12))
def test_every_row_of_a_long_file_is_accounted_for_once(rows: list[Vote]) -> None:
    results = long(rows) if rows else long(GOOD)
    check(results, len(rows) or 4, sum(row == BLANK for row in rows))
    if rows:
        refused = {item.row for item in results.quarantined}
        expected = {row[0].strip() for number, row in enumerate(rows, start=1) if number in refused}
        assert not {str(entity) for entity in scored(results)} & expected
        sums = {
            entity: sum(int(row[3]) for row in rows if row[0].strip() == entity) for entity in scored(results)
        }
        assert scored(results) == sums


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(PROJECTS, BUDGETS), min_size=1, max_size=5),
    st.lists(st.tuples(PROJECTS, JUDGES, SCORES), max_size=12),
)
def test_every_row_of_two_files_is_accounted_for_once(
    records: list[tuple[str, str]], votes: list[tuple[str, str, str]]
) -> None:
    results = two(records, votes)
    blank = sum(row == ("", "") for row in records) + sum(row == ("", "", "") for row in votes)
    check(results, len(records) + len(votes), blank)
    sums = {
        entity: sum(int(row[2]) for row in votes if row[0].strip() == entity) for entity in scored(results)
    }
    assert scored(results) == sums


def check(results: Results, rows: int, blank: int) -> None:
    """Assert that the counts add up, and that the quarantine names each of its rows and no other."""
    assert results.rows_in == rows
    assert results.rows_blank == blank
    assert results.rows_scored + results.rows_quarantined + results.rows_blank == rows
    places = {(item.file, item.sheet, item.row) for item in results.quarantined}
    assert len(places) == results.rows_quarantined


@pytest.mark.parametrize("source", ["records", "table"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    rows=st.lists(
        st.fixed_dictionaries({"评委": JUDGES, "分数": SCORES}, optional={"项目": PROJECTS}), max_size=5
    ),
    budget=BUDGETS,
)
def test_one_record_is_refused_alone_exactly_where_a_run_refuses_it(
    source: str, rows: list[dict[str, str]], budget: str
) -> None:
    compiled = {"records": LONG, "table": TWO}[source]
    record = {"项目": "P1", "预算": budget, "votes": rows}
    alone, run = compiled.evaluate_one(record), compiled.evaluate([record])
    if alone.refused:
        assert run.quarantined or set(scored(run)) != {"P1"}
    else:
        assert run.quarantined == ()
        assert scored(run) == {"P1": alone["total"]}
