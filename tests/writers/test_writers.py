"""Every writer: what it writes, that it loses nothing, and that the same document gives the same bytes."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.contracts import Document, ReadOptions, Sheet, Writer
from rulecore.errors import OutputError
from rulecore.readers import csv as csv_reader
from rulecore.readers import json_lines as json_reader
from rulecore.writers import WRITERS
from rulecore.writers.csv import WRITER as CSV
from rulecore.writers.json_lines import WRITER as JSON_LINES
from rulecore.writers.parquet import WRITER as PARQUET

SCHEMES = Path("/work/shared/schemes")


def sheet(kinds: tuple[str, ...], *rows: tuple[str, ...], headers: tuple[str, ...] = ()) -> Sheet:
    headers = headers or tuple(f"列{index}" for index in range(len(kinds)))
    columns = zip(*rows, strict=True) if rows else [[] for _ in kinds]
    frame = pl.DataFrame([pl.Series(str(i), column, dtype=pl.String) for i, column in enumerate(columns)])
    return Sheet(name="结果", headers=headers, kinds=kinds, frame=frame)  # type: ignore[arg-type]


def written(writer: Writer, table: Sheet, folder: Path) -> bytes:
    path = folder / "out"
    writer.write(Document(title="考核", sheets=(table,)), path)
    return path.read_bytes()


MIXED = sheet(
    ("text", "number", "flag", "date"), ("U01", "88.99", "true", "2024-03-01"), ("U02", "", "false", "")
)


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_the_same_document_gives_the_same_bytes(writer: Writer, tmp_path: Path) -> None:
    assert written(writer, MIXED, tmp_path) == written(writer, MIXED, tmp_path)


def test_csv_is_utf8_with_line_feeds_and_quotes_only_where_needed(tmp_path: Path) -> None:
    table = sheet(("text", "number"), ("甲,乙", "1.0"), ('5"管', ""), headers=("单位", "得分"))
    assert written(CSV, table, tmp_path) == '单位,得分\n"甲,乙",1.0\n"5""管",\n'.encode()


@pytest.mark.skipif(not SCHEMES.is_dir(), reason="the schemes are not on this machine")
def test_csv_writes_the_expected_files_of_the_schemes_byte_for_byte(tmp_path: Path) -> None:
    paths = sorted(SCHEMES.glob("*_expected.csv"))
    assert len(paths) == 20
    for path in paths:
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
        table = sheet(("text",) * len(rows[0]), *map(tuple, rows[1:]), headers=tuple(rows[0]))
        assert written(CSV, table, tmp_path) == path.read_bytes()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-3.5", "-3.5"),
        ("-", "-"),
        ("2024-01", "2024-01"),
    ],
)
def test_csv_text_that_a_spreadsheet_would_compute_is_protected(
    cell: str, shown: str, tmp_path: Path
) -> None:
    lines = written(CSV, sheet(("text", "text"), (cell, "x")), tmp_path).decode().split("\n")
    assert lines[1] == f"{shown},x"


def test_csv_number_columns_are_not_touched_unless_they_hold_a_formula(tmp_path: Path) -> None:
    table = sheet(("number", "number"), ("-3.5", "=A1"), ("-0.07", "不适用"))
    assert written(CSV, table, tmp_path).decode().split("\n")[1:3] == ["-3.5,'=A1", "-0.07,不适用"]


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6).filter(
    lambda text: not text.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=8)))
def test_csv_agrees_with_the_csv_module(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    # The csv module leaves a lone carriage return unquoted and cannot read it back.
    rows = [tuple(cell.replace("\r", " ") for cell in row) for row in rows]
    table = sheet(("text",) * len(rows[0]), *rows)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([table.headers, *rows])
    assert written(CSV, table, tmp_path_factory.getbasetemp()) == text.getvalue().encode()


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
def test_what_csv_writes_the_reader_reads(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    content = written(CSV, sheet(("text",) * 3, *rows), tmp_path_factory.getbasetemp())
    table = csv_reader.read(content, "out.csv", ReadOptions())
    assert table.broken == ()
    assert table.frame.rows() == [tuple(cell or None for cell in row) for row in rows if any(row)]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_what_json_lines_writes_the_reader_reads(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    content = written(JSON_LINES, sheet(("text", "number"), *rows), tmp_path_factory.getbasetemp())
    table = json_reader.read(content, "out.jsonl", ReadOptions())
    assert table.broken == ()
    assert table.frame.rows() == [tuple(cell or None for cell in row) for row in rows]


def test_json_lines_keeps_every_digit_and_turns_blank_into_null(tmp_path: Path) -> None:
    assert written(JSON_LINES, MIXED, tmp_path).decode() == (
        '{"列0": "U01", "列1": 88.99, "列2": true, "列3": "2024-03-01"}\n'
        '{"列0": "U02", "列1": null, "列2": false, "列3": null}\n'
    )


def test_json_lines_writes_what_is_no_number_as_text(tmp_path: Path) -> None:
    lines = written(JSON_LINES, sheet(("number",), ("1.0",), ("不适用",), ("007",)), tmp_path).splitlines()
    assert [json.loads(line)["列0"] for line in lines] == [1.0, "不适用", "007"]


def test_parquet_holds_decimals_flags_and_dates(tmp_path: Path) -> None:
    frame = pl.read_parquet(io.BytesIO(written(PARQUET, MIXED, tmp_path)))
    assert frame.dtypes == [pl.String, pl.Decimal(38, 2), pl.Boolean, pl.Date]
    assert frame.rows() == [
        ("U01", Decimal("88.99"), True, date(2024, 3, 1)),
        ("U02", None, False, None),
    ]


def test_parquet_never_loses_a_digit_or_a_word(tmp_path: Path) -> None:
    table = sheet(("number", "number"), ("1.005", "不适用"), ("-2.5", "3"))
    frame = pl.read_parquet(io.BytesIO(written(PARQUET, table, tmp_path)))
    assert frame.rows() == [(Decimal("1.005"), "不适用"), (Decimal("-2.500"), "3")]


def test_an_empty_sheet_is_written_with_its_header(tmp_path: Path) -> None:
    empty = sheet(("text", "number"))
    assert written(CSV, empty, tmp_path) == "列0,列1\n".encode()
    assert written(JSON_LINES, empty, tmp_path) == b""
    assert pl.read_parquet(io.BytesIO(written(PARQUET, empty, tmp_path))).columns == ["列0", "列1"]


@pytest.mark.parametrize("writer", [JSON_LINES, PARQUET], ids=lambda writer: writer.name)
def test_formats_that_name_their_columns_refuse_two_of_one_name(writer: Writer, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="two columns of out are called 得分"):
        written(writer, sheet(("number", "number"), ("1", "2"), headers=("得分", "得分")), tmp_path)


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_a_table_without_any_column_is_written_too(writer: Writer, tmp_path: Path) -> None:
    table = Sheet(name="结果", headers=(), kinds=(), frame=pl.DataFrame())
    assert written(writer, table, tmp_path) == (
        b"" if writer is not PARQUET else written(PARQUET, table, tmp_path)
    )
