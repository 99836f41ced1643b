"""A compiled policy as values: typed fields, steps in the order they are computed, and the columns to show.

This is what engines run, checks inspect and explanations read. It holds no Polars and no plugin objects other than the
cohort functions that its steps call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Protocol

from attrs import field, frozen

from rulecore.declarations import FieldDeclaration, Policy, TableDeclaration
from rulecore.expr.nodes import CohortCall, CohortCount, Node, Rank
from rulecore.expr.nodes import Literal as LiteralNode
from rulecore.expr.types import Type
from rulecore.numbers import Rounding
from rulecore.source import KeyPath, Place

if TYPE_CHECKING:
    from rulecore.contracts import CohortFunction


@frozen(kw_only=True)
class Origin:
    """Who gave a registered thing: the distribution (or plugin file), its version and a hash of a single file."""

    distribution: str
    version: str
    sha256: str = ""

    def __str__(self) -> str:
        """Return ``distribution version``."""
        return f"{self.distribution} {self.version}".strip()


class Locator(Protocol):
    """Where everything of a policy stands: a document, or several merged ones."""

    def place(
        self, key: KeyPath, *, value: bool = True, start: int | None = None, end: int | None = None
    ) -> Place:
        """Return where the value at ``key`` stands, or its key, or a range of characters inside its text."""
        ...

    @property
    def sources(self) -> Mapping[str, str]:
        """The text of each file, by the name that places give it."""
        ...

    @property
    def layers(self) -> Sequence[Locator]:
        """The documents it is merged from, its own first and the furthest base last."""
        ...

    def value_at(self, key: KeyPath) -> object | None:
        """Return the value at a key path, or None."""
        ...


@frozen(kw_only=True)
class TableRow:
    """A row of a :class:`RuleTable`: when it is hit, what it gives, its key path within the rule."""

    hit: Node
    output: LiteralNode
    key: KeyPath


@frozen(kw_only=True)
class RuleTable:
    """A claim of a scorer: its rule is a table of rows, which the checks may look at for gaps and overlaps.

    ``hits``: whether one row at most is to be hit (``one``), several may be if their outputs agree (``agreeing``), the
    rows are tried in order (``first``), or several are meant to be hit (``several``). ``complete``: whether there is a
    value where no row is hit.
    """

    rows: tuple[TableRow, ...]
    hits: Literal["one", "agreeing", "first", "several"]
    complete: bool = False


@frozen(kw_only=True)
class FullMarks:
    """A claim of a scorer: the best value of ``of`` is meant to be ``marks``; ``key`` is where that is written."""

    of: Node
    marks: Fraction
    key: KeyPath


Claim = RuleTable | FullMarks
"""What a scorer's parameters say about values beyond the expression; only checks read it."""


@frozen(kw_only=True)
class PlannedField:
    """A field with its type, its header in inputs and the label it is shown by."""

    name: str
    header: str
    label: str
    type: Type
    declaration: FieldDeclaration
    place: Place = field(eq=False)


@frozen(kw_only=True)
class PlannedRule:
    """A rule with its expression over fields, earlier rules and cohort steps.

    ``node`` has every name resolved and every cohort node replaced by a :class:`~rulecore.expr.nodes.CohortRef`; if the
    rule rounds, its outermost node is the :class:`~rulecore.expr.nodes.Round`. ``issues`` are the reasons for which
    computing it can raise an issue. ``claims`` is what the scorer says about values, for the checks.
    """

    name: str
    label: str
    reference: str
    note: str
    scorer: str
    origin: Origin
    node: Node
    type: Type
    issues: tuple[str, ...] = ()
    hidden: bool = False
    claims: tuple[Claim, ...] = field(default=(), eq=False, repr=False)
    computed: str = ""
    """The hidden rule that holds the computed value, where a decision may have taken its place."""
    place: Place = field(eq=False)


@frozen(kw_only=True)
class CohortStep:
    """A value that depends on other records: its node's operands are record-wise; ``rule`` is where it was written."""

    name: str
    node: Rank | CohortCount | CohortCall
    type: Type
    rule: str
    issues: tuple[str, ...] = ()


@frozen(kw_only=True)
class SuppliedValue:
    """A value that each record is given before its rules are computed, from outside its own row.

    Detail rows, earlier periods and other policies give such values. ``node`` says what it is (rules hold a
    :class:`~rulecore.expr.nodes.CohortRef` to ``name``), ``rule`` where it was written; ``issues`` are the reasons for
    which finding it can raise an issue. Engines read it as a column, like a field.
    """

    name: str
    node: Node
    type: Type
    rule: str
    issues: tuple[str, ...] = ()


@frozen(kw_only=True)
class PlannedTable:
    """A detail table of a plan.

    ``plan`` is that of its rows: their fields and rules, what they are given from the record above. ``identity`` are
    the fields that name the record (and, in tables below tables, the row) that a row belongs to, ``headers`` their
    columns in this table.
    """

    name: str
    label: str
    declaration: TableDeclaration
    plan: Plan
    identity: tuple[str, ...]
    headers: tuple[str, ...]
    place: Place = field(eq=False)


@frozen(kw_only=True)
class PlannedRefusal:
    """A condition of ``[record] refuse``; ``step`` names the hidden rule that computes it."""

    step: str
    reason: str
    place: Place = field(eq=False)


@frozen(kw_only=True)
class PlannedColumn:
    """An output column: ``step`` is the field, rule or hidden rule that holds the value to show.

    ``scale`` is the number of decimals shown (None for texts, flags and dates).
    """

    of: str
    step: str
    header: str
    type: Type
    scale: int | None
    rounding: Rounding = Rounding.HALF_UP
    not_applicable: str = ""
    trim: bool = False


@frozen(kw_only=True)
class Plan:
    """A compiled policy.

    ``steps`` are in an order in which each needs only fields and earlier steps. ``refusals`` are computed first: the
    records they refuse take no part in any cohort.
    """

    policy: Policy
    file: str
    fields: tuple[PlannedField, ...]
    supplied: tuple[SuppliedValue, ...] = ()
    tables: tuple[PlannedTable, ...] = ()
    ratios: frozenset[str] = frozenset()
    """The rules whose exact values are needed elsewhere though no integer column holds them: kept as text n/d."""
    refusal_rules: tuple[PlannedRule, ...]
    refusals: tuple[PlannedRefusal, ...]
    steps: tuple[PlannedRule | CohortStep, ...]
    columns: tuple[PlannedColumn, ...]
    cohort_functions: Mapping[str, CohortFunction] = field(factory=dict)
    origins: tuple[Origin, ...] = ()
    parameter_places: Mapping[str, Place] = field(factory=dict, eq=False)
    """Where each parameter is declared."""
    fingerprint: str = ""
    document: Locator | None = field(default=None, eq=False, repr=False)
    """Where the policy's keys stand; None for a plan that was made without a text."""

    adjustable: Plan | None = field(default=None, eq=False, repr=False)
    """The same policy as it is computed where a run is given adjustments of it; None if it allows none."""

    @property
    def inputs(self) -> tuple[PlannedField | SuppliedValue, ...]:
        """The columns that an engine is given: the fields, and the values supplied from elsewhere."""
        return (*self.fields, *self.supplied)

    def rule(self, name: str) -> PlannedRule | None:
        """Return the rule of that name, hidden ones included, or None."""
        for step in (*self.refusal_rules, *self.steps):
            if isinstance(step, PlannedRule) and step.name == name:
                return step
        return None

    def level(self, table: str) -> Plan:
        """Return the plan of the rows of a detail table; without a name, this one."""
        return next((found.plan for found in self.tables if found.name == table), self)
