"""Results reach the disk whole and together, or nothing changes."""

import errno
import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from rulecore.contracts import Document, Sheet, Writer
from rulecore.errors import OutputError
from rulecore.output import (
    PlannedFile,
    PlannedManifest,
    bytes_file,
    write_bytes_atomically,
    write_document,
    write_files,
    writer_for,
    writers_by_suffix,
)
from rulecore.writers import WRITERS

BY_SUFFIX = writers_by_suffix(WRITERS)


def sheet(name: str, *cells: str) -> Sheet:
    frame = pl.DataFrame({"0": pl.Series(cells, dtype=pl.String)})
    return Sheet(name=name, headers=("甲",), kinds=("text",), frame=frame)


def document(*sheets: Sheet) -> Document:
    return Document(title="考核", sheets=sheets)


RESULT = document(sheet("results", "x"), sheet("quarantined", "y"))


def refusal(path: Path, result: Document = RESULT, writers: dict[str, Writer] | None = None) -> str:
    with pytest.raises(OutputError) as caught:
        write_document(result, path, writers or BY_SUFFIX)
    return str(caught.value)


def failing(error: OSError) -> dict[str, Writer]:
    """Writers that fail at the second sheet, after half of it is written."""

    def write(part: Document, path: Path) -> None:
        path.write_text("half")
        if part.sheets[0].name != "results":
            raise error

    return {".csv": Writer(name="failing", suffixes=(".csv",), write=write)}


def test_each_sheet_gets_a_file_where_the_format_has_no_sheets(tmp_path: Path) -> None:
    paths = write_document(RESULT, tmp_path / "out.csv", BY_SUFFIX)
    assert [path.name for path in paths] == ["out.csv", "out.quarantined.csv"]
    assert [path.read_text("utf-8") for path in paths] == ["甲\nx\n", "甲\ny\n"]
    assert sorted(os.listdir(tmp_path)) == ["out.csv", "out.quarantined.csv"]


def test_a_further_sheet_without_rows_is_left_out(tmp_path: Path) -> None:
    paths = write_document(
        document(sheet("results", "x"), sheet("quarantined")), tmp_path / "out.csv", BY_SUFFIX
    )
    assert [path.name for path in paths] == ["out.csv"]
    assert os.listdir(tmp_path) == ["out.csv"]


def test_what_an_earlier_run_quarantined_does_not_stay(tmp_path: Path) -> None:
    write_document(RESULT, tmp_path / "out.csv", BY_SUFFIX)
    write_document(document(sheet("results", "x"), sheet("quarantined")), tmp_path / "out.csv", BY_SUFFIX)
    assert (tmp_path / "out.quarantined.csv").read_text("utf-8") == "甲\n"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "RC072: there is no space left to write"),
        (errno.EDQUOT, "RC072: there is no space left to write"),
        (errno.EACCES, "RC071"),
        (errno.EIO, "RC075"),
    ],
)
def test_an_error_leaves_every_file_as_it_was(number: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old")
    writers = failing(OSError(number, os.strerror(number)))
    assert said in refusal(tmp_path / "out.csv", writers=writers)
    assert (tmp_path / "out.csv").read_text() == "old"
    assert os.listdir(tmp_path) == ["out.csv"]


def test_an_error_of_another_kind_leaves_nothing_behind_either(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_files([PlannedFile(path=tmp_path / "a", write=write)])
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_said_as_such(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")

    def write(path: Path) -> None:
        Path("/dev/full").write_bytes(b"x")

    with pytest.raises(OutputError, match="RC072"):
        write_files([PlannedFile(path=tmp_path / "a", write=write)])


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert f"RC070: the folder {tmp_path / 'nowhere'} does not exist" in refusal(
        tmp_path / "nowhere" / "out.csv"
    )


def test_a_folder_as_target_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    assert "RC073" in refusal(tmp_path / "out.csv")
    (tmp_path / "b.quarantined.csv").mkdir()
    assert "RC073" in refusal(tmp_path / "b.csv")
    assert not (tmp_path / "b.csv").exists()


def test_an_unknown_suffix_lists_the_known_ones(tmp_path: Path) -> None:
    assert "no writer is known for .docx\n  = known are: .csv, .jsonl, .ndjson, .parquet" in refusal(
        tmp_path / "out.docx"
    )
    assert "install rulecore-excel" in refusal(tmp_path / "out.xlsx")
    assert writer_for(tmp_path / "OUT.CSV", BY_SUFFIX).name == "csv"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert "RC071" in refusal(tmp_path / "out.csv")
    finally:
        tmp_path.chmod(0o700)


def test_permissions_are_those_of_the_old_file_or_of_any_new_one(tmp_path: Path) -> None:
    (tmp_path / "any").touch()
    write_bytes_atomically(tmp_path / "new", b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "any").stat().st_mode
    (tmp_path / "new").chmod(0o640)
    write_bytes_atomically(tmp_path / "new", b"y")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    assert (tmp_path / "new").read_bytes() == b"y"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_bytes_atomically(tmp_path / "link", b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"x"


def test_files_beside_the_document_become_visible_with_it(tmp_path: Path) -> None:
    manifest = PlannedFile(
        path=tmp_path / "out.manifest.json", write=lambda path: path.write_text("{}") and None
    )
    paths = write_document(
        document(sheet("results", "x")), tmp_path / "out.csv", BY_SUFFIX, beside=[manifest]
    )
    assert [path.name for path in paths] == ["out.csv", "out.manifest.json"]


def test_the_first_sheet_goes_to_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert write_document(RESULT, "-", BY_SUFFIX) == ()
    assert capfdbinary.readouterr().out == "甲\nx\n".encode()
    write_document(RESULT, "-", BY_SUFFIX, stdout_suffix=".jsonl")
    assert capfdbinary.readouterr().out == '{"甲": "x"}\n'.encode()


def test_a_binary_format_does_not_go_to_standard_output() -> None:
    with pytest.raises(OutputError, match=r"RC076: .parquet cannot be written to standard output"):
        write_document(RESULT, "-", BY_SUFFIX, stdout_suffix=".parquet")


def manifest_beside(path: Path) -> PlannedManifest:
    return PlannedManifest(path=path, content=lambda hashes: repr(sorted(hashes.items())).encode())


def test_a_manifest_is_about_the_other_files_of_its_run(tmp_path: Path) -> None:
    written = write_document(
        RESULT, tmp_path / "out.csv", BY_SUFFIX, manifest=manifest_beside(tmp_path / "m.json")
    )
    assert [path.name for path in written] == ["out.csv", "out.quarantined.csv", "m.json"]
    names = ("out.csv", "out.quarantined.csv")
    expected = [(name, hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()) for name in names]
    assert (tmp_path / "m.json").read_text("utf-8") == repr(expected)


def test_a_manifest_that_fails_takes_its_run_with_it(tmp_path: Path) -> None:
    def content(_hashes: Mapping[str, str]) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    manifest = PlannedManifest(path=tmp_path / "m", content=content)
    with pytest.raises(OSError, match="No space"):
        write_document(RESULT, tmp_path / "out.csv", BY_SUFFIX, manifest=manifest)
    assert os.listdir(tmp_path) == []


def test_what_is_done_before_the_files_are_seen_has_them_whole(tmp_path: Path) -> None:
    found: dict[str, tuple[bytes, bool]] = {}

    def look(staged: Mapping[str, Path]) -> None:
        for name, path in staged.items():
            found[name] = (path.read_bytes(), (tmp_path / name).exists())

    manifest = PlannedManifest(path=tmp_path / "m.json", content=lambda hashes: b"{}")
    write_files([bytes_file(tmp_path / "a.csv", b"1")], manifest, look)
    assert found == {"a.csv": (b"1", False), "m.json": (b"{}", False)}
    assert (tmp_path / "a.csv").read_bytes() == b"1"


def test_what_is_refused_before_the_files_are_seen_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")

    def refuse(_staged: Mapping[str, Path]) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write_files([bytes_file(tmp_path / "a.csv", b"new")], None, refuse)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.csv", b"old")]
