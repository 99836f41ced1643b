"""What it would take, as frozen values: for each input the smallest change that reaches it, or that none does."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import frozen

from rulecore.contracts import Value
from rulecore.explain.values import ExplainedPolicy, Standing, Words
from rulecore.source import Place

Status = Literal["reached", "cannot", "undecided", "not_tried"]


@frozen(kw_only=True)
class Displaced:
    """Another record whose value of the target rule changes with the change: before, and after."""

    entity: str
    before: Value
    after: Value


@frozen(kw_only=True)
class Change:
    """The smallest change of one input that reaches the target: ``steps`` whole steps, ``difference`` in all.

    Texts and flags have no difference, and count as one step. ``outcome`` is what the rule comes to. ``displaced``
    are the others whose value changes with it, ``edges`` then the standings at the quotas' edges after the change.
    """

    before: Value
    after: Value
    difference: Fraction | None = None
    steps: int = 1
    outcome: Value = None
    displaced: tuple[Displaced, ...] = ()
    edges: tuple[Standing, ...] = ()


@frozen(kw_only=True)
class InputAnswer:
    """What one input alone can do for the target: a field of the record, or of one of its detail rows.

    ``coarse``: steps larger than one in the last decimal were asked for; values between them are not looked at.
    ``table``, ``row`` (its name), ``row_number`` (its place among the record's rows) and ``source`` say which row.
    ``reached``: ``change`` is the smallest. ``cannot``: no value that the field allows reaches it, shown by
    bounds over all of them. ``undecided``: changes up to ``searched`` steps do not reach it, further ones were
    not decided. ``not_tried``: the input is not applicable now, so no change of it has a size.
    """

    field: str
    label: Words
    header: str
    status: Status
    step: Fraction | None = None
    coarse: bool = False
    change: Change | None = None
    searched: int = 0
    place: Place | None = None
    table: str = ""
    table_label: str = ""
    row: str = ""
    row_number: int = 0
    source: Place | None = None


@frozen(kw_only=True)
class Reach:
    """What it would take for a record to reach a target, the least effort first.

    ``answers`` are the inputs the rule depends on: those that reach it by effort, then the others in the
    order of the policy. ``edges`` are the standings at quotas on the way: who is last within, first beyond.
    """

    entity: str
    period: str = ""
    policy: ExplainedPolicy
    source: Place | None = None
    rule: str
    label: Words
    current: Value
    target: str
    reached_already: bool = False
    answers: tuple[InputAnswer, ...] = ()
    edges: tuple[Standing, ...] = ()
