"""Parquet in parts: a table written part by part has the bytes of the whole, whatever turns up late."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from threading import active_count

import polars as pl
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from rulecore.contracts import Document, Sheet, Writer
from rulecore.writers import WRITERS, parquet, parquet_file
from rulecore.writers.parquet import WRITER as PARQUET

NUMBERS = st.sampled_from(
    ["", "", "1.5", "-2.25", "3", "0.10", "12345678901234567890.1", "-0", "不适用", "007"]
)
PLAIN = st.sampled_from(["", "1.50", "2.25", "-0.75"])
FLAGS = st.sampled_from(["", "是", "否", "true", "false", "不适用"])
DATES = st.sampled_from(["", "2024-03-01", "0001-01-01", "2024-13-01", "待定"])
TEXTS = st.sampled_from(["", "甲", "=1+1", "a,b", "x\ny"])
ROWS = st.lists(st.tuples(NUMBERS, PLAIN, FLAGS, DATES, TEXTS), max_size=8)
KINDS = ("number", "number", "flag", "date", "text")


def sheet(rows: list[tuple[str, ...]]) -> Sheet:
    columns = {str(at): pl.Series([row[at] for row in rows], dtype=pl.String) for at in range(len(KINDS))}
    return Sheet(name="结果", headers=tuple("abcde"), kinds=KINDS, frame=pl.DataFrame(columns))  # type: ignore[arg-type]


def whole(writer: Writer, table: Sheet, path: Path) -> bytes:
    writer.write(Document(title="", sheets=(table,)), path)
    return path.read_bytes()


def in_parts(writer: Writer, table: Sheet, cuts: list[int], path: Path) -> bytes:
    assert writer.stream is not None
    bounds = [0, *sorted(min(cut, table.frame.height) for cut in cuts), table.frame.height]
    empty = Document(title="", sheets=(evolve(table, frame=table.frame.clear()),))
    with writer.stream(empty, path) as add:
        for start, end in pairwise(bounds):
            add(table.frame[start:end])
    return path.read_bytes()


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
@given(rows=ROWS, cuts=st.lists(st.integers(0, 8), max_size=3))
def test_a_table_in_parts_has_the_bytes_of_the_whole(
    writer: Writer, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], cuts: list[int]
) -> None:
    folder, table = tmp_path_factory.mktemp("parts"), sheet(rows)
    assert in_parts(writer, table, cuts, folder / "parts") == whole(writer, table, folder / "whole")
    assert sorted(path.name for path in folder.iterdir()) == ["parts", "whole"]


def test_a_word_among_numbers_turns_those_before_it_into_texts_again(tmp_path: Path) -> None:
    table = sheet([("1.50", "", "是", "2024-03-01", ""), ("不适用", "", "true", "待定", "")])
    in_parts(PARQUET, table, [1], tmp_path / "out")
    found = pl.read_parquet(tmp_path / "out")
    assert found["a"].to_list() == ["1.50", "不适用"]
    assert found["c"].to_list() == [True, True]
    assert found["d"].to_list() == ["2024-03-01", "待定"]


def test_rows_stand_in_groups_of_one_size_however_many_processors_there_are(tmp_path: Path) -> None:
    rows = parquet_file.ROWS_OF_A_GROUP + 10
    frame = pl.DataFrame({"0": [str(row) for row in range(rows)]})
    table = Sheet(name="结果", headers=("a",), kinds=("number",), frame=frame)
    assert whole(PARQUET, table, tmp_path / "whole") == in_parts(
        PARQUET, table, [7, 100_001], tmp_path / "parts"
    )
    import pyarrow.parquet

    groups = pyarrow.parquet.ParquetFile(tmp_path / "whole").metadata
    assert [groups.row_group(at).num_rows for at in range(groups.num_row_groups)] == [rows - 10, 10]


def test_what_goes_wrong_while_writing_is_said_where_rows_are_added(tmp_path: Path) -> None:
    table = sheet([("1", "", "", "", "")])
    with pytest.raises(IsADirectoryError):
        whole(PARQUET, table, tmp_path)


def test_a_table_that_is_left_midway_leaves_no_thread_behind(tmp_path: Path) -> None:
    table, before = sheet([("1", "", "", "", "")]), active_count()

    def stop() -> None:
        with parquet.stream(Document(title="", sheets=(table,)), tmp_path / "out") as add:
            add(table.frame)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        stop()
    assert active_count() == before
