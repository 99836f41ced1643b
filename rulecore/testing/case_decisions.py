"""The decisions of a case as a table of adjustments: what a case leaves out is as it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rulecore.adjustments.reading import HEADINGS
from rulecore.contracts import RawTable
from rulecore.planned import Plan
from rulecore.policy.document import Document
from rulecore.records.characters import fold_header
from rulecore.source import KeyPath

if TYPE_CHECKING:
    from rulecore.testing.cases import Case

LEFT_OUT: Final = {
    "reason": "cases.toml",
    "reference": "cases.toml",
    "decided_by": "cases.toml",
    "date": date(2199, 12, 31),
    "first_signature": "1",
    "second_signature": "2",
}
"""What a decision of a case has where the case says nothing: who decided, why and when are not what is tried there."""


def case_decisions(case: Case, path: KeyPath, document: Document, plans: Sequence[Plan]) -> RawTable:
    """Return the decisions of a case; the lines of the table are those of ``cases.toml``."""
    import polars as pl

    from rulecore.records.frames import raw_table

    assert not isinstance(case.adjustments, str)  # noqa: S101 - a file is read by its reader
    rows, lines = [], []
    headers = dict.fromkeys(key for row in case.adjustments for key in row)
    for index, row in enumerate(case.adjustments):
        said = {_folded(key) for key in headers}
        cells: dict[str, object] = {**dict.fromkeys(headers), **row}
        for column, words in HEADINGS.items():
            given = any(_folded(word) in said for word in words)
            if column == "number" and not given:
                cells[words[0]] = index + 1
            elif column in ("entity", "adjustment", *LEFT_OUT) and not given:
                cells[words[0]] = LEFT_OUT.get(column)
            if column == "decided_by" and not given:
                cells[words[0]] = _decider(row, plans)
        rows.append(cells)
        lines.append(document.place((*path, index)).line or 0)
    table = raw_table(rows, document.name)
    return evolve(table, rows=pl.Series("rows", lines, dtype=table.rows.dtype))


def _folded(heading: str) -> str:
    return fold_header(heading).casefold().replace("_", "")


def _decider(row: Mapping[str, object], plans: Sequence[Plan]) -> object:
    """Return who may make a decision, where the policy says who."""
    named = {str(value) for value in row.values()}
    every = (plan.policy.adjustments.items() for plan in plans)
    allowed = [who for sections in every for name, one in sections if name in named for who in one.decided_by]
    return allowed[0] if allowed else LEFT_OUT["decided_by"]
