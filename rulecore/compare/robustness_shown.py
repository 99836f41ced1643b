"""How far results hold, as text, plain values, and tables for data files."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.compare.boundaries import NearMiss
from rulecore.compare.factors import Factor
from rulecore.compare.lines import NOTHING, shown, shown_in, signed, table_lines
from rulecore.compare.robustness import Held, Robustness, Sensitivity
from rulecore.compare.sheets import cell, sheet
from rulecore.contracts import Document
from rulecore.explain.document import Plain, plain_value
from rulecore.explain.numbers import exact_text
from rulecore.language import N_, Language, translate
from rulecore.numbers import Rounding, format_scaled, round_ratio

ROBUSTNESS_VERSION: Final = 1
"""The version of the form; it grows only when a program that reads the old form would misread the new one."""
ESTIMATE_DECIMALS: Final = 6
"""The decimals of estimated sensitivities in data files; they are rounded half up."""


def rounded(value: Fraction, decimals: int) -> str:
    """Return a number rounded half up to so many decimals."""
    scaled = value * 10**decimals
    return format_scaled(round_ratio(scaled.numerator, scaled.denominator, Rounding.HALF_UP), decimals)


def robustness_text(found: Robustness, language: Language) -> str:
    """Return how far results hold as people read it."""
    return "\n".join(_Writer(found=found, language=language).all())


@frozen(kw_only=True)
class _Writer:
    found: Robustness
    language: Language

    def say(self, message: str, **values: object) -> str:
        return translate(message, self.language).format(**values)

    def all(self) -> Iterator[str]:
        found = self.found
        yield self.say(
            N_("{draws} draws with the seed {seed}, {evaluations} evaluations"),
            draws=found.draws,
            seed=found.seed,
            evaluations=found.evaluations,
        )
        if found.refused:
            yield self.say(
                N_("{refused} draws make no policy (thresholds out of order) and do not count"),
                refused=found.refused,
            )
        yield ""
        yield self.say(N_("what is varied"))
        rows = [(factor.name, exact_text(factor.base), self.reach(factor)) for factor in found.factors]
        yield from table_lines(("", self.say(N_("now")), self.say(N_("varied within"))), rows, texts=1)
        yield from self.records()
        yield from self.sensitivities()
        yield from self.near()

    def reach(self, factor: Factor) -> str:
        return (
            f"{shown(factor.at(Fraction(0)), self.language)} … {shown(factor.at(Fraction(1)), self.language)}"
        )

    def records(self) -> Iterator[str]:
        if not self.found.records:
            return
        yield ""
        yield self.say(
            N_("what each record comes to: now, least … most, or the share of draws in which it stays")
        )
        labels = [held.rule.label for held in self.found.records[0].held]
        rows = [
            (f"{record.entity} {record.period}".strip(), *map(self.held, record.held))
            for record in self.found.records
        ]
        yield from table_lines(("", *labels), rows, texts=len(labels) + 1)

    def held(self, held: Held) -> str:
        now = shown_in(held.rule, held.current, self.language)
        if held.least is not None and held.most is not None:
            ends = (shown_in(held.rule, value, self.language) for value in (held.least, held.most))
            return f"{now}  {' … '.join(ends)}"
        others = [(value, count) for value, count in held.counts if value != held.current]
        said = f"{now} {rounded(held.stays * 100, 1)}%"
        draws = self.found.draws - self.found.refused
        for value, count in others:
            said += f"  {shown(value, self.language)} {rounded(Fraction(count * 100, draws), 1)}%"
        return said

    def sensitivities(self) -> Iterator[str]:
        if not self.found.sensitivities:
            return
        yield ""
        yield self.say(
            N_(
                "what matters: first order / total (Saltelli 2010, Jansen 1999), estimated; means, rank shifts, changes"
            )
        )
        by_factor: dict[Factor, list[Sensitivity]] = {}
        for item in self.found.sensitivities:
            by_factor.setdefault(item.factor, []).append(item)
        labels = [item.rule.label for item in next(iter(by_factor.values()))]
        rows = [(factor.name, *map(_pair, items)) for factor, items in by_factor.items()]
        yield from table_lines(("", *labels), rows, texts=1)

    def near(self) -> Iterator[str]:
        yield ""
        if not self.found.near:
            yield self.say(N_("no record lies within one rounding unit of a boundary"))
            return
        yield self.say(N_("records within one rounding unit of a boundary"))
        words = (
            N_("rule"),
            N_("compared"),
            N_("value"),
            N_("before rounding"),
            N_("boundary"),
            N_("distance"),
        )
        rows = [self.near_row(item) for item in self.found.near]
        yield from table_lines(("", *map(self.say, words)), rows, texts=3)

    def near_row(self, item: NearMiss) -> tuple[str, ...]:
        boundary = shown(item.boundary, self.language) + (f" ({item.parameter})" if item.parameter else "")
        before = NOTHING if item.before_rounding is None else shown(item.before_rounding, self.language)
        distance = signed(item.distance) or "0"
        name = f"{item.entity} {item.period}".strip()
        return name, item.label, item.of_label, shown(item.value, self.language), before, boundary, distance


def _pair(item: Sensitivity) -> str:
    if item.first is None or item.total is None:
        return NOTHING
    return f"{rounded(item.first, 3)} / {rounded(item.total, 3)}".replace("-", "−")


def robustness_document(found: Robustness, language: Language) -> Plain:
    """Return how far results hold as plain values; sensitivities are estimates, rounded to six decimals."""
    return {
        "robustness": ROBUSTNESS_VERSION,
        "language": language,
        "seed": found.seed,
        "draws": found.draws,
        "refused_draws": found.refused,
        "evaluations": found.evaluations,
        "factors": [
            {
                "key": factor.name,
                "now": exact_text(factor.base),
                "low": exact_text(factor.at(Fraction(0))),
                "high": exact_text(factor.at(Fraction(1))),
            }
            for factor in found.factors
        ],
        "records": [
            {
                "entity": record.entity,
                "period": record.period,
                "rules": [_held(held) for held in record.held],
            }
            for record in found.records
        ],
        "sensitivities": [
            {
                "key": item.factor.name,
                "rule": item.rule.name,
                "first": None if item.first is None else rounded(item.first, ESTIMATE_DECIMALS),
                "total": None if item.total is None else rounded(item.total, ESTIMATE_DECIMALS),
            }
            for item in found.sensitivities
        ],
        "near_misses": [_near(item) for item in found.near],
    }


def _held(held: Held) -> Plain:
    return {
        "rule": held.rule.name,
        "now": plain_value(held.current),
        "least": None if held.least is None else exact_text(held.least),
        "most": None if held.most is None else exact_text(held.most),
        "stays": exact_text(held.stays),
        "counts": [{"value": plain_value(value), "draws": count} for value, count in held.counts],
    }


def _near(item: NearMiss) -> Plain:
    return {
        "entity": item.entity,
        "period": item.period,
        "rule": item.rule,
        "of": item.of,
        "value": exact_text(item.value),
        "before_rounding": plain_value(item.before_rounding),
        "boundary": exact_text(item.boundary),
        "parameter": item.parameter,
        "distance": exact_text(item.distance),
        "unit": exact_text(item.unit),
    }


def robustness_tables(found: Robustness, language: Language) -> Document:
    """Return how far results hold as tables for data files."""
    held = [
        (
            record.entity,
            record.period,
            one.rule.name,
            cell(one.current, language),
            cell(one.least, language),
            cell(one.most, language),
            exact_text(one.stays),
            "; ".join(f"{shown(value, language)} {count}" for value, count in one.counts),
        )
        for record in found.records
        for one in record.held
    ]
    factors = [
        (
            item.factor.name,
            item.rule.name,
            "" if item.first is None else rounded(item.first, ESTIMATE_DECIMALS),
            "" if item.total is None else rounded(item.total, ESTIMATE_DECIMALS),
        )
        for item in found.sensitivities
    ]
    near = [
        (
            item.entity,
            item.period,
            item.rule,
            item.of,
            exact_text(item.value),
            cell(item.before_rounding, language),
            exact_text(item.boundary),
            exact_text(item.distance),
        )
        for item in found.near
    ]
    return Document(
        title="rulecore robustness",
        sheets=(
            sheet(N_("records"), RECORD_HEADERS, held, language),
            sheet(N_("sensitivities"), SENSITIVITY_HEADERS, factors, language),
            sheet(N_("boundaries"), NEAR_HEADERS, near, language),
        ),
    )


RECORD_HEADERS: Final = (
    N_("entity"),
    N_("period"),
    N_("rule"),
    N_("now"),
    N_("least"),
    N_("most"),
    N_("stays"),
    N_("draws"),
)
SENSITIVITY_HEADERS: Final = (N_("varied"), N_("rule"), N_("first order"), N_("total effect"))
NEAR_HEADERS: Final = (
    N_("entity"),
    N_("period"),
    N_("rule"),
    N_("compared"),
    N_("value"),
    N_("before rounding"),
    N_("boundary"),
    N_("distance"),
)
