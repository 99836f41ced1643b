"""What a run on Spark gives: DataFrames of results and quarantine, counts, summary, and folders of Parquet files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define

from rulecore.codes.records import UNUSED_COLUMNS
from rulecore.errors import Code, Fault, InternalError
from rulecore.language import Language
from rulecore.policy_results import ORDER, ROWS_OF_A_TABLE, PolicyResults
from rulecore.records.headers import match_headers
from rulecore.results import Results
from rulecore.source import Place
from rulecore.summary import Summary
from rulecore_spark.codes import HEADERS_ALIKE, REFUSED_LEFT_OUT
from rulecore_spark.faults import as_faults
from rulecore_spark.identity import FOUND
from rulecore_spark.kernel import (
    BLANK,
    HITS,
    KIND,
    PLAN,
    REASONS,
    RECORD,
    REFUSED,
    cut_of,
    empty_part,
    record_columns,
    results_of,
)
from rulecore_spark.layout import Held, Layout, held
from rulecore_spark.run import Computation
from rulecore_spark.tables import arrow_schema, quarantine_headers, spark_schema
from rulecore_spark.worker import Shown

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame
    from pyspark.sql.types import StructType

REASON_TYPE = "array<array<string>>"


@define(slots=False)
class SparkResults:
    """The results of a run on Spark; everything is computed when it is first asked for, and then kept.

    ``results`` has the columns of :attr:`rulecore.results.Results.table` and ``#order`` behind them, which says where a
    row stood in the input: sorted by it, the rows are those of the local engine, cell for cell. ``quarantine`` is
    :attr:`rulecore.results.Results.quarantine_table`, in order. ``release`` gives back what Spark keeps.
    """

    _run: Computation

    # --- results ------------------------------------------------------------------------------------------------------

    @property
    def results(self) -> DataFrame:
        """The results as a Spark DataFrame: the columns of the output, typed, and ``#order``."""
        headers = [*self._shape.output_headers(), ORDER]
        table = self._table
        return table.select(*(table[f"c{place}"].alias(header) for place, header in enumerate(headers)))

    @cached_property
    def _table(self) -> DataFrame:
        """The results, ``#order``, whether an issue was met and the number of the plan, under names by position."""
        run = self._run
        shown = Shown(
            headers=tuple(self._shape.output_headers()),
            schema=self._schema,
            provenance=self._shape.provenance,
        )
        parts = [_numbered(run.shown(number, shown), number) for number in run.numbers()]
        if not parts:
            return run.keep(run.inputs.session.createDataFrame([], _numbered_schema(self._schema)))
        whole = parts[0]
        for part in parts[1:]:
            whole = whole.unionAll(part)
        return run.keep(whole)

    @cached_property
    def _shape(self) -> Results:
        """Results without records: which columns there are."""
        return results_of(self._empty_parts)

    @cached_property
    def _empty_parts(self) -> list[PolicyResults]:
        run = self._run
        found = []
        for number in run.numbers():
            plan = run.plans[number]
            types = {item.name: item for item in (*plan.fields, *plan.steps)}
            names = {column.step for column in plan.columns} | set(plan.policy.record.identity)
            columns = [held(name, types[name].type) for name in types if name in names]
            issues = [
                one
                for one in record_columns(plan, cut_of(run.shipment, number))
                if one.name.startswith("#issues:")
            ]
            found.append(empty_part(plan, [Held(name=ORDER, kind="int64"), *columns, *issues]))
        return found

    @cached_property
    def _schema(self) -> pa.Schema:
        """The exact types of the results' columns, of ``#order`` and of ``#met``."""
        return arrow_schema(self._shape)

    # --- quarantine ---------------------------------------------------------------------------------------------------

    @property
    def quarantine(self) -> DataFrame:
        """The refused rows as a Spark DataFrame, each with its file, row, column, value and reason, in order."""
        from pyspark.sql import functions

        places = self._places.withColumnRenamed("n", "t")
        rows = self._reasons.withColumn("t", functions.expr(f"c0 div {ROWS_OF_A_TABLE}"))
        joined = rows.join(functions.broadcast(places), "t").orderBy("c0", "s")
        words = [
            functions.col("f"),
            functions.lit(""),
            functions.expr(f"c0 % {ROWS_OF_A_TABLE}"),
            functions.col("r")[1],
            functions.col("r")[2],
            functions.col("r")[3],
        ]
        headers = quarantine_headers()
        return joined.select(*(word.alias(name) for word, name in zip(words, headers, strict=True)))

    @cached_property
    def _places(self) -> DataFrame:
        """The files by their numbers."""
        return self._run.inputs.session.createDataFrame(
            list(enumerate(self._run.inputs.files)), "n long, f string"
        )

    @cached_property
    def _reasons(self) -> DataFrame:
        """Every reason why a row was refused: its place (c0), plan (p), number among the row's (s) and parts (r)."""
        from pyspark.sql import functions

        run = self._run
        layout = run.layout
        refused = run.typed.where(layout.col(KIND) == REFUSED)
        found = [_told(refused, layout.col(ORDER), layout.col(REASONS), layout.col(PLAN))]
        for number in run.numbers():
            double = run.doubles(number)
            if double is not None:
                found.append(_told(double, FOUND.col(ORDER), FOUND.col(REASONS), functions.lit(number)))
            if run.plans[number].refusals:
                head = Layout(columns=(Held(name=ORDER, kind="int64"), Held(name=HITS, kind="text")))
                rows = run.of_plan(number, (RECORD,), head.columns)
                rows = run.not_double(number, rows, head).where(head.col(HITS).isNotNull())
                found.append(_told(rows, head.col(ORDER), head.col(HITS), functions.lit(number)))
        whole = found[0]
        for part in found[1:]:
            whole = whole.unionAll(part)
        return run.keep(whole)

    def reasons(self, most: int) -> tuple[Fault, ...]:
        """Return why rows were refused, in input order, at most so many."""
        with as_faults():
            rows = self.quarantine.limit(most).collect()
        found = []
        for file, _sheet, row, column, value, reason in rows:
            number, _colon, text = str(reason).partition(": ")
            code = Code(id=number, message="{text}", hint="")
            place = Place(file=file, line=row or None, key=column or "", excerpt=value or "")
            found.append(Fault(code=code, values={"text": text}, place=place))
        return tuple(found)

    # --- counts -------------------------------------------------------------------------------------------------------

    @property
    def rows_in(self) -> int:
        """How many rows the inputs have."""
        return self._run.inputs.rows_in

    @property
    def rows_scored(self) -> int:
        """How many rows have results."""
        self._check()
        return sum(self._scored.values())

    @property
    def rows_quarantined(self) -> int:
        """How many rows were refused."""
        return sum(self._refused.values())

    @property
    def rows_blank(self) -> int:
        """How many rows have only blank cells."""
        return sum(count for (_plan, kind), count in self._run.counted.items() if kind == BLANK)

    @property
    def scored_by_plan(self) -> Mapping[int, int]:
        """How many results each plan has."""
        return self._scored

    @cached_property
    def _scored(self) -> Mapping[int, int]:
        """How many results each plan has, counted in the results themselves."""
        plan = f"c{len(self._schema)}"
        with as_faults():
            rows = self._table.groupBy(plan).count().collect()
        return {int(row[0]): int(row[1]) for row in rows}

    @cached_property
    def _refused(self) -> Mapping[int, int]:
        """How many rows of each plan are in the quarantine, counted there: one with several reasons once."""
        from pyspark.sql import functions

        with as_faults():
            rows = self._reasons.groupBy("p").agg(functions.countDistinct("c0").alias("count")).collect()
        return {int(row["p"]): int(row["count"]) for row in rows}

    def _check(self) -> None:
        """Check the promise that no row is lost and none is there twice."""
        counts = (self.rows_in, sum(self._scored.values()), self.rows_quarantined, self.rows_blank)
        if counts[0] != sum(counts[1:]):
            raise InternalError(f"rows in, scored, quarantined and blank do not add up: {counts}")

    # --- what people are told -----------------------------------------------------------------------------------------

    @cached_property
    def notes(self) -> tuple[Fault, ...]:
        """What a person should know of the inputs: once for files with the same columns."""
        run = self._run
        found: dict[str, Fault] = {}
        numbers = run.numbers()
        for group in run.inputs.groups:
            file = next(iter(group.source.files.values()))
            matched = [
                match_headers(group.source.headers, run.plans[number].fields, file) for number in numbers
            ]
            for note in (note for match in matched for note in match.notes):
                if note.code is not UNUSED_COLUMNS:
                    found.setdefault(note.render("en"), note)
            unused = [_unused(match.notes) for match in matched]
            names = [name for name in unused[0] if all(name in other for other in unused)] if unused else []
            if names:
                values = {"columns": ", ".join(names)}
                note = Fault(code=UNUSED_COLUMNS, values=values, place=Place(file=file))
                found.setdefault(note.render("en"), note)
        for number in numbers:
            policy = run.plans[number].policy
            if policy.output.refused is not None:
                note = Fault(code=REFUSED_LEFT_OUT, values={"policy": policy.policy.name})
                found.setdefault(note.render("en"), note)
        return tuple(found.values())

    def summary(self) -> Summary:
        """Return what the run came to, policy by policy."""
        from rulecore_spark.summaries import summary_of

        self._check()
        return summary_of(self)

    @property
    def parts(self) -> list[tuple[int, PolicyResults]]:
        """The plans that have rows, each with its number and what its results are made of."""
        return list(zip(self._run.numbers(), self._empty_parts, strict=True))

    @property
    def language(self) -> Language:
        """The language of the words that rulecore writes into the results."""
        return self._shape.language

    @property
    def refused_by_plan(self) -> Mapping[int, int]:
        """How many rows of each plan were refused; -1 stands for no plan."""
        return self._refused

    def typed_by_plan(self, number: int) -> int:
        """Return how many rows went to a plan, whatever became of them."""
        return sum(count for (owner, _kind), count in self._run.counted.items() if owner == number)

    def rows_of(self, number: int) -> DataFrame:
        """Return the results of one plan, under names by position."""
        return self._table.where(f"c{len(self._schema)} = {number}")

    def position(self, header: str) -> str:
        """Return what a column of the results is called in :meth:`rows_of`."""
        return f"c{self._shape.output_headers().index(header)}"

    @property
    def met_an_issue(self) -> str:
        """The column of :meth:`rows_of` that says whether a record met an issue."""
        return f"c{len(self._schema) - 1}"

    # --- files --------------------------------------------------------------------------------------------------------

    def write(self, output: str, *, manifest: bool = True) -> tuple[Path, ...]:
        """Write the folder ``output``: ``results`` and ``quarantine`` as Parquet, and ``manifest.json``.

        All or nothing: it takes its name when everything is there. It must not exist yet, or be empty. Raises
        :class:`rulecore.errors.OutputError`, and InputError for what Spark cannot finish.
        """
        from rulecore_spark.writing import write_folder

        return write_folder(self, self._run, output, manifest=manifest)

    def refuse_headers(self) -> None:
        """Raise OutputError for headers that Spark cannot tell apart."""
        from rulecore.errors import OutputError

        known: dict[str, str] = {}
        for header in [*self._shape.output_headers(), ORDER]:
            first = known.setdefault(header.casefold(), header)
            if first != header:
                raise OutputError([Fault(code=HEADERS_ALIKE, values={"first": first, "second": header})])

    def release(self) -> None:
        """Give back what Spark keeps of this run; whatever is asked for later is computed anew."""
        self._run.release()


def _numbered(shown: DataFrame, number: int) -> DataFrame:
    from pyspark.sql import functions

    return shown.withColumn(f"c{len(shown.columns)}", functions.lit(number))


def _numbered_schema(schema: pa.Schema) -> StructType:
    from pyspark.sql.types import IntegerType

    return spark_schema(schema).add(f"c{len(schema)}", IntegerType())


def _told(rows: DataFrame, place: Column, reasons: Column, plan: Column) -> DataFrame:
    """Return the reasons of some rows, each in a row of its own."""
    from pyspark.sql import functions

    told = functions.explode(functions.from_json(reasons, REASON_TYPE))
    parts = rows.select(place.alias("c0"), plan.alias("p"), told.alias("r"))
    return parts.select("c0", "p", functions.col("r")[0].cast("long").alias("s"), "r")


def _unused(notes: Sequence[Fault]) -> tuple[str, ...]:
    for note in notes:
        if note.code is UNUSED_COLUMNS:
            headers = note.values["headers"]
            return headers if isinstance(headers, tuple) else ()
    return ()
