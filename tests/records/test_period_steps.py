"""Counting back periods: every way of writing one, and what is none."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.records.period_steps import period_step, step_text


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2024", "2023"),
        (2024, "2023"),
        (Fraction(2024), "2023"),
        ("2024年度", "2023"),
        ("2024H1", "2023H2"),
        ("2024上半年", "2023H2"),
        ("2024年下半年", "2024H1"),
        ("2024Q1", "2023Q4"),
        ("2024-Q1", "2023Q4"),
        ("2024年第三季度", "2024Q2"),
        ("2024-03", "2024-02"),
        ("202401", "2023-12"),
        (202401, "2023-12"),
        ("2024年1月", "2023-12"),
        ("2024-03-01", "2024-02-29"),
        (date(2024, 1, 1), "2023-12-31"),
        (3, "2"),
        ("3", "2"),
    ],
)
def test_the_period_before(period: object, before: str) -> None:
    step = period_step(period)
    assert step is not None
    assert step_text((step[0], step[1] - 1)) == before


@pytest.mark.parametrize("period", ["第三轮", "", "2024-13", "2024Q5", True, None, Fraction(1, 2), "-1"])
def test_what_is_no_period_cannot_be_counted_back(period: object) -> None:
    assert period_step(period) is None


@pytest.mark.parametrize(
    ("length", "text"),
    [
        ("year", "2024"),
        ("half_year", "2024H2"),
        ("quarter", "2024Q3"),
        ("month", "2024-08"),
        ("day", "2024-08-31"),
    ],
)
def test_a_date_stands_for_what_the_policy_says(length: str, text: str) -> None:
    step = period_step(date(2024, 8, 31), length)
    assert step is not None
    assert step_text(step) == text


@given(
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.sampled_from(["year", "half_year", "quarter", "month", "day"]),
)
def test_a_step_is_read_back_from_its_text(day: date, length: str) -> None:
    step = period_step(day, length)
    assert step is not None
    assert period_step(step_text(step)) == step
