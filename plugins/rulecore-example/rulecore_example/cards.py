"""A reader: cards of text, one a record; one ``header: value`` a line, a blank line between cards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from rulecore.contracts import Fault, RawTable, Reader, ReadOptions
from rulecore.errors import InputError
from rulecore.source import Place
from rulecore_example.codes import NOT_CARDS, NOT_UTF8

Card = tuple[int, dict[str, str]]


def read(content: bytes, name: str, _options: ReadOptions) -> RawTable:
    """Return the cards as a table; its headers are those of all cards, in the order first seen."""
    # Polars only where it is used: listing the readers must not load it.
    import polars as pl

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Fault(code=NOT_UTF8, place=Place(file=name))]) from error
    cards = list(_cards(text.splitlines(), name))
    headers = tuple(dict.fromkeys(header for _, card in cards for header in card))
    columns = {str(index): [card.get(header) for _, card in cards] for index, header in enumerate(headers)}
    return RawTable(
        file=name,
        headers=headers,
        frame=pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)),
        rows=pl.Series([line for line, _ in cards], dtype=pl.Int64),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _cards(lines: list[str], name: str) -> Iterator[Card]:
    faults = []
    first, card = 0, dict[str, str]()
    for number, line in enumerate([*lines, ""], start=1):
        header, colon, value = line.replace("：", ":").partition(":")
        if not line.strip():
            if card:
                yield first, card
            card = {}
        elif not colon:
            place = Place(file=name, line=number, excerpt=line)
            faults.append(Fault(code=NOT_CARDS, values={"line": number}, place=place))
        else:
            first = first if card else number
            card[header.strip()] = value.strip()
    if faults:
        raise InputError(faults)


CARDS = Reader(name="cards", suffixes=(".cards",), read=read)
