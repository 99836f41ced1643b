"""The report ``markdown``: a run's summary and its quarantined rows, to paste into a message or a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rulecore.contracts import Document, Report, Sheet


def render(document: Document) -> bytes:
    """Return the summary and the quarantined rows as Markdown tables; the results themselves are left out."""
    lines = [f"# {document.title}"]
    # The results come first, then the quarantine, then the summary: a reader wants them the other way round.
    for sheet in reversed(document.sheets[1:]):
        lines += ["", f"## {sheet.name}", "", *_table(sheet)]
    return ("\n".join(lines) + "\n").encode()


def _table(sheet: Sheet) -> Iterator[str]:
    if not sheet.frame.height:
        yield "—"
        return
    yield _row(sheet.headers)
    yield _row("---:" if kind == "number" else "---" for kind in sheet.kinds)
    for cells in sheet.frame.iter_rows():
        yield _row("" if cell is None else str(cell) for cell in cells)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(cell: str) -> str:
    """Return a cell as one line of text that Markdown takes for nothing else."""
    for character in "\\|*_`<[":
        cell = cell.replace(character, f"\\{character}")
    return " ".join(cell.split())


MARKDOWN: Final = Report(name="markdown", suffix=".md", render=render)
