"""Detail rows as text: what each gave a rule of its record, then its own cells and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.explain.values import (
    Aggregate,
    AggregatedRow,
    ExplainedField,
    ExplainedRow,
    ExplainedTable,
    ExplainedValue,
    RowState,
)
from rulecore.language import N_, Language, translate
from rulecore.source import display_width

MOST_ROWS: Final = 20
"""The most rows that are listed at one place; there may be a thousand. JSON holds them all."""

PICKS: Final = ("first", "last")
"""Functions that pick one row by their condition."""

STATES: Final[dict[RowState, str]] = {
    "left_out": N_("left out: “{condition}” does not hold"),
    "not_applicable": N_("not applicable: not counted"),
    "not_chosen": N_("not taken"),
}


@frozen(kw_only=True)
class RowWords:
    """Says rows in one language; ``exact`` and ``literal`` say values."""

    language: Language
    exact: Callable[[ExplainedValue], str]
    literal: Callable[[ExplainedValue], str]

    def say(self, message: str, **values: object) -> str:
        """Return a message in the language of the explanation."""
        return translate(message, self.language).format(**values)

    def aggregate(self, aggregate: Aggregate) -> Iterator[str]:
        """Yield what a function made of rows, a line a row."""
        yield f"{aggregate.formula.of(self.language)} = {self.exact(aggregate.value)}"
        picked = tuple(row for row in aggregate.rows if row.state != "left_out")
        left_out = len(aggregate.rows) - len(picked)
        # Where one row is looked for, those that are not it say nothing.
        every = picked if aggregate.function in PICKS and picked and left_out > 1 else aggregate.rows
        shown = every[:MOST_ROWS]
        # A line more than fits would say no more than the line that counts what is left out.
        if len(every) == MOST_ROWS + 1:
            shown = every
        yield from ("  " + line for line in aligned(self.cells(row) for row in shown))
        rest = every[len(shown) :]
        if rest:
            yield "  " + self.rest(aggregate, rest)
        if every is picked:
            yield "  " + self.say(N_("{count} other rows do not meet the condition"), count=left_out)

    def rest(self, aggregate: Aggregate, rest: Sequence[AggregatedRow]) -> str:
        """Return a word on the rows that are not listed; of a sum what they come to, so that it can be added up."""
        counted = [row.value for row in rest if row.state == "counted"]
        numbers = [value for value in counted if isinstance(value, Fraction)]
        if aggregate.function == "sum":
            return self.say(
                N_("… and {count} more rows, together {sum}"),
                count=len(rest),
                sum=self.exact(sum(numbers, Fraction(0))),
            )
        return self.say(
            N_("… and {count} more rows, of which {counted} count"), count=len(rest), counted=len(counted)
        )

    def cells(self, row: AggregatedRow) -> tuple[str, str, str]:
        """Return a row as cells: what it is called, where it stands, what it gave or why it does not count."""
        return self.called(row.name, row.number), self.place(row), self.gave(row)

    def gave(self, row: AggregatedRow) -> str:
        """Return what a row gave, or why it does not count."""
        numbers = row.substituted.of(self.language)
        if row.state == "left_out":
            left_out = self.say(STATES["left_out"], condition=row.condition.of(self.language))
            plain = not numbers or numbers in (self.literal(False), self.literal(True))
            return left_out if plain else f"{left_out}  [{numbers}]"
        if row.state == "not_applicable":
            absent = self.say(STATES["not_applicable"])
            return f"{numbers}{self.colon} {absent}" if numbers and numbers != self.literal(None) else absent
        value = self.say(N_("counts")) if row.counts_rows else self.exact(row.value)
        if numbers and numbers not in (value, self.literal(row.value)):
            value = f"{numbers} = {value}"
        return value if row.state == "counted" else f"{value}  {self.brackets(self.say(STATES[row.state]))}"

    @property
    def colon(self) -> str:
        """Return the colon of the language."""
        return "：" if self.language == "zh" else ":"

    def brackets(self, text: str) -> str:
        """Return a text in the brackets of the language."""
        return f"（{text}）" if self.language == "zh" else f"({text})"

    def called(self, name: str, number: int) -> str:
        """Return what a row is called: its name, else its number."""
        return name or self.say(N_("no. {number}"), number=number)

    def place(self, row: AggregatedRow | ExplainedRow) -> str:
        """Return the line of the input that a row stands in."""
        return self.say(N_("row {row}"), row=row.source.line) if row.source is not None else ""

    # --- the rows themselves ----------------------------------------------------------------------------------------

    def grid(self, table: ExplainedTable, value: Callable[[ExplainedField], str]) -> Iterator[str]:
        """Yield the cells of a table's rows, a line a row under the labels of the fields."""
        rows = listed(table)
        title = self.say(
            N_("{table}: {count} row(s) of this record"), table=table.label, count=len(table.rows)
        )
        yield title + self.file(table)
        head = ["", *(item.label.of(self.language) for item in rows[0].fields)] if rows else []
        cells = [[self.place(row), *(value(item) for item in row.fields)] for row in rows]
        yield from ("  " + line for line in aligned([head, *cells]))
        if len(rows) < len(table.rows):
            yield "  " + self.say(N_("… and {count} more rows"), count=len(table.rows) - len(rows))

    def file(self, table: ExplainedTable) -> str:
        """Return the file and sheet that a table's rows were read from."""
        source = next((row.source for row in table.rows if row.source is not None), None)
        if source is None:
            return ""
        sheet = self.say(N_(", sheet {sheet}"), sheet=source.sheet) if source.sheet else ""
        return f"  {self.brackets(source.file + sheet)}"

    def heading(self, table: ExplainedTable, row: ExplainedRow) -> str:
        """Return the heading of one row's rules."""
        where = self.place(row)
        return f"{table.label} {self.called(row.name, row.number)}" + (
            f"  {self.brackets(where)}" if where else ""
        )


def listed(table: ExplainedTable) -> tuple[ExplainedRow, ...]:
    """Return the rows that are listed."""
    return table.rows if len(table.rows) <= MOST_ROWS + 1 else table.rows[:MOST_ROWS]


def aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield rows of cells as lines, every column as wide as its widest cell; empty columns are left out."""
    every = [row for row in rows if row]
    widths = [max(map(display_width, column)) for column in zip(*every, strict=True)]
    for row in every:
        cells = [
            cell + " " * (width - display_width(cell))
            for cell, width in zip(row, widths, strict=True)
            if width
        ]
        yield "  ".join(cells).rstrip()
