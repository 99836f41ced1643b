"""CSV part by part: the rows of the whole file, with their numbers, or no parts at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rulecore.contracts import NotInPartsError, RawTable, ReadOptions
from rulecore.readers.csv import READER, read
from rulecore.readers.csv_lines import read_lines, read_plain
from rulecore.readers.header import read_header

CELLS = st.text(st.sampled_from('a1.甲 "\r'), max_size=3)
LINES = st.one_of(st.just(""), st.lists(CELLS, min_size=1, max_size=3).map(",".join))
BODIES = st.lists(st.one_of(st.just("x,y"), st.just("1,"), LINES), max_size=8)


def parts(path: Path, size: int, encoding: str = "") -> tuple[list[RawTable], str]:
    assert READER.stream is not None
    stream = READER.stream(path, path.name, ReadOptions(encoding=encoding), size)
    return list(stream.parts), stream.sha256()


@given(
    lines=BODIES,
    size=st.integers(1, 4),
    end=st.sampled_from(["", "\n"]),
    breaks=st.sampled_from(["\n", "\r\n"]),
)
@example(lines=['"a', 'b",c'], size=1, end="\n", breaks="\n")
@example(lines=["a,b,c", "d"], size=1, end="\n", breaks="\n")
def test_the_parts_are_the_whole(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], size: int, end: str, breaks: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "in.csv"
    path.write_bytes((breaks.join(["甲,b", *lines]) + end).encode())
    content = path.read_bytes()
    whole = read(content, "in.csv", ReadOptions())
    try:
        found, digest = parts(path, size)
    except NotInPartsError:
        assert '"' in content.decode() or "\r" in content.decode().replace("\r\n", "")
        return
    assert digest == hashlib.sha256(content).hexdigest()
    assert {table.headers for table in found} == {whole.headers}
    assert pl.concat([table.frame for table in found]).equals(whole.frame)
    assert pl.concat([table.rows for table in found]).to_list() == whole.rows.to_list()
    assert [broken for table in found for broken in table.broken] == list(whole.broken)


@given(lines=st.lists(st.lists(st.sampled_from(["a", "", "1.5", "甲"]), min_size=1, max_size=3), max_size=5))
def test_the_plain_way_gives_what_the_other_gives_or_nothing(lines: list[list[str]]) -> None:
    body = "".join(",".join(cells) + "\n" for cells in lines)
    header = read_header("h,i\n", "in.csv")
    assert header is not None
    plain, other = read_plain(body.encode(), header), read_lines(body, header)
    assert other is not None
    assert (plain is not None) == (bool(lines) and all(len(cells) == 2 for cells in lines))
    if plain is not None:
        assert plain.frame.equals(other.frame)
        assert plain.rows.to_list() == other.rows.to_list()
        assert plain.broken == other.broken


@pytest.mark.parametrize(
    "content",
    [
        "单位,得分\n甲,1\n".encode("gb18030"),
        "单位,得分\n甲,1\n".encode("utf-16"),
        "单位,得分\n甲,1\n".encode() + "乙,2\n".encode("gb18030"),
        b"a,\n1,2\n",
        b"a,b\n1,\0\n",
        b"",
        b"1,2\n3,4\n",
        b"PK\x03\x04 a workbook",
    ],
    ids=["gb18030", "utf-16", "mixed", "no header", "NUL", "empty", "numbers only", "workbook"],
)
def test_what_only_the_whole_can_tell_is_not_read_part_by_part(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with pytest.raises(NotInPartsError):
        parts(path, 1)


def test_a_stated_encoding_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b"\xef\xbb\xbfa,b\n1,2\n")
    assert [table.frame.rows() for table in parts(path, 10, "UTF8")[0]] == [[("1", "2")]]
    with pytest.raises(NotInPartsError):
        parts(path, 10, "gbk")
