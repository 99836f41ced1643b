"""The ledgers of all records as a table: a line for each line, amounts that add up in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from rulecore import Results, load_policies
from rulecore.errors import OutputError
from rulecore.ledger.table import HEADERS, decimal_text
from rulecore.ledger.write import all_ledgers, write_all
from rulecore.output import writers_by_suffix
from rulecore.plugins import load_plugins

POLICIES = Path(__file__).parents[2] / "policies"
WRITERS = writers_by_suffix(found.value for found in load_plugins().writers.values())


def results(records: str = "records-2024.xlsx") -> Results:
    return load_policies(POLICIES / "annual").evaluate(POLICIES / "annual" / records)


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV; −607/2332 has an apostrophe in front there, for a spreadsheet would divide."""
    found = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    return [{name: cell.removeprefix("'") for name, cell in row.items()} for row in found]


def test_the_lines_are_those_of_the_ledgers(tmp_path: Path) -> None:
    found = results()
    count = write_all(found, tmp_path / "l.csv", "en", WRITERS)
    documents = [json.loads(text) for _name, text in all_ledgers(found, "en")]
    assert count == len(documents)
    wanted = [
        (document["entity"], rule["name"], line["label"], line["amount"])
        for document in documents
        for rule in document["rules"]
        for line in rule["lines"]
    ]
    assert [
        (row["entity"], row["rule"], row["line"], row["exact amount"]) for row in rows(tmp_path / "l.csv")
    ] == wanted


def test_the_amounts_of_each_rule_add_up(tmp_path: Path) -> None:
    found = results()
    write_all(found, tmp_path / "l.csv", "en", WRITERS)
    sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in rows(tmp_path / "l.csv"):
        sums[row["entity"], row["rule"]] += Fraction(row["exact amount"])
    for part in found.parts:
        for index, entity in enumerate(part.entities().to_list()):
            assert sums[entity, "score"] == found.values_of(part, index)["score"]


def test_detail_rows_have_lines_of_their_own(tmp_path: Path) -> None:
    folder = POLICIES / "milestone"
    found = load_policies(folder).evaluate(folder / "records.csv")
    write_all(found, tmp_path / "l.csv", "en", WRITERS)
    of_rows = [row for row in rows(tmp_path / "l.csv") if row["entity"] == "K1" and row["detail row"] == "N2"]
    assert {row["rule"] for row in of_rows} == {"delay", "factor", "points"}
    assert sum(Fraction(row["exact amount"]) for row in of_rows if row["rule"] == "points") == 81
    assert {row["row"] for row in of_rows} == {"3"}


def test_refused_records_stand_in_it_with_their_reasons(tmp_path: Path) -> None:
    found = results("records-2024-faulty.xlsx")
    write_all(found, tmp_path / "l.csv", "en", WRITERS)
    refused = [row for row in rows(tmp_path / "l.csv") if row["kind"] == "refused"]
    assert len(refused) == found.rows_quarantined
    assert all(row["line"] and not row["amount"] for row in refused)


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".csv"])
def test_other_formats_hold_the_same(suffix: str, tmp_path: Path) -> None:
    found = results()
    write_all(found, tmp_path / f"one{suffix}", "en", WRITERS)
    write_all(found, tmp_path / f"two{suffix}", "en", WRITERS)
    assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()
    if suffix == ".parquet":
        write_all(found, tmp_path / "l.csv", "en", WRITERS)
        frame = pl.read_parquet(tmp_path / "one.parquet")
        assert tuple(frame.columns) == HEADERS
        exact = [row["exact amount"] for row in rows(tmp_path / "l.csv")]
        assert frame["exact amount"].to_list() == exact


def test_what_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rulecore.ledger import write

    def broken(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "stream_table", broken)
    with pytest.raises(OutputError):
        write_all(results(), tmp_path / "l.csv", "en", WRITERS)
    assert list(tmp_path.iterdir()) == []


def test_an_amount_without_end_is_rounded_to_twelve_decimals() -> None:
    assert decimal_text(Fraction(2, 3)) == "0.666666666667"
    assert decimal_text(Fraction(-1, 8)) == "-0.125"
