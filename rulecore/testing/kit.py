"""The test kit of plugin authors.

A rule evaluated from a few lines of TOML, on both engines, with no files around it.

>>> from rulecore.testing import evaluate_rule
>>> rule = '''
... [fields.done]
... type = "decimal"
... decimals = 1
... [rules.score]
... scorer = "formula"
... value = "done / 3"
... decimals = 2
... '''
>>> evaluate_rule(rule, [{"done": "100.5"}])
[Fraction(67, 2)]
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from rulecore.api import CompiledPolicy, load_policy
from rulecore.codes import cases as codes
from rulecore.codes.records import RECORD_REFUSED
from rulecore.contracts import RawTable, Scorer, Value
from rulecore.errors import Fault, FaultsError, UsageError
from rulecore.expr import nodes
from rulecore.expr.types import DateType, FlagType, NumberType, TextType
from rulecore.nested import raw_rows, split_nested
from rulecore.numbers import format_number
from rulecore.plan.references import walk
from rulecore.planned import Plan, PlannedField, PlannedRule, PlannedTable
from rulecore.plugins import load_found, load_plugins
from rulecore.plugins.find import find_entry_points, find_plugins
from rulecore.policy.words import listed
from rulecore.reals import Real
from rulecore.records.table_fields import tables_apart
from rulecore.registry import Registry
from rulecore.testing.bind import BoundCase, Suite
from rulecore.testing.cases import Case
from rulecore.testing.run import Difference, run_case
from rulecore.testing.scopes import scopes

if TYPE_CHECKING:
    from rulecore.policy.document import Document

_FRAME: Final = """
[policy]
name = "kit"
version = "1"

[record]
entity = "record"

[fields.record]
column = "record"
type = "text"
"""


class EnginesDisagreeError(FaultsError):
    """The engines give different values for the same record."""


def compile_rule(text: str, *, registry: Registry | None = None) -> CompiledPolicy:
    """Return the policy that a TOML text of ``[fields.…]``, ``[parameters]`` and ``[rules.…]`` makes.

    What every policy needs beside them (``[policy]``, ``[record]`` with the entity ``record``, ``[output]``)
    is added where the text has no ``[policy]``. ``registry`` are the plugins to compile with; without it,
    all that are installed. Raises :class:`rulecore.errors.PolicyError` with every fault.
    """
    whole = text if "[policy]" in text else f'{text}\n{_FRAME}\n[output]\ncolumns = ["record"]\n'
    with TemporaryDirectory() as folder:
        path = Path(folder, "policy.toml")
        path.write_text(whole, encoding="utf-8")
        return load_policy(path, registry=registry or load_plugins())


def evaluate_rule(
    text: str, records: Sequence[Mapping[str, object]], *, rule: str = "", registry: Registry | None = None
) -> list[Value]:
    """Return the exact values of a rule for some records, in order; None is not applicable.

    ``text`` is as for :func:`compile_rule`; ``rule`` is the last one in it unless named. ``records`` are
    mappings from field names or columns to cells; an entity is added where they have none. Both engines
    compute them and must agree. Raises :class:`EnginesDisagreeError` where they do not,
    :class:`rulecore.errors.FaultsError` for records that are refused.
    """
    policy = compile_rule(text, registry=registry)
    known = [step.name for step in policy.plan.steps if isinstance(step, PlannedRule) and not step.hidden]
    wanted = rule or list(policy.plan.policy.rules)[-1]
    if wanted not in known:
        raise UsageError([Fault(code=codes.NO_RULE, values={"rule": wanted, "known": listed(known)})])
    assert_engines_agree(policy, records)
    suite, case = _suite(policy, records)
    found, _notes = scopes(suite, case)
    values = [values[wanted] for scope in found for values in scope.computed()[""].computed.values]
    return [None if isinstance(value, Real) else value for value in values]


def assert_engines_agree(policy: CompiledPolicy, records: Sequence[Mapping[str, object]]) -> None:
    """Raise :class:`EnginesDisagreeError` if any step of any record differs between the engines.

    Records that a condition of ``[record] refuse`` holds for are left out. Raises
    :class:`rulecore.errors.UsageError` with the reasons if a record cannot be read: it would test nothing.
    """
    suite, case = _suite(policy, records)
    result = run_case(suite, case)
    if result.faults:
        raise UsageError(result.faults)
    if any(difference.what == "refusal" for difference in result.differences):
        from rulecore.evaluation import evaluate

        items = evaluate(policy.plans, [case.table], policy.registry.engines["exact"].value).quarantined
        unread = [item.fault() for item in items if item.code is not RECORD_REFUSED]
        if unread:
            raise UsageError(unread)
    faults = [_fault(difference) for difference in result.differences if difference.what == "engine"]
    if faults:
        raise EnginesDisagreeError(faults)


def _fault(difference: Difference) -> Fault:
    values = {
        "what": difference.key,
        "record": difference.record,
        "exact": difference.expected,
        "columnar": difference.actual,
    }
    return Fault(code=codes.ENGINES_DISAGREE, values=values)


def _suite(policy: CompiledPolicy, records: Sequence[Mapping[str, object]]) -> tuple[Suite, BoundCase]:
    entity = policy.plan.policy.record.entity
    header = next(planned.header for planned in policy.plan.fields if planned.name == entity)
    named = [
        dict(record) if entity in record or header in record else {header: f"R{number}", **record}
        for number, record in enumerate(records, start=1)
    ]
    plain, nested = split_nested(named, policy.plans)
    details = {name: (raw_rows(rows, name, policy.plans),) for name, rows in nested.items()}
    details = {
        table.name: details.get(table.name, (_no_rows(table),)) for table in tables_apart(policy.plan)
    } | details
    case = BoundCase(
        case=Case(name="kit", records=()), path=(), plans=(0,), table=_table(plain), details=details
    )
    document: Document = policy.loaded[0].document
    return Suite(file=document.path, document=document, policies=policy, cases=(case,), wanted=(0,)), case


def _table(records: object) -> RawTable:
    from rulecore.records.frames import raw_table

    return raw_table(records, "kit")


def _no_rows(table: PlannedTable) -> RawTable:
    from rulecore.records.frames import raw_table

    headers = (*table.headers, *(planned.header for planned in table.plan.fields))
    return raw_table({header: [] for header in headers}, "kit")


# --- records on the edges ---------------------------------------------------------------------------------


def boundary_records(policy: CompiledPolicy, count: int = 200, seed: int = 0) -> list[dict[str, object]]:
    """Return records whose cells crowd the edges.

    Cells are bounds of fields, constants of rules, one unit beside each, 不适用.

    The same policy, count and seed always give the same records. None of them is refused for a cell of its
    own.
    """
    source = random.Random(seed)  # noqa: S311 - for tests, and the same every time
    plan = policy.plan
    entity = plan.policy.record.entity
    constants = _constants(plan)
    return [
        {entity: f"R{number}"} | _cells(plan, entity, constants, source) | _rows(plan, "", constants, source)
        for number in range(1, count + 1)
    ]


def _cells(plan: Plan, named: str, constants: Sequence[Value], source: random.Random) -> dict[str, object]:
    return {
        planned.name: source.choice(edges(planned, constants))
        for planned in plan.fields
        if planned.name != named
    }


def _rows(plan: Plan, parent: str, constants: Sequence[Value], source: random.Random) -> dict[str, object]:
    """Return the rows of a record (or row) by table: as few as may be, or a few more."""
    found: dict[str, object] = {}
    for table in plan.tables:
        declared, name = table.declaration, table.declaration.row
        if declared.parent != parent:
            continue
        least = max(declared.at_least, 1 if declared.source == "records" else 0)
        names: Sequence[str] = declared.fields[name].values if name else ()
        size = len(names) if declared.complete else source.randint(least, min(declared.at_most, least + 4))
        known = list(names)[:size] if names else [f"{table.name}{row}" for row in range(1, size + 1)]
        found[table.name] = [
            _cells(table.plan, name, constants, source)
            | ({name: row} if name else {})
            | _rows(plan, table.name, constants, source)
            for row in known
        ]
    return found


def edges(planned: PlannedField, constants: Sequence[Value]) -> list[object]:
    """Return the cells of a field that lie on or next to an edge."""
    cells: list[object] = []
    match planned.type:
        case NumberType(scale=scale, low=low, high=high):
            unit = Fraction(1, 10 ** (scale or 0))
            near = [value for value in (low, high, Fraction(0), *constants) if isinstance(value, Fraction)]
            on = {(value // unit + step) * unit for value in near for step in (-1, 0, 1, 2)}
            shown = sorted(
                value for value in on if (low is None or value >= low) and (high is None or value <= high)
            )
            factor = 100 if planned.declaration.percent else 1
            cells += [format_number(value * factor) for value in shown]
        case TextType(values=values):
            cells += (
                sorted(values)
                if values is not None
                else ["甲", *(one for one in constants if isinstance(one, str) and one)]
            )
        case FlagType():
            cells += [planned.declaration.true[0], planned.declaration.false[0]]
        case DateType(low=low, high=high):
            days = [day for day in (low, high) if day is not None]
            cells += [day.isoformat() for day in days] or ["2024-02-29"]
            cells += [(low + timedelta(days=1)).isoformat()] if low is not None and low != high else []
        case _:
            pass
    return [*cells, None] if planned.declaration.missing == "not_applicable" else cells


def _constants(plan: Plan) -> list[Value]:
    found: dict[Value, None] = {}
    for step in (*plan.steps, *(step for table in plan.tables for step in table.plan.steps)):
        for part in walk(step.node):
            if isinstance(part, nodes.Literal) and not isinstance(part.value, bool):
                found[part.value] = None
    return list(found)


# --- plugins ----------------------------------------------------------------------------------------------


def check_scorer(
    scorer: type[Scorer], text: str, *, registry: Registry | None = None, count: int = 200
) -> CompiledPolicy:
    """Check a scorer by a policy that uses it, and return that policy compiled for further tests.

    The scorer must be registered under its name, have a docstring with its meaning, be used by a rule of
    ``text`` (as for :func:`compile_rule`), and both engines must agree on ``count`` records that crowd its
    edges. Raises AssertionError, :class:`rulecore.errors.PolicyError` or :class:`EnginesDisagreeError`.
    """
    loaded = registry or load_plugins()
    found = loaded.scorers.get(scorer.name)
    if found is None or found.value is not scorer:
        raise AssertionError(f"{scorer.__qualname__} is not what is registered as the scorer {scorer.name!r}")
    if not (scorer.__doc__ or "").strip():
        raise AssertionError(f"{scorer.__qualname__} has no docstring: its page would be empty")
    policy = compile_rule(text, registry=loaded)
    if all(rule.scorer != scorer.name for rule in policy.plan.policy.rules.values()):
        raise AssertionError(f"no rule of the text uses the scorer {scorer.name!r}")
    assert_engines_agree(policy, boundary_records(policy, count))
    return policy


def check_plugin(module: str, *, file: Path | None = None) -> Registry:
    """Check that a plugin loads without faults beside the built-ins, and return what is then registered.

    ``module`` is the installed plugin's module; for a single file give its path as ``file``. Raises
    :class:`rulecore.errors.PluginError` with every fault, or AssertionError if no such plugin is installed.
    """
    if file is not None:
        found, faults = find_plugins(file.parent, entry_points=False)
        return load_found(found, faults)
    builtins, faults = find_plugins(None, entry_points=False)
    own = tuple(plugin for plugin in find_entry_points() if plugin.module == module)
    if not own:
        raise AssertionError(
            f"no installed plugin has the module {module!r}: is its entry point in the group rulecore?"
        )
    return load_found((*builtins, *own), faults)


__all__ = [
    "EnginesDisagreeError",
    "assert_engines_agree",
    "boundary_records",
    "check_plugin",
    "check_scorer",
    "compile_rule",
    "edges",
    "evaluate_rule",
]
