"""How a run's summary and its refused rows are shown in a terminal or to a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

import click

from rulecore.language import _, current_language
from rulecore.source import display_width
from rulecore.summary import Summary, row_count_line, summary_document, summary_rows

if TYPE_CHECKING:
    from rulecore.results import Results

MOST_REASONS: Final = 20


def show_summary(summary: Summary, output_format: str, *, err: bool) -> None:
    """Print the summary as a table or as JSON; with ``err`` to standard error."""
    if output_format == "json":
        click.echo(json.dumps(summary_document(summary), ensure_ascii=False, indent=2), err=err)
        return
    headers, rows = summary_rows(summary, current_language())
    click.echo("\n".join(columns(headers, rows, texts=2)), err=err)
    click.echo(row_count_line(summary), err=err)


def columns(headers: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int) -> list[str]:
    """Return a table as lines, wide characters or not: the first ``texts`` columns left, numbers right."""
    widths = [max(display_width(row[index]) for row in (headers, *rows)) for index in range(len(headers))]
    lines = []
    for row in (headers, *rows):
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = " " * (width - display_width(cell))
            cells.append(cell + padding if index < texts else padding + cell)
        lines.append("  ".join(cells).rstrip())
    return lines


def show_quarantined(results: Results) -> None:
    """Print the first refused rows with their reasons to standard error."""
    for item in islice(results.quarantined, MOST_REASONS):
        fault = item.fault()
        click.echo(f"{fault.place}: {fault.code.id}: {fault.message()}", err=True)
    more = len(results.quarantined) - MOST_REASONS
    if more > 0:
        click.echo(
            _("… and {count} more reasons: write to a file to have them all").format(count=more), err=True
        )
