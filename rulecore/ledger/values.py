"""Ledgers as frozen values: lines with exact amounts, what they are the amounts of, and where the policy says so."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, NamedTuple

from attrs import evolve, field, frozen

from rulecore.contracts import Value
from rulecore.errors import Fault
from rulecore.explain.values import ExplainedField, ExplainedPolicy, Words
from rulecore.language import N_, Language
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
    "cohort",
    "dropped",
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
    "cohort": N_("among the others"),
    "dropped": N_("dropped"),
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
    is taken in, of the parameter that is the limit, or of the rule that the ledger is of.
    """

    kind: LineKind
    label: Words
    formula: Words = NO_WORDS
    rule: str = ""
    inputs: tuple[str, ...] = ()
    declared: Place | None = None
    reference: str = ""


class Entry(NamedTuple):
    """A line of one record's ledger.

    ``amount`` is exact. Where they are given, ``amount = (value − marks) × factor``, with ``marks`` only for
    points lost; a factor's ``value`` is the factor, a cap's the limit.
    """

    line: Line
    amount: Fraction
    value: Value = None
    factor: Fraction | None = None
    marks: Fraction | None = None


class Reason(NamedTuple):
    """What a rule's value lost, and to which line of which rule: ``amount`` is below zero."""

    rule: str
    entry: Entry
    amount: Fraction


@frozen(kw_only=True)
class RuleLedger:
    """The ledger of one rule: the amounts of its lines add up to ``value``, exactly.

    ``value`` is None where the rule is not applicable; it then has no lines, and ``missing`` names the fields
    and rules it reads that are not applicable. ``reasons`` are what cost most, the worst first, found down
    to the lines of the rules it takes in.
    """

    name: str
    label: Words
    value: Fraction | None
    shown: str | None = None
    reference: str = ""
    declared: Place
    formula: Words = NO_WORDS
    entries: tuple[Entry, ...] = ()
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()


@frozen(kw_only=True)
class Ledgers:
    """The ledgers of one record, in the order of the rules; a refused record has none but the reasons why."""

    entity: str
    period: str = ""
    policy: ExplainedPolicy | None = None
    source: Place | None = None
    fields: tuple[ExplainedField, ...] = ()
    rules: tuple[RuleLedger, ...] = ()
    refused: tuple[Fault, ...] = ()
    language: Language = field(default="zh")

    def rule(self, name: str) -> RuleLedger | None:
        """Return the ledger of the rule of that name, or None."""
        return next((ledger for ledger in self.rules if ledger.name == name), None)

    def only(self, name: str) -> Ledgers:
        """Return the ledger of one rule, with those of the rules that it takes in."""
        wanted = {name}
        for ledger in reversed(self.rules):
            if ledger.name in wanted:
                wanted |= {entry.line.rule for entry in ledger.entries if entry.line.rule}
        return evolve(self, rules=tuple(ledger for ledger in self.rules if ledger.name in wanted))

    def roots(self) -> tuple[RuleLedger, ...]:
        """Return the ledgers that no other one takes in."""
        taken = {entry.line.rule for ledger in self.rules for entry in ledger.entries}
        return tuple(ledger for ledger in self.rules if ledger.name not in taken)
