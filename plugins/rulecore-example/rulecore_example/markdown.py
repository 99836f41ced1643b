"""A writer: tables in Markdown, all sheets in one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rulecore.contracts import Document, Sheet, Writer


def write(document: Document, path: Path) -> None:
    """Write the document's sheets one below the other; the same document gives the same bytes."""
    lines = [f"# {document.title}"]
    for sheet in document.sheets:
        lines += ["", *_table(sheet)]
    path.write_bytes(("\n".join(lines) + "\n").encode())


def _table(sheet: Sheet) -> Iterator[str]:
    yield f"## {sheet.name}"
    yield ""
    yield _row(sheet.headers)
    yield _row("---:" if kind == "number" else "---" for kind in sheet.kinds)
    for cells in sheet.frame.iter_rows():
        yield _row("" if cell is None else str(cell) for cell in cells)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


MARKDOWN = Writer(name="markdown", suffixes=(".md",), write=write, holds_sheets=True)
