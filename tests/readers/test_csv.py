"""CSV: every cell as it stands, every row accounted for, and what is no CSV refused with its real name."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.contracts import RawTable, ReadOptions
from rulecore.errors import InputError
from rulecore.readers.csv import read
from rulecore.readers.csv_lines import read_lines
from rulecore.readers.csv_records import read_records
from rulecore.readers.header import read_header


def table(content: bytes | str, encoding: str = "", file: str = "in.csv") -> RawTable:
    data = content.encode() if isinstance(content, str) else content
    return read(data, file, ReadOptions(encoding=encoding))


def codes(content: bytes | str, **options: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        table(content, **options)
    return [fault.code.id for fault in caught.value.faults]


def rows(content: bytes | str, **options: str) -> list[tuple[str | None, ...]]:
    return table(content, **options).frame.rows()


def broken(content: str) -> list[tuple[int, str]]:
    return [(row.row, row.code.id) for row in table(content).broken]


def test_cells_are_texts_as_they_stand_and_blank_ones_are_null() -> None:
    found = table('单位,分\n"U01",007\n U02 ,""\nU03,\n')
    assert found.headers == ("单位", "分")
    assert found.frame.rows() == [("U01", "007"), (" U02 ", None), ("U03", None)]
    assert found.rows.to_list() == [2, 3, 4]
    assert found.frame.columns == ["0", "1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-32"])
def test_the_encoding_is_recognised(encoding: str) -> None:
    assert rows("单位,得分\n河东,1\n".encode(encoding)) == [("河东", "1")]


def test_short_gbk_texts_that_fool_guessing_are_read_right() -> None:
    assert table("联通,移动\n联通,1\n".encode("gb18030")).headers == ("联通", "移动")


def test_a_stated_encoding_is_used_and_nothing_else() -> None:
    assert rows("名\né\n".encode("gb18030"), encoding="gb18030") == [("é",)]
    assert codes("名\n甲\n".encode("gb18030"), encoding="utf-8") == ["RC042"]
    assert codes("名\n", encoding="klingon") == ["RC043"]


def test_mixed_encodings_are_refused_with_line_and_byte() -> None:
    content = "单位,得分\n河东,1\n".encode() + "云岭,2\n".encode("gb18030")
    with pytest.raises(InputError, match=r"line 3 does not fit at byte 1 \(0xD4\)[^=]+= line 1 is UTF-8"):
        table(content)
    assert codes(b"a,b\n\xff\xff,1\n") == ["RC041"]


def test_rows_with_too_few_or_too_many_cells_are_broken_and_the_rest_is_read() -> None:
    found = table("a,b\n1,2\n3\n\n4,5,6\n7,8\n")
    assert found.frame.rows() == [("1", "2"), ("7", "8")]
    assert found.rows.to_list() == [2, 6]
    assert [(row.row, row.text, dict(row.values)) for row in found.broken] == [
        (3, "3", {"count": 1, "expected": 2}),
        (5, "4,5,6", {"count": 3, "expected": 2}),
    ]


def test_row_numbers_count_the_line_breaks_within_cells() -> None:
    found = table('a,b\n"x\ny",2\n3\n5,6\n')
    assert found.frame.rows() == [("x\ny", "2"), ("5", "6")]
    assert found.rows.to_list() == [2, 5]
    assert broken('a,b\n"x\ny",2\n3\n5,6\n') == [(4, "RC049")]


def test_a_quote_that_is_never_closed_breaks_its_own_row_only() -> None:
    assert broken('a,b\n"x,2\n3,4\n5,6\n') == [(2, "RC050")]
    assert rows('a,b\n"x,2\n3,4\n5,6\n') == [("3", "4"), ("5", "6")]


def test_text_after_a_closing_quote_breaks_its_row() -> None:
    assert broken('a,b\n"x"y,2\n3,4\n') == [(2, "RC050")]


def test_a_quote_within_a_bare_cell_stands_for_itself() -> None:
    assert rows('a,b\n5"管,2\n"6""管",3\n') == [('5"管', "2"), ('6"管', "3")]


def test_a_file_of_stray_quotes_is_given_up_soon() -> None:
    assert codes("a,b\n" + '"x"y,2\n' * 1500) == ["RC058"]


@pytest.mark.parametrize(("mark", "name"), [("\t", "tabs"), (";", "semicolons")])
def test_another_separator_is_taken_and_said(mark: str, name: str) -> None:
    found = table(f"a{mark}b\n1{mark}2,5\n")
    assert found.frame.rows() == [("1", "2,5")]
    assert [note.message("en") for note in found.notes] == [
        f"in.csv is read with {name} between its cells: its header has no comma"
    ]


def test_tabs_are_no_news_in_a_tsv_file() -> None:
    found = table("a,x\tb\n1\t2\n", file="in.tsv")
    assert (found.headers, found.notes) == (("a,x", "b"), ())


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_every_line_break_is_understood(break_: str) -> None:
    assert rows(break_.join(["a,b", "1,2", "3,4"])) == [("1", "2"), ("3", "4")]


def test_blank_lines_and_rows_and_columns_without_anything_are_no_data() -> None:
    found = table("\n\na,b,\n\n1,2,\n,,\n3,4,\n\n")
    assert found.headers == ("a", "b")
    assert found.frame.rows() == [("1", "2"), ("3", "4")]
    assert found.rows.to_list() == [5, 7]


def test_a_header_alone_is_a_table_without_rows() -> None:
    assert table("a,b").frame.shape == (0, 2)


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff"])
def test_an_empty_file_is_refused(content: str) -> None:
    assert codes(content) == ["RC040"]


def test_a_header_of_numbers_or_blanks_is_none() -> None:
    assert codes("1,2.5\n3,4\n") == ["RC047"]
    assert codes(",\n3,4\n") == ["RC048"]


def test_repeated_headers_are_kept_for_the_matching_to_judge() -> None:
    assert table("a,a\n1,2\n").headers == ("a", "a")


def test_a_million_columns_are_refused() -> None:
    with pytest.raises(InputError, match="has 1000000 columns; at most 4096 are read"):
        table(",".join(["c"] * 1_000_000))


def test_nul_characters_are_refused_with_their_line() -> None:
    with pytest.raises(InputError, match=r"RC044: in\.csv holds a NUL character in line 2"):
        table(b"a,b\n1,\x002\n")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04....xl/workbook.xml", "an Excel workbook"),
        (b"PK\x03\x04....readme", "a zip archive"),
        (bytes.fromhex("D0CF11E0A1B11AE1"), r"an old Excel workbook \(.xls\)"),
        (b"PAR1....PAR1", "a Parquet file"),
        (b"%PDF-1.7", "a PDF document"),
    ],
)
def test_another_format_is_called_by_its_name(content: bytes, name: str) -> None:
    with pytest.raises(InputError, match=rf"in\.csv is not CSV but {name}"):
        table(content)


def test_a_sheet_cannot_be_named() -> None:
    with pytest.raises(InputError, match="RC062"):
        read(b"a\n1\n", "in.csv", ReadOptions(sheet="数据"))


def test_the_hash_is_of_the_bytes() -> None:
    assert table(b"a\n").sha256 == "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7"


CELLS = st.text(
    st.sampled_from(['"', ",", "\n", "\r", ";", "a", "甲", " ", "1", "\u2028", "\x0b"]), max_size=5
)
TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width)))


@given(TABLES, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.sampled_from(["\n", "\r\n"]))
def test_what_the_csv_module_writes_is_read_as_it_reads_it(
    cells: list[list[str]], quoting: int, ending: str
) -> None:
    text = io.StringIO(newline="")
    width = len(cells[0]) if cells else 2
    headers = [f"列{index}" for index in range(width)]
    csv.writer(text, quoting=quoting, lineterminator=ending).writerows([headers, *cells])  # type: ignore[arg-type]
    read_back = list(csv.reader(io.StringIO(text.getvalue(), newline="")))[1:]
    found = table(text.getvalue())
    whole = [tuple(cell or None for cell in row) for row in read_back if len(row) == width and any(row)]
    assert found.headers == tuple(headers)
    assert found.frame.rows() == whole
    assert len(found.broken) == sum(len(row) not in (0, width) for row in read_back)


LINES = st.lists(st.text(st.sampled_from('",a甲 1'), max_size=8), max_size=10)


@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_the_fast_way_gives_what_the_thorough_way_gives(lines: list[str], ending: str) -> None:
    text = ending.join(["甲,乙", *lines])
    header = read_header(text, "in.csv")
    assert header is not None
    fast = read_lines(text[header.end :], header)
    thorough = read_records(text[header.end :], header, "in.csv")
    if fast is not None:
        assert fast.frame.rows() == thorough.frame.rows()
        assert fast.rows.to_list() == thorough.rows.to_list()
        assert fast.broken == thorough.broken
    assert thorough.rows.len() + len(thorough.broken) <= len(lines)


@given(st.binary(max_size=60))
def test_no_bytes_whatever_break_the_reader(content: bytes) -> None:
    try:
        found = table(content)
    except InputError:
        return
    assert found.frame.height == found.rows.len()
