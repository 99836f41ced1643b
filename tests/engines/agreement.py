"""Compares what two engines give for a generated case, cell by cell, and says which cells differ."""

from __future__ import annotations

import polars as pl

from rulecore.engines.columnar.run import evaluate as columnar
from rulecore.engines.reference import evaluate as exact
from tests.engines.generated import Case


def differences(case: Case) -> list[str]:
    """Return a sentence for each column in which the engines differ."""
    frame = case.frame()
    wanted, found = exact(case.plan, frame), columnar(case.plan, frame)
    if wanted.columns != found.columns:
        return [f"the columns differ: {wanted.columns} and {found.columns}"]
    return [sentence for name in wanted.columns if (sentence := _difference(case, wanted[name], found[name]))]


def _difference(case: Case, wanted: pl.Series, found: pl.Series) -> str:
    if wanted.dtype != found.dtype or wanted.len() != found.len():
        return f"{wanted.name}: {wanted.dtype}[{wanted.len()}] is {found.dtype}[{found.len()}]"
    if wanted.equals(found):
        return ""
    row = wanted.ne_missing(found).arg_true()[0]
    step = next(
        (step for step in case.plan.steps if step.name == wanted.name.removeprefix("#issue:").split(":")[0]),
        None,
    )
    record = case.records[row]
    sentence = f"{wanted.name}: row {row} should be {wanted[row]!r} and is {found[row]!r}"
    return f"{sentence}\n  record {record}\n  step {step}"
