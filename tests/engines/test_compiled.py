"""A plan as one Python function gives what the exact engine gives: every value and every issue, for one record."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.contracts import Value
from rulecore.engines.compiled import Program, compile_program
from rulecore.engines.compiled import program as program_module
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.planned import Plan, PlannedRule
from rulecore.reals import Real
from tests.engines.generated import Case, make_case

Found = tuple[dict[str, object], dict[str, tuple[str, ...]]]


def by_closures(plan: Plan, record: Mapping[str, Value]) -> Found:
    """Return a record's values and issues from the exact engine; what compares records is not applicable."""
    values: dict[str, ExactValue] = dict(record)
    issues: dict[str, tuple[str, ...]] = {}
    for step in plan.steps:
        if not isinstance(step, PlannedRule):
            values[step.name], issues[step.name] = None, ("needs_cohort",)
            continue
        environment = Environment(values)
        values[step.name] = compile_node(step.node)(environment)
        if environment.issues:
            issues[step.name] = tuple(sorted(environment.issues))
    return {name: _told(value) for name, value in values.items()}, issues


def by_program(plan: Plan, program: Program, row: tuple[object, ...]) -> Found:
    """Return what the compiled program gives for a row of stored values."""
    values, issues = program.values(row)
    found = {name: _told(values.exact(name)) for name in program.slots}
    return found | {step.name: None for step in plan.steps if step.name not in found}, issues


def _told(value: object) -> object:
    """Return a value, or for one that no fraction need be the fractions that enclose it."""
    return ("inexact", value.bounds(200)) if isinstance(value, Real) else value


def assert_alike(case: Case) -> None:
    program = compile_program(case.plan.inputs, case.plan.steps)
    for record, row in zip(case.records, case.frame().rows(), strict=True):
        wanted, found = by_closures(case.plan, record), by_program(case.plan, program, row)
        assert found == wanted, f"record {record}"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return make_case(lambda low, high: draw(st.integers(low, high)), size=12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases())
def test_a_compiled_plan_gives_what_the_exact_engine_gives(case: Case) -> None:
    assert_alike(case)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False).map(lambda random: make_case(random.randint, size=20)))
def test_large_generated_cases_agree_too(case: Case) -> None:
    assert_alike(case)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False).map(lambda random: make_case(random.randint, size=5)))
def test_rules_left_to_the_closures_agree_as_well(case: Case) -> None:
    original = program_module._compiled
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            program_module,
            "_compiled",
            lambda inputs, steps, shown, closures_only: original(inputs, steps, shown, closures_only=True),
        )
        assert_alike(case)
