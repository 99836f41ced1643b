"""What one policy gives in a run: its records, the rows of their detail tables, and every step computed of them.

Values are kept as the engine gave them, scaled integers, and become text or decimals only where a table is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from attrs import evolve, field, frozen

from rulecore.adjustments.decision import NOTHING_ADJUSTED, Adjusted
from rulecore.codes.issues import issue_code
from rulecore.engines.decode import issue_column
from rulecore.errors import InternalError
from rulecore.expr.types import DateType, FlagType, NumberType
from rulecore.language import N_, Language, translate
from rulecore.planned import Plan, PlannedColumn, PlannedTable
from rulecore.records.storage import storage
from rulecore.records.text import decimal_texts, decimals, trimmed

if TYPE_CHECKING:
    import polars as pl

ORDER = "#order"
"""The column that says where a record stood in the whole input; results come out in that order."""
ROWS_OF_A_TABLE = 2**40
"""More than the row numbers of any table: ``#order`` is the number of the table times this, plus the row number."""


@frozen(kw_only=True)
class TableResults:
    """The rows of a detail table.

    ``records`` holds their fields, what they are given, ``#record`` (the position of the record each belongs to) and
    ``#order``; ``steps`` what the engine computed of them.
    """

    table: PlannedTable
    records: pl.DataFrame = field(eq=False)
    steps: pl.DataFrame = field(eq=False)

    @property
    def part(self) -> PolicyResults:
        """The rows as the records of a policy of their own."""
        return PolicyResults(plan=self.table.plan, records=self.records, steps=self.steps)


@frozen(kw_only=True)
class PolicyResults:
    """The records of one policy: ``records`` the typed fields with ``#order``, ``steps`` what the engine computed.

    ``tables`` are the rows of its detail tables. ``refused`` are the quarantined rows of this policy as (place in the
    input, entity as written). ``rows_scored`` counts the rows of the input that its records were made of,
    ``rows_quarantined`` those that were refused: with detail tables there are more of them than records.
    """

    plan: Plan
    records: pl.DataFrame = field(eq=False)
    steps: pl.DataFrame = field(eq=False)
    tables: Mapping[str, TableResults] = field(factory=dict)
    refused: tuple[tuple[int, str], ...] = ()
    rows_in: int = 0
    rows_scored: int = 0
    rows_quarantined: int = 0
    adjusted: Adjusted = NOTHING_ADJUSTED
    """What was decided about its records, and what came of it."""

    @property
    def language(self) -> Language:
        """The language of the words that rulecore writes into these results."""
        return self.plan.policy.policy.language

    def stored(self, column: PlannedColumn) -> pl.Series:
        """Return an output column as it is stored."""
        return self.records[column.step] if column.step in self.records.columns else self.steps[column.step]

    def scaled(self, column: PlannedColumn) -> pl.Series:
        """Return an output number as integers scaled by the decimals it is shown with."""
        import polars as pl

        kept = storage(column.type)
        if kept is None or column.scale is None:
            raise InternalError(f"{column.of} has no decimals to show")
        values = self.stored(column)
        if column.scale <= kept.scale:
            return values
        more = pl.lit(10 ** (column.scale - kept.scale), dtype=pl.Int128())
        return pl.select(pl.lit(values).cast(pl.Int128()) * more).to_series()

    def text(self, column: PlannedColumn) -> pl.Series:
        """Return an output column as the text people read."""
        import polars as pl

        match column.type:
            case NumberType():
                shown = pl.lit(decimal_texts(self.scaled(column), column.scale or 0))
                shown = trimmed(shown) if column.trim and column.scale else shown
            case FlagType():
                yes, no = translate(N_("yes"), self.language), translate(N_("no"), self.language)
                flags = pl.lit(self.stored(column))
                shown = pl.when(flags).then(pl.lit(yes)).when(~flags).then(pl.lit(no))
            case DateType():
                shown = pl.lit(self.stored(column)).dt.to_string("%Y-%m-%d")
            case _:
                shown = pl.lit(self.stored(column))
        return pl.select(shown.fill_null(column.not_applicable).alias(column.header)).to_series()

    def text_at(self, column: PlannedColumn, row: int) -> str:
        """Return one cell of an output column as the text people read."""
        one = evolve(self, records=self.records[row : row + 1], steps=self.steps[row : row + 1])
        return str(one.text(column)[0])

    def entities(self) -> pl.Series:
        """Return what names each record: its entity, and with ``/`` between them the fields of the record's key."""
        import polars as pl

        record = self.plan.policy.record
        names = [self.text(field_column(self.plan, name)) for name in (record.entity, *record.key)]
        return names[0] if len(names) == 1 else pl.select(pl.concat_str(names, separator="/")).to_series()

    def field_at(self, name: str, row: int) -> str:
        """Return one cell of a field as text; not applicable is empty."""
        return self.text_at(field_column(self.plan, name), row)

    def issues_at(self, step: str, row: int) -> frozenset[str]:
        """Return the reasons for which a step raised an issue on one record."""
        found = next(item for item in self.plan.steps if item.name == step)
        return frozenset(reason for reason in found.issues if self.steps[issue_column(step, reason)][row])

    def typed(self, column: PlannedColumn) -> pl.Series:
        """Return an output column typed: decimals, texts, flags and dates; null is not applicable."""
        import polars as pl

        if not isinstance(column.type, NumberType):
            return self.stored(column).alias(column.header)
        if not column.scale:
            return self.scaled(column).cast(pl.Int64()).alias(column.header)
        found = decimals(self.scaled(column), column.scale)
        if found is None:
            raise InternalError(f"{column.of} has more than 38 digits")
        return found.alias(column.header)

    def issues(self) -> pl.Series:
        """Return for each record its issues as one text: ``code: sentence``, joined by ``; ``."""
        return self._issues

    @cached_property
    def _issues(self) -> pl.Series:
        import polars as pl

        from rulecore.row_issues import with_row_issues

        # Several steps of one rule may meet the same issue: it is said once, where the first of them stands in the
        # plan, be that one met or not. So what is said of a record does not depend on the others.
        found: dict[str, list[pl.Series]] = {}
        for step in self.plan.steps:
            for reason in step.issues:
                flags = self.steps[issue_column(step.name, reason)]
                met = found.setdefault(self.issue_text(step.name, reason), [])
                if flags.any():
                    met.append(flags)
        parts = [
            pl.when(pl.any_horizontal(list(map(pl.lit, flags)))).then(pl.lit(text))
            for text, flags in found.items()
            if flags
        ]
        if not parts:
            return with_row_issues(self, pl.Series("issues", [""] * self.records.height, dtype=pl.String()))
        joined = pl.concat_str(parts, separator="; ", ignore_nulls=True).fill_null("")
        return with_row_issues(self, pl.select(joined.alias("issues")).to_series())

    def issue_text(self, step: str, reason: str) -> str:
        """Return an issue in the policy's language, with the label of the rule that met it."""
        code = issue_code(reason)
        rule = self.plan.rule(step.split("@")[0]) or self.plan.rule(step)
        label = rule.label if rule is not None else step
        sentence = translate(code.message, self.language).format(rule=label, reason=reason)
        return f"{code.id} {sentence}"

    @cached_property
    def issue_count(self) -> int:
        """How many records have at least one issue."""
        return int((self.issues() != "").sum())


def field_column(plan: Plan, name: str) -> PlannedColumn:
    """Return a field as an output column of its own."""
    planned = next(item for item in plan.fields if item.name == name)
    scale = planned.type.scale if isinstance(planned.type, NumberType) else None
    return PlannedColumn(of=name, step=name, header=planned.header, type=planned.type, scale=scale)


def column_kind(column: PlannedColumn) -> Literal["number", "text", "flag", "date"]:
    """Return how a spreadsheet holds a column."""
    match column.type:
        case NumberType():
            return "number"
        case FlagType():
            return "flag"
        case DateType():
            return "date"
        case _:
            return "text"
