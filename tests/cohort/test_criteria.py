"""Functions over several criteria: weights in proportion, pairs of arguments, and the order of TOPSIS without roots."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.ideal import TOPSIS_SHARE, VIKOR
from rulecore.cohort.pairwise import PAIRWISE_WINS
from rulecore.contracts import CohortFunction, Unsettled, Value
from rulecore.errors import PolicyError
from tests.cohort.cohorts import call_many
from tests.cohort.test_in_policies import load

FUNCTIONS = [TOPSIS_SHARE, VIKOR, PAIRWISE_WINS]
COLUMNS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=8)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
@given(rows=COLUMNS, factor=st.integers(1, 9))
def test_only_the_proportion_of_weights_matters(
    function: CohortFunction, rows: list[tuple[int, int]], factor: int
) -> None:
    first, second = ([row[place] for row in rows] for place in (0, 1))
    assert call_many(function, first, 2, second, 1) == call_many(function, first, 2 * factor, second, factor)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
@pytest.mark.parametrize("weight", [0, -1, None, [1, 2]])
def test_a_weight_that_is_none_or_not_the_same_for_all_gives_nobody_a_value(
    function: CohortFunction, weight: int | list[int] | None
) -> None:
    assert call_many(function, [1, 2], 1, [3, 4], weight) == [None, None]


@given(COLUMNS)
def test_the_share_puts_records_in_the_order_of_the_closeness(rows: list[tuple[int, int]]) -> None:
    first, second = ([row[place] for row in rows] for place in (0, 1))
    shares = call_many(TOPSIS_SHARE, first, 1, second, 1, normalise="none")
    if isinstance(shares[0], Unsettled):
        assert len(set(rows)) == 1
        return

    def closeness(share: Value | Unsettled) -> Fraction:
        assert isinstance(share, Fraction)
        near, far = (isqrt(int(part * 10**60)) for part in (1 - share, share))
        return Fraction(far, near + far)

    order = sorted(range(len(rows)), key=lambda row: shares[row])  # type: ignore[arg-type, return-value]
    found = [closeness(shares[row]) for row in order]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("topsis_share(weight)", "each criterion is followed by its weight"),
        ("vikor_distance(weight, 1, pool)", "each criterion is followed by its weight"),
        ("pairwise_wins(weight, 1, group, 2)", "argument 3 must be a number, not a text"),
        ("winsorise(weight, low = 1.5)", "low is a part below 1 (5%) or a whole number of records"),
        ("winsorise(group, low = 1)", "value must be a number, not a text"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_with_a_sentence(
    value: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(PolicyError) as caught:
        load(tmp_path, value)
    assert [fault.code.id for fault in caught.value.faults] == ["RC331"]
    assert reason in str(caught.value)
