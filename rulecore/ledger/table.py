"""The ledgers of all records as one table, a line for each line of each ledger: for spreadsheets and databases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from rulecore.contracts import Document, Sheet, Writer
from rulecore.explain.document import plain_value
from rulecore.explain.numbers import exact_text, explained
from rulecore.language import N_, Language, translate
from rulecore.ledger.document import Fragments
from rulecore.ledger.make import LedgerBook, cell_text
from rulecore.ledger.values import KINDS, Entry, Line
from rulecore.numbers import Rounding, decimal_scale, format_scaled, round_ratio
from rulecore.policy_results import ORDER, ROWS_OF_A_TABLE
from rulecore.reals import Number, Real, round_number
from rulecore.results import Results
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

HEADERS: Final = (
    N_("policy"),
    N_("version"),
    N_("entity"),
    N_("period"),
    N_("file"),
    N_("sheet"),
    N_("row"),
    N_("detail table"),
    N_("detail row"),
    N_("rule"),
    N_("rule's label"),
    N_("no."),
    N_("kind"),
    N_("line"),
    N_("takes in"),
    N_("amount"),
    N_("exact amount"),
    N_("value"),
    N_("factor"),
    N_("full marks"),
    N_("reference"),
    N_("policy line"),
)
NUMBERS: Final = (6, 11, 15)
"""The columns that spreadsheets are to hold as numbers."""
DECIMALS: Final = 12
"""An amount without end is rounded to so many decimals in the column that adds up in a spreadsheet."""
LEDGERS: Final = N_("ledgers")
REFUSED: Final = N_("refused")

Row = tuple[str, ...]


def stream_table(results: Results, writer: Writer, path: Path, language: Language) -> int:
    """Write the table of all records' ledgers with a writer, and return how many records it has."""
    count = 0
    if writer.stream is not None:
        with writer.stream(_document((), language), path) as add:
            for rows, records in _pages(results, language):
                add(_frame(rows))
                count += records
        return count
    every: list[Row] = []
    for rows, records in _pages(results, language):
        every += rows
        count += records
    writer.write(_document(every, language), path)
    return count


def _document(rows: Sequence[Row], language: Language) -> Document:
    kinds: list[Literal["number", "text", "flag", "date"]] = [
        "number" if index in NUMBERS else "text" for index in range(len(HEADERS))
    ]
    name = translate(LEDGERS, language)
    headers = tuple(translate(header, language) for header in HEADERS)
    sheet = Sheet(name=name, headers=headers, kinds=tuple(kinds), frame=_frame(rows, headers))
    return Document(title=name, sheets=(sheet,))


def _frame(rows: Sequence[Row], headers: Sequence[str] = HEADERS) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame([*rows], schema=dict.fromkeys(headers, pl.String()), orient="row")


def _pages(results: Results, language: Language) -> Iterator[tuple[list[Row], int]]:
    """Yield the lines of some records at a time, and how many records these are; at last those of refused ones."""
    for part in results.parts:
        for page in LedgerBook.of(results, part).pages():
            yield _Lines(page, language).records(), page.part.records.height
    refused: dict[tuple[str, str, int], Row] = {}
    for item in results.quarantined:
        place = (item.file, item.sheet, item.row)
        message = item.fault().message(language)
        known = refused.get(place)
        said = f"{known[13]}; {message}" if known is not None else message
        row = ["", "", item.entity, "", item.file, item.sheet, str(item.row), *[""] * 5]
        refused[place] = (*row, translate(REFUSED, language), said, *[""] * 8)
    if refused:
        yield [*refused.values()], len(refused)


class _Lines:
    """The lines of one book's records (or rows)."""

    def __init__(self, book: LedgerBook, language: Language) -> None:
        self.book = book
        self.language: Language = language
        self.orders = book.part.records[ORDER].to_list()
        self.below = {name: _Lines(level, language) for name, level in book.levels.items()}
        self.kinds = {kind: translate(word, language) for kind, word in KINDS.items()}
        self.said: dict[int, tuple[Line, Row, Row]] = {}
        self.fragments = Fragments(language)

    def records(self) -> list[Row]:
        """Return the lines of all records, with those of their detail rows behind each."""
        header = self.book.part.plan.policy.policy
        record = self.book.part.plan.policy.record
        found: list[Row] = []
        for row in range(self.book.part.records.height):
            columns = self.book.columns
            period = cell_text(columns[record.period][row]) if record.period else ""
            head = (header.name, header.version, cell_text(columns[record.entity][row]), period)
            found += self.lines(row, head, "")
        return found

    def lines(self, row: int, head: Row, called: str) -> Iterator[Row]:
        """Yield the lines of one record or detail row, and of the rows below it."""
        posted = self.book.posted(self.book.values(row))
        for one in posted:
            rule = one.writer.rule
            start = (
                *head,
                *self.source(row),
                self.book.table and self.book.root.tables[self.book.table].table.label,
                called,
                rule.name,
                one.writer.label.of(self.language),
            )
            for number, entry in enumerate(one.entries, start=1):
                yield (*start, str(number), *self.cells(entry))
        for level in self.below.values():
            book = level.book
            for number, below in enumerate(book.owned.get(row, []), start=1):
                yield from level.lines(below, head, book.row_names[below] or str(number))

    def source(self, row: int) -> tuple[str, str, str]:
        """Return the file, the sheet and the row that a record was read from."""
        table, number = divmod(self.orders[row], ROWS_OF_A_TABLE)
        tables = self.book.results.tables
        return (*tables[table], str(number)) if table < len(tables) else ("", "", "")

    def cells(self, entry: Entry) -> Row:
        """Return what a line says of itself."""
        line, amount, value, factor, marks, _row = entry
        said = self.said.get(id(line))
        if said is None:
            # The line is kept, so that its id stays its own.
            first = (self.kinds[line.kind], line.label.of(self.language), line.rule)
            said = self.said[id(line)] = (line, first, (line.reference, place_text(line.declared)))
        exact = self.number(amount)
        return (
            *said[1],
            decimal_text(amount) if "/" in exact or "…" in exact else exact,
            exact,
            self.number(value) if isinstance(value, Fraction | Real | None) else cell(value),
            self.number(factor),
            self.number(marks),
            *said[2],
        )

    def number(self, value: Number | None) -> str:
        """Return a number exactly; nothing where there is none."""
        return "" if value is None else self.fragments.number(value)[1:-1]


def decimal_text(amount: Number) -> str:
    """Return an amount as a decimal number: exact where it has an end, else rounded half up to :data:`DECIMALS`.

    An irrational one that no precision rounds, being too large to be held, has no decimal number: it is left empty.
    """
    if isinstance(amount, Real):
        rounded = round_number(amount, Fraction(1, 10**DECIMALS), Rounding.HALF_UP)
        return "" if rounded is None else format_scaled(int(rounded * 10**DECIMALS), DECIMALS)
    if decimal_scale(amount) is not None:
        return exact_text(amount)
    scaled = round_ratio(amount.numerator * 10**DECIMALS, amount.denominator, Rounding.HALF_UP)
    return format_scaled(scaled, DECIMALS)


def cell(value: object) -> str:
    """Return what a line was made of as text."""
    shown = plain_value(explained(value))  # type: ignore[arg-type] # an entry's values are exact
    return "" if shown is None else str(shown)


def place_text(place: Place | None) -> str:
    """Return the file and line of the policy."""
    return "" if place is None else f"{place.file}:{place.line}"
