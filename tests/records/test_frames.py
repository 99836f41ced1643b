from datetime import date, datetime
from decimal import Decimal

import pandas
import polars as pl
import pyarrow
import pytest

from rulecore.errors import InputError
from rulecore.records.frames import raw_table
from rulecore.records.typed import type_records

ROWS = [
    {"单位": "U01", "得分": Decimal("92.50"), "日期": date(2024, 3, 1)},
    {"单位": "U02", "得分": None, "日期": date(2024, 3, 2)},
]
COLUMNS = {key: [row[key] for row in ROWS] for key in ROWS[0]}


@pytest.mark.parametrize(
    "data",
    [
        ROWS,
        iter(ROWS),
        COLUMNS,
        pl.DataFrame(ROWS),
        pl.DataFrame(ROWS).lazy(),
        pandas.DataFrame(ROWS),
        pyarrow.Table.from_pylist(ROWS),
        pl.DataFrame(ROWS).with_columns(pl.col("单位").cast(pl.Categorical)),
        {
            "单位": pl.Series(["U01", "U02"]),
            "得分": ("92.5", ""),
            "日期": [datetime(2024, 3, 1), "2024年3月2日"],
        },
    ],
    ids=lambda data: type(data).__module__,
)
def test_records_from_python_are_typed_alike(planned, data):
    fields = [
        planned("unit", column="单位", type="text"),
        planned("score", column="得分", type="decimal", decimals=1, missing="not_applicable"),
        planned("day", column="日期", type="date"),
    ]
    records = type_records(raw_table(data), fields, "unit")
    assert records.quarantined == ()
    assert records.frame.rows() == [
        ("U01", 925, date(2024, 3, 1), 1, 0),
        ("U02", None, date(2024, 3, 2), 2, 0),
    ]


def test_a_key_that_a_row_lacks_is_blank():
    assert raw_table([{"a": 1}, {"b": "x"}]).frame.rows() == [(1, None), (None, "x")]


def test_what_pandas_calls_missing_is_blank():
    frame = pandas.DataFrame({"a": [1.5, float("nan")], "b": pandas.array([1, None], dtype="Int64"),
                              "c": [pandas.Timestamp("2024-03-01"), pandas.NaT]})  # fmt: skip
    assert raw_table(frame).frame.rows()[1] == (None, None, None)


def test_mixed_cells_keep_their_types(planned):
    data = [{"u": cell, "x": cell} for cell in (1, "2", Decimal("3.0"), True, [4])]
    records = type_records(raw_table(data), [planned("u", type="text"), planned("x", type="integer")], "u")
    assert records.frame["x"].to_list() == [1, 2, 3]
    assert [item.code.id for item in records.quarantined] == ["RC525"] * 4


def test_texts_that_are_no_unicode_are_quarantined_not_raised(planned):
    records = type_records(raw_table([{"u": "\ud800"}]), [planned("u", type="text")], "u")
    assert [item.code.id for item in records.quarantined] == ["RC523"]


@pytest.mark.parametrize("data", [5, "text", None, [1, 2], {"a": 1}, {"a": [1], "b": [1, 2]}, object()])
def test_anything_else_is_refused_with_its_type(data):
    with pytest.raises(InputError) as caught:
        raw_table(data)
    assert [fault.code.id for fault in caught.value.faults] == ["RC505"]


def test_no_records_are_a_table_without_rows():
    assert raw_table([]).frame.height == 0
