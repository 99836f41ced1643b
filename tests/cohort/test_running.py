"""Running totals, extremes and counts, and the values before and after: the order, its directions and its ties."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.cohort.running import RUNNING
from rulecore.contracts import Cohort, Unsettled, Value
from rulecore.expr.types import DateType, FlagType, NumberType, TextType

FUNCTIONS = {function.name: function for function in RUNNING}
ORDERED = {"order": "ascending"}
ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(-5, 5).map(Fraction)),
        st.one_of(st.none(), st.integers(0, 3).map(Fraction)),
        st.sampled_from("ab"),
    ),
    min_size=1,
    max_size=12,
)


def run(name: str, *arguments: object, order: str = "ascending", offset: int = 1) -> list[object]:
    columns = tuple(
        tuple(Fraction(cell) if type(cell) is int else cell for cell in column)  # type: ignore[attr-defined]
        for column in arguments
    )
    cohort = Cohort(
        arguments=columns, options={"order": order, "offset": Fraction(offset)}, size=len(columns[0])
    )
    return list(FUNCTIONS[name].compute(cohort))


def reached(rows: list[tuple[Value, Value, str]], own: tuple[Value, Value, str]) -> list[Fraction]:
    """Return the applicable values at or before a row: descending by the number, then ascending by the text."""
    return [
        value
        for value, key, text in rows
        if isinstance(value, Fraction)
        and isinstance(key, Fraction)
        and isinstance(own[1], Fraction)
        and (-key, text) <= (-own[1], own[2])
    ]


@given(ROWS)
def test_what_is_reached_is_worked_out_as_one_would_by_hand(rows: list[tuple[Value, Value, str]]) -> None:
    columns = list(zip(*rows, strict=True))
    for name, combine in (("running_total", sum), ("running_min", min), ("running_max", max)):
        expected = [combine(found) if (found := reached(rows, row)) else None for row in rows]
        assert run(name, *columns, order="descending, ascending") == expected


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5).map(Fraction), st.sampled_from("ab")), min_size=1))
def test_what_comes_before_is_counted_as_one_would_by_hand(rows: list[tuple[bool, Fraction, str]]) -> None:
    columns = list(zip(*rows, strict=True))
    before = [sum(met for met, *key in rows if key < own) for _, *own in rows]
    up_to = [sum(met for met, *key in rows if key <= own) for _, *own in rows]
    after = [sum(met for met, *key in rows if key > own) for _, *own in rows]
    assert run("count_before", *columns) == before
    assert run("running_count", *columns) == up_to
    assert run("count_before", *columns, order="descending") == after


def test_equal_records_share_what_all_of_them_reach() -> None:
    assert run("running_total", [1, 2, 4, 8], [1, 2, 2, 3]) == [1, 7, 7, 15]


def test_a_record_without_an_order_reaches_nothing_and_counts_for_nobody() -> None:
    assert run("running_total", [1, 2, 4], [1, None, 2]) == [1, None, 5]
    assert run("count_before", [True, True, True], [1, None, 2]) == [0, None, 1]
    assert run("lag", [1, 2, 4], [1, None, 2]) == [None, None, 1]


def test_a_value_that_is_not_applicable_adds_nothing_but_has_a_place() -> None:
    assert run("running_total", [None, 2, None], [1, 2, 3]) == [None, 2, 2]
    assert run("lag", [None, 2, None], [1, 2, 3]) == [None, None, 2]


def test_the_value_before_is_that_of_the_place_before_in_the_direction_asked() -> None:
    assert run("lag", ["x", "y", "z"], [3, 1, 2]) == ["z", None, "y"]
    assert run("lead", ["x", "y", "z"], [3, 1, 2]) == [None, "z", "x"]
    assert run("lag", ["x", "y", "z"], [3, 1, 2], order="descending") == [None, "z", "x"]
    assert run("lag", ["x", "y", "z"], [3, 1, 2], offset=2) == ["y", None, None]
    days = [date(2024, 1, 2), date(2024, 1, 1)]
    assert run("lead", days, days) == [None, date(2024, 1, 2)]


def test_where_several_stand_at_the_place_before_they_must_agree() -> None:
    differing = Unsettled("different_neighbours")
    assert run("lag", [1, 2, 3], [1, 1, 2]) == [None, None, differing]
    assert run("lag", [1, 1, 3], [1, 1, 2]) == [None, None, 1]
    assert run("lag", [1, None, 3], [1, 1, 2]) == [None, None, differing]


def test_the_types_are_those_of_the_values() -> None:
    number = NumberType(scale=2, low=Fraction(-1), high=Fraction(3))
    assert FUNCTIONS["running_total"].result_type((number, DateType()), ORDERED) == NumberType(
        scale=2, low=Fraction(-(10**9)), high=Fraction(3 * 10**9), nullable=True
    )
    assert FUNCTIONS["running_max"].result_type((number, TextType()), ORDERED) == NumberType(
        scale=2, low=Fraction(-1), high=Fraction(3), nullable=True
    )
    assert FUNCTIONS["lag"].result_type((TextType(), number), ORDERED) == TextType(nullable=True)


@pytest.mark.parametrize(
    ("name", "types", "order", "sentence"),
    [
        ("running_total", (TextType(), NumberType()), "ascending", "value must be a number, not a text"),
        ("count_before", (NumberType(), NumberType()), "ascending", "condition must be a flag, not a number"),
        ("running_count", (FlagType(),), "ascending", "say what the order is"),
        ("lag", (NumberType(),), "ascending", "say what the order is"),
        ("lead", (NumberType(), FlagType()), "ascending", "cannot be put in order by a flag"),
        ("lag", (NumberType(), NumberType()), "up", "ascending and descending, not 'up'"),
        ("lag", (NumberType(), NumberType()), "ascending, descending", "2 words for 1 keys"),
    ],
)
def test_what_cannot_be_computed_is_refused_when_compiled(
    name: str, types: tuple[object, ...], order: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        FUNCTIONS[name].result_type(types, {"order": order})  # type: ignore[arg-type]
