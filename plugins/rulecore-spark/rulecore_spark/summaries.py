"""The summary of a run on Spark: counted and added up by Spark, exactly, and said as the local one is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from rulecore.errors import InternalError
from rulecore.expr.types import NumberType
from rulecore.numbers import Rounding, format_scaled, round_ratio
from rulecore.planned import Plan, PlannedColumn
from rulecore.policy_results import PolicyResults
from rulecore.summary import MOST_VALUES, PolicySummary, Summary
from rulecore_spark.faults import as_faults
from rulecore_spark.kernel import NO_PLAN
from rulecore_spark.layout import MOST_DIGITS
from rulecore_spark.tables import texts_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from rulecore_spark.results import SparkResults


def summary_of(results: SparkResults) -> Summary:
    """Return what a run came to, policy by policy."""
    return Summary(
        policies=tuple(_policy(results, number, part) for number, part in results.parts),
        rows=results.rows_in,
        scored=results.rows_scored,
        quarantined=results.rows_quarantined,
        blank=results.rows_blank,
        unrouted=results.refused_by_plan.get(NO_PLAN, 0),
        language=results.language,
    )


def _policy(results: SparkResults, number: int, part: PolicyResults) -> PolicySummary:
    plan = part.plan
    header, wanted = plan.policy.policy, plan.policy.output.summary
    rows = results.rows_of(number)
    mean, count = _column(plan, wanted.mean), _column(plan, wanted.count)
    with as_faults():
        issues = int(rows.where(results.met_an_issue).count())
    return PolicySummary(
        name=header.name,
        title=header.title,
        version=header.version,
        records=results.typed_by_plan(number),
        scored=results.scored_by_plan.get(number, 0),
        with_issues=issues,
        quarantined=results.refused_by_plan.get(number, 0),
        mean_of=mean.header if mean is not None else "",
        mean=_mean(rows, results.position(mean.header), mean) if mean is not None else "",
        count_of=count.header if count is not None else "",
        counts=tuple(_counts(rows, results.position(count.header), part, count)) if count is not None else (),
    )


def _column(plan: Plan, name: str) -> PlannedColumn | None:
    return next((column for column in plan.columns if name and column.of == name), None)


def _mean(rows: DataFrame, place: str, column: PlannedColumn) -> str:
    """Return the exact mean of a shown number, rounded half up to the decimals it is shown with."""
    from pyspark.sql import functions

    if not isinstance(column.type, NumberType) or column.scale is None:
        return ""
    value = functions.col(place).cast(f"decimal({MOST_DIGITS},{column.scale})")
    with as_faults():
        (found,) = rows.agg(functions.sum(value).alias("s"), functions.count(place).alias("n")).collect()
    if not found["n"]:
        return ""
    if found["s"] is None:
        raise InternalError(f"the sum of {column.of} has more than {MOST_DIGITS} digits")
    shown = Fraction(found["s"]) / found["n"] * 10**column.scale
    return format_scaled(round_ratio(shown.numerator, shown.denominator, Rounding.HALF_UP), column.scale)


def _counts(
    rows: DataFrame, place: str, part: PolicyResults, column: PlannedColumn
) -> Iterator[tuple[str, int]]:
    with as_faults():
        found = rows.groupBy(place).count().limit(MOST_VALUES + 1).collect()
    if len(found) > MOST_VALUES:
        return
    texts = texts_of(part, column, [row[0] for row in found])
    counts = Counter[str]()
    for text, row in zip(texts, found, strict=True):
        counts[text] += row[1]
    yield from sorted(counts.items(), key=lambda item: _order(item[0]))


def _order(value: str) -> tuple[bool, bool, int, str]:
    """Whole numbers, best first, then other texts, then 不适用: as in the local summary."""
    number = int(value) if value.isascii() and value.isdigit() else 0
    return (not value, not value.isascii(), -number, value)
