"""Tables of values beside the snippets of a page: records in, what a policy makes of them, on an engine.

A table whose header has ``→`` follows a ``toml`` block (text may stand between) and is computed with all the blocks of
the page up to there. Columns without ``→`` are fields by their names, ``rows.mark`` those of a detail table; ``→ name``
is what a rule or field must be, exactly, ``→ rows.name`` the same for a row, ``→ refused`` the reason why a record is
refused. One line is one record; lines with the same entity (and period) are one record with detail rows. A blank
expectation is not looked at, ``""`` is the empty text. What a table leaves out is filled in: nothing where the field
allows it, else the least or first value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from attrs import frozen

import rulecore
from rulecore.contracts import Value
from rulecore.declarations import FieldDeclaration, Policy
from rulecore.registry import Registry
from rulecore.results import PolicyResults, Results
from rulecore.testing.values import value_text

ARROW = "→"
ABSENT = "不适用"
REFUSED = "refused"
BLOCK = re.compile(
    r"^```toml(?: (?P<kind>\w+))?\n(?P<toml>.*?)^```$|(?P<table>(?:^\|[^\n]*\n?)+)", re.MULTILINE | re.DOTALL
)
SECTION = re.compile(r"^\[([^\[\]]+)\]", flags=re.MULTILINE)
Line = dict[str, str]


@frozen(kw_only=True)
class WorkedTable:
    """A table with the policy that stands before it; ``name`` is the heading it stands under."""

    name: str
    policy: str
    headers: tuple[str, ...]
    lines: tuple[Line, ...]


def worked_tables(page: Path) -> list[WorkedTable]:
    """Return the tables of a page that hold results, each with its policy."""
    return list(_worked_tables(page.read_text(encoding="utf-8")))


def _worked_tables(text: str) -> Iterator[WorkedTable]:
    sections: dict[str, str] = {}
    for found in BLOCK.finditer(text):
        if found["toml"] is not None:
            sections = (sections if found["kind"] == "fragment" else {}) | _sections(found["toml"])
            continue
        headers, _rule, *rows = map(_cells, found["table"].strip().splitlines())
        if any(header.startswith(ARROW) for header in headers):
            heading = re.findall(r"^#+ (.*)$", text[: found.start()], flags=re.MULTILINE)[-1]
            lines = tuple(dict(zip(headers, row, strict=True)) for row in rows)
            yield WorkedTable(
                name=heading, policy="\n".join(sections.values()), headers=tuple(headers), lines=lines
            )


def _cells(line: str) -> list[str]:
    """Return the cells of a line of a Markdown table; a bar in a cell has a backslash before it."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def _sections(text: str) -> dict[str, str]:
    starts = [*SECTION.finditer(text)]
    ends = [*(start.start() for start in starts[1:]), len(text)]
    return {start[1]: text[start.start() : end] for start, end in zip(starts, ends, strict=True)}


def differences(worked: WorkedTable, folder: Path, engine: str, registry: Registry) -> list[str]:
    """Return what an engine makes otherwise of a table than the table says, in words; nothing if all is as written."""
    path = folder / "policy.toml"
    path.write_text(_shown(worked), encoding="utf-8")
    policy = rulecore.load_policy(path, registry=registry)
    records = _records(worked, policy)
    results = policy.evaluate(records, engine=engine, history=())
    return [*_record_differences(worked, policy, results), *_row_differences(worked, results.parts[0])]


def _expected(worked: WorkedTable) -> list[str]:
    return [header.removeprefix(ARROW).strip() for header in worked.headers if header.startswith(ARROW)]


def _shown(worked: WorkedTable) -> str:
    """Return the policy with all that is expected in its output: engines keep only what somebody asks for."""
    names = [name for name in _expected(worked) if name != REFUSED and "." not in name]
    shown = ", ".join(f'{{ of = "{name}", header = "{ARROW} {name}" }}' for name in names)
    text = re.sub(
        r"^(\[output\]\n(?:.*\n)*?columns = \[)",
        lambda found: f"{found[1]}{shown}, ",
        worked.policy,
        flags=re.M,
    )
    tables = dict.fromkeys(name.split(".")[0] for name in _expected(worked) if "." in name)
    for table in tables:
        rules = [name.split(".")[1] for name in _expected(worked) if name.startswith(f"{table}.")]
        text += f"\n[tables.{table}.output]\ncolumns = [{', '.join(f'{chr(34)}{rule}{chr(34)}' for rule in rules)}]\n"
    return text


def _groups(worked: WorkedTable, policy: rulecore.CompiledPolicy) -> dict[tuple[str, str, str], list[Line]]:
    """Return the lines of each record by its entity, its full name (with its key) and its period."""
    record = policy.plan.policy.record
    found: dict[tuple[str, str, str], list[Line]] = {}
    for number, line in enumerate(worked.lines, start=1):
        entity = line.get(record.entity, f"R{number}")
        name = "/".join([entity, *(line[key] for key in record.key)])
        found.setdefault((entity, name, line.get(record.period or "", "")), []).append(line)
    return found


def _records(worked: WorkedTable, policy: rulecore.CompiledPolicy) -> list[dict[str, object]]:
    declared = policy.plan.policy
    records: list[dict[str, object]] = []
    for (entity, _name, _period), lines in _groups(worked, policy).items():
        given = {
            name: cell for name, cell in lines[0].items() if "." not in name and not name.startswith(ARROW)
        }
        record: dict[str, object] = {**_filler(declared.fields), **_routed(declared), **given}
        record[declared.record.entity] = entity
        for table, declaration in declared.tables.items():
            rows = [
                {
                    name.split(".")[1]: cell
                    for name, cell in line.items()
                    if name.startswith(f"{table}.") and cell != ""
                }
                for line in lines
            ]
            record[table] = [
                {**_filler(declaration.fields), **row, **_numbered(declaration.row, row, number)}
                for number, row in enumerate(rows, start=1)
                if row
            ]
            if not record[table] and declaration.at_least:
                record[table] = [_filler(declaration.fields)]
        records.append(record)
    return records


def _routed(policy: Policy) -> dict[str, object]:
    """Return the cells that bring a record to the policy: those it applies to, in a period that it is in force in."""
    routed: dict[str, object] = {name: choices[0] for name, choices in policy.policy.applies_to.items()}
    if policy.record.period and policy.policy.effective.from_ is not None:
        routed[policy.record.period] = str(policy.policy.effective.from_.year)
    return routed


def _numbered(row: str | None, given: Mapping[str, str], number: int) -> dict[str, str]:
    return {row: str(number)} if row and row not in given else {}


def _filler(fields: Mapping[str, FieldDeclaration]) -> dict[str, object]:
    filled: dict[str, object] = {}
    for name, field in fields.items():
        if field.missing != "refuse":
            continue
        match field.type:
            case "text":
                filled[name] = field.values[0] if field.values else name
            case "flag":
                filled[name] = field.false[0]
            case "date":
                filled[name] = "2024-01-01"
            case _:
                filled[name] = str(field.min or 0)
    return filled


def _record_differences(
    worked: WorkedTable, policy: rulecore.CompiledPolicy, results: Results
) -> Iterator[str]:
    refused = dict(_refusals(results))
    for (entity, name, period), lines in _groups(worked, policy).items():
        wanted = lines[0].get(f"{ARROW} {REFUSED}", "")
        if wanted or entity in refused:
            if not wanted or wanted not in refused.get(entity, ""):
                yield f"{entity}: refused {refused.get(entity)!r}, not {wanted!r}"
            continue
        part, row = next(results.find(name, period))
        values = results.values_of(part, row)
        for of in _expected(worked):
            cell = lines[0][f"{ARROW} {of}"]
            if of != REFUSED and "." not in of and cell and not same(cell, values[of]):
                yield f"{name} {period}: {of} is {value_text(values[of])}, not {cell}"


def _refusals(results: Results) -> Iterator[tuple[str, str]]:
    for entity in dict.fromkeys(row.entity for row in results.quarantined):
        reasons = (row.reason(results.language) for row in results.quarantined if row.entity == entity)
        yield entity, " ".join(dict.fromkeys(reasons))


def _row_differences(worked: WorkedTable, part: PolicyResults) -> Iterator[str]:
    for table, found in part.tables.items():
        names = [name.split(".")[1] for name in _expected(worked) if name.startswith(f"{table}.")]
        given = [
            line
            for line in worked.lines
            if any(cell for name, cell in line.items() if name.startswith(f"{table}."))
        ]
        for name in names:
            step = found.part.plan.rule(name)
            assert step is not None
            values = _decoded(found.part, name)
            for line, value in zip(given, values, strict=True):
                cell = line[f"{ARROW} {table}.{name}"]
                if cell and not same(cell, value):
                    yield f"{line}: {name} is {value_text(value)}"


def _decoded(part: PolicyResults, name: str) -> Sequence[Value]:
    from rulecore.engines.decode import decode

    step = next(step for step in part.plan.steps if step.name == name)
    return decode(part.steps[name], step.type)


def same(cell: str, value: object) -> bool:
    """Say whether a value is what a cell of a table says it is."""
    match value:
        case None:
            return cell == ABSENT
        case bool():
            return cell == ("是" if value else "否")
        case Fraction():
            text = cell.replace("%", "").replace(" ", "")
            try:
                return Fraction(text) / (100 if "%" in cell else 1) == value
            except ValueError:
                return False
        case str():
            return cell == (value or '""')
        case _:
            return cell == value_text(value)
