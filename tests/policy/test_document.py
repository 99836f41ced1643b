"""Reading a policy file: what is accepted, and where things in it stand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from rulecore.errors import PolicyError
from rulecore.policy.document import MAX_BYTES, Document, read_document

TEXT = '''[rules."得分"]
value = "党建 + 经营"
weights = [
  0.3,  # 党建
  0.7, 0.1,
]
long = """
第一行
第二\\u884c 三"""
escaped = "a\\tb + c"

[[bands]]
is = "A"
[[bands]]
is = "B"
'''


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "policy.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def codes(path: Path) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        read_document(path)
    return [fault.code.id for fault in caught.value.faults]


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return read_document(written(tmp_path, TEXT), root=tmp_path)


def test_decimals_are_read_exactly(document: Document) -> None:
    assert document.value_at(("rules", "得分", "weights")) == [Decimal("0.3"), Decimal("0.7"), Decimal("0.1")]


@pytest.mark.parametrize(
    ("key", "line", "column", "length"),
    [
        (("rules", "得分"), 1, 1, 12),
        (("rules", "得分", "value"), 2, 9, 9),
        (("rules", "得分", "weights", 0), 4, 3, 3),
        (("rules", "得分", "weights", 2), 5, 8, 3),
        (("bands", 1), 14, 1, 9),
        (("bands", 1, "is"), 15, 6, 3),
    ],
)
def test_a_value_stands_at_its_line_and_column(
    document: Document, key: tuple[str | int, ...], line: int, column: int, length: int
) -> None:
    place = document.place(key)
    assert (place.file, place.line, place.column, place.length) == ("policy.toml", line, column, length)


def test_a_key_stands_before_its_value(document: Document) -> None:
    place = document.place(("rules", "得分", "value"), value=False)
    assert (place.line, place.column, place.length) == (2, 1, 5)


@pytest.mark.parametrize(
    ("key", "start", "end", "line", "marked"),
    [
        ("value", 5, 7, 2, "经营"),
        ("long", 4, 6, 9, "第二"),
        ("long", 6, 7, 9, "\\u884c"),
        ("long", 8, 9, 9, "三"),
        ("escaped", 6, 7, 10, "c"),
    ],
)
def test_a_part_of_a_text_is_marked_where_it_is_written(
    document: Document, key: str, start: int, end: int, line: int, marked: str
) -> None:
    place = document.place(("rules", "得分", key), start=start, end=end)
    assert place.line == line
    assert place.column is not None
    assert place.excerpt[place.column - 1 : place.column - 1 + place.length] == marked


def test_a_key_that_is_not_there_stands_at_its_nearest_parent(document: Document) -> None:
    assert document.place(("rules", "得分", "of", 1)).line == 1
    assert document.place(("output",)).line is None


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    document = read_document(written(tmp_path, b"\xef\xbb\xbfa = 1\r\nb = 2\r\n"))
    assert document.data == {"a": 1, "b": 2}
    assert document.place(("b",)).line == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "RC108"),
        ("# nothing", "RC108"),
        ("a = ", "RC106"),
        ("a = 1\na = 2", "RC115"),
        ("名称 = 1".encode("gb18030"), "RC107"),
        ("a = 1\0", "RC112"),
        ("a = " + "[" * 10_000, "RC110"),
        ("a = " + "[" * 40 + "]" * 40, "RC110"),
        ("a" + ".a" * 2_000 + " = 1", "RC110"),
        ("a = 1e999999999", "RC114"),
        ("a = 1e99999999999999999999", "RC114"),
        ("a = nan", "RC114"),
        ("a = " + "9" * 5_000, "RC114"),
        ("\n".join(f"k{index} = 1" for index in range(5_001)), "RC111"),
        ("a = [" + "1," * 50_001 + "]", "RC111"),
        (b"#" * (MAX_BYTES + 1), "RC109"),
    ],
)
def test_what_is_no_policy_is_refused(tmp_path: Path, content: str | bytes, code: str) -> None:
    assert codes(written(tmp_path, content)) == [code]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert codes(tmp_path / "none.toml") == ["RC101"]
    assert codes(tmp_path) == ["RC113"]


def test_a_very_long_line_is_not_shown_whole(tmp_path: Path) -> None:
    document = read_document(written(tmp_path, 'a = "' + "x" * 10_000 + '"'))
    assert len(document.place(("a",)).excerpt) == 0
    assert len(document.place(("a",), value=False).excerpt) < 200
