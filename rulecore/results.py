"""What a run gives: one table of all records, the quarantine, the counts that must add up, and the manifest.

Values are kept as the engine gave them, scaled integers, and become text or decimals only where a table is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from rulecore.adjustments.decision import Outcome
from rulecore.contracts import Document, Sheet
from rulecore.engines.decode import decode
from rulecore.errors import Fault, InternalError
from rulecore.language import N_, Language, translate
from rulecore.planned import Origin
from rulecore.policy_results import (
    ORDER,
    ROWS_OF_A_TABLE,
    PolicyResults,
    TableResults,
    column_kind,
    field_column,
)
from rulecore.records.quarantine import Quarantined, quarantine_frame
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

    from rulecore.explain.values import Explanation

__all__ = [
    "ORDER",
    "ROWS_OF_A_TABLE",
    "Column",
    "PolicyResults",
    "Results",
    "TableResults",
    "column_kind",
    "field_column",
]

STATUS_SCORED = N_("scored")
STATUS_ISSUES = N_("scored with issues")
STATUS_ADJUSTED = N_("scored, adjusted")
STATUS_ADJUSTED_ISSUES = N_("scored with issues, adjusted")
STATUS_REFUSED = N_("refused")


@frozen(kw_only=True)
class Column:
    """A column of the consolidated table: its header and how a spreadsheet holds it."""

    header: str
    kind: Literal["number", "text", "flag", "date"]


@frozen(kw_only=True, slots=False)
class Results:
    """The results of one run.

    ``rows_in`` = ``rows_scored`` + ``rows_quarantined`` + ``rows_blank``, always. ``notes`` are warnings about
    the inputs (columns that no field uses, for example). ``origins`` are the plugins that were loaded.
    """

    parts: tuple[PolicyResults, ...]
    quarantined: tuple[Quarantined, ...] = ()
    rows_in: int
    rows_quarantined: int = 0
    rows_blank: int = 0
    tables: tuple[tuple[str, str], ...] = ()
    """The file and sheet of each table of the inputs."""
    notes: tuple[Fault, ...] = ()
    inputs: tuple[Mapping[str, object], ...] = ()
    origins: tuple[Origin, ...] = ()
    engine: str = "columnar"
    adjustments: Outcome | None = None
    """What a committee decided and what came of it; None where the run was given no adjustments."""

    def __attrs_post_init__(self) -> None:
        """Check the promise that no row is lost."""
        if self.rows_in != self.rows_scored + self.rows_quarantined + self.rows_blank:
            counts = (self.rows_in, self.rows_scored, self.rows_quarantined, self.rows_blank)
            raise InternalError(f"rows in, scored, quarantined and blank do not add up: {counts}")

    @property
    def rows_scored(self) -> int:
        """How many rows of the input have results: each is a record, or belongs to one."""
        return sum(part.rows_scored for part in self.parts)

    @property
    def language(self) -> Language:
        """The language of the words rulecore writes into the results: that of the first policy."""
        return self.parts[0].language if self.parts else "zh"

    @property
    def provenance(self) -> bool:
        """Whether policy, version, status and issues stand beside the output columns."""
        return any(part.plan.policy.output.provenance for part in self.parts)

    def columns(self) -> tuple[Column, ...]:
        """Return the columns of the consolidated table, in order: each header once."""
        found: dict[str, Column] = {}
        for part in self.parts if self.provenance else ():
            for name in part.plan.policy.record.identity:
                header = next(item.header for item in part.plan.fields if item.name == name)
                found.setdefault(header, Column(header=header, kind="text"))
        if self.provenance:
            for word in (N_("policy"), N_("version")):
                header = translate(word, self.language)
                found.setdefault(header, Column(header=header, kind="text"))
        for part in self.parts:
            for column in part.plan.columns:
                mine = Column(header=column.header, kind=column_kind(column))
                known = found.setdefault(column.header, mine)
                if known.kind != mine.kind:
                    found[column.header] = Column(header=column.header, kind="text")
        if self.provenance:
            for word in (N_("status"), N_("issues")):
                header = translate(word, self.language)
                found.setdefault(header, Column(header=header, kind="text"))
        return tuple(found.values())

    def output_headers(self) -> list[str]:
        """Return the headers of the consolidated table."""
        return [column.header for column in self.columns()]

    def output_rows(self) -> list[list[str]]:
        """Return the cells of the consolidated table as text, row by row."""
        return [list(row) for row in self.text_table.rows()]

    @cached_property
    def text_table(self) -> pl.DataFrame:
        """The consolidated table as text, in input order; not applicable is blank or the column's own word."""
        import polars as pl

        parts = self._combined([self._text_part(part) for part in self.parts])
        return parts.with_columns(pl.col(pl.String()).fill_null(""))

    @cached_property
    def table(self) -> pl.DataFrame:
        """The consolidated table with typed columns (decimals, integers, texts, flags, dates), in input order."""
        return self._combined([self._typed_part(part) for part in self.parts])

    def _combined(self, frames: list[pl.DataFrame]) -> pl.DataFrame:
        import polars as pl

        headers = self.output_headers()
        if not frames:
            return pl.DataFrame(
                {header: [] for header in headers}, schema=dict.fromkeys(headers, pl.String())
            )
        frames = [
            frame.with_columns(pl.col(header).cast(dtype) for header, dtype in _common(frames, frame))
            for frame in frames
        ]
        whole = pl.concat(frames, how="diagonal")
        if not whole[ORDER].is_sorted():
            whole = whole.sort(ORDER, maintain_order=True)
        return whole.select([pl.col(header) for header in headers])

    def _provenance(
        self, part: PolicyResults, height: int, status: pl.Series, issues: pl.Series
    ) -> dict[str, pl.Series]:
        import polars as pl

        if not self.provenance:
            return {}
        header = part.plan.policy.policy
        words = {"policy": header.title or header.name, "version": header.version}
        found = {
            translate(word, self.language): pl.repeat(value, height, dtype=pl.String(), eager=True)
            for word, value in words.items()
        }
        found[translate("status", self.language)] = status
        found[translate("issues", self.language)] = issues
        return found

    def _text_part(self, part: PolicyResults) -> pl.DataFrame:
        import polars as pl

        scored = {ORDER: part.records[ORDER]}
        if self.provenance:
            for name in part.plan.policy.record.identity:
                column = field_column(part.plan, name)
                scored[column.header] = part.text(column)
        scored |= {column.header: part.text(column) for column in part.plan.columns}
        scored |= self._provenance(part, part.records.height, self._status(part), part.issues())
        frame = pl.DataFrame(scored)
        refused = self._refused_part(part, frame.columns)
        both = [frame] if refused is None else [frame, refused]
        return pl.concat(both, how="diagonal")

    def _typed_part(self, part: PolicyResults) -> pl.DataFrame:
        import polars as pl

        scored = {ORDER: part.records[ORDER]}
        if self.provenance:
            for name in part.plan.policy.record.identity:
                column = field_column(part.plan, name)
                scored[column.header] = part.typed(column)
        scored |= {column.header: part.typed(column) for column in part.plan.columns}
        scored |= self._provenance(part, part.records.height, self._status(part), part.issues())
        return pl.DataFrame(scored)

    def _status(self, part: PolicyResults) -> pl.Series:
        import polars as pl

        words = (STATUS_SCORED, STATUS_ISSUES, STATUS_ADJUSTED, STATUS_ADJUSTED_ISSUES)
        scored, noted, adjusted, adjusted_noted = (translate(word, part.language) for word in words)
        sound = part.issues() == ""
        found = pl.select(pl.when(pl.lit(sound)).then(pl.lit(scored)).otherwise(pl.lit(noted))).to_series()
        rows = sorted(part.adjusted.records)
        if not rows:
            return found
        return found.scatter(rows, [adjusted if sound[row] else adjusted_noted for row in rows])

    def _refused_part(self, part: PolicyResults, headers: list[str]) -> pl.DataFrame | None:
        """Return the rows of refused records, where the policy wants them to stay in the result."""
        import polars as pl

        values = part.plan.policy.output.refused
        if values is None or not part.refused:
            return None
        rows: dict[str, list[str | int]] = {ORDER: [order for order, _entity in part.refused]}
        entity = part.plan.policy.record.entity
        for column in part.plan.columns:
            if column.of == entity:
                rows[column.header] = [name for _order, name in part.refused]
            elif column.of in values:
                rows[column.header] = [values[column.of]] * len(part.refused)
        frame = pl.DataFrame(rows, schema_overrides={ORDER: pl.Int64()})
        provenance = self._provenance(
            part,
            frame.height,
            pl.repeat(translate(STATUS_REFUSED, part.language), frame.height, dtype=pl.String(), eager=True),
            pl.repeat("", frame.height, dtype=pl.String(), eager=True),
        )
        return frame.with_columns(
            series.alias(name) for name, series in provenance.items() if name in headers
        )

    @property
    def quarantine_table(self) -> pl.DataFrame:
        """The quarantine as a table: file, sheet, row, column, value and reason, in the results' language."""
        return quarantine_frame(self.quarantined, self.language)

    @property
    def manifest(self) -> dict[str, object]:
        """The manifest of the run as plain values: hashes of policies, inputs and results, plugins with versions."""
        from rulecore.manifest import manifest_of

        return manifest_of(self)

    def document(self) -> Document:
        """Return what writers write: the results and the quarantine, as text with the kinds of its columns."""
        from rulecore.adjustments.sheet import adjustment_sheets
        from rulecore.table_sheets import table_sheets

        language = self.language
        quarantine = self.quarantine_table
        headers = (N_("file"), N_("sheet"), N_("row"), N_("column"), N_("value"), N_("reason"))
        columns = self.columns()
        return Document(
            title=self.parts[0].plan.policy.policy.title if self.parts else "rulecore",
            sheets=(
                Sheet(
                    name=translate(N_("results"), language),
                    headers=tuple(column.header for column in columns),
                    kinds=tuple(column.kind for column in columns),
                    frame=self.text_table,
                ),
                *adjustment_sheets(self.adjustments, language),
                *table_sheets(self.parts),
                Sheet(
                    name=translate(N_("quarantined"), language),
                    headers=tuple(translate(header, language) for header in headers),
                    kinds=("text", "text", "number", "text", "text", "text"),
                    frame=quarantine.cast({"row": _string()}),
                ),
            ),
        )

    def find(self, entity: str, period: str = "") -> Iterator[tuple[PolicyResults, int]]:
        """Yield the records of an entity (in a period, if one is given) as (policy results, row).

        Where a policy has a record key, ``entity/key`` finds one record and the entity alone all of its records.
        """
        for part in self.parts:
            record = part.plan.policy.record
            names, full = (
                part.text(field_column(part.plan, record.entity)).to_list(),
                part.entities().to_list(),
            )
            periods = part.text(field_column(part.plan, record.period)) if record.period else None
            for row, name in enumerate(names):
                if entity in (name, full[row]) and (not period or periods is None or periods[row] == period):
                    yield part, row

    def explain(self, entity: str, period: str = "") -> Explanation:
        """Return why an entity's results are what they are: every rule with its formula, numbers and rounding.

        ``period`` is needed where the entity has records in several. A quarantined entity's explanation has no
        rules but every reason why it was refused. Raises :class:`rulecore.errors.UsageError` for an entity that
        is not in the records (with near names), in several periods, or there twice under different policies.
        """
        from rulecore.explain import explain_entity

        return explain_entity(self, entity, period)

    def source(self, part: PolicyResults, row: int) -> Place | None:
        """Return the file, sheet and row that a record was read from; None if the inputs are not known."""
        table, number = divmod(int(part.records[ORDER][row]), ROWS_OF_A_TABLE)
        if table >= len(self.tables):
            return None
        file, sheet = self.tables[table]
        return Place(file=file, sheet=sheet, line=number)

    def values_of(self, part: PolicyResults, row: int) -> dict[str, object]:
        """Return one record's exact values by the names of fields and steps that have a column."""
        types = {item.name: item.type for item in part.plan.inputs} | {
            step.name: step.type for step in part.plan.steps
        }
        found: dict[str, object] = {}
        for frame in (part.records, part.steps):
            for name in frame.columns:
                if name in types:
                    found[name] = decode(frame[name][row : row + 1], types[name])[0]
        return found


def _string() -> pl.DataType:
    import polars as pl

    return pl.String()


def _common(frames: list[pl.DataFrame], frame: pl.DataFrame) -> list[tuple[str, pl.DataType]]:
    """Return the dtypes that columns of one name share across policies: the finest decimals, else text."""
    import polars as pl

    found: list[tuple[str, pl.DataType]] = []
    for header in frame.columns:
        dtypes = {other.schema[header] for other in frames if header in other.columns}
        if len(dtypes) == 1:
            continue
        numbers = [dtype for dtype in dtypes if dtype.is_numeric()]
        scale = max(
            (dtype.scale or 0 if isinstance(dtype, pl.Decimal) else 0 for dtype in numbers), default=0
        )
        found.append((header, pl.Decimal(38, scale) if len(numbers) == len(dtypes) else pl.String()))
    return found
