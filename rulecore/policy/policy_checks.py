"""What is wrong with the header, the rules' common keys and the output beyond the types of their keys."""

from __future__ import annotations

from collections.abc import Iterator

from rulecore.codes import policy as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.policy.document import Document
from rulecore.policy.field_checks import decimals_fault, value_fits
from rulecore.policy.names import unknown_name
from rulecore.policy.sections import Sections
from rulecore.policy.words import shown
from rulecore.source import KeyPath, format_key


def check_header(sections: Sections) -> Iterator[Fault]:
    """Yield faults of ``[policy]``: empty name or version, days reversed, records it never applies to."""
    header, document = sections.header, sections.document
    if header is None:
        return
    for key, text in (("name", header.name), ("version", header.version)):
        if not text.strip():
            yield _empty(sections, ("policy", key))
    start, end = header.effective.from_, header.effective.until
    if start is not None and end is not None and start > end:
        values = {"start": start.isoformat(), "end": end.isoformat()}
        place = document.place(("policy", "effective", "from"))
        related = ((N_("its last day is here"), document.place(("policy", "effective", "until"))),)
        yield Fault(code=codes.DATES_REVERSED, values=values, place=place, related=related)
    for name, allowed in header.applies_to.items():
        yield from _applies_to(sections, name, allowed)


def _applies_to(sections: Sections, name: str, allowed: tuple[object, ...]) -> Iterator[Fault]:
    path: KeyPath = ("policy", "applies_to", name)
    document = sections.document
    yield from unknown_name(document, path, name, sections.field_names, codes.UNKNOWN_FIELD, at_key=True)
    if not allowed:
        yield _empty(sections, path)
    declaration = sections.fields.get(name)
    for index, value in enumerate(allowed):
        if declaration is not None and not value_fits(value, declaration):
            values = {"found": shown(value), "name": name, "type": declaration.type}
            place = document.place((*path, index))
            yield Fault(code=codes.VALUE_NOT_FOR_FIELD, values=values, place=place)
        if value in allowed[:index]:
            values = {"found": shown(value), "key": format_key(path)}
            yield Fault(code=codes.VALUE_TWICE, values=values, place=document.place((*path, index)))


def check_rules(sections: Sections) -> Iterator[Fault]:
    """Yield faults of how each rule rounds: to two things at once, out of range, or to nothing."""
    document = sections.document
    for name, rule in sections.rules.items():
        path: KeyPath = ("rules", name)
        yield from decimals_fault(sections, path, rule.decimals)
        if rule.decimals is not None and rule.step is not None:
            related = ((N_("decimals is here"), document.place((*path, "decimals"), value=False)),)
            place = document.place((*path, "step"), value=False)
            yield Fault(code=codes.DECIMALS_AND_STEP, values={"name": name}, place=place, related=related)
        if rule.step is not None and rule.step <= 0:
            place = document.place((*path, "step"))
            yield Fault(code=codes.STEP_NOT_POSITIVE, values={"found": shown(rule.step)}, place=place)
        if rule.decimals is None and rule.step is None and _is_written(document, (*path, "rounding")):
            place = document.place((*path, "rounding"), value=False)
            yield Fault(code=codes.ROUNDING_WITHOUT_PLACE, values={"name": format_key(path)}, place=place)
        if not rule.scorer.strip():
            yield _empty(sections, (*path, "scorer"))


def check_output(sections: Sections) -> Iterator[Fault]:
    """Yield faults of ``[output]``: columns that name nothing, headers twice, values of hidden columns."""
    output, document = sections.output, sections.document
    if output is None:
        return
    if not output.columns:
        yield _empty(sections, ("output", "columns"))
    known = (*sections.field_names, *sections.rule_names)
    headers: dict[str, int] = {}
    for index, column in enumerate(output.columns):
        path: KeyPath = ("output", "columns", index)
        is_table = _is_written(document, (*path, "of"))
        named: KeyPath = (*path, "of") if is_table else path
        yield from unknown_name(document, named, column.of, known, codes.UNKNOWN_OUTPUT)
        yield from decimals_fault(sections, path, column.decimals)
        if is_table and column.decimals is None and _is_written(document, (*path, "rounding")):
            place = document.place((*path, "rounding"), value=False)
            yield Fault(code=codes.ROUNDING_WITHOUT_PLACE, values={"name": format_key(path)}, place=place)
        header = column.header or _label(sections, column.of)
        first = headers.setdefault(header, index)
        if first != index:
            values = {"header": shown(header), "name": column.of}
            related = ((N_("first used here"), document.place(("output", "columns", first))),)
            place = document.place(path)
            yield Fault(code=codes.OUTPUT_HEADER_TWICE, values=values, place=place, related=related)
    columns = tuple(column.of for column in output.columns)
    for part, name in (("mean", output.summary.mean), ("count", output.summary.count)):
        if name:
            yield from unknown_name(
                document, ("output", "summary", part), name, columns, codes.UNKNOWN_OUTPUT
            )
    for name in output.refused or {}:
        path = ("output", "refused", name)
        yield from unknown_name(document, path, name, columns, codes.REFUSED_NOT_SHOWN, at_key=True)


def _label(sections: Sections, name: str) -> str:
    """Return the header of an output column that states none: label, input column, or name."""
    rule, field = sections.rules.get(name), sections.fields.get(name)
    if rule is not None:
        return rule.label or name
    return (field.label or field.column or name) if field is not None else name


def _is_written(document: Document, path: KeyPath) -> bool:
    return document.value_at(path) is not None


def _empty(sections: Sections, path: KeyPath) -> Fault:
    return Fault(
        code=codes.EMPTY_VALUE, values={"key": format_key(path)}, place=sections.document.place(path)
    )
