"""The published series of the Human Development Index, where it stands beside the repository."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from rulecore import load_policy

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "cases" / "undp_hdi"


def read(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((DATA / name).read_text(encoding="utf-8-sig"))))


@pytest.mark.skipif(
    not DATA.is_dir(), reason=f"the published data are kept outside the repository, in {DATA}"
)
@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_every_value_rank_and_group_is_the_published_one(engine: str) -> None:
    results = load_policy(ROOT / "policies" / "published" / "undp_hdi").evaluate(
        read("input.csv"), engine=engine
    )
    rows = [dict(zip(results.output_headers(), cells, strict=True)) for cells in results.output_rows()]
    published = read("expected.csv")
    assert [row for row, expected in zip(rows, published, strict=True) if row != expected] == []
    assert len(rows) == 5808
    assert sum(row["hdi_rank"] != "" for row in rows) == sum(row["hdi_group"] != "" for row in rows) == 193
