"""Ledgers as frozen values: lines with exact amounts, what they are the amounts of, and where the policy says so."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from attrs import evolve, field, frozen

from rulecore.engines.exact import ExactValue
from rulecore.errors import Fault
from rulecore.explain.values import ExplainedField, ExplainedPolicy, Words
from rulecore.explain.wording import Labels
from rulecore.expr.nodes import Node
from rulecore.language import N_, Language
from rulecore.reals import Number
from rulecore.source import Place

LineKind = Literal[
    "full_marks",
    "contribution",
    "lost",
    "bonus",
    "adjustment",
    "deduction",
    "factor",
    "cap",
    "floor",
    "veto",
    "choice",
    "quota",
    "cohort",
    "pool",
    "dropped",
    "adjusted",
    "rounding",
    "value",
]

KINDS: Final[dict[LineKind, str]] = {
    "full_marks": N_("full marks"),
    "contribution": N_("contribution"),
    "lost": N_("points lost"),
    "bonus": N_("added"),
    "adjustment": N_("adjustment"),
    "deduction": N_("taken off"),
    "factor": N_("factor"),
    "cap": N_("cap"),
    "floor": N_("floor"),
    "veto": N_("veto"),
    "choice": N_("decision"),
    "quota": N_("quota"),
    "cohort": N_("among the others"),
    "pool": N_("pool"),
    "dropped": N_("dropped"),
    "adjusted": N_("adjusted"),
    "rounding": N_("rounding"),
    "value": N_("value"),
}
"""What each kind of line is called."""


NO_WORDS: Final = Words()


@frozen(kw_only=True)
class Line:
    """What a line of a ledger is, for every record: it is made once, when the ledger of a plan is compiled.

    ``rule`` is the rule whose value the line takes in, empty for none; that rule has a ledger of its own.
    ``inputs`` are the fields the line reads itself. ``declared`` and ``reference`` are those of the rule that
    is taken in, of the parameter that is the limit, or of the rule that the ledger is of. ``table`` is the detail
    table of a line for one of its rows; ``node`` the expression the line is the value of, where it has inputs.
    """

    kind: LineKind
    label: Words
    formula: Words = NO_WORDS
    rule: str = ""
    inputs: tuple[str, ...] = ()
    declared: Place | None = None
    reference: str = ""
    table: str = ""
    node: Node | None = field(default=None, eq=False, repr=False)


class Entry(NamedTuple):
    """A line of one record's ledger.

    ``amount`` is exact. Where they are given, ``amount = (value − marks) × factor``, with ``marks`` only for
    points lost; a factor's ``value`` is the factor, a cap's the limit. ``row`` is where the detail row was read whose
    line it is. Of a rule with logarithms or roots that are not rounded, amounts are irrational where they must be.
    """

    line: Line
    amount: Number
    value: ExactValue = None
    factor: Fraction | None = None
    marks: Fraction | None = None
    row: int | None = None


class Reason(NamedTuple):
    """What a rule's value lost, and to which line of which rule: ``amount`` is below zero."""

    rule: str
    entry: Entry
    amount: Number


@frozen(kw_only=True)
class RuleLedger:
    """The ledger of one rule: the amounts of its lines add up to ``value``, exactly.

    ``value`` is None where the rule is not applicable; it then has no lines, and ``missing`` names the fields
    and rules it reads that are not applicable. ``reasons`` are what cost most, the worst first, found down
    to the lines of the rules it takes in.
    """

    name: str
    label: Words
    value: Number | None
    shown: str | None = None
    reference: str = ""
    declared: Place
    formula: Words = NO_WORDS
    entries: tuple[Entry, ...] = ()
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()


@frozen(kw_only=True)
class RowLedgers:
    """The ledgers of one detail row: what it is called, its number among the rows of its record, where it was read."""

    name: str
    number: int
    source: Place | None = None
    fields: tuple[ExplainedField, ...] = ()
    rules: tuple[RuleLedger, ...] = ()
    tables: tuple[TableLedgers, ...] = ()
    values: Mapping[str, ExactValue] = field(factory=dict, eq=False, repr=False)


@frozen(kw_only=True)
class TableLedgers:
    """The ledgers of the rows of one detail table that belong to a record (or to a row of another table)."""

    name: str
    label: str
    labels: Labels = field(eq=False, repr=False)
    rows: tuple[RowLedgers, ...] = ()


@frozen(kw_only=True)
class Ledgers:
    """The ledgers of one record, in the order of the rules; a refused record has none but the reasons why.

    ``tables`` hold those of its detail rows. ``values`` are the record's exact values and ``labels`` what its names are
    called: with them the numbers are put into the formulas of lines.
    """

    entity: str
    period: str = ""
    policy: ExplainedPolicy | None = None
    source: Place | None = None
    fields: tuple[ExplainedField, ...] = ()
    rules: tuple[RuleLedger, ...] = ()
    tables: tuple[TableLedgers, ...] = ()
    refused: tuple[Fault, ...] = ()
    values: Mapping[str, ExactValue] = field(factory=dict, eq=False, repr=False)
    labels: Labels = field(factory=dict, eq=False, repr=False)
    language: Language = field(default="zh")

    def rule(self, name: str) -> RuleLedger | None:
        """Return the ledger of the rule of that name, or None."""
        return next((ledger for ledger in self.rules if ledger.name == name), None)

    def only(self, name: str) -> Ledgers:
        """Return the ledger of one rule, of the record or its rows, with those of the rules that it takes in."""
        if self.rule(name) is None:
            return evolve(self, rules=(), tables=tuple(_only_table(table, name) for table in self.tables))
        return evolve(self, rules=_only(self.rules, name), tables=())

    def names(self) -> dict[str, Words]:
        """Return the names of all rules that have a ledger, those of detail rows too, with their labels."""
        found = {ledger.name: ledger.label for ledger in self.rules}
        for table in self.tables:
            found = {**_table_names(table), **found}
        return found

    def roots(self) -> tuple[RuleLedger, ...]:
        """Return the ledgers that no other one takes in."""
        return roots_of(self.rules)


def _only(rules: tuple[RuleLedger, ...], name: str) -> tuple[RuleLedger, ...]:
    wanted = {name}
    for ledger in reversed(rules):
        if ledger.name in wanted:
            wanted |= {entry.line.rule for entry in ledger.entries if entry.line.rule}
    return tuple(ledger for ledger in rules if ledger.name in wanted)


def _only_table(table: TableLedgers, name: str) -> TableLedgers:
    return evolve(
        table,
        rows=tuple(
            evolve(
                row,
                rules=_only(row.rules, name),
                tables=tuple(_only_table(below, name) for below in row.tables),
            )
            for row in table.rows
        ),
    )


def _table_names(table: TableLedgers) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for row in table.rows:
        found |= {ledger.name: ledger.label for ledger in row.rules}
        for below in row.tables:
            found |= _table_names(below)
    return found


def roots_of(rules: tuple[RuleLedger, ...]) -> tuple[RuleLedger, ...]:
    """Return those of some ledgers that no other one of them takes in."""
    taken = {entry.line.rule for ledger in rules for entry in ledger.entries}
    return tuple(ledger for ledger in rules if ledger.name not in taken)
