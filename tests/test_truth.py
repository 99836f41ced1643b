"""Truth tables: a row is an expression, a few values, and what must come out on every engine.

``given`` are values of the fields below, apart by blanks; one not given is 不适用 (``x`` and ``y`` are 0).
``expected`` is a decimal, a fraction in lowest terms, true or false, a date, 不适用, or a text (in quotes if
it looks like a number). ``issues`` are the reasons, apart by blanks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen

from rulecore import CompiledPolicy, load_policy
from rulecore.contracts import Value
from rulecore.engines.decode import decode, issue_column
from rulecore.expr.types import NumberType
from rulecore.plugins import load_plugins
from rulecore.records.storage import storage
from rulecore.registry import Registry
from rulecore.results import PolicyResults

TRUTH = Path(__file__).parent / "truth"
ABSENT = "不适用"
FIELDS = {
    **dict.fromkeys("abcd", 'type = "decimal"\ndecimals = 4\nmissing = "not_applicable"'),
    **dict.fromkeys("xy", 'type = "decimal"\ndecimals = 2\nmin = 0\nmax = 100\nmissing = 0'),
    "n": 'type = "integer"\nmissing = "not_applicable"',
    **dict.fromkeys("tu", 'type = "text"\nmissing = "not_applicable"'),
    **dict.fromkeys("pqr", 'type = "flag"\nmissing = "not_applicable"'),
    **dict.fromkeys("se", 'type = "date"\nmissing = "not_applicable"'),
}


@frozen(kw_only=True)
class Row:
    """One row of a truth table; ``verdict`` names the rule that compares what comes out."""

    number: int
    expression: str
    given: dict[str, str]
    expected: str
    issues: frozenset[str]

    @property
    def verdict(self) -> str:
        """The rule that says whether a value without a column of its own is the expected one."""
        return f"verdict_{self.number}"


def read(name: str) -> list[Row]:
    with (TRUTH / name).open(encoding="utf-8", newline="") as file:
        return [
            Row(
                number=number,
                expression=cells["expression"],
                given=dict(pair.split("=", 1) for pair in cells["given"].split()),
                expected=cells["expected"],
                issues=frozenset(cells["issues"].split()),
            )
            for number, cells in enumerate(csv.DictReader(file, strict=True), start=2)
        ]


def policy_text(rows: list[Row]) -> str:
    """Return a policy with a rule for each expression, and one for each row that says whether it came out."""
    lines = [
        '[policy]\nname = "truth"\nversion = "1"\n[record]\nentity = "unit"\n[fields.unit]\ntype = "text"'
    ]
    lines += [f"[fields.{name}]\n{keys}" for name, keys in FIELDS.items()]
    for expression, name in rules(rows).items():
        lines.append(f"[rules.{name}]\nscorer = \"formula\"\nvalue = '''{expression}'''")
    lines += [f"[rules.{row.verdict}]\nscorer = \"formula\"\nvalue = '{_verdict(row, rows)}'" for row in rows]
    lines.append('[output]\ncolumns = ["unit"]')
    return "\n".join(lines)


def rules(rows: list[Row]) -> dict[str, str]:
    """Return the name of the rule of each expression."""
    return {row.expression: f"rule_{row.number}" for row in reversed(rows)}


def _verdict(row: Row, rows: list[Row]) -> str:
    name = rules(rows)[row.expression]
    if row.expected == ABSENT:
        return f"is_not_applicable({name})"
    number = _number(row.expected)
    return f"coalesce({name} == {row.expected}, false)" if number is not None else f"is_applicable({name})"


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


@cache
def registry() -> Registry:
    return load_plugins(entry_points=False)


@cache
def policy(name: str, folder: Path) -> CompiledPolicy:
    path = folder / "policy.toml"
    path.write_text(policy_text(read(name)), encoding="utf-8")
    return load_policy(path, registry=registry())


def shown(value: Value) -> str:
    match value:
        case None:
            return ABSENT
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def wrong(part: PolicyResults, row: Row, position: int, rule: str) -> Iterator[str]:
    """Yield what differs from a row of the table."""
    step = part.plan.rule(rule)
    assert step is not None
    if storage(step.type) is not None:
        found = decode(part.steps[rule], step.type)[position]
        number = _number(row.expected) if isinstance(step.type, NumberType) else None
        expected = row.expected.strip("'") if number is None else shown(number)
        if shown(found) != expected:
            yield f"line {row.number}: {row.expression} with {row.given} is {shown(found)}, not {expected}"
    if not part.steps[row.verdict][position]:
        yield f"line {row.number}: {row.expression} with {row.given} compares as other than {row.expected}"
    met = {reason for reason in step.issues if part.steps[issue_column(rule, reason)][position]}
    if met != row.issues:
        yield f"line {row.number}: {row.expression} with {row.given} has the issues {sorted(met)}"


@pytest.mark.parametrize("engine", sorted(registry().engines))
@pytest.mark.parametrize("name", sorted(path.name for path in TRUTH.glob("*.csv")))
def test_every_engine_gives_what_the_truth_table_says(
    name: str, engine: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = read(name)
    records = [{"unit": f"U{row.number}", **row.given} for row in rows]
    results = policy(name, _folder(name, tmp_path_factory)).evaluate(records, engine=engine)
    assert results.rows_scored == len(rows), [item.values for item in results.quarantined][:3]
    part, names = results.parts[0], rules(rows)
    faults = [
        fault
        for position, row in enumerate(rows)
        for fault in wrong(part, row, position, names[row.expression])
    ]
    assert faults == []


_FOLDERS: dict[str, Path] = {}


def _folder(name: str, factory: pytest.TempPathFactory) -> Path:
    if name not in _FOLDERS:
        _FOLDERS[name] = factory.mktemp("truth")
    return _FOLDERS[name]


def test_a_truth_table_says_each_thing_once() -> None:
    for path in TRUTH.glob("*.csv"):
        found = [(row.expression, tuple(sorted(row.given.items()))) for row in read(path.name)]
        assert len(set(found)) == len(found), path.name
