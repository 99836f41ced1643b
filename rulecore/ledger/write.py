"""The ledgers of all records, quickly: as JSON Lines in one file, as a table, or a file for each record in a folder."""

from __future__ import annotations

import gc
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from json.encoder import encode_basestring
from pathlib import Path
from typing import IO, Final

from rulecore.contracts import Writer
from rulecore.engines.exact import ExactValue
from rulecore.errors import Fault
from rulecore.explain.document import plain_value
from rulecore.explain.numbers import explained
from rulecore.expr.types import NumberType
from rulecore.language import Language
from rulecore.ledger.document import (
    LEDGER_VERSION,
    Fragments,
    compact,
    declared_document,
    ledgers_document,
    opened,
    policy_document,
    source_document,
)
from rulecore.ledger.make import LedgerBook, Posted, cell_text, missing_of, reasons_of, refused_ledgers
from rulecore.ledger.table import stream_table
from rulecore.ledger.values import Reason
from rulecore.output import PlannedFile, whole_folder, write_files
from rulecore.policy_results import ORDER, ROWS_OF_A_TABLE
from rulecore.results import Results
from rulecore.source import Place

quoted: Final[Callable[[str], str]] = encode_basestring
"""Gives a text as JSON text."""

JSON_LINES: Final = (".jsonl", ".ndjson")
"""A file with one of these suffixes gets all ledgers, one a line; anything else is a folder."""


def all_ledgers(results: Results, language: Language) -> Iterator[tuple[str, str]]:
    """Yield for every record its name and its ledgers as one line of JSON: scored ones, then refused ones.

    The name is the entity and, where there is one, the period. A row that several conditions refuse is one
    record with several reasons.
    """
    for part in results.parts:
        fragments = Fragments(language)
        for page in LedgerBook.of(results, part).pages():
            yield from _Texts(page, language, fragments).records()
    refused: dict[tuple[str, str, int], list[Fault]] = {}
    names: dict[tuple[str, str, int], str] = {}
    for item in results.quarantined:
        place = (item.file, item.sheet, item.row)
        refused.setdefault(place, []).append(item.fault())
        names[place] = names.get(place) or item.entity
    for place, faults in refused.items():
        ledgers = refused_ledgers(results, names[place], "", tuple(faults))
        document = ledgers_document(ledgers, language)
        document["source"] = source_document(Place(file=place[0], sheet=place[1], line=place[2]))
        yield names[place], compact(document)


class _Texts:
    """The ledgers of one book's records (or rows) as text; equal, key by key, to ``ledgers_document``."""

    def __init__(self, book: LedgerBook, language: Language, fragments: Fragments) -> None:
        self.book = book
        self.language: Language = language
        self.fragments = fragments
        self.sources: dict[tuple[str, str], str] = {}
        plan = book.part.plan
        labels = book.compiled.labels[language]
        self.policy = compact(policy_document(book.policy)) if not book.table else ""
        self.fields = [
            (
                item.name,
                opened({"name": item.name, "label": labels[item.name], "column": item.header}),
                self.fragments.number if isinstance(item.type, NumberType) else self.value,
            )
            for item in plan.fields
        ]
        self.heads = {
            writer.rule.name: opened(
                {
                    "name": writer.rule.name,
                    "label": writer.label.of(language),
                    "reference": writer.rule.reference,
                    "declared": declared_document(writer.rule.place),
                    "formula": writer.formula.of(language),
                }
            )
            for writer in book.compiled.rules
        }
        self.shown = {name: [quoted(text) for text in texts] for name, texts in book.shown.items()}
        self.orders = book.part.records[ORDER].to_list()
        self.below = {name: _Texts(level, language, fragments).rows() for name, level in book.levels.items()}

    def cells(self) -> Iterator[dict[str, ExactValue]]:
        """Yield the values of each record by name."""
        columns = list(self.book.columns)
        for cells in zip(*self.book.columns.values(), strict=True):
            yield dict(zip(columns, cells, strict=True))

    def records(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of each record."""
        record = self.book.part.plan.policy.record
        names = self.book.part.entities().to_list()
        for row, values in enumerate(self.cells()):
            period = cell_text(values[record.period]) if record.period else ""
            yield (
                f"{names[row]} {period}".strip(),
                self.text(row, cell_text(values[record.entity]), period, values),
            )

    def text(self, row: int, entity: str, period: str, values: dict[str, ExactValue]) -> str:
        """Return the ledgers of one record as JSON text."""
        return (
            f'{{"ledger":{LEDGER_VERSION},"language":"{self.language}","entity":{quoted(entity)},'
            f'"period":{quoted(period)},"status":"scored","policy":{self.policy},'
            f'"source":{self.source(row)},{self.content(row, values)},"quarantine":[]}}'
        )

    def content(self, row: int, values: dict[str, ExactValue]) -> str:
        """Return the cells, the ledgers and the detail rows of a record or row."""
        posted = self.book.posted(values)
        reasons = reasons_of(posted)
        fields = ",".join(
            [f'{head}"value":{say(values[name])}}}' for name, head, say in self.fields]  # type: ignore[arg-type]
        )
        rules = ",".join([self.rule(one, row, values, reasons) for one in posted])
        tables = ",".join([self.table(name, rows.get(row, ())) for name, rows in self.below.items()])
        return f'"fields":[{fields}],"rules":[{rules}],"tables":[{tables}]'

    def table(self, name: str, rows: Sequence[str]) -> str:
        """Return the rows of a detail table that belong to a record."""
        label = self.book.root.tables[name].table.label
        return f'{{"name":{quoted(name)},"label":{quoted(label)},"rows":[{",".join(rows)}]}}'

    def rows(self) -> dict[int, list[str]]:
        """Return the texts of detail rows by the record above that they belong to."""
        book = self.book
        found: dict[int, list[str]] = {}
        for row, values in enumerate(self.cells()):
            own = found.setdefault(book.owners[row], [])
            own.append(
                f'{{"name":{quoted(book.row_names[row])},"number":{len(own) + 1},"source":{self.source(row)},'
                f"{self.content(row, values)}}}"
            )
        return found

    def source(self, row: int) -> str:
        """Return the row of the input as JSON text."""
        table, number = divmod(self.orders[row], ROWS_OF_A_TABLE)
        tables = self.book.results.tables
        if table >= len(tables):
            return "null"
        known = self.sources.get(tables[table])
        if known is None:
            file, sheet = tables[table]
            known = self.sources[tables[table]] = opened({"file": file, "sheet": sheet})
        return f'{known}"row":{number}}}'

    def value(self, value: ExactValue) -> str:
        """Return a field's value as JSON text."""
        match value:
            case str():
                return quoted(value)
            case None:
                return "null"
            case _:
                return compact(plain_value(explained(value)))

    def rule(
        self, one: Posted, row: int, values: dict[str, ExactValue], reasons: Mapping[str, list[Reason]]
    ) -> str:
        """Return the ledger of one rule."""
        name, fragments = one.writer.rule.name, self.fragments
        lines = ",".join(map(fragments.entry, one.entries))
        why = ",".join(map(fragments.reason, reasons[name]))
        missing = compact(missing_of(one.writer, values)) if one.value is None else "[]"
        shown = self.shown[name][row] if name in self.shown else "null"
        return (
            f'{self.heads[name]}"value":{fragments.number(one.value)},"shown":{shown},'
            f'"lines":[{lines}],"reasons":[{why}],"missing":{missing}}}'
        )


def write_all(
    results: Results, output: Path, language: Language, writers: Mapping[str, Writer] | None = None
) -> int:
    """Write the ledgers of every record to a JSON Lines file, a table or a folder; return how many were written.

    A table (``.csv``, ``.parquet``, ``.xlsx``: what ``writers`` has for a suffix) has a line for each line of a ledger.
    The file or folder appears whole or not at all. A folder must be new or empty; it gets one JSON file a
    record, named by entity and period. Raises :class:`rulecore.errors.OutputError`.
    """
    counted = [0]

    def lines(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            counted[0] = _write_lines(results, file, language)

    def table(writer: Writer) -> Callable[[Path], None]:
        def write(temporary: Path) -> None:
            counted[0] = stream_table(results, writer, temporary, language)

        return write

    with _uncollected():
        if output.suffix.lower() in JSON_LINES:
            write_files([PlannedFile(path=output, write=lines)])
            return counted[0]
        writer = (writers or {}).get(output.suffix.lower())
        if writer is not None:
            write_files([PlannedFile(path=output, write=table(writer))])
            return counted[0]
        with whole_folder(output) as folder:
            return _write_folder(results, folder, language)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cyclic garbage away: ledgers make none, and it would take a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write_lines(results: Results, file: IO[str], language: Language) -> int:
    count = 0
    for _name, text in all_ledgers(results, language):
        file.write(text)
        file.write("\n")
        count += 1
    return count


def _write_folder(results: Results, folder: Path, language: Language) -> int:
    taken: dict[str, int] = {}
    count = 0
    for name, text in all_ledgers(results, language):
        (folder / f"{_file_name(name, taken)}.json").write_text(text + "\n", encoding="utf-8")
        count += 1
    return count


def _file_name(name: str, taken: dict[str, int]) -> str:
    """Return a name that every file system takes, with a number where another record has the same."""
    plain = re.sub(r"[\x00-\x1f<>:\"/\\|?*\s]+", "_", unicodedata.normalize("NFC", name)).strip("._")[:80]
    plain = plain or "record"
    key = plain.casefold()
    number = taken[key] = taken.get(key, 0) + 1
    if number == 1:
        return plain
    return _file_name(f"{plain}_{number}", taken)
