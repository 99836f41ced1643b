"""A report: how many rows each table of a run has."""

from __future__ import annotations

from rulecore.contracts import Document, Report


def render(document: Document) -> bytes:
    """Return one line for each table: its name and its number of rows."""
    lines = [document.title, *(f"{sheet.name}: {sheet.frame.height}" for sheet in document.sheets)]
    return ("\n".join(lines) + "\n").encode()


COUNTS = Report(name="counts", suffix=".txt", render=render)
