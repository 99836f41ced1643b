"""Policies as JSON values, the shipped schema, and small changes that make a policy wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import tomli
from jsonschema import Draft7Validator

ROOT = Path(__file__).parent.parent.parent
SCHEMA_FILE = ROOT / "docs" / "policy.schema.json"
CASES_SCHEMA_FILE = ROOT / "docs" / "cases.schema.json"
SHIPPED_CASES = sorted((ROOT / "policies").rglob("cases.toml"))
SHIPPED = sorted(path for path in (ROOT / "policies").rglob("*.toml") if path.name != "cases.toml")


def validator(schema: Path = SCHEMA_FILE) -> Draft7Validator:
    return Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))


def as_json(value: object) -> object:
    """Return a TOML value as JSON has it: dates are texts."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def faults_of(text: str, schema: Path = SCHEMA_FILE) -> list[str]:
    """Return where a schema finds faults in a document's text, as JSON paths, in order."""
    return sorted(error.json_path for error in validator(schema).iter_errors(as_json(tomli.loads(text))))


CORRECT = """\
[policy]
name = "example"
version = "1"

[record]
entity = "unit"

[fields.unit]
type = "text"

[fields.points]
column = "得分"
type = "decimal"
decimals = 1
max = 100

[parameters]
top = 90
since = 2024-01-01

[rules.grade]
label = "等次"
scorer = "bands"
of = "points"
bands = [
  { at_least = "top", is = "A" },
  { is = 2.5 },
]

[rules.place]
scorer = "rank"
by = "points"
ties = ["grade", { by = "unit", order = "ascending" }]
decimals = 0

[output]
columns = ["unit", { of = "grade", header = "等次" }]
"""

CHANGES = [
    ('name = "example"', 'name = "example"\nnaem = "x"', "$.policy"),
    ('version = "1"', "version = 1", "$.policy.version"),
    ('type = "decimal"', 'type = "decimel"', "$.fields.points.type"),
    ("decimals = 1", 'decimals = "1"', "$.fields.points.decimals"),
    ('column = "得分"', 'colum = "得分"', "$.fields.points"),
    ("max = 100", "max = true", "$.fields.points.max"),
    ("top = 90", "top = { x = 90 }", "$.parameters.top"),
    ('scorer = "bands"', 'scorer = "band"', "$.rules.grade.scorer"),
    ('scorer = "bands"\n', "", "$.rules.grade"),
    ('of = "points"', 'off = "points"', "$.rules.grade"),
    ("at_least", "atleast", "$.rules.grade.bands[0]"),
    ("is = 2.5", "is = [2.5]", "$.rules.grade.bands[1].is"),
    ('label = "等次"', "label = 1", "$.rules.grade.label"),
    ('order = "ascending"', 'order = "up"', "$.rules.place.ties[1]"),
    ("[rules.place]", '[rules."the place"]', "$.rules"),
    ('header = "等次"', 'heading = "等次"', "$.output.columns[1]"),
    ("[record]", "[records]", "$"),
]
"""What is written instead of what, and where the schema says that something is wrong."""


def changed(old: str, new: str) -> str:
    """Return the correct policy with one change."""
    assert CORRECT.count(old) == 1
    return CORRECT.replace(old, new)
