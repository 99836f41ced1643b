"""Detail rows whose records went to no policy are accounted for, also where no policy has any record."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore

PLAIN = """
[policy]
name = "plain"
version = "1"
applies_to = { company = ["甲"] }
[record]
entity = "unit"
[fields.company]
type = "text"
[fields.unit]
type = "text"
[fields.score]
type = "integer"
min = 0
max = 10
missing = 0
[rules.doubled]
scorer = "formula"
value = "score * 2"
[output]
columns = ["unit", "doubled"]
"""
WITH_ROWS = """
[policy]
name = "with-rows"
version = "1"
applies_to = { company = ["乙"] }
[record]
entity = "unit"
period = "year"
[fields.company]
type = "text"
[fields.unit]
type = "text"
[fields.year]
type = "integer"
min = 2000
max = 2100
[tables.items]
at_least = 0
[tables.items.fields.points]
type = "integer"
min = 0
max = 10
[rules.total]
scorer = "formula"
value = "sum(items.points) + (if has_previous() then 1 else 0)"
[output]
columns = ["unit", "year", "total"]
"""
ROWS = [
    {"unit": "U", "year": "2024", "points": "1"},
    {"unit": "", "year": "", "points": ""},
    {"unit": "V", "year": "2024", "points": "x"},
]


def policies(folder: Path, *texts: str) -> rulecore.api.PolicySet:
    for number, text in enumerate(texts):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    return rulecore.load_policies(folder)


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize("texts", [(WITH_ROWS,), (PLAIN, WITH_ROWS)], ids=["alone", "the second of two"])
def test_rows_are_refused_where_every_record_went_elsewhere(
    texts: tuple[str, ...], engine: str, tmp_path: Path
) -> None:
    records = [{"company": "甲" if len(texts) == 2 else "丙", "unit": "U", "year": "2024", "score": "3"}]
    results = policies(tmp_path, *texts).evaluate(records, engine=engine, tables={"items": ROWS}, history=())
    scored = len(texts) - 1
    assert (results.rows_in, results.rows_scored, results.rows_blank) == (4, scored, 1)
    refused = [item.code.id for item in results.quarantined if item.sheet == "items"]
    assert refused[:1] == ["RC560"]
    assert results.rows_quarantined == 3 - scored
