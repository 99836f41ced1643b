"""For the tests of scorers that compare records: a rule over a few criteria, run on an engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rulecore import load_policy

HEAD = """
[policy]
name = "ranking"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.group]
type = "text"
missing = "x"
[fields.takes_part]
type = "flag"
missing = true
[output]
provenance = false
columns = ["unit", { of = "value", decimals = 6, trim = true }]
"""
FIELD = '[fields.{name}]\ntype = "decimal"\ndecimals = 2\nmissing = "not_applicable"\n'
ENGINES = ("exact", "columnar")

Outcome = tuple[str, tuple[str, ...]]


def outcomes(
    folder: Path, rule: str, records: Sequence[Mapping[str, object]], engine: str, criteria: str = "abc"
) -> list[Outcome]:
    """Return what a rule gives each record, as text with at most six decimals, and its issues."""
    path = folder / "policy.toml"
    fields = "".join(FIELD.format(name=name) for name in criteria)
    path.write_text(f"{HEAD}{fields}[rules.value]\n{rule}\n", encoding="utf-8")
    rows = [
        {"unit": f"U{number}"} | {key: str(cell) for key, cell in record.items()}
        for number, record in enumerate(records)
    ]
    results = load_policy(path).evaluate(rows, engine=engine)
    (part,) = results.parts
    steps = [step.name for step in part.plan.steps if step.name.partition("@")[0] == "value"]
    noted = [
        tuple(sorted({reason for step in steps for reason in part.issues_at(step, row)}))
        for row in range(len(rows))
    ]
    return [(cells[1], issues) for cells, issues in zip(results.output_rows(), noted, strict=True)]


def given(folder: Path, rule: str, rows: Sequence[Sequence[object]], engine: str) -> list[str]:
    """Return the values alone, of records given as the values of a, b and c; there must be no issues."""
    records = [dict(zip("abc", row, strict=False)) for row in rows]
    found = outcomes(folder, rule, records, engine)
    assert all(issues == () for _value, issues in found)
    return [value for value, _issues in found]
