"""Where inputs come from: the right reader for each, and a helpful word for every place that has none."""

import io
import os
from pathlib import Path

import pytest

from rulecore.contracts import RawTable, Reader, ReadOptions
from rulecore.errors import InputError
from rulecore.readers import READERS
from rulecore.sources import read_source, read_sources, readers_by_suffix

BY_SUFFIX = readers_by_suffix(READERS)


def refusal(*locations: object, readers: dict[str, Reader] | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read_sources(map(str, locations), readers or BY_SUFFIX)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "甲,乙\n1,2\n"),
        ("a.TXT", "甲,乙\n1,2\n"),
        ("a.tsv", "甲\t乙\n1\t2\n"),
        ("a.jsonl", '{"甲": 1, "乙": 2}\n'),
        ("a.ndjson", '{"甲": 1, "乙": 2}\n'),
    ],
)
def test_the_suffix_chooses_the_reader(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    table = read_source(str(tmp_path / name), BY_SUFFIX)
    assert (table.headers, table.frame.rows()) == (("甲", "乙"), [("1", "2")])
    assert table.file == str(tmp_path / name)


def test_a_missing_file_brings_near_names(tmp_path: Path) -> None:
    (tmp_path / "records-2024.csv").touch()
    said = refusal(tmp_path / "record-2024.csv")
    assert "RC064" in said
    assert f"did you mean {tmp_path / 'records-2024.csv'}?" in said
    assert f"the folder {tmp_path / 'x'} does not exist" in refusal(tmp_path / "x" / "y" / "a.csv")


def test_a_folder_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "a{b}.csv").touch()
    assert f"name the file in it, for example: {tmp_path / 'a{b}.csv'}" in refusal(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch(mode=0o000)
    assert "RC066" in refusal(tmp_path / "a.csv")


def test_permission_is_reported_whoever_runs_this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "RC066" in refusal(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.xlsx", "install rulecore-excel"),
        ("a.xls", "save it as .xlsx"),
        ("a.docx", "known are: .csv, .jsonl, .ndjson, .parquet, .tsv, .txt"),
        ("a", "give the file a suffix"),
    ],
)
def test_an_unknown_suffix_says_what_to_do(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert said in refusal(tmp_path / name)


def test_the_faults_of_all_inputs_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    said = refusal(tmp_path / "none.csv", tmp_path / "empty.csv", tmp_path)
    assert [code in said for code in ("RC064", "RC040", "RC065")] == [True, True, True]


def test_braces_in_a_name_do_no_harm(tmp_path: Path) -> None:
    assert "{x}.csv does not exist" in refusal(tmp_path / "{x}.csv")


def stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_standard_input_is_csv_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, "甲\n1\n".encode())
    table = read_source("-", BY_SUFFIX)
    assert (table.file, table.frame.rows()) == ("<stdin>", [("1",)])
    stdin(monkeypatch, b'{"a": 1.50}\n')
    assert read_source("-", BY_SUFFIX, stdin_suffix=".jsonl").frame.rows() == [("1.50",)]


def test_standard_input_is_recognised_by_its_first_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def remember(content: bytes, file: str, options: ReadOptions) -> RawTable:
        seen.append(content)
        return BY_SUFFIX[".csv"].read(b"a\n1\n", file, options)

    excel = Reader(name="excel", suffixes=(".xlsx",), read=remember)
    stdin(monkeypatch, b"PK\x03\x04xl/workbook.xml")
    read_source("-", {**BY_SUFFIX, ".xlsx": excel})
    assert seen == [b"PK\x03\x04xl/workbook.xml"]
    stdin(monkeypatch, b"PAR1....PAR1")
    with pytest.raises(InputError, match="cannot be read as Parquet"):
        read_source("-", BY_SUFFIX)


@pytest.mark.parametrize("start", ["", "\ufeff", "\n "])
def test_json_lines_on_standard_input_are_known_by_their_first_brace(
    start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = f'{start}{{"甲": 1, "乙": 2}}\n'.encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    table = read_source("-", BY_SUFFIX)
    assert (table.headers, table.frame.rows()) == (("甲", "乙"), [("1", "2")])


def test_a_csv_header_may_have_braces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{a},b\n1,2\n")))
    assert read_source("-", BY_SUFFIX).headers == ("{a}", "b")
