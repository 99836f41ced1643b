"""What plugins that read and write return: tables as they stand in inputs, documents as they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from rulecore.errors import Code, Fault

if TYPE_CHECKING:
    import polars as pl


@frozen(kw_only=True)
class BrokenRow:
    """A row of an input that could not be taken apart into cells: its number in the file and why."""

    row: int
    text: str
    code: Code
    values: Mapping[str, object] = field(factory=dict)


@frozen(kw_only=True)
class RawTable:
    """A table as read, before typing: headers as written, cells as they stand in the source.

    ``frame`` has one column per header (named by position: ``"0"``, ``"1"``, …), of any dtype; null is a blank cell.
    ``rows`` are the row numbers in the source (the header is row 1 of a CSV file), one for each row of the frame.
    """

    file: str
    sheet: str = ""
    headers: tuple[str, ...]
    frame: pl.DataFrame
    rows: pl.Series
    broken: tuple[BrokenRow, ...] = ()
    sha256: str = ""
    notes: tuple[Fault, ...] = ()
    """What the reader decided and a person should know, of severity note: the separator, for example."""


@frozen(kw_only=True)
class ReadOptions:
    """What a person may say about an input: the sheet's name and the encoding, where the format has them."""

    sheet: str = ""
    encoding: str = ""


class NotInPartsError(Exception):
    """Raised by what reads or writes part by part, where only the whole will do: it is then taken as a whole."""


@frozen(kw_only=True)
class Stream:
    """A file that is read part by part.

    ``parts`` yields tables with the headers of the whole; their rows, blank and broken ones included, are in order
    those that :class:`Reader` ``read`` gives of the whole file, with the same numbers. ``sha256`` is called when all of
    them were taken.
    """

    headers: tuple[str, ...]
    parts: Iterator[RawTable]
    sha256: Callable[[], str]
    notes: tuple[Fault, ...] = ()


@frozen(kw_only=True)
class Reader:
    """An input format, chosen by suffix. ``read`` takes the whole content and the name to show in messages.

    It raises :class:`rulecore.errors.InputError` where the content is not of the format at all. ``stream`` may open a
    large file part by part: it gets the path, the name to show, the options, and about how many rows a part should
    have. It raises :class:`NotInPartsError` (at once or while it reads) for any file that it cannot give in this way,
    one with faults included: ``read`` then says what is wrong with it.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str, ReadOptions], RawTable]
    stream: Callable[[Path, str, ReadOptions, int], Stream] | None = None


@frozen(kw_only=True)
class Sheet:
    """One table to write: headers, and for each column its cells.

    ``kinds`` says per column how a spreadsheet should hold it: ``number`` cells are plain decimal text such as
    ``88.99``, ``date`` cells ISO text, blank cells are empty strings. Text columns must never be written as formulas.
    """

    name: str
    headers: tuple[str, ...]
    kinds: tuple[Literal["number", "text", "flag", "date"], ...]
    frame: pl.DataFrame


@frozen(kw_only=True)
class Document:
    """What a writer writes: the result table first, then quarantine, summary and the like."""

    title: str
    sheets: tuple[Sheet, ...]


@frozen(kw_only=True)
class Writer:
    """An output format, chosen by suffix.

    ``holds_sheets``: one file takes all sheets (xlsx); otherwise ``write`` is called once for each sheet, each
    with its own file. The path given is a temporary one: rulecore itself syncs and renames it. Bytes must
    depend on the document alone. ``stream`` may write a large table part by part: it gets a document whose one sheet
    has no rows yet, and returns a context in which the function it gives takes frames of cells, like the sheet's own.
    When the context ends, the file has the bytes that ``write`` makes of all rows at once.
    """

    name: str
    suffixes: tuple[str, ...]
    write: Callable[[Document, Path], None]
    holds_sheets: bool = False
    stream: Callable[[Document, Path], AbstractContextManager[Callable[[pl.DataFrame], None]]] | None = None


@frozen(kw_only=True)
class Report:
    """A rendering of a run's document, such as a summary in Markdown; ``render`` returns the file's bytes."""

    name: str
    suffix: str
    render: Callable[[Document], bytes]
