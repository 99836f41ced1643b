"""Nodes for earlier periods: what the same entity was given one or more periods before.

A plan makes a hidden rule of each of them: it reads the columns that a run supplies from the history (the value, and a
word on whether there is one), and raises the issue where nobody can say (see ``rulecore.plan.earlier``).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.expr.nodes import Node

OWN_RULE: Final = ""
"""Stands for the name of the rule itself, where a scorer asks for the rule's own earlier value."""

FOUND: Final = "found"
"""There is one record of the entity in that period."""
NONE: Final = "none"
"""There is none."""
MERGED: Final = "merged"
"""The entity was made of several, so nobody can say which record is its own."""
REFUSED: Final = "refused"
"""The record of that period was refused: it has no results."""
UNKNOWN: Final = "unknown"
"""No history was looked at: one record is evaluated alone."""

STANDINGS: Final = frozenset((FOUND, NONE, MERGED, REFUSED, UNKNOWN))
"""What can be said about an earlier period of an entity."""


@frozen
class Previous(Node):
    """The value that a rule (or field, ``is_field``) of the same entity had ``periods`` periods before.

    ``low``, ``high`` and ``decimals`` are stated where the rule's own range cannot be known because the rule needs its
    own earlier value.
    """

    name: str
    periods: int = 1
    is_field: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    decimals: int | None = None


@frozen
class PreviousRecord(Node):
    """Whether the entity has a record ``periods`` periods before; 0: in any earlier period."""

    periods: int = 1


@frozen
class PreviousState(Node):
    """The state that a state machine was in one period before; an entity without earlier periods was in ``initial``.

    Where there are earlier periods but not that one, the state is not known, unless ``gap_begins_anew``. What is not
    known is an issue of the machine itself (``own``), not of rules that look at it.
    """

    name: str
    initial: str
    gap_begins_anew: bool = False
    own: bool = True


@frozen
class EarlierStanding(Node):
    """What is known of the entity that many periods before, one of :data:`STANDINGS`; only in hidden rules."""

    periods: int


@frozen
class EarlierValue(Node):
    """A value as the history holds it; only in hidden rules."""

    name: str
    periods: int
