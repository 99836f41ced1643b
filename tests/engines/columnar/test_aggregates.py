"""Sums, extremes and means of cohorts in columns: equal to those of the exact engine, wide numbers too."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

import rulecore
from rulecore.cohort.aggregates import AGGREGATES
from rulecore.cohort.statistics import STATISTICS
from rulecore.engines.columnar.aggregates import aggregated
from rulecore.engines.decode import nearest_float
from rulecore.expr.nodes import CohortCall, FieldRef
from rulecore.expr.types import DateType, NumberType, Type

FUNCTIONS = {function.name: function for function in (*AGGREGATES, *STATISTICS)}
POLICY = """
[policy]
name = "aggregates"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.team]
type = "text"
missing = "not_applicable"
[fields.size]
type = "integer"
min = 0
max = 3
missing = "not_applicable"
[fields.narrow]
type = "decimal"
decimals = 2
min = -100
max = 100
missing = "not_applicable"
[fields.wide]
type = "decimal"
decimals = 12
min = -1000000000000
max = 1000000000000
missing = "not_applicable"
[fields.taken]
type = "flag"
[output]
columns = ["unit"]
"""
RULES = [
    f"cohort_{kind}({value}{groups})"
    for kind in ("sum", "min", "max", "mean")
    for value in ("narrow", "wide")
    for groups in ("", ", by = team", ", by = (team, size)", ", where = taken", ", by = size, where = taken")
]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "x", "y"]),
        st.sampled_from(["", "0", "3"]),
        st.sampled_from(["", "100", "-100", "0.01", "33.33"]),
        st.sampled_from(
            ["", "1000000000000", "-1000000000000", "0.000000000001", "999999999999.999999999999"]
        ),
        st.sampled_from(["true", "false"]),
    ),
    min_size=1,
    max_size=7,
)


@cache
def policy() -> rulecore.CompiledPolicy:
    rules = "".join(
        f"[rules.r{number}]\nscorer = \"formula\"\nvalue = '{value}'\n" for number, value in enumerate(RULES)
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.toml"
        path.write_text(POLICY + rules, encoding="utf-8")
        return rulecore.load_policy(path)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_every_aggregate_is_that_of_the_exact_engine(rows: list[tuple[str, str, str, str, str]]) -> None:
    names = ("team", "size", "narrow", "wide", "taken")
    records = [{"unit": f"U{row}", **dict(zip(names, cells, strict=True))} for row, cells in enumerate(rows)]
    parts = [policy().evaluate(records, engine=engine).parts for engine in ("exact", "columnar")]
    exact, columnar = (part[0].steps for part in parts)
    for name in exact.columns:
        assert exact[name].dtype == columnar[name].dtype
        assert exact[name].to_list() == columnar[name].to_list(), name


def called(
    name: str, column: pl.Series, type_: Type, options: tuple[tuple[str, Fraction], ...] = ()
) -> object:
    """Return what the columns give for a call over one column, or None if they leave it to exact values."""
    result = FUNCTIONS[name].result_type((type_,), dict(options))
    node = CohortCall(name, (FieldRef("x"),), options)
    found = aggregated(
        pl.DataFrame({"x": column}), node, FUNCTIONS[name], {"x": type_}, result, nearest_float
    )
    return None if found is None else found[0].to_list()


def number(high: int, scale: int = 0) -> NumberType:
    return NumberType(scale=scale, low=Fraction(0), high=Fraction(high), nullable=True)


def test_what_fits_is_computed_in_columns() -> None:
    assert called("cohort_sum", pl.Series([1, None, 3]), number(9)) == [4, 4, 4]
    assert called("cohort_mean", pl.Series([1, None, 4]), number(9, scale=1)) == ["1/4"] * 3
    assert called("cohort_mean", pl.Series([None, None], dtype=pl.Int64()), number(9)) == [None, None]
    assert called("cohort_max", pl.Series([], dtype=pl.Int64()), number(9)) == []
    dropped = (("drop_low", Fraction(0)), ("drop_high", Fraction(0)))
    assert called("cohort_mean", pl.Series([1, 2]), number(9), dropped) == ["3/2", "3/2"]


def test_what_does_not_fit_is_left_to_exact_values() -> None:
    column = pl.Series([1, 2])
    assert called("cohort_sum", pl.Series([1, 2], dtype=pl.Int128()), number(2**126)) is None
    assert called("cohort_min", pl.Series([date(2024, 1, 1), date(2024, 1, 2)]), DateType()) is None
    assert (
        called("cohort_mean", column, number(9), (("drop_low", Fraction(1)), ("drop_high", Fraction(0))))
        is None
    )
    ratios = NumberType(scale=None, low=Fraction(0), high=Fraction(1))
    assert called("cohort_max", pl.Series(["1/3", "2/3"]), ratios) is None


def test_a_sum_beyond_64_bits_does_not_wrap() -> None:
    largest = 2**63 - 1
    assert called("cohort_sum", pl.Series([largest] * 4), number(largest)) == [4 * largest] * 4
    assert called("cohort_mean", pl.Series([largest] * 4), number(largest)) == [f"{largest}/1"] * 4


def test_only_functions_that_say_so_are_aggregates() -> None:
    assert {name for name, function in FUNCTIONS.items() if function.aggregate} == {
        "cohort_sum",
        "cohort_min",
        "cohort_max",
        "cohort_mean",
    }
