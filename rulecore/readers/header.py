"""The first row of a table of texts: what separates its cells, and whether it is a header at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Final

from attrs import frozen

from rulecore.codes.inputs import BLANK_HEADER, BROKEN_QUOTES, NO_HEADER, OTHER_SEPARATOR
from rulecore.errors import Fault, InputError
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.readers.tables import refuse_width
from rulecore.source import Place

SEPARATOR_NAMES: Final = {"\t": N_("tabs"), ";": N_("semicolons")}

_NUMBER = re.compile(r"\s*[-+]?[\d,]*\.?\d+\s*%?\s*")
_FILLED = re.compile(r"\S")
_QUOTED = re.compile(r'"[^"]*"')


@frozen(kw_only=True)
class Header:
    """The header of a CSV text: its cells, where the rows begin, and the separator of the whole text."""

    cells: tuple[str, ...]
    row: int
    next_row: int
    end: int
    separator: str
    notes: tuple[Fault, ...]


def read_header(text: str, file: str) -> Header | None:
    """Return the header of a CSV text, or None if there is nothing but blank lines.

    The separator is the comma; where the header has none, but tabs or semicolons, it is those, with a note
    that says so. Raises :class:`InputError` for a header of numbers only, of blanks only, with broken
    quotes or too many columns.
    """
    filled = _FILLED.search(text)
    if filled is None:
        return None
    start = max(text.rfind("\n", 0, filled.start()), text.rfind("\r", 0, filled.start())) + 1
    above = text[:start]
    row = above.count("\n") + above.count("\r") - above.count("\r\n") + 1
    line = text[start : _line_end(text, start)]
    separator = _separator(line, file)
    refuse_width(_QUOTED.sub("", line).count(separator) + 1, file)
    end, cells, lines = _first_record(text, start, separator, file, row)
    refuse_width(len(cells), file)
    refuse_missing_header(cells, file, row)
    notes: tuple[Fault, ...] = ()
    if separator in SEPARATOR_NAMES and not file.lower().endswith(".tsv"):
        values = {"file": file, "separator": phrase(SEPARATOR_NAMES[separator])}
        notes = (Fault(code=OTHER_SEPARATOR, values=values, place=Place(file=file, line=row)),)
    return Header(cells=cells, row=row, next_row=row + lines, end=end, separator=separator, notes=notes)


def refuse_missing_header(cells: Sequence[str], file: str, row: int, sheet: str = "") -> None:
    """Raise an :class:`InputError` if the cells are no header: all numbers, or all blank."""
    filled = [cell for cell in cells if cell.strip()]
    place = Place(file=file, line=row, sheet=sheet)
    if not filled:
        raise InputError([Fault(code=BLANK_HEADER, values={"file": file}, place=place)])
    if all(_NUMBER.fullmatch(cell) for cell in filled):
        shown = ", ".join(filled[:4]) + (", …" if len(filled) > 4 else "")
        raise InputError([Fault(code=NO_HEADER, values={"file": file, "cells": shown}, place=place)])


def _separator(line: str, file: str) -> str:
    bare = _QUOTED.sub("", line)
    if "\t" in bare and file.lower().endswith(".tsv"):
        return "\t"
    candidates = [mark for mark in SEPARATOR_NAMES if mark in bare]
    return "," if "," in bare or not candidates else max(candidates, key=bare.count)


def _line_end(text: str, start: int) -> int:
    ends = [position for position in (text.find("\n", start), text.find("\r", start)) if position >= 0]
    return min(ends, default=len(text))


def _first_record(
    text: str, start: int, separator: str, file: str, row: int
) -> tuple[int, tuple[str, ...], int]:
    """Return where the first record ends, its cells, and how many lines it takes."""
    # A quoted header may run over several lines, but not for ever.
    end, lines = start, 0
    while True:
        end = _line_end(text, end)
        following = end + (2 if text.startswith("\r\n", end) else 1)
        lines += 1
        try:
            record = next(csv.reader([text[start:end]], delimiter=separator, strict=True))
        except csv.Error:
            if end >= len(text) or lines > 100:
                place = Place(file=file, line=row, excerpt=text[start : start + 200].split("\n")[0])
                raise InputError([Fault(code=BROKEN_QUOTES, place=place)]) from None
            end = following
            continue
        return min(following, len(text)), tuple(record), lines
