"""The workbook reader and writer: no digit lost either way, and what is no workbook called by its name."""

import io
import time
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import rulecore_excel
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from rulecore_excel.cells import number_text
from rulecore_excel.formats import READER, WRITER
from rulecore_excel.writer import fits_excel

from rulecore.contracts import Document, RawTable, ReadOptions, Sheet
from rulecore.errors import InputError, OutputError


def workbook(sheets: dict[str, list[list[object]]], *, hidden: tuple[str, ...] = ()) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"default_date_format": "yyyy-mm-dd", "strings_to_numbers": False})
    for name, rows in sheets.items():
        worksheet = book.add_worksheet(name)
        if name in hidden:
            worksheet.hide()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    worksheet.write(row, column, cell)
    book.close()
    return content.getvalue()


def table(content: bytes, sheet: str = "") -> RawTable:
    return READER.read(content, "in.xlsx", ReadOptions(sheet=sheet))


def column(*cells: object) -> list[str | None]:
    """Return how cells below a header come out; a text at the end keeps blank ones from being dropped."""
    found = table(workbook({"数据": [["甲", "乙"], *([cell, "x"] for cell in cells)]}))
    return found.frame.to_series(0).to_list()


def refusal(content: bytes, sheet: str = "") -> str:
    with pytest.raises(InputError) as caught:
        table(content, sheet)
    return str(caught.value)


def test_whole_numbers_have_no_point_and_texts_with_digits_stay_as_they_are() -> None:
    assert column(12650, 12650.0, "007", "12650.0", "110101199003070016") == [
        "12650",
        "12650",
        "007",
        "12650.0",
        "110101199003070016",
    ]


def test_numbers_keep_the_fifteen_digits_that_excel_shows_and_no_noise() -> None:
    assert column(0.1 + 0.2, 1 / 3, 88.985, 1e-12, -0.0, 99.999999999999986, 1.1 * 1.1) == [
        "0.3",
        "0.333333333333333",
        "88.985",
        "0.000000000001",
        "0",
        "100",
        "1.21",
    ]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**8), max_value=10**8))
def test_a_decimal_of_up_to_fifteen_digits_is_read_back_from_its_float(value: Decimal) -> None:
    assert Decimal(number_text(float(value))) == value
    assert "E" not in number_text(float(value))


def test_dates_flags_percentages_and_errors_come_as_texts() -> None:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    worksheet = book.add_worksheet("数据")
    worksheet.write_row(0, 0, ["日期", "时刻", "是否", "率", "误", "日期文本"])
    worksheet.write_datetime(1, 0, datetime(2024, 3, 1), book.add_format({"num_format": "yyyy/m/d"}))
    worksheet.write_datetime(
        1, 1, datetime(2024, 3, 1, 12, 30), book.add_format({"num_format": "yyyy/m/d hh:mm"})
    )
    worksheet.write_boolean(1, 2, True)
    worksheet.write_number(1, 3, 0.955, book.add_format({"num_format": "0.00%"}))
    worksheet.write_formula(1, 4, "=1/0", None, "#DIV/0!")
    worksheet.write_string(1, 5, "2024-03-01 00:00:00")
    worksheet.write_formula(2, 4, "=NA()", None, "#N/A")
    book.close()
    assert table(content.getvalue()).frame.rows() == [
        ("2024-03-01", "2024-03-01 12:30:00", "true", "0.955", "#DIV/0!", "2024-03-01 00:00:00"),
        (None, None, None, None, "#N/A", None),
    ]


def test_rows_keep_the_numbers_excel_shows_and_blank_ones_are_left_out() -> None:
    found = table(workbook({"数据": [[], [], ["单位", "分"], ["U01", 1], [], ["U02", 2], ["", None]]}))
    assert found.headers == ("单位", "分")
    assert found.rows.to_list() == [4, 6]
    assert found.sheet == "数据"


def test_a_merged_title_above_the_header_is_refused() -> None:
    assert "RC059: row 1 of in.xlsx holds one cell only (年度考核表)" in refusal(
        workbook({"数据": [["年度考核表"], ["单位", "分"], ["U01", 1]]})
    )


def test_the_only_visible_sheet_that_holds_something_is_taken() -> None:
    content = workbook({"空": [], "数据": [["甲"], ["x"]], "选项": [["是"], ["否"]]}, hidden=("选项",))
    assert table(content).sheet == "数据"
    assert table(content, "选项").headers == ("是",)


def test_of_several_sheets_one_must_be_named() -> None:
    content = workbook({"一季度": [["甲"], ["x"]], "二季度": [["甲"], ["y"]]})
    assert "RC061: in.xlsx has several visible sheets that hold something: 一季度, 二季度" in refusal(content)
    assert table(content, "二季度").frame.rows() == [("y",)]
    assert "did you mean 一季度?" in refusal(content, "一 季度")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "in.xlsx is empty"),
        (b"a,b\n1,2\n", "in.xlsx is not Excel (.xlsx) but a text file, perhaps a renamed CSV"),
        (b"<html><table></table></html>", "but a web page"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, "but an old Excel workbook (.xls)"),
        (
            bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"),
            "in.xlsx is protected by a password",
        ),
        (b"PK\x03\x04 word/document.xml", "but a zip archive"),
        (b"PK\x03\x04 xl/workbook.xml", "in.xlsx cannot be read as Excel (.xlsx)"),
        (workbook({"数据": [["甲"]]})[:900], "in.xlsx cannot be read as Excel (.xlsx)"),
        (workbook({"数据": []}), "in.xlsx is empty"),
        (workbook({"数据": [[1, 2], [3, 4]]}), "holds only numbers (1, 2): it has no header"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, said: str) -> None:
    if content.startswith(b"PK") and len(content) == 900:
        content += b"xl/workbook"
    assert said in refusal(content)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (b"CV1048576", "RC069: the cells of sheet1.xml in in.xlsx reach to CV1048576"),
        (b"ZZZZ9", "RC046: in.xlsx has 475254 columns; at most 4096 are read"),
    ],
)
def test_a_stray_cell_far_away_is_refused_before_memory_is_asked_for(cell: bytes, said: str) -> None:
    archive = zipfile.ZipFile(io.BytesIO(workbook({"数据": [["甲"], ["x"]]})))
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as copy:
        for name in archive.namelist():
            part = archive.read(name)
            copy.writestr(
                name, part.replace(b'r="A2"', b'r="' + cell + b'"') if "worksheets" in name else part
            )
    assert said in refusal(changed.getvalue())


@pytest.mark.parametrize("kept", ["", "Sheet1"])
def test_a_workbook_whose_sheet_is_not_in_it_is_damaged(kept: str) -> None:
    whole = zipfile.ZipFile(io.BytesIO(workbook({"Sheet1": [["单位"], ["甲"]]})))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as damaged:
        for name in whole.namelist():
            if not name.endswith("sheet1.xml"):
                damaged.writestr(name, whole.read(name))
    assert "in.xlsx" in refusal(stream.getvalue(), kept)


def sheet(*columns: tuple[str, str, list[str]], name: str = "结果") -> Sheet:
    return Sheet(
        name=name,
        headers=tuple(header for header, _kind, _cells in columns),
        kinds=tuple(kind for _header, kind, _cells in columns),  # type: ignore[misc]
        frame=pl.DataFrame(
            [pl.Series(str(i), cells, dtype=pl.String) for i, (_h, _k, cells) in enumerate(columns)]
        ),
    )


def written(folder: Path, *sheets: Sheet) -> bytes:
    path = folder / "out.xlsx"
    WRITER.write(Document(title="考核", sheets=sheets), path)
    return path.read_bytes()


RESULT = sheet(
    ("单位", "text", ["U01", "=1+1", "http://x.cn", "007"]),
    ("得分", "number", ["88.99", "-3.50", "", "不适用"]),
    ("大数", "number", ["1234567890123456789", "0.1", "99999999999999.9", "0"]),
    ("日期", "date", ["2024-03-01", "", "", "1899-01-01"]),
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    assert table(written(tmp_path, RESULT)).frame.rows() == [
        ("U01", "88.99", "1234567890123456789", "2024-03-01"),
        ("=1+1", "-3.5", "0.1", None),
        ("http://x.cn", None, "99999999999999.9", None),
        ("007", "不适用", "0", "1899-01-01"),
    ]


def test_two_writings_of_a_document_are_equal_to_the_byte(tmp_path: Path) -> None:
    first = written(tmp_path, RESULT)
    time.sleep(1.1)
    assert written(tmp_path, RESULT) == first


def test_number_cells_hold_the_decimal_itself(tmp_path: Path) -> None:
    content = zipfile.ZipFile(io.BytesIO(written(tmp_path, RESULT))).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>88.99</v>" in content
    assert "<f>" not in content
    assert "hyperlink" not in content


def test_several_sheets_get_names_that_excel_allows(tmp_path: Path) -> None:
    import fastexcel

    sheets = (sheet(("甲", "text", ["x"]), name="a/b"), sheet(("甲", "text", []), name="a:b"))
    assert fastexcel.read_excel(written(tmp_path, *sheets)).sheet_names == ["a_b", "a_b (2)"]


@pytest.mark.parametrize(
    ("cell", "fits"),
    [
        ("88.99", True),
        ("123456789012345", True),
        ("1234567890123456", False),
        ("0.10", True),
        ("+1", False),
        ("", False),
    ],
)
def test_a_number_is_a_number_cell_only_where_excel_keeps_its_digits(cell: str, fits: bool) -> None:
    assert fits_excel(cell) is fits


def test_a_sheet_larger_than_excel_allows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="RC078: the sheet 结果 has 40000 characters in a cell"):
        written(tmp_path, sheet(("甲", "text", ["x" * 40_000])))


def test_the_plugin_gives_its_reader_and_its_writer() -> None:
    assert rulecore_excel.rulecore_readers() == (READER,)
    assert rulecore_excel.rulecore_writers() == (WRITER,)


def test_a_sheet_is_printed_across_with_all_columns_and_its_header_on_every_page(tmp_path: Path) -> None:
    content = written(tmp_path, sheet(("单位", "text", ["甲", "乙"])))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
        book = archive.read("xl/workbook.xml").decode()
    assert 'orientation="landscape"' in page
    assert 'fitToHeight="0"' in page
    assert "_xlnm.Print_Titles" in book
