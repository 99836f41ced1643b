"""Pins say where a file was changed: the line, or the row and column, or that no cell was."""

from __future__ import annotations

import pytest

from rulecore.archive import RunArchive, pins
from rulecore.archive.pins import changed_places, pins_of
from tests.archive.packing import changed, data_of, readers, small_archive

RECORDS = "records/1/records.csv"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> RunArchive:
    return small_archive(tmp_path_factory.mktemp("small"))


def places(archive: RunArchive, name: str, data: bytes) -> list[str]:
    then = pins_of(archive, readers())  # type: ignore[arg-type]
    now = changed(archive, {name: data})
    content = next(item for item in now.contents if item.name == name)
    return [item.text("en") for item in changed_places(content, now, then, readers())]  # type: ignore[arg-type]


def test_one_cell_is_pinned_by_its_row_and_its_column(archive: RunArchive) -> None:
    data = data_of(archive, RECORDS)
    assert places(archive, RECORDS, data.replace(b"91.5", b"91.6")) == [
        f"{RECORDS}: row 3, column 经营 is not what was packed"
    ]


def test_cells_that_changed_places_are_not_taken_for_unchanged(archive: RunArchive) -> None:
    data = data_of(archive, RECORDS)
    assert places(archive, RECORDS, data.replace(b"90.5,80.0", b"80.0,90.5")) == [
        f"{RECORDS}: row 2, column 党建, 经营 is not what was packed"
    ]
    lines = data.split(b"\n")
    lines[1], lines[2] = lines[2], lines[1]
    assert len(places(archive, RECORDS, b"\n".join(lines))) == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"\n", b"\r\n", "every cell is as it was"),
        ("甲,".encode(), '"甲",'.encode(), "every cell is as it was"),
        ("党建".encode(), "党建分".encode(), "gone: 党建; new: 党建分"),
        ("丙,70.1,60.9\n".encode(), b"", "1 row(s) are missing after row 3"),
        ("丙".encode(), "己,1,1\n丙".encode(), "row 4 was not packed"),
    ],
)
def test_other_changes_of_a_table_are_told_as_what_they_are(
    archive: RunArchive, old: bytes, new: bytes, told: str
) -> None:
    found = places(archive, RECORDS, data_of(archive, RECORDS).replace(old, new))
    assert len(found) == 1
    assert told in found[0]


def test_lines_of_a_policy_are_pinned(archive: RunArchive) -> None:
    name = "policies/unit/policy.toml"
    data = data_of(archive, name)
    assert (
        "line 21 is not what was packed"
        in places(archive, name, data.replace(b'by = "score"', b'by = "work"'))[0]
    )
    assert (
        "1 line(s) are missing"
        in places(archive, name, data.replace('reference = "第一条"\n'.encode(), b""))[0]
    )
    assert "it now reads more = 1" in places(archive, name, data + b"more = 1\n")[0]


def test_long_files_are_pinned_by_several_rows_at_once(
    archive: RunArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "MOST_PINS", 2)
    data = data_of(archive, RECORDS)
    assert places(archive, RECORDS, data.replace(b"91.5", b"91.6")) == [
        f"{RECORDS}: row 2–4, column 经营 is not what was packed"
    ]
    name = "policies/unit/policy.toml"
    assert "line 1–" in places(archive, name, data_of(archive, name).replace(b"small", b"smell"))[0]


def test_pins_that_cannot_be_read_are_of_no_help_and_do_no_harm(archive: RunArchive) -> None:
    content = next(item for item in archive.contents if item.name == RECORDS)
    other = pins_of(archive, readers()).replace(b'"pins":1', b'"pins":2')  # type: ignore[arg-type]
    for broken in (
        other,
        b"",
        b"[]",
        b"{}",
        b'{"members": {"records/1/records.csv": {"tables": [{}]}}}',
        b"\xff",
    ):
        assert list(changed_places(content, archive, broken, readers())) == []  # type: ignore[arg-type]
