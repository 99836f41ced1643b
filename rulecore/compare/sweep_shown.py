"""The outcome against a parameter as text, plain values, and tables for data files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rulecore.compare.lines import NOTHING, shown, table_lines
from rulecore.compare.sheets import cell, sheet
from rulecore.compare.sweep import Outcome, Point, Sweep
from rulecore.contracts import Document
from rulecore.errors import Fault
from rulecore.explain.document import Plain, plain_value
from rulecore.explain.numbers import exact_text
from rulecore.language import N_, Language, translate

SWEEP_VERSION = 1
"""The version of the form; it grows only when a program that reads the old form would misread the new one."""
MOST_NAMED = 3


def sweep_text(found: Sweep, language: Language) -> str:
    """Return a sweep as a table: a line for each value, the mean of numbers, the counts of grades, who changes."""

    def say(message: str, **values: object) -> str:
        return translate(message, language).format(**values)

    headers = [one.name for one in found.parameters]
    for outcome in found.current:
        word = N_("{rule}: counts") if outcome.counts else N_("{rule}: mean")
        headers.append(say(word, rule=outcome.rule.label))
    headers += [say(N_("records")), say(N_("change"))]
    rows = [_row(found, point, language) for point in found.points]
    lines = [say(N_("now: {values}"), values=_now(found)), *table_lines(headers, rows, texts=len(headers))]
    idle = [one.name for one in found.parameters if not one.matters and len(one.values) > 1]
    lines += [say(N_("{name} changes no result within these values"), name=name) for name in idle]
    marked = [point for point in found.points if point.outside]
    if marked:
        lines += ["", say(N_("! marks values that the policy or its bases do not allow:"))]
        lines += [
            f"  {said}" for said in dict.fromkeys(_breach(fault, language) for fault in _breaches(marked))
        ]
    return "\n".join(lines)


def _breaches(points: Sequence[Point]) -> Iterator[Fault]:
    for point in points:
        yield from point.outside


def _breach(fault: Fault, language: Language) -> str:
    file = f"{fault.place.file}: " if fault.place is not None else ""
    return f"{file}{fault.code.id} {fault.message(language)}"


def _now(found: Sweep) -> str:
    return ", ".join(
        f"{one.name} = {NOTHING if one.current is None else exact_text(one.current)}"
        for one in found.parameters
    )


def _row(found: Sweep, point: Point, language: Language) -> list[str]:
    values = [exact_text(value) for value in point.values]
    values[-1] += " !" if point.outside else ""
    if point.refused:
        return [*values, *[NOTHING] * (len(found.current) + 2)]
    named = ", ".join(point.changed[:MOST_NAMED]) + ("…" if len(point.changed) > MOST_NAMED else "")
    changed = f"{len(point.changed)} ({named})" if point.changed else "0"
    return [*values, *(_cell(outcome, language) for outcome in point.outcomes), str(point.scored), changed]


def _cell(outcome: Outcome, language: Language) -> str:
    if outcome.counts:
        return "  ".join(f"{shown(value, language)} {count}" for value, count in outcome.counts)
    return NOTHING if outcome.mean is None else shown(outcome.mean, language, outcome.rule.scale)


def sweep_document(found: Sweep, language: Language) -> Plain:
    """Return a sweep as plain values, ready to be written as JSON."""
    return {
        "sweep": SWEEP_VERSION,
        "language": language,
        "parameters": [
            {
                "name": one.name,
                "current": None if one.current is None else exact_text(one.current),
                "values": [exact_text(value) for value in one.values],
                "matters": one.matters,
            }
            for one in found.parameters
        ],
        "current": [_outcome(outcome) for outcome in found.current],
        "points": [_point(found, point, language) for point in found.points],
    }


def _point(found: Sweep, point: Point, language: Language) -> Plain:
    names = [one.name for one in found.parameters]
    return {
        "values": {name: exact_text(value) for name, value in zip(names, point.values, strict=True)},
        "outside": [{"code": fault.code.id, "message": fault.message(language)} for fault in point.outside],
        "refused": point.refused,
        "records": point.scored,
        "changed": list(point.changed),
        "outcomes": [_outcome(outcome) for outcome in point.outcomes],
    }


def _outcome(outcome: Outcome) -> Plain:
    if outcome.counts:
        counts = [{"value": plain_value(value), "records": count} for value, count in outcome.counts]
        return {"rule": outcome.rule.name, "records": outcome.records, "counts": counts}
    numbers = {"sum": outcome.sum, "mean": outcome.mean, "least": outcome.least, "most": outcome.most}
    exact = {name: None if value is None else exact_text(value) for name, value in numbers.items()}
    return {"rule": outcome.rule.name, "records": outcome.records, **exact}


MEASURES = (N_("sum"), N_("mean"), N_("least"), N_("most"))


def sweep_tables(found: Sweep, language: Language) -> Document:
    """Return a sweep as a long table for data files: a row for each value, rule and measure."""
    headers = (
        *(one.name for one in found.parameters),
        N_("outside"),
        N_("rule"),
        N_("measure"),
        N_("value"),
    )
    rows = [row for point in found.points for row in _rows(point, language)]
    return Document(title="rulecore sweep", sheets=(sheet(N_("sweep"), headers, rows, language),))


def _rows(point: Point, language: Language) -> Iterator[tuple[str, ...]]:
    outside = " ".join(dict.fromkeys(fault.code.id for fault in point.outside))
    head = (*map(exact_text, point.values), outside)
    if point.refused:
        yield (*head, "", "", "")
        return
    yield (*head, "", translate(N_("records that change"), language), str(len(point.changed)))
    for outcome in point.outcomes:
        numbers: tuple[Fraction | None, ...] = (outcome.sum, outcome.mean, outcome.least, outcome.most)
        for word, number in zip(MEASURES, numbers, strict=True) if not outcome.counts else ():
            yield (*head, outcome.rule.name, translate(word, language), cell(number, language))
        for value, count in outcome.counts:
            said = translate(N_("records with {value}"), language).format(value=shown(value, language))
            yield (*head, outcome.rule.name, said, str(count))
