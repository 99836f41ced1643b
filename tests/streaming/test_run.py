"""Runs part by part: when they are made, how often they read, what they find, and that they are all or nothing."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import polars as pl
import pytest

import rulecore
from rulecore.cli.main import run as run_program
from rulecore.contracts import NotInPartsError, ReadOptions
from rulecore.readers.parquet import READER
from rulecore.records import identity
from rulecore.streaming import PartsRun, RunOutcome, applies, identities, input_parts
from rulecore.writers.csv import WRITER as CSV
from rulecore.writers.parquet import WRITER as PARQUET
from tests.streaming.runs import FIRST, ONE, SECOND, THIRD, files, in_memory, parts_run, policies

RANKED = ONE.replace(
    "[output]", '[rules.place]\nscorer = "rank"\nby = "coalesce(score, 0)"\n[output]'
).replace('"level"]', '"level", "place"]')


def row(unit: str, points: str = "50.0", year: str = "2024", post: str = "p") -> tuple[str, ...]:
    return (unit, year, points, "", "", post, "")


def written(run: PartsRun, path: Path) -> tuple[RunOutcome, pl.DataFrame]:
    outcome = run.write(path, PARQUET)
    return outcome, pl.read_parquet(path)


# --- when -----------------------------------------------------------------------------------------------------------


def test_policies_that_compare_records_are_run_as_a_whole(tmp_path: Path) -> None:
    for name, text, independent in (("one", ONE, True), ("ranked", RANKED, False)):
        (tmp_path / name).mkdir()
        found = policies(tmp_path / name, text)
        assert applies.records_are_independent(found.plans) is independent


def test_small_inputs_other_formats_and_a_file_given_twice_are_read_as_a_whole(tmp_path: Path) -> None:
    (path,) = files(tmp_path, [[row("a")]], ".parquet")
    readers = {".parquet": READER, ".jsonl": READER}
    assert input_parts([path], readers) is None
    assert input_parts([path], readers, fewest_bytes=0) is not None
    assert input_parts([path, path], readers, fewest_bytes=0) is None
    assert input_parts([path, "-"], readers, fewest_bytes=0) is None
    assert input_parts([path, "x.xlsx"], readers, fewest_bytes=0) is None


def test_the_program_writes_large_files_part_by_part_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    policies(tmp_path, ONE)
    paths = files(tmp_path, [[row("a"), row("b", "x"), row("c"), row("a")]], ".parquet")
    said, made = [], []
    write = PartsRun.write
    monkeypatch.setattr(
        PartsRun, "write", lambda *given, **options: made.append(1) or write(*given, **options)
    )
    for fewest in (2**40, 0):
        monkeypatch.setattr(applies.input_parts, "__kwdefaults__", {"fewest_bytes": fewest})
        output = tmp_path / "out.csv"
        code = run_program(
            ["run", str(tmp_path / "policy0.toml"), "--records", paths[0], "--output", str(output)]
        )
        contents = {name: (tmp_path / name).read_bytes() for name in sorted(os.listdir(tmp_path))}
        said.append((code, capsys.readouterr(), contents))
    assert said[0] == said[1]
    assert made == [1]
    assert said[0][0] == 1


def test_strict_writes_nothing_part_by_part_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    policies(tmp_path, ONE)
    paths = files(tmp_path, [[row("a"), row("b", "x")]], ".parquet")
    monkeypatch.setattr(applies.input_parts, "__kwdefaults__", {"fewest_bytes": 0})
    before = sorted(os.listdir(tmp_path))
    arguments = [
        "run",
        str(tmp_path / "policy0.toml"),
        "--records",
        paths[0],
        "--output",
        str(tmp_path / "out.csv"),
    ]
    assert run_program([*arguments, "--strict"]) == 2
    assert "RC" in capsys.readouterr().err
    assert sorted(os.listdir(tmp_path)) == before


def test_python_has_the_outcome_of_a_run_into_a_file(tmp_path: Path) -> None:
    found = policies(tmp_path, ONE)
    paths = files(tmp_path, [[row("a"), row("b", "x")]], ".parquet")
    outcome = found.evaluate_to_file(paths, tmp_path / "out.csv")
    assert (outcome.rows_in, outcome.rows_scored, outcome.rows_quarantined, outcome.parts) == (2, 1, 1, 0)
    assert [path.name for path in outcome.written] == ["out.csv", "out.隔离.csv", "out.manifest.json"]
    manifest = json.loads((tmp_path / "out.manifest.json").read_bytes())
    assert {**outcome.manifest, "files": manifest["files"]} == manifest


def test_a_name_that_no_file_has_is_told_in_one_way(tmp_path: Path) -> None:
    found = policies(tmp_path, ONE)
    with pytest.raises(rulecore.errors.InputError, match="RC"):
        found.evaluate_to_file(["a\0b.parquet"], tmp_path / "out.csv")


def test_results_do_not_take_the_place_of_their_records(tmp_path: Path) -> None:
    found = policies(tmp_path, ONE)
    paths = files(tmp_path, [[row("a")]], ".parquet")
    with pytest.raises(rulecore.errors.UsageError, match="RC"):
        found.evaluate_to_file(paths, paths[0])


# --- passes ---------------------------------------------------------------------------------------------------------


def test_records_of_their_own_take_one_pass(tmp_path: Path) -> None:
    found = policies(tmp_path, ONE)
    paths = files(tmp_path, [[row(f"u{number}") for number in range(10)]], ".parquet")
    outcome, table = written(parts_run(found, paths, 3), tmp_path / "out")
    assert (outcome.passes, outcome.parts, table.height) == (1, 4, 10)


def test_records_that_are_there_twice_are_found_across_parts_and_files(tmp_path: Path) -> None:
    found = policies(tmp_path, ONE)
    tables = [[row("a"), row("b"), row("c")], [row("d"), row("e"), row("a")]]
    paths = files(tmp_path, tables, ".parquet")
    outcome, table = written(parts_run(found, paths, 1), tmp_path / "out")
    assert outcome.passes == 2
    assert [(item.row, item.values["rows"]) for item in outcome.quarantined] == [
        (1, f"3 ({paths[1]})"),
        (3, f"1 ({paths[0]})"),
    ]
    assert table.filter(pl.col("得分").is_not_null())["单位"].to_list() == ["b", "c", "d", "e"]


def test_records_whose_hashes_are_the_same_by_chance_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashes of two bits: nearly all records share one, and yet only those that are there twice are refused."""
    real = identity.key_hashes
    monkeypatch.setattr(identities, "key_hashes", lambda frame, keys: real(frame, keys) % 4)
    found = policies(tmp_path, ONE)
    rows = [row(f"u{number % 17}") for number in range(20)]
    outcome, _table = written(parts_run(found, files(tmp_path, [rows], ".parquet"), 3), tmp_path / "out")
    assert outcome.passes == 2
    assert [item.row for item in outcome.quarantined] == [1, 2, 3, 18, 19, 20]
    distinct = files(tmp_path, [rows[:17]], ".parquet")
    outcome, table = written(parts_run(found, distinct, 3), tmp_path / "out")
    assert (outcome.passes, outcome.quarantined, table.height) == (1, (), 17)


def test_a_policy_without_records_has_no_columns_which_takes_a_second_pass(tmp_path: Path) -> None:
    found = policies(tmp_path, FIRST, SECOND, THIRD)
    paths = files(tmp_path, [[row("a"), row("b"), row("a", year="2023")]], ".parquet")
    outcome, table = written(parts_run(found, paths, 2), tmp_path / "out")
    assert outcome.passes == 2
    assert "points" not in table.columns
    assert [policy.version for policy in outcome.summary.policies] == ["1", "2"]


def test_versions_with_the_same_columns_need_no_second_pass(tmp_path: Path) -> None:
    found = policies(tmp_path, FIRST, SECOND)
    paths = files(tmp_path, [[row("a"), row("b")]], ".parquet")
    outcome, _table = written(parts_run(found, paths, 2), tmp_path / "out")
    assert outcome.passes == 1
    assert [policy.version for policy in outcome.summary.policies] == ["2"]


# --- all or nothing -------------------------------------------------------------------------------------------------


def test_a_file_that_changes_while_it_is_read_is_left_to_the_run_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = policies(tmp_path, ONE)
    paths = files(tmp_path, [[row("a"), row("b")]], ".parquet")
    run = parts_run(found, paths, 1)
    tables = PartsRun.tables

    def change(self: PartsRun, opened: list[object]) -> object:
        yield from tables(self, opened)  # type: ignore[arg-type]
        os.utime(paths[0], ns=(1, 1))

    monkeypatch.setattr(PartsRun, "tables", change)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(NotInPartsError):
        run.write(tmp_path / "out.parquet", PARQUET)
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize("writer", [PARQUET, CSV], ids=lambda writer: writer.name)
def test_a_run_that_is_refused_leaves_no_file_and_no_thread(tmp_path: Path, writer: object) -> None:
    found = policies(tmp_path, ONE)
    paths = files(tmp_path, [[row("a"), row("b")]], ".parquet")
    before, threads = sorted(os.listdir(tmp_path)), threading.active_count()

    def refuse(_outcome: RunOutcome) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        parts_run(found, paths, 1).write(tmp_path / "out", writer, accept=refuse)  # type: ignore[arg-type]
    assert sorted(os.listdir(tmp_path)) == before
    assert threading.active_count() == threads


def test_a_missing_column_is_told_by_the_run_in_memory(tmp_path: Path) -> None:
    found = policies(tmp_path, ONE)
    path = tmp_path / "records.parquet"
    pl.DataFrame({"单位": ["a"]}).write_parquet(path)
    with pytest.raises(NotInPartsError):
        parts_run(found, [str(path)], 1).write(tmp_path / "out.csv", CSV)
    (tmp_path / "memory").mkdir()
    assert "RC" in str(in_memory(found, [str(path)], tmp_path / "memory" / "out.csv"))


def test_a_damaged_file_is_no_file_to_take_part_by_part(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    assert READER.stream is not None
    with pytest.raises(NotInPartsError):
        READER.stream(path, "records.parquet", ReadOptions(), 10)
    with pytest.raises(NotInPartsError):
        READER.stream(tmp_path / "none.parquet", "none.parquet", ReadOptions(), 10)
