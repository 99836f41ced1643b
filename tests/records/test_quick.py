"""The quick readers give what the reference gives, for every cell."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulecore.records.cells import cell_rules, read_by
from rulecore.records.quick import CellRefused, quick_reader

FIELDS = {
    "amount": {"type": "decimal", "decimals": 2, "min": 0, "max": 120},
    "wide": {"type": "decimal", "decimals": 6},
    "fine": {"type": "decimal", "decimals": 16, "min": -1, "max": 1},
    "rounded": {"type": "decimal", "decimals": 1, "min": 0, "max": 10, "excess_digits": "half_up"},
    "share": {"type": "decimal", "decimals": 4, "min": 0, "max": 1, "percent": True},
    "coarse": {"type": "decimal", "decimals": 1, "min": 0, "max": 1, "percent": True},
    "whole": {"type": "integer", "min": -5, "max": 10**17},
    "blank": {"type": "decimal", "decimals": 1, "missing": "not_applicable", "not_applicable": ("999", "—")},
    "zero": {"type": "decimal", "decimals": 1, "missing": 0},
    "text": {"type": "text", "missing": "not_applicable"},
    "choice": {"type": "text", "values": ("甲", "A", "不适用", "é")},
    "flag": {"type": "flag", "missing": False},
    "day": {"type": "date", "min": date(2020, 1, 1), "max": date(2024, 12, 31)},
}  # fmt: skip

NEAR = st.integers(-2000, 20000).map(lambda steps: steps / 100)
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-200, 200),
    st.floats(),
    NEAR,
    st.integers(-(10**17), 10**17).map(lambda steps: steps / 10**6),
    NEAR.map(lambda value: value + 2**-40),
    NEAR.map(str),
    NEAR.map(lambda value: f"{value:.2f}"),
    NEAR.map(lambda value: Decimal(str(value))),
    st.sampled_from(["", " ", "1.", ".5", "+1", "-0", "１２", "1,000", "1e2", "95%", "—", "N/A", "999", "甲", "是"]),
    st.text(max_size=5),
    st.text(st.characters(codec="ascii"), max_size=5),
    st.dates(),
    st.datetimes(),
)  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
@settings(max_examples=300, deadline=None, derandomize=True)
@given(cell=CELLS)
@example(cell=1.1)
@example(cell=0.07)
@example(cell=-0.0)
@example(cell=120.0)
@example(cell=120.00000000000001)
@example(cell=float("nan"))
@example(cell=float("inf"))
@example(cell=datetime(2024, 1, 1))
def test_a_quick_reader_reads_what_the_reference_reads(planned, name, cell):
    rules = cell_rules(planned(name, **FIELDS[name]))
    value, fault = read_by(cell, rules)
    try:
        found = quick_reader(rules)(cell)
    except CellRefused:
        assert fault is not None
    else:
        assert (fault, found, type(found)) == (None, value, type(value))
