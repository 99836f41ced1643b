"""Cohorts: the records of one policy and period, or of each group of them."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal as OneOf

from attrs import frozen

from rulecore.expr.nodes.base import Node


@frozen
class SortKey(Node):
    """A value to order a cohort by. Records whose value is not applicable come last."""

    operand: Node
    descending: bool = True


@frozen
class Rank(Node):
    """The rank of a record among those of its cohort that meet ``where``; 1 is first.

    ``method``: ``min`` gives tied records the same smallest rank (1, 2, 2, 4), ``max`` the largest (1, 3, 3, 4),
    ``dense`` leaves no gaps (1, 2, 2, 3), ``ordinal`` wants no ties left: records tied in every key are not applicable,
    with the issue ``full_tie``. A record outside ``where``, or whose first key is not applicable, has no rank.
    """

    keys: tuple[SortKey, ...]
    method: OneOf["min", "max", "dense", "ordinal"] = "min"
    by: tuple[Node, ...] = ()
    where: Node | None = None


@frozen
class CohortCount(Node):
    """How many records of the cohort meet ``where`` (all of them without it)."""

    by: tuple[Node, ...] = ()
    where: Node | None = None


@frozen
class CohortCall(Node):
    """A cohort function: called once for each cohort with its exact values, it gives one value for each record."""

    function: str
    arguments: tuple[Node, ...]
    options: tuple[tuple[str, Fraction | str | bool], ...] = ()
    by: tuple[Node, ...] = ()
    where: Node | None = None


@frozen
class CohortRef(Node):
    """The result of a cohort step, once the plan has lifted it out of the rule it was written in."""

    name: str
    node: Node


COHORT_NODES = (Rank, CohortCount, CohortCall)
