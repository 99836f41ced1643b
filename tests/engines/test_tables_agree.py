"""Policies with detail tables give the same on both engines, for one record alone, and by plain arithmetic."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.contracts import Value
from rulecore.engines.decode import decode
from rulecore.expr.types import NumberType
from rulecore.results import Results
from rulecore.testing import compile_rule
from tests.engines.tables import Rule, TablesCase, make_tables_case, registry, with_row_rules

ROW_RULES = ("share", "lifted", "place", "own_sum", "team_sum", "depth")

CASES = st.randoms(use_true_random=False).map(lambda random: make_tables_case(random.randint))


def cells(case: TablesCase) -> list[dict[str, object]]:
    """Return the records with numbers as the texts of cells."""

    def cell(value: object) -> object:
        if isinstance(value, list):
            return [{name: cell(inner) for name, inner in row.items()} for row in value]
        return f"{float(value):.2f}".rstrip("0").rstrip(".") if isinstance(value, Fraction) else value

    return [{name: cell(value) for name, value in record.items()} for record in case.records]


def wanted(rule: Rule, value: Value) -> Value:
    return round(value, 4) if rule.rounds and isinstance(value, Fraction) else value


@settings(max_examples=60, deadline=None, derandomize=True)
@given(CASES)
def test_rules_over_rows_give_what_plain_arithmetic_gives_on_both_engines(case: TablesCase) -> None:
    rows = with_row_rules(case.records)
    for engine in ("exact", "columnar"):
        results = case.policy.evaluate(cells(case), engine=engine)
        assert results.quarantined == ()
        (part,) = results.parts
        for number, mine in enumerate(rows):
            values = results.values_of(part, number)
            for index, rule in enumerate(case.rules):
                if f"r{index}" in values:
                    assert values[f"r{index}"] == wanted(rule, rule.expected(mine)), (
                        engine,
                        number,
                        rule.text,
                    )


@settings(max_examples=30, deadline=None, derandomize=True)
@given(CASES)
def test_rules_of_rows_give_what_plain_arithmetic_gives_on_both_engines(case: TablesCase) -> None:
    rows = [row for mine in with_row_rules(case.records) for row in mine]
    for engine in ("exact", "columnar"):
        results = case.policy.evaluate(cells(case), engine=engine)
        (part,) = results.parts
        table = part.tables["items"]
        for rule in ROW_RULES:
            step = table.table.plan.rule(rule)
            assert step is not None
            if rule in table.steps.columns:
                assert decode(table.steps[rule], step.type) == [row[rule] for row in rows], (engine, rule)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(CASES)
def test_every_column_of_every_level_is_the_same_on_both_engines(case: TablesCase) -> None:
    exact, columnar = (case.policy.evaluate(cells(case), engine=name) for name in ("exact", "columnar"))
    assert levels(exact) == levels(columnar)


def levels(results: Results) -> dict[tuple[str, str], list[object]]:
    (part,) = results.parts
    found = {("", name): part.steps[name].to_list() for name in part.steps.columns}
    for name, table in part.tables.items():
        found |= {(name, column): table.steps[column].to_list() for column in table.steps.columns}
    return found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(CASES)
def test_one_record_with_its_rows_gives_what_a_run_gives(case: TablesCase) -> None:
    rows = with_row_rules(case.records)
    for mine, record in zip(rows, cells(case), strict=True):
        alone = case.policy.evaluate_one(record)
        assert not alone.refused, alone.faults
        for index, rule in enumerate(case.rules):
            if not rule.crosses:
                assert alone[f"r{index}"] == wanted(rule, rule.expected(mine)), rule.text


def test_the_generator_draws_every_function_and_both_sources() -> None:
    source = Random(1)  # noqa: S311 - the same every time
    cases = [make_tables_case(source.randint) for _ in range(60)]
    drawn = {rule.text.partition("(")[0] for case in cases for rule in case.rules}
    assert len(drawn) == 16
    sources = {case.policy.plan.tables[0].declaration.source for case in cases}
    assert sources == {"table", "records"}
    types = [step.type for case in cases for step in case.policy.plan.tables[0].plan.steps]
    assert any(isinstance(type_, NumberType) and type_.scale is None for type_ in types)


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_records_without_any_row_have_the_values_of_nothing(engine: str) -> None:
    source = Random(3)  # noqa: S311 - the same every time
    drawn = (make_tables_case(source.randint) for _ in range(99))
    case = next(case for case in drawn if case.policy.plan.tables[0].declaration.at_least == 0)
    results = case.policy.evaluate([{"unit": "U", "w": 1, "items": []}], engine=engine)
    values = results.values_of(results.parts[0], 0)
    for index, rule in enumerate(case.rules):
        if f"r{index}" in values:
            assert values[f"r{index}"] == wanted(rule, rule.expected([])), rule.text


REFUSING = """
[policy]
name = "units"
version = "1"
[record]
entity = "unit"
refuse = [{ when = "base > 1000 or any(goals.deep > 100)", reason = "太多" }]
[fields.unit]
type = "text"
[fields.w]
type = "integer"
min = 0
max = 5000
[tables.steps]
[tables.steps.fields.x]
type = "integer"
[tables.goals]
[tables.goals.fields.y]
type = "integer"
[tables.goals.rules.deep]
scorer = "formula"
value = "y + twice"
[rules.twice]
scorer = "formula"
value = "base * sum(steps.x)"
[rules.base]
scorer = "formula"
value = "w + 1"
[output]
columns = ["unit"]
"""


@pytest.mark.parametrize(("w", "refused"), [(2, False), (30, True), (2000, True)])
def test_a_refusal_may_need_rows_that_need_rules_that_need_other_rows(w: int, refused: bool) -> None:
    policy = compile_rule(REFUSING, registry=registry())
    record = {"unit": "U", "w": w, "steps": [{"x": 2}, {"x": 3}], "goals": [{"y": 5}, {"y": 7}]}
    assert policy.evaluate_one(record).refused is refused
    for engine in ("exact", "columnar"):
        results = policy.evaluate([record], engine=engine)
        assert (results.rows_quarantined, results.rows_scored) == ((5, 0) if refused else (0, 5))


def test_one_record_leaves_comparisons_with_other_records_open() -> None:
    text = REFUSING.replace(
        'value = "y + twice"', 'value = "cohort_sum(y, by = unit) + cohort_max(y)"'
    ).replace('value = "base * sum(steps.x)"', 'value = "w"')
    policy = compile_rule(
        text.replace(
            'refuse = [{ when = "base > 1000 or any(goals.deep > 100)", reason = "太多" }]', ""
        ).replace("[output]", '[rules.all]\nscorer = "formula"\nvalue = "sum(goals.deep)"\n[output]'),
        registry=registry(),
    )
    alone = policy.evaluate_one({"unit": "U", "w": 1, "steps": [{"x": 2}], "goals": [{"y": 5}]})
    assert alone["all"] is None
    assert alone.issues == {"goals.deep@1": ("needs_cohort",)}


def test_one_record_with_rows_has_no_history_and_says_so() -> None:
    text = REFUSING.replace(
        'refuse = [{ when = "base > 1000 or any(goals.deep > 100)", reason = "太多" }]', ""
    )
    text = text.replace('entity = "unit"', 'entity = "unit"\nperiod = "year"').replace(
        "[tables.steps]\n", '[fields.year]\ntype = "integer"\nmin = 2000\nmax = 2100\n[tables.steps]\n'
    )
    text = text.replace("[output]", '[rules.before]\nscorer = "formula"\nvalue = "previous(w)"\n[output]')
    policy = compile_rule(text.replace('["unit"]', '["unit", "w"]'), registry=registry())
    record = {"unit": "U", "year": 2024, "w": 1, "steps": [{"x": 2}], "goals": [{"y": 5}]}
    assert policy.evaluate_one(record).issues == {"before@1": ("needs_history",)}
