"""Packages: the same bytes for the same contents, and nothing but harmless zips is opened."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from rulecore.archive import Content, RunArchive
from rulecore.archive.package import (
    MAX_MEMBERS,
    open_package,
    package_bytes,
    read_file,
    read_package,
    write_package,
)
from rulecore.errors import InputError
from tests.archive.packing import packed, small_archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> RunArchive:
    return small_archive(tmp_path_factory.mktemp("small"))


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return stream.getvalue()


def reason(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        open_package(data, "run.zip")
    return caught.value.faults[0].message("en")


def test_what_is_written_is_read_back(archive: RunArchive, tmp_path: Path) -> None:
    path = tmp_path / "run.zip"
    assert write_package(archive, path) == archive.identifier
    assert read_package(path) == archive
    first = path.read_bytes()
    write_package(read_package(path), path)
    assert path.read_bytes() == first


def test_the_bytes_of_a_package_are_fixed_for_ever() -> None:
    contents = (
        Content(role="manifest", name="results/results.manifest.json", data=b"{}\n"),
        Content(role="records", name="records/1/记录.csv", data="单位\n甲\n".encode()),
    )
    data = package_bytes(RunArchive(contents=contents), b"{}\n")
    # Another hash here means that packages that were signed and published would no longer verify.
    assert (
        hashlib.sha256(data).hexdigest() == "7f6cf29ee4b4d157f86250f4591687664a0f9f8aec1e829fb69397a9845408f1"
    )


def test_other_programs_read_it_as_a_zip(archive: RunArchive) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(archive))) as package:
        assert package.testzip() is None
        assert package.namelist()[:2] == ["package.json", "pins.json"]
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x03\x04" + bytes(100),
        b"not a zip at all",
        b"PK\x05\x06" + bytes(18),
        zipped({"a.txt": b"a"}),
        zipped({"package.json": b"{"}),
        zipped({"package.json": b"[]"}),
        zipped({"package.json": b'{"package": 1, "members": [{}], "pins": {}}'}),
        zipped({"package.json": b"[" * 100_000}),
        zipped({"package.json": b'{"package": 1, "members": [{"name": "a", "role": "x", "sha256": ""}]}'}),
    ],
)
def test_what_is_no_package_is_refused_with_a_reason(data: bytes) -> None:
    assert reason(data).startswith("run.zip is no package of a run: ")


def test_a_package_of_another_version_says_so() -> None:
    found = reason(zipped({"package.json": b'{"package": 7, "members": [], "pins": {"sha256": ""}}'}))
    assert "version 7" in found


@pytest.mark.parametrize(
    "name", ["../a", "/etc/passwd", "a/../../b", "a//b", "C:/a", "a\\b", "a/.", "a\x01b", "a" * 200, "a."]
)
def test_names_that_may_lead_out_of_a_folder_are_refused(name: str) -> None:
    assert "may lead out of its folder" in reason(zipped({"package.json": b"{}", name: b""}))


def test_bombs_links_and_doubles_are_refused(archive: RunArchive) -> None:
    assert "is compressed" in reason(zipped({"package.json": b"{}", "a": bytes(9)}, zipfile.ZIP_DEFLATED))
    bomb = zipped({"package.json": bytes(10**6)}, zipfile.ZIP_DEFLATED)
    assert "larger than the file" in reason(bomb)
    assert "more members" in reason(zipped({str(number): b"" for number in range(MAX_MEMBERS + 1)}))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        link = zipfile.ZipInfo("records")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        package.writestr(link, "/etc")
    assert "link or a folder" in reason(stream.getvalue())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("a", b"1")
        package.writestr("A", b"2")
    assert "stands in it twice" in reason(stream.getvalue())
    inside = zipped({"package.json": packed(archive)})
    assert "cannot be read" in reason(inside)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("a", bytes(1000))
    lying = stream.getvalue().replace((1000).to_bytes(4, "little"), (10**9).to_bytes(4, "little"))
    assert "larger than the file" in reason(lying)


def test_a_zip_packed_anew_by_another_program_is_told(archive: RunArchive) -> None:
    with zipfile.ZipFile(io.BytesIO(packed(archive))) as package:
        members = {name: package.read(name) for name in package.namelist()}
    found = open_package(zipped(members), "run.zip")
    assert found.archive == archive
    assert [item.kind for item in found.differences] == ["package"]


def test_reading_a_changed_package_is_refused(archive: RunArchive, tmp_path: Path) -> None:
    path = tmp_path / "run.zip"
    path.write_bytes(packed(archive).replace(b"90.5", b"90.6"))
    with pytest.raises(InputError, match="changed since it was packed"):
        read_package(path)
    with pytest.raises(InputError, match="RC064"):
        read_file(tmp_path / "none.zip")
    with pytest.raises(InputError, match="RC094"):
        read_file(tmp_path)


def test_what_is_larger_than_any_package_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.zip"
    with path.open("wb") as file:
        file.truncate(2**31)
    with pytest.raises(InputError, match="larger than packages can be"):
        read_file(path)
