"""Parquet: columns as they are typed, flat ones only."""

import io
from decimal import Decimal

import polars as pl
import pytest

from rulecore.contracts import RawTable, ReadOptions
from rulecore.errors import InputError
from rulecore.readers.parquet import read


def table(frame: pl.DataFrame) -> RawTable:
    content = io.BytesIO()
    frame.write_parquet(content)
    return read(content.getvalue(), "in.parquet", ReadOptions())


def refusal(content: bytes) -> str:
    with pytest.raises(InputError) as caught:
        read(content, "in.parquet", ReadOptions())
    return str(caught.value)


def test_columns_keep_their_types_and_rows_count_from_one() -> None:
    amounts = pl.Series(["1.50", None], dtype=pl.String).cast(pl.Decimal(10, 2))
    grades = pl.Series(["A", "B"], dtype=pl.Categorical)
    found = table(pl.DataFrame({"0": [1, 2], "额": amounts, "等": grades, "空": [None, None]}))
    assert found.headers == ("0", "额", "等", "空")
    assert found.frame.rows() == [(1, Decimal("1.50"), "A", None), (2, None, "B", None)]
    assert found.frame.columns == ["0", "1", "2", "3"]
    assert found.rows.to_list() == [1, 2]


def test_all_columns_that_are_not_flat_are_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        table(pl.DataFrame({"a": [[1]], "b": [{"x": 1}], "c": [b"x"], "d": [1]}))
    assert [fault.values["column"] for fault in caught.value.faults] == ["a", "b", "c"]


def test_what_is_no_parquet_says_what_it_is() -> None:
    assert "in.parquet is not Parquet but a text file" in refusal(b"a,b\n")
    assert "in.parquet is not Parquet but an Excel workbook" in refusal(b"PK\x03\x04xl/workbook.xml")
    assert "in.parquet is empty" in refusal(b"")
    assert "RC056: in.parquet cannot be read as Parquet" in refusal(b"PAR1....PAR1")
    assert "RC056" in refusal(b"PAR1")
