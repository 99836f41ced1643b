"""Tables as lines for a terminal, and values as comparisons show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from rulecore.compare.values import Cause, ComparedRule, PolicyLine
from rulecore.explain.numbers import number_text, value_text
from rulecore.explain.values import ExplainedValue
from rulecore.language import N_, Language, translate
from rulecore.source import Place, display_width

INDENT: Final = "  "
NOTHING: Final = "—"


def table_lines(headers: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int) -> Iterator[str]:
    """Yield a table, indented, wide characters or not: the first ``texts`` columns left, the others right."""
    widths = [max(display_width(row[index]) for row in (headers, *rows)) for index in range(len(headers))]
    for row in (headers, *rows):
        cells = []
        for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = " " * (width - display_width(cell))
            cells.append(cell + padding if index < texts else padding + cell)
        yield (INDENT + INDENT.join(cells)).rstrip()


def shown(value: ExplainedValue, language: Language, scale: int | None = None) -> str:
    """Return a value as people read it; not applicable is its word."""
    return (
        value_text(value, language, scale).replace("-", "−")
        if _is_number(value)
        else value_text(value, language)
    )


def shown_in(rule: ComparedRule, value: ExplainedValue, language: Language) -> str:
    """Return a value of a rule, with at least the decimals that the rule is shown with."""
    return shown(value, language, rule.scale)


def signed(value: Fraction | None, scale: int | None = None) -> str:
    """Return a difference with its sign; nothing for one that is no number."""
    if value is None:
        return ""
    return ("+" if value > 0 else "") + number_text(value, scale).replace("-", "−")


def place_text(place: Place | None) -> str:
    """Return ``file:line``; empty where there is none."""
    if place is None:
        return ""
    return f"{place.file}:{place.line}" if place.line is not None else place.file


def line_text(line: PolicyLine) -> str:
    """Return a changed line of a policy: its key, both values, where it stands now (or stood)."""
    where = place_text(line.after_place or line.before_place)
    said = f"{line.key} {line.before or NOTHING} → {line.after or NOTHING}"
    return f"{said} ({where})" if where else said


def cause_text(cause: Cause, language: Language) -> str:
    """Return why something differs, in one line."""

    def say(message: str, **values: object) -> str:
        return translate(message, language).format(**values)

    separator = "；" if language == "zh" else "; "
    match cause.kind:
        case "policy":
            lines = separator.join(map(line_text, cause.lines)) or NOTHING
            return say(N_("the policy: {rule} ({lines})"), rule=cause.label, lines=lines)
        case "input":
            change = f"{shown(cause.before, language)} → {shown(cause.after, language)}"
            return say(N_("the record: {field} {change}"), field=cause.label, change=change)
        case "rows":
            return say(N_("the rows of {table}"), table=cause.label)
        case "adjustment":
            number = cause.before if cause.after is None else cause.after
            message = N_("the adjustment {number}, {label} ({by}, {reference})")
            if cause.after is None:
                message = N_("the adjustment {number} no longer, {label} ({by}, {reference})")
            said = {"number": number, "label": cause.label, "by": cause.others, "reference": cause.reference}
            return say(message, **said)
        case "above":
            change = f"{shown(cause.before, language)} → {shown(cause.after, language)}"
            return say(N_("what its record gives it: {field} {change}"), field=cause.label, change=change)
        case "earlier":
            return say(N_("earlier periods, in {rule}"), rule=cause.label)
        case _:
            how = {
                "rank": N_("others: the ranking in {rule}"),
                "count": N_("others: the number of records counted in {rule}"),
            }.get(cause.others, N_("others: {function} in {rule}"))
            return say(how, rule=cause.label, function=cause.others)


def _is_number(value: ExplainedValue) -> bool:
    return isinstance(value, Fraction) and not isinstance(value, bool)
