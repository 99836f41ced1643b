"""Both engines give the same in every cell, for generated policies and records."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.agreement import differences
from tests.engines.generated import Case, make_case


@st.composite
def cases(draw: st.DrawFn) -> Case:
    return make_case(lambda low, high: draw(st.integers(low, high)))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(cases())
def test_the_columnar_engine_gives_what_the_exact_engine_gives(case: Case) -> None:
    assert differences(case) == []


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False).map(lambda random: make_case(random.randint)))
def test_large_generated_cases_agree_too(case: Case) -> None:
    assert differences(case) == []
