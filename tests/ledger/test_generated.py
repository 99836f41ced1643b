"""Ledgers of generated rules add up to what the exact engine gives, whatever the expressions."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.engines.exact import Environment, ExactValue
from rulecore.engines.reference import compute
from rulecore.ledger.compiled import compile_ledgers
from rulecore.ledger.make import leaves_of
from rulecore.ledger.totals import equal, total
from rulecore.ledger.values import Entry
from rulecore.reals import Real
from tests.engines.generated import Case, make_case


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return make_case(lambda low, high: draw(st.integers(low, high)), size=12)


def check(case: Case) -> None:
    ledgers = compile_ledgers(case.plan)
    computed = compute(case.plan, case.records)
    for values in computed.values:
        environment = Environment(values)
        written: list[tuple[str, list[Entry]]] = []
        for writer in ledgers.rules:
            value = values[writer.rule.name]
            if value is None:
                continue
            entries = writer.write(environment)
            written.append((writer.rule.name, entries))
            check_lines(entries, value)
        for name, leaves in leaves_of(written).items():
            value = values[name]
            assert isinstance(value, Fraction | Real)
            assert equal(total(amount for _rule, _entry, amount in leaves), value)


def check_lines(entries: list[Entry], value: ExactValue) -> None:
    assert isinstance(value, Fraction | Real)
    if isinstance(value, Fraction):
        assert total(entry.amount for entry in entries) == value
    assert equal(total(entry.amount for entry in entries), value)
    for entry in entries:
        if (
            entry.factor is not None
            and isinstance(entry.value, Fraction)
            and isinstance(entry.amount, Fraction)
        ):
            assert entry.amount == (entry.value - (entry.marks or 0)) * entry.factor


@settings(max_examples=300, deadline=None, derandomize=True)
@given(cases())
def test_ledgers_of_generated_rules_add_up(case: Case) -> None:
    check(case)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False).map(lambda random: make_case(random.randint, size=12)))
def test_ledgers_of_large_generated_rules_add_up_too(case: Case) -> None:
    check(case)
