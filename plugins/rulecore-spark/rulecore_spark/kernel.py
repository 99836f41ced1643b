"""What workers compute of the records they are sent: typed, computed by the columnar engine, and shown.

Frames here have the columns of a plan under their own names and, beside them:

=============  =====================================================================================
``#order``     where the row stood in the input: the number of its table × 2⁴⁰ + its row number
``#plan``      which policy it went to; -1: none
``#kind``      0 a record, 1 a refused row, 2 a blank one
``#reasons``   why it was refused, as JSON: a list of [place among the reasons, column, value, sentence]
``#who``       the policy and what names the record, as one text; null where part of that is not applicable
``#hits``      the conditions of ``[record] refuse`` that a record meets, in the same form
``#issues:N``  63 flags: which issues its steps met, numbered by :func:`rulecore_spark.cut.issue_bits`
=============  =====================================================================================
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rulecore.codes.records import RECORD_REFUSED
from rulecore.contracts import RawTable
from rulecore.engines.columnar.run import evaluate
from rulecore.engines.decode import issue_column
from rulecore.errors import Fault, InputError
from rulecore.levels import limited
from rulecore.planned import Plan
from rulecore.policy_results import ORDER, ROWS_OF_A_TABLE, PolicyResults
from rulecore.records.headers import match_headers
from rulecore.records.identity import ROW, Refused, nameless
from rulecore.records.quarantine import Quarantined
from rulecore.records.typed import as_quarantined, field_named, type_part
from rulecore.results import Results
from rulecore.routing import route
from rulecore_spark.codes import COHORT_TOO_LARGE
from rulecore_spark.cut import Cut, Stage, cut_plan, issue_bits
from rulecore_spark.layout import Held, Layout, held
from rulecore_spark.shipment import Shipment, Source

if TYPE_CHECKING:
    import polars as pl

PLAN: Final = "#plan"
KIND: Final = "#kind"
REASONS: Final = "#reasons"
HITS: Final = "#hits"
WHO: Final = "#who"
MET: Final = "#met"
ISSUES: Final = "#issues:"
RECORD, REFUSED, BLANK = 0, 1, 2
NO_PLAN: Final = -1
FLAGS_IN_A_COLUMN: Final = 63
LAST: Final = 10**6
"""Reasons of conditions stand behind those of cells, which are numbered by their fields."""

HEAD: Final = (
    Held(name=ORDER, kind="int64"),
    Held(name=PLAN, kind="int32"),
    Held(name=KIND, kind="int32"),
    Held(name=REASONS, kind="text"),
    Held(name=HITS, kind="text"),
    Held(name=WHO, kind="text"),
)


@lru_cache(maxsize=32)
def cut_of(shipment: Shipment, number: int) -> Cut:
    """Return the stages of one of the plans, the same objects each time: the engine keeps what it makes of them."""
    return cut_plan(shipment.plans()[number])


@lru_cache(maxsize=32)
def conditions_of(shipment: Shipment, number: int) -> Plan:
    """Return the plan of the conditions of ``[record] refuse``."""
    plan = shipment.plans()[number]
    return limited(plan, plan.refusal_rules)


def issue_columns(plan: Plan) -> tuple[Held, ...]:
    """Return the columns that hold which issues a record's steps met."""
    count = -(-len(issue_bits(plan)) // FLAGS_IN_A_COLUMN)
    return tuple(Held(name=f"{ISSUES}{number}", kind="int64") for number in range(count))


# --- typing --------------------------------------------------------------------------------------------------------


def fused(cut: Cut) -> Stage | None:
    """Return the stage that is computed together with the typing."""
    return cut.stages[0] if cut.stages and cut.stages[0].kind == "rows" else None


def record_columns(plan: Plan, cut: Cut) -> tuple[Held, ...]:
    """Return the columns of typed records: the fields that name a record, and what later stages read."""
    first = fused(cut)
    kept = cut.start if first is None else first.kept
    types = {planned.name: planned.type for planned in plan.fields}
    names = [*plan.policy.record.identity, *(column.name for column in kept)]
    columns = {column.name: column for column in kept}
    found = [columns.get(name) or held(name, types[name]) for name in dict.fromkeys(names)]
    return (*found, *issue_columns(plan))


def typed_layout(shipment: Shipment) -> Layout:
    """Return the columns of typed rows: those of every plan, each behind the plan's number."""
    found = list(HEAD)
    for number, plan in enumerate(shipment.plans()):
        found += [
            Held(name=f"{number}:{column.name}", kind=column.kind)
            for column in record_columns(plan, cut_of(shipment, number))
        ]
    return Layout(columns=tuple(found))


def type_rows(
    shipment: Shipment, source: Source, as_of: date | None, frame: pl.DataFrame
) -> list[pl.DataFrame]:
    """Return rows typed: frames with the columns of :func:`typed_layout` that they have.

    ``frame`` has ``#table``, ``#row`` and the cells in the order of the headers.
    """
    import polars as pl

    found: list[pl.DataFrame] = []
    for part in frame.partition_by("#table", maintain_order=True):
        number = int(part["#table"][0])
        cells = part.drop("#table", "#row")
        raw = RawTable(
            file=source.files[number],
            headers=source.headers,
            frame=pl.DataFrame(
                [
                    _as_read(series, universal=source.universal).alias(f"{place}")
                    for place, series in enumerate(cells.get_columns())
                ]
            ),
            rows=part["#row"],
        )
        found += _typed_table(shipment, raw, number, as_of)
    return found


def _as_read(series: pl.Series, *, universal: bool) -> pl.Series:
    """Return a column as the reader of Parquet gives it."""
    import polars as pl

    if series.dtype in (pl.Categorical, pl.Enum, pl.Null):
        return series.cast(pl.String())
    if universal and isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone:
        return series.dt.convert_time_zone("UTC")
    return series


def _typed_table(shipment: Shipment, raw: RawTable, number: int, as_of: date | None) -> list[pl.DataFrame]:
    import polars as pl

    plans = shipment.plans()
    routed = route((raw,), plans, as_of)
    found: list[pl.DataFrame] = []
    base = number * ROWS_OF_A_TABLE
    if routed.quarantined:
        reasons: dict[int, list[Quarantined]] = {}
        for item in routed.quarantined:
            reasons.setdefault(item.row, []).append(item)
        language = plans[0].policy.policy.language
        texts = [
            as_json([(place, item) for place, item in enumerate(items)], language)
            for items in reasons.values()
        ]
        found.append(
            pl.DataFrame({ORDER: [base + row for row in reasons], REASONS: texts}).with_columns(
                pl.lit(NO_PLAN).alias(PLAN), pl.lit(REFUSED).alias(KIND)
            )
        )
    found.append(_blank(routed.blank_rows, base, NO_PLAN))
    for place, share in enumerate(routed.tables):
        for table in share:
            found += _typed_share(shipment, place, table, base)
    return [one for one in found if one.height]


def _blank(count: int, base: int, plan: int) -> pl.DataFrame:
    import polars as pl

    one = {ORDER: [base], PLAN: [plan], KIND: [BLANK]}
    return pl.DataFrame(one).select(pl.all().repeat_by(count).explode()) if count else pl.DataFrame()


def _typed_share(shipment: Shipment, number: int, table: RawTable, base: int) -> list[pl.DataFrame]:
    """Return the rows that went to one policy: records with what each gives by itself, refused and blank ones."""
    import polars as pl

    plan = shipment.plans()[number]
    cut = cut_of(shipment, number)
    record = plan.policy.record
    match = match_headers(table.headers, plan.fields, table.file, table.sheet)
    if match.faults:
        raise InputError(match.faults)
    part = type_part(table, 0, plan.fields, record.entity, match.positions)
    refused = [*part.refused, *_nameless(plan, part.frame, part.refused)]
    bad = sorted({reason.position for reason in refused})
    frame = part.frame.with_columns((pl.col(ROW) + base).alias(ORDER), _who(plan, number))
    found = [_blank(part.blank, base, number)]
    if bad:
        items = as_quarantined(refused, part.frame, bad, (table,), field_named(plan.fields, record.entity))
        ordered = sorted(refused, key=lambda reason: (reason.position, reason.order))
        texts: dict[int, list[tuple[int, Quarantined]]] = {position: [] for position in bad}
        for reason, item in zip(ordered, items, strict=True):
            texts[reason.position].append((2 * reason.order, item))
        language = plan.policy.policy.language
        rows = frame[bad].select(ORDER, WHO, *record.identity)
        reasons = pl.Series(REASONS, [as_json(texts[position], language) for position in bad])
        found.append(_of_plan(rows.with_columns(reasons), number, REFUSED))
        keep = pl.repeat(True, frame.height, eager=True).scatter(pl.Series(bad), False)
        frame = frame.filter(keep)
    if frame.height:
        found.append(_of_plan(_record_wise(shipment, number, plan, cut, frame), number, RECORD))
    return found


def _who(plan: Plan, number: int) -> pl.Expr:
    """Return a text that two records have in common only if they claim the same identity under the same policy."""
    import polars as pl

    parts: list[pl.Expr] = [pl.lit(f"{number}")]
    for name in dict.fromkeys(plan.policy.record.identity):
        text = pl.col(name).cast(pl.String())
        parts += [pl.lit("|"), text.str.len_bytes().cast(pl.String()), pl.lit(":"), text]
    return pl.concat_str(parts).alias(WHO)


def _nameless(plan: Plan, frame: pl.DataFrame, refused: Sequence[Refused]) -> list[Refused]:
    record = plan.policy.record
    names = [planned.name for planned in plan.fields]
    found: list[Refused] = []
    for name in dict.fromkeys(name for name in record.identity if name):
        bad = {reason.position for reason in refused if reason.field == name}
        found += nameless(frame, field_named(plan.fields, name), names.index(name), bad)
    return found


def _record_wise(shipment: Shipment, number: int, plan: Plan, cut: Cut, frame: pl.DataFrame) -> pl.DataFrame:
    """Return records with the conditions they meet and what the first stage gives."""
    import polars as pl

    hits = pl.repeat(None, frame.height, dtype=pl.String(), eager=True).alias(HITS)
    if plan.refusals:
        flags = evaluate(conditions_of(shipment, number), frame)
        hits = _hits(plan, flags)
    first = fused(cut)
    found = frame if first is None else run_stage(plan, first, frame)
    names = [column.name for column in record_columns(plan, cut) if column.name in found.columns]
    return found.select(ORDER, *names).with_columns(hits, frame[WHO])


def _hits(plan: Plan, flags: pl.DataFrame) -> pl.Series:
    import polars as pl

    language = plan.policy.policy.language
    parts = []
    for place, refusal in enumerate(plan.refusals):
        values = {"reason": refusal.reason, "policy": plan.policy.policy.name}
        item = Quarantined(file="", row=0, code=RECORD_REFUSED, values=values)
        text = as_json([(LAST + place, item)], language)[1:-1]
        parts.append(pl.when(flags[refusal.step].fill_null(value=False)).then(pl.lit(text)))
    joined = pl.concat_str(parts, separator=",", ignore_nulls=True)
    shown = pl.when(joined != "").then(pl.lit("[") + joined + pl.lit("]"))
    return flags.select(shown.alias(HITS)).to_series()


def _of_plan(frame: pl.DataFrame, number: int, kind: int) -> pl.DataFrame:
    import polars as pl

    head = {ORDER, REASONS, HITS, WHO}
    renamed = frame.rename({name: f"{number}:{name}" for name in frame.columns if name not in head})
    return renamed.with_columns(
        pl.lit(number, dtype=pl.Int32()).alias(PLAN), pl.lit(kind, dtype=pl.Int32()).alias(KIND)
    )


def as_json(items: Iterable[tuple[int, Quarantined]], language: object) -> str:
    """Return reasons with their places among those of a row, as they travel."""
    assert language in ("zh", "en")  # noqa: S101 - policies are in one of them
    rows = [
        [place, item.column, item.value, f"{item.code.id}: {item.reason('zh' if language == 'zh' else 'en')}"]
        for place, item in items
    ]
    return json.dumps(rows, ensure_ascii=False)


# --- stages --------------------------------------------------------------------------------------------------------


def run_stage(plan: Plan, stage: Stage, frame: pl.DataFrame) -> pl.DataFrame:
    """Return records with the columns that a stage keeps, and its issues among those they had."""
    import polars as pl

    steps = evaluate(stage.plan, frame)
    kept = {column.name: column for column in stage.kept}
    found = [steps[name] if name in steps.columns else frame[name] for name in kept]
    head = [frame[name] for name in frame.columns if name in (ORDER, PLAN)]
    both = pl.DataFrame([*head, *(one for one in found if one.name not in (ORDER, PLAN))])
    return both.with_columns(_with_issues(plan, stage, frame, steps))


def _with_issues(plan: Plan, stage: Stage, frame: pl.DataFrame, steps: pl.DataFrame) -> list[pl.Series]:
    import polars as pl

    bits = issue_bits(plan)
    found: list[pl.Series] = []
    for place, column in enumerate(issue_columns(plan)):
        packed = (
            frame[column.name]
            if column.name in frame.columns
            else pl.repeat(0, frame.height, dtype=pl.Int64(), eager=True)
        )
        for step in stage.new:
            for reason in step.issues:
                where, bit = divmod(bits[step.name, reason], FLAGS_IN_A_COLUMN)
                if where == place:
                    flags = steps[issue_column(step.name, reason)].fill_null(value=False)
                    packed = packed | flags.cast(pl.Int64()) * 2**bit
        found.append(packed.alias(column.name))
    return found


def run_cohorts(plan: Plan, stage: Stage, frame: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return the records of whole cohorts with what a stage of cohorts keeps."""
    frame = frame.sort(ORDER)
    size = frame.height
    if size > most:
        if stage.key:
            sizes = frame.group_by(stage.key).len()["len"].max()
            size = sizes if isinstance(sizes, int) else 0
        if size > most:
            values = {"rule": stage.rule, "records": size, "most": most}
            raise InputError([Fault(code=COHORT_TOO_LARGE, values=values)])
    return run_stage(plan, stage, frame)


# --- showing -------------------------------------------------------------------------------------------------------


def part_of(plan: Plan, frame: pl.DataFrame) -> PolicyResults:
    """Return computed records as a policy's results, their issues unpacked."""
    import polars as pl

    flags = []
    for (step, reason), number in issue_bits(plan).items():
        where, bit = divmod(number, FLAGS_IN_A_COLUMN)
        packed = pl.col(f"{ISSUES}{where}")
        flags.append(((packed & 2**bit) != 0).alias(issue_column(step, reason)))
    steps = frame.with_columns(flags) if flags else frame
    return PolicyResults(plan=plan, records=frame, steps=steps)


def empty_part(plan: Plan, columns: Iterable[Held]) -> PolicyResults:
    """Return the results of no records: what columns they have."""
    import polars as pl

    return part_of(plan, pl.DataFrame(schema={column.name: column.polars() for column in columns}))


def results_of(parts: Iterable[PolicyResults]) -> Results:
    """Return results as one table."""
    return Results(parts=tuple(parts), rows_in=0, engine="spark")


def show(plan: Plan, frame: pl.DataFrame, *, provenance: bool) -> pl.DataFrame:
    """Return the table that people read of computed records, typed, with ``#order`` and whether they met an issue."""
    import polars as pl

    frame = frame.sort(ORDER)
    output = evolve(plan.policy.output, provenance=provenance)
    shown = evolve(plan, policy=evolve(plan.policy, output=output))
    packed = [pl.col(name) != 0 for name in frame.columns if name.startswith(ISSUES)]
    nothing = pl.repeat(False, frame.height, dtype=pl.Boolean(), eager=True)
    met = frame.select(pl.any_horizontal(packed)).to_series() if packed else nothing
    found = results_of([part_of(shown, frame)]).table
    return found.with_columns(frame[ORDER], met.alias(MET))
