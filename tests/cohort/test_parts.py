"""What cohort functions say their values consist of adds up to the values, whatever the cohort."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.cohort.pools import SHARE_POOL
from rulecore.cohort.scaling import SCALE_TO_ENVELOPE
from rulecore.cohort.seats import APPORTION
from rulecore.contracts import Cohort, CohortFunction, Value

Column = tuple[Value, ...]

amounts = st.one_of(st.none(), st.integers(0, 5000).map(lambda cents: Fraction(cents, 100)))
whole = st.integers(0, 60).map(Fraction)
choices = {
    "cut_off": ("re_share", "keep"),
    "tie": ("undecided", "first"),
    "method": ("hamilton", "dhondt", "webster", "huntington_hill"),
}


def check(
    function: CohortFunction, arguments: tuple[Column, ...], options: dict[str, Fraction | str | bool]
) -> None:
    cohort = Cohort(arguments=arguments, options=options, size=len(arguments[0]))
    assert function.parts is not None
    names = {parameter.name: at for at, parameter in enumerate(function.parameters)}
    for row, (value, parts) in enumerate(zip(function.compute(cohort), function.parts(cohort), strict=True)):
        assert (parts is None) is not isinstance(value, Fraction)
        if parts is not None:
            assert sum((amount for _name, amount in parts), Fraction(0)) == value
            for name, amount in parts:
                if name in names:
                    assert amount == arguments[names[name]][row]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(amounts, min_size=1, max_size=6), whole, st.sampled_from(["1", "1/2", "1/3"]), whole, st.data()
)
def test_shares_of_pools(
    weights: list[Value], pool: Fraction, cap: str, floor: Fraction, data: st.DataObject
) -> None:
    size = len(weights)
    columns = (tuple(weights), (pool,) * size, (Fraction(cap),) * size, (floor / 20,) * size)
    options: dict[str, Fraction | str | bool] = {
        "cut_off": data.draw(st.sampled_from(choices["cut_off"])),
        "decimals": Fraction(data.draw(st.integers(0, 2))),
        "tie": data.draw(st.sampled_from(choices["tie"])),
    }
    if any(isinstance(weight, Fraction) for weight in weights):
        check(SHARE_POOL, columns, options)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(amounts, min_size=1, max_size=6), whole, st.sampled_from(choices["tie"]))
def test_amounts_scaled_to_an_envelope(asked: list[Value], envelope: Fraction, tie: str) -> None:
    if any(isinstance(amount, Fraction) for amount in asked):
        columns = (tuple(asked), (envelope,) * len(asked))
        check(SCALE_TO_ENVELOPE, columns, {"decimals": Fraction(0), "tie": tie})


@pytest.mark.parametrize("method", choices["method"])
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(whole, min_size=1, max_size=6), whole, st.sampled_from(choices["tie"]))
def test_seats(method: str, votes: list[Fraction], seats: Fraction, tie: str) -> None:
    size = len(votes)
    columns: tuple[Column, ...] = (
        tuple(votes),
        (seats,) * size,
        (Fraction(0),) * size,
        (Fraction(0),) * size,
    )
    check(APPORTION, columns, {"method": method, "tie": tie})
