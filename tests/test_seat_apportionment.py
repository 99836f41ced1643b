"""The official seats of 24 houses, where the published data stand beside the repository."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from rulecore import load_policy

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "cases" / "seat_apportionment"


def read(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((DATA / name).read_text(encoding="utf-8-sig"))))


@pytest.mark.skipif(
    not DATA.is_dir(), reason=f"the published data are kept outside the repository, in {DATA}"
)
@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_every_house_but_that_of_1920_has_its_official_seats(engine: str) -> None:
    # No reapportionment took effect after the census of 1920.
    results = load_policy(ROOT / "policies" / "published" / "seat_apportionment").evaluate(
        read("input.csv"), engine=engine
    )
    rows = [dict(zip(results.output_headers(), cells, strict=True)) for cells in results.output_rows()]
    official = read("expected.csv")
    assert len(rows) == len(official) == 677
    different = {row["body"] for row, expected in zip(rows, official, strict=True) if row != expected}
    assert different == {"US House 1920"}
