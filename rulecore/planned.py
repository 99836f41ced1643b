"""A compiled policy as values: typed fields, steps in the order they are computed, and the columns to show.

This is what engines run, checks inspect and explanations read. It holds no Polars and no plugin objects other than the
cohort functions that its steps call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from rulecore.expr.nodes import CohortCall, CohortCount, Node, Rank
from rulecore.expr.types import Type
from rulecore.numbers import Rounding
from rulecore.declarations import FieldDeclaration, Policy
from rulecore.source import Place

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
    computing it can raise an issue.
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
    refusal_rules: tuple[PlannedRule, ...]
    refusals: tuple[PlannedRefusal, ...]
    steps: tuple[PlannedRule | CohortStep, ...]
    columns: tuple[PlannedColumn, ...]
    cohort_functions: Mapping[str, CohortFunction] = field(factory=dict)
    origins: tuple[Origin, ...] = ()
    fingerprint: str = ""

    def rule(self, name: str) -> PlannedRule | None:
        """Return the rule of that name, hidden ones included, or None."""
        for step in (*self.refusal_rules, *self.steps):
            if isinstance(step, PlannedRule) and step.name == name:
                return step
        return None
