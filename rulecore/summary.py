"""What a run came to, policy by policy: how many records, their mean, how many of each grade."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Literal

from attrs import define, field, frozen

from rulecore.contracts import Sheet
from rulecore.expr.types import NumberType
from rulecore.language import N_, Language, translate
from rulecore.numbers import Rounding, format_scaled, round_ratio
from rulecore.planned import Plan, PlannedColumn
from rulecore.results import PolicyResults, Results

MOST_VALUES = 12
"""How many different values are counted in columns of their own; more are left out of the summary."""


@frozen(kw_only=True)
class PolicySummary:
    """One policy's part of a run.

    ``mean`` is the exact mean of the column named in ``[output] summary``, of the records that have a value,
    rounded half up to the decimals the column is shown with; empty if there is none. ``counts`` are the values
    of the other one and how many records have each, 不适用 (an empty text) last. ``records`` = ``scored`` +
    ``quarantined`` + blank rows.
    """

    name: str
    title: str
    version: str
    records: int
    scored: int
    with_issues: int
    quarantined: int
    mean_of: str = ""
    mean: str = ""
    count_of: str = ""
    counts: tuple[tuple[str, int], ...] = ()


@frozen(kw_only=True)
class Summary:
    """What a run came to: its policies, and the quarantined rows that no policy was found for.

    ``rows`` = ``scored`` + ``quarantined`` + ``blank``, always.
    """

    policies: tuple[PolicySummary, ...]
    rows: int
    scored: int
    quarantined: int
    blank: int
    unrouted: int
    language: Language = "zh"


def summarize(results: Results) -> Summary:
    """Return the summary of a run."""
    policies = []
    for part in results.parts:
        tally = PolicyTally(plan=part.plan)
        tally.add(part)
        policies.append(tally.summary())
    return Summary(
        policies=tuple(policies),
        rows=results.rows_in,
        scored=results.rows_scored,
        quarantined=results.rows_quarantined,
        blank=results.rows_blank,
        unrouted=results.rows_quarantined - sum(part.rows_quarantined for part in results.parts),
        language=results.language,
    )


@define(kw_only=True)
class PolicyTally:
    """What one policy's part of a run comes to, added up part by part."""

    plan: Plan
    records: int = 0
    scored: int = 0
    with_issues: int = 0
    quarantined: int = 0
    rows_scored: int = 0
    rows_quarantined: int = 0
    total: int = 0
    valued: int = 0
    counts: Counter[str] | None = field(factory=Counter)
    """How many records have each value; None once there are too many values."""

    def add(self, part: PolicyResults) -> None:
        """Add records."""
        self.records += part.records.height + len(part.refused) if part.tables else part.rows_in
        self.scored += part.records.height
        self.with_issues += part.issue_count
        self.quarantined += len(part.refused)
        self.rows_scored += part.rows_scored
        self.rows_quarantined += part.rows_quarantined
        mean, count = self.columns
        if mean is not None and _has_mean(mean):
            # Python adds up: whole numbers without a limit, so that no sum can overflow.
            found = part.scaled(mean).drop_nulls().to_list()
            self.total += sum(found)
            self.valued += len(found)
        if count is not None and self.counts is not None:
            self.counts.update(part.text(count).to_list())
            self.counts = self.counts if len(self.counts) <= MOST_VALUES else None

    @property
    def columns(self) -> tuple[PlannedColumn | None, PlannedColumn | None]:
        """The columns named in ``[output] summary``: of the mean, and of the counts."""
        wanted = self.plan.policy.output.summary
        return _column(self.plan, wanted.mean), _column(self.plan, wanted.count)

    def summary(self) -> PolicySummary:
        """Return the policy's part of the summary."""
        header = self.plan.policy.policy
        mean, count = self.columns
        counts = self.counts.items() if count is not None and self.counts is not None else ()
        return PolicySummary(
            name=header.name,
            title=header.title,
            version=header.version,
            records=self.records,
            scored=self.scored,
            with_issues=self.with_issues,
            quarantined=self.quarantined,
            mean_of=mean.header if mean is not None else "",
            mean=_mean(mean, self.total, self.valued) if mean is not None and self.valued else "",
            count_of=count.header if count is not None else "",
            counts=tuple(sorted(counts, key=lambda item: _order(item[0]))),
        )


def summary_rows(summary: Summary, language: Language) -> tuple[list[str], list[list[str]]]:
    """Return the summary as headers and rows: one for each policy, one for rows without a policy."""
    means = sorted({policy.mean_of for policy in summary.policies if policy.mean_of})
    values = _counted(summary)
    headers = [
        translate(word, language)
        for word in (
            N_("policy"),
            N_("version"),
            N_("records"),
            N_("scored"),
            N_("with issues"),
            N_("quarantined"),
        )
    ]
    if means:
        label = means[0] if len(means) == 1 else ""
        headers.append(translate(N_("mean {label}"), language).format(label=label).strip())
    not_applicable = translate(N_("not applicable"), language)
    headers += [value or not_applicable for value in values]
    rows = []
    for policy in summary.policies:
        counts = dict(policy.counts)
        numbers = (policy.records, policy.scored, policy.with_issues, policy.quarantined)
        row = [policy.title or policy.name, policy.version, *map(str, numbers)]
        row += [policy.mean] if means else []
        rows.append(row + [str(counts.get(value, 0)) if policy.count_of else "" for value in values])
    if summary.unrouted:
        counted = [str(summary.unrouted), "0", "0", str(summary.unrouted)]
        rows.append([translate(N_("(no policy found)"), language), "", *counted])
    return headers, [row + [""] * (len(headers) - len(row)) for row in rows]


def summary_document(summary: Summary) -> dict[str, object]:
    """Return the summary as plain values, ready to be written as JSON."""
    policies = [
        {
            "name": policy.name,
            "title": policy.title,
            "version": policy.version,
            "records": policy.records,
            "scored": policy.scored,
            "with_issues": policy.with_issues,
            "quarantined": policy.quarantined,
            "mean": {"of": policy.mean_of, "value": policy.mean} if policy.mean_of else None,
            "counts": {"of": policy.count_of, "values": dict(policy.counts)} if policy.count_of else None,
        }
        for policy in summary.policies
    ]
    rows = {
        "read": summary.rows,
        "scored": summary.scored,
        "quarantined": summary.quarantined,
        "blank": summary.blank,
        "without_policy": summary.unrouted,
    }
    return {"policies": policies, "rows": rows}


def summary_sheet(summary: Summary) -> Sheet:
    """Return the summary as a sheet of the results' workbook, in the results' language."""
    import polars as pl

    headers, rows = summary_rows(summary, summary.language)
    kinds: list[Literal["number", "text", "flag", "date"]] = ["text", "text"]
    kinds += ["number" for _header in headers[2:]]
    columns = {str(index): [row[index] for row in rows] for index in range(len(headers))}
    return Sheet(
        name=translate(N_("summary"), summary.language),
        headers=tuple(headers),
        kinds=tuple(kinds),
        frame=pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String())),
    )


def row_count_line(summary: Summary, language: Language | None = None) -> str:
    """Return the line that says where every row went."""
    if summary.blank:
        line = N_("{rows} rows read = {scored} scored + {quarantined} quarantined + {blank} blank")
    else:
        line = N_("{rows} rows read = {scored} scored + {quarantined} quarantined")
    return translate(line, language).format(
        rows=summary.rows, scored=summary.scored, quarantined=summary.quarantined, blank=summary.blank
    )


def _column(plan: Plan, name: str) -> PlannedColumn | None:
    return next((column for column in plan.columns if name and column.of == name), None)


def _has_mean(column: PlannedColumn) -> bool:
    return isinstance(column.type, NumberType) and column.scale is not None


def _mean(column: PlannedColumn, total: int, count: int) -> str:
    """Return the exact mean of a shown number, rounded half up to the decimals it is shown with."""
    assert isinstance(column.type, NumberType)  # noqa: S101 - others are not added up
    assert column.scale is not None  # noqa: S101
    mean = Fraction(total, count) / 10 ** max(column.type.scale or 0, column.scale)
    shown = mean * 10**column.scale
    return format_scaled(round_ratio(shown.numerator, shown.denominator, Rounding.HALF_UP), column.scale)


def _counted(summary: Summary) -> list[str]:
    """Return the values that are counted, each once: in order, what is not applicable last."""
    found = {value for policy in summary.policies for value, _count in policy.counts}
    return sorted(found, key=_order) if len(found) <= MOST_VALUES else []


def _order(value: str) -> tuple[bool, bool, int, str]:
    """Whole numbers, best first, then other texts, then 不适用."""
    number = int(value) if value.isascii() and value.isdigit() else 0
    return (not value, not value.isascii(), -number, value)
