"""Runs made twice, in memory and part by part, and what each of them wrote."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

import rulecore
from rulecore.contracts import ReadOptions
from rulecore.errors import RulecoreError
from rulecore.sources import readers_by_suffix
from rulecore.streaming import PartsRun, RunOutcome, input_parts, write_in_parts
from rulecore.streaming.to_file import evaluate_to_file

ONE = """
[policy]
name = "one"
title = "考核"
version = "1"
language = "zh"
[record]
entity = "unit"
period = "year"
refuse = [{ when = "coalesce(points > 95, false)", reason = "分数过高" }]
[fields.unit]
column = "单位"
type = "text"
[fields.year]
column = "年度"
type = "integer"
min = 2000
max = 2100
[fields.points]
column = "得分"
type = "decimal"
decimals = 1
min = 0
max = 100
missing = "not_applicable"
[fields.passed]
column = "合格"
type = "flag"
missing = "not_applicable"
[fields.day]
column = "日期"
type = "date"
missing = "not_applicable"
[rules.score]
scorer = "formula"
value = "points * 3 / 7"
decimals = 2
[rules.share]
scorer = "formula"
value = "10 / points"
decimals = 1
[rules.level]
scorer = "bands"
of = "score"
bands = [{ at_least = 30, is = "A" }, { at_least = 10, is = "B" }, { is = "C" }]
[output]
columns = [
  "unit", "points", { of = "score", trim = true }, { of = "share", not_applicable = "不适用" }, "passed",
  "day", "level",
]
refused = { level = "拒收" }
summary = { mean = "score", count = "level" }
"""

FIRST = """
[policy]
name = "first"
title = "First"
version = "1"
language = "en"
applies_to = { unit = ["a", "b"] }
effective = { until = 2023-12-31 }
[record]
entity = "unit"
period = "year"
key = ["post"]
[fields.unit]
column = "单位"
type = "text"
[fields.year]
column = "年度"
type = "integer"
min = 2000
max = 2100
[fields.post]
column = "岗位"
type = "text"
[fields.points]
column = "得分"
type = "decimal"
decimals = 1
min = 0
max = 100
[rules.score]
scorer = "formula"
value = "points / 2"
decimals = 3
[output]
columns = ["unit", "score"]
"""

SECOND = FIRST.replace('version = "1"', 'version = "2"').replace("until = 2023-12-31", "from = 2024-01-01")

THIRD = """
[policy]
name = "third"
version = "1"
applies_to = { unit = ["c", "d"] }
[record]
entity = "unit"
period = "year"
[fields.unit]
column = "单位"
type = "text"
[fields.year]
column = "年度"
type = "integer"
min = 2000
max = 2100
[fields.points]
column = "得分"
type = "text"
[rules.score]
scorer = "formula"
value = "points"
[output]
columns = ["unit", "points", "score"]
provenance = false
"""

HEADERS = ("单位", "年度", "得分", "合格", "日期", "岗位", "备注")


def policies(folder: Path, *texts: str) -> rulecore.api.PolicySet:
    """Return a policy set of some texts."""
    for number, text in enumerate(texts):
        (folder / f"policy{number}.toml").write_text(text, encoding="utf-8")
    return rulecore.load_policies(folder)


def files(folder: Path, tables: Sequence[Sequence[Sequence[str]]], suffix: str) -> list[str]:
    """Write tables of texts as files and return their paths."""
    paths = []
    for number, rows in enumerate(tables):
        path = folder / f"records{number}{suffix}"
        columns = {header: [row[at] or None for row in rows] for at, header in enumerate(HEADERS)}
        frame = pl.DataFrame(columns, schema=dict.fromkeys(HEADERS, pl.String))
        frame.write_parquet(path) if suffix == ".parquet" else frame.write_csv(path)
        paths.append(str(path))
    return paths


def parts_run(
    found: rulecore.api.PolicySet,
    paths: Sequence[str],
    rows: int,
    *,
    engine: str = "columnar",
    as_of: date | None = None,
) -> PartsRun:
    """Return a run part by part, however small the files are."""
    readers = readers_by_suffix(item.value for item in found.registry.readers.values())
    inputs = input_parts(paths, readers, fewest_bytes=0)
    assert inputs is not None
    return PartsRun(
        plans=found.plans,
        engine=found.engine(engine),
        inputs=inputs,
        options=ReadOptions(),
        as_of=as_of,
        origins=found.registry.origins(),
        rows=rows,
    )


def in_memory(found: rulecore.api.PolicySet, paths: Sequence[str], output: Path, **options: object) -> object:
    """Return what a run in memory came to and the files it wrote, or the error it ended with."""
    return _told(
        lambda: evaluate_to_file(
            None,
            lambda: found.evaluate(list(paths), **options),  # type: ignore[arg-type]
            output,
            found.registry,
            reads=paths,
        ),
        output.parent,
    )


def in_parts(
    found: rulecore.api.PolicySet, paths: Sequence[str], output: Path, rows: int, **options: object
) -> object:
    """Return the same of a run part by part; None where it could not be made so."""
    run = parts_run(found, paths, rows, **options)  # type: ignore[arg-type]
    writer = {
        suffix: item.value for item in found.registry.writers.values() for suffix in item.value.suffixes
    }[output.suffix]
    manifest = output.with_name(f"{output.stem}.manifest.json")
    return _told(lambda: write_in_parts(run, output, writer, manifest=manifest), output.parent)


def _told(make: object, folder: Path) -> object:
    try:
        outcome = make()  # type: ignore[operator]
    except RulecoreError as error:
        return str(error)
    if outcome is None:
        return None
    assert isinstance(outcome, RunOutcome)
    return (
        outcome.summary,
        tuple((item, item.reason()) for item in outcome.quarantined),
        tuple(note.render("en") for note in outcome.notes),
        outcome.manifest,
        [path.name for path in outcome.written],
        {name: (folder / name).read_bytes() for name in sorted(os.listdir(folder))},
    )
