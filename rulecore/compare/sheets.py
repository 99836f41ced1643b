"""A comparison as tables for data files: one row for each rule of a record that moved, then transitions and sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from rulecore.compare.lines import cause_text
from rulecore.compare.values import Difference, RecordDifference, RowDifference
from rulecore.contracts import Document, Sheet
from rulecore.explain.numbers import exact_text, value_text
from rulecore.explain.values import ExplainedValue
from rulecore.language import N_, Language, translate


def difference_tables(found: Difference, language: Language) -> Document:
    """Return a comparison as what writers write. Cells are text, for quotients stand exactly, as ``1140/13``."""
    return Document(
        title="rulecore diff",
        sheets=tuple(
            sheet(name, headers, rows, language)
            for name, headers, rows in (
                (N_("moved"), MOVED_HEADERS, _moved(found, language)),
                (N_("detail rows"), ROW_HEADERS, _rows(found, language)),
                (N_("one side only"), ONE_SIDED_HEADERS, _one_sided(found, language)),
                (N_("transitions"), TRANSITION_HEADERS, _transitions(found, language)),
                (N_("sums"), SUM_HEADERS, _sums(found)),
                (N_("effects"), EFFECT_HEADERS, _effects(found)),
            )
        ),
    )


def sheet(name: str, headers: Sequence[str], rows: Iterable[Sequence[str]], language: Language) -> Sheet:
    """Return one table; ``name`` and ``headers`` are marked with ``N_`` and translated here."""
    import polars as pl

    words = _distinct([translate(header, language) for header in headers])
    return Sheet(
        name=translate(name, language),
        headers=tuple(words),
        kinds=tuple("text" for _word in words),
        frame=pl.DataFrame([*rows], schema=dict.fromkeys(words, pl.String()), orient="row"),
    )


def _distinct(words: list[str]) -> list[str]:
    return [f"{word} {number}" if word in words[:number] else word for number, word in enumerate(words)]


def cell(value: ExplainedValue, language: Language) -> str:
    """Return a value as a cell: exact, not applicable blank."""
    if value is None:
        return ""
    return exact_text(value) if isinstance(value, Fraction) else value_text(value, language)


MOVED_HEADERS = (
    N_("entity"),
    N_("period"),
    N_("rule"),
    N_("label"),
    N_("old value"),
    N_("new value"),
    N_("difference"),
    N_("policy effect"),
    N_("performance effect"),
    N_("order effect"),
    N_("because"),
)
ROW_HEADERS = (
    N_("entity"),
    N_("period"),
    N_("table"),
    N_("table's label"),
    N_("row"),
    N_("old place"),
    N_("new place"),
    N_("rule"),
    N_("label"),
    N_("old value"),
    N_("new value"),
    N_("difference"),
    N_("because"),
)
ONE_SIDED_HEADERS = (N_("entity"), N_("period"), N_("only in"), N_("refused"))
TRANSITION_HEADERS = (N_("rule"), N_("old value"), N_("new value"), N_("records"))
SUM_HEADERS = (
    N_("rule"),
    N_("old sum"),
    N_("new sum"),
    N_("gained"),
    N_("risen"),
    N_("lost"),
    N_("fallen"),
    N_("on one side only"),
)
EFFECT_HEADERS = (
    N_("rule"),
    N_("difference"),
    N_("policy effect"),
    N_("performance effect"),
    N_("order effect"),
    N_("records"),
    N_("without"),
)


def _moved(found: Difference, language: Language) -> Iterable[tuple[str, ...]]:
    for record in found.records:
        effects = {effect.rule.name: effect for effect in record.effects}
        moved_rules = {moved.rule.name for moved in record.moved}
        for moved in record.moved:
            effect = effects.get(moved.rule.name)
            yield (
                record.entity,
                record.period,
                moved.rule.name,
                moved.rule.label,
                cell(moved.before, language),
                cell(moved.after, language),
                cell(moved.difference, language),
                *(
                    (exact_text(effect.policy), exact_text(effect.performance), exact_text(effect.order))
                    if effect is not None
                    else ("", "", "")
                ),
                _because(record, moved.because, language),
            )
        for effect in record.effects:
            if effect.rule.name not in moved_rules:  # the effects cancel each other: nothing moved in the end
                numbers = (effect.total, effect.policy, effect.performance, effect.order)
                names = (record.entity, record.period, effect.rule.name, effect.rule.label, "", "")
                yield (*names, *map(exact_text, numbers), "")


def _rows(found: Difference, language: Language) -> Iterable[tuple[str, ...]]:
    for record in found.records:
        for row in record.rows:
            places = ("" if place is None else str(place) for place in (row.before, row.after))
            head = (record.entity, record.period, row.table, row.label, row.row, *places)
            if not row.moved:
                yield (*head, "", "", "", "", "", "")
            for moved in row.moved:
                yield (
                    *head,
                    moved.rule.name,
                    moved.rule.label,
                    cell(moved.before, language),
                    cell(moved.after, language),
                    cell(moved.difference, language),
                    _because(row, moved.because, language),
                )


def _because(record: RecordDifference | RowDifference, because: Sequence[int], language: Language) -> str:
    return "; ".join(cause_text(record.causes[index], language) for index in because)


def _one_sided(found: Difference, language: Language) -> Iterable[tuple[str, ...]]:
    for side, records in ((N_("old"), found.only_old), (N_("new"), found.only_new)):
        for item in records:
            refused = translate(N_("yes") if item.refused else N_("no"), language)
            yield item.entity, item.period, translate(side, language), refused


def _transitions(found: Difference, language: Language) -> Iterable[tuple[str, ...]]:
    for table in found.transitions:
        for before, counts in zip(table.values, table.counts, strict=True):
            for after, count in zip(table.values, counts, strict=True):
                if count:
                    yield table.rule.name, cell(before, language), cell(after, language), str(count)


def _sums(found: Difference) -> Iterable[tuple[str, ...]]:
    for item in found.money:
        yield (
            item.rule.name,
            exact_text(item.before),
            exact_text(item.after),
            exact_text(item.gained),
            str(item.risen),
            exact_text(item.lost),
            str(item.fallen),
            str(item.one_sided),
        )


def _effects(found: Difference) -> Iterable[tuple[str, ...]]:
    for item in found.effects:
        numbers = (item.policy + item.performance, item.policy, item.performance, item.order)
        yield (item.rule.name, *map(exact_text, numbers), str(item.records), str(item.without))
