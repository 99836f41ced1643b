"""A comparison as plain values: who moves, by how much, through what, and what it sums to."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from rulecore.explain.values import ExplainedValue
from rulecore.source import Place

Kind = Literal["number", "text", "flag", "date"]
CauseKind = Literal["policy", "input", "others", "rows", "earlier", "above", "adjustment"]
"""What made a value differ: the policy, an input of the record, other records (rank, quota, pool), the rows of its
detail tables, its earlier periods, or what a committee decided; of a detail row, also what it is given from the record
above it."""


@frozen(kw_only=True)
class ComparedRule:
    """A rule that is compared: ``scale`` are the decimals it is shown with, ``order`` its values, the best first."""

    name: str
    label: str
    kind: Kind
    scale: int | None = None
    scorer: str = ""
    order: tuple[str, ...] = ()

    @property
    def is_class(self) -> bool:
        """Whether its values sort records into classes: grades, stars, flags."""
        return self.kind in ("text", "flag") or self.scorer in ("bands", "stars")


@frozen(kw_only=True)
class PolicyLine:
    """A value that two policies have otherwise; None where one has none."""

    key: str
    before: str | None
    after: str | None
    before_place: Place | None = None
    after_place: Place | None = None


@frozen(kw_only=True)
class Cause:
    """Where a difference begins: the first rule (or input) that differs while all that it reads agrees.

    ``lines`` are the policy's lines that make a rule differ. ``others`` says how other records come in: ``rank``,
    ``count`` or the name of a cohort function. ``before`` and ``after`` are the values of the rule or input. Of an
    adjustment they are the numbers of the decisions on either side, ``others`` who decided and ``reference`` where that
    is recorded.
    """

    kind: CauseKind
    name: str
    label: str
    before: ExplainedValue = None
    after: ExplainedValue = None
    lines: tuple[PolicyLine, ...] = ()
    others: str = ""
    reference: str = ""


@frozen(kw_only=True)
class Moved:
    """One rule of one record that differs: both values, their exact difference if they are numbers, and why.

    ``because`` are positions in the record's causes.
    """

    rule: ComparedRule
    before: ExplainedValue
    after: ExplainedValue
    because: tuple[int, ...] = ()

    @property
    def difference(self) -> Fraction | None:
        """After less before, exactly; None where one of them is no exact number."""
        if isinstance(self.before, Fraction) and isinstance(self.after, Fraction):
            return self.after - self.before
        return None


@frozen(kw_only=True)
class Effect:
    """What the policy and what the records did to one number of one record; both together are the whole difference.

    ``policy`` and ``performance`` are the means over the two orders in which the changes can be made (the Shapley
    values of two players); ``order`` is by how much the policy's effect is larger when the policy is changed last
    instead of first: (new policy, new records) − (new, old) − (old, new) + (old, old).
    """

    rule: ComparedRule
    policy: Fraction
    performance: Fraction
    order: Fraction

    @property
    def total(self) -> Fraction:
        """The whole difference."""
        return self.policy + self.performance


@frozen(kw_only=True)
class Mixed:
    """A value that is no number under each policy with each version of the records."""

    rule: ComparedRule
    old_old: ExplainedValue
    new_old: ExplainedValue
    """With the new policy and the old records."""
    old_new: ExplainedValue
    """With the old policy and the new records."""
    new_new: ExplainedValue


@frozen(kw_only=True)
class RowDifference:
    """One row of a detail table whose rules differ, or that only one side has.

    ``row`` is its name where the table gives its rows names; ``before`` and ``after`` are its places among the rows of
    its record on either side, None where it is not there. ``causes`` and ``because`` are as those of records.
    """

    table: str
    label: str
    row: str = ""
    before: int | None = None
    after: int | None = None
    moved: tuple[Moved, ...] = ()
    causes: tuple[Cause, ...] = ()


@frozen(kw_only=True)
class RecordDifference:
    """One record whose results, or those of its detail rows, differ. ``ripple``: only because of other records."""

    entity: str
    period: str = ""
    policy: str = ""
    """The policy's name, only where the entity stands in one period several times."""
    moved: tuple[Moved, ...]
    causes: tuple[Cause, ...] = ()
    effects: tuple[Effect, ...] = ()
    mixed: tuple[Mixed, ...] = ()
    rows: tuple[RowDifference, ...] = ()
    """The detail rows that differ, in the order of the tables and of the new rows; those that went come last."""

    @property
    def ripple(self) -> bool:
        """Whether neither the record nor its rules differ: others moved it."""
        causes = [*self.causes, *(cause for row in self.rows for cause in row.causes)]
        one_sided = any(row.before is None or row.after is None for row in self.rows)
        return bool(causes) and not one_sided and all(cause.kind in ("others", "above") for cause in causes)


@frozen(kw_only=True)
class Unpaired:
    """A record that has results on one side only; ``refused``: the other side has it in quarantine."""

    entity: str
    period: str = ""
    refused: bool = False


@frozen(kw_only=True)
class Transitions:
    """How many records went from each value of a rule to each: ``counts[i][j]`` from ``values[i]`` to ``values[j]``."""

    rule: ComparedRule
    values: tuple[ExplainedValue, ...]
    counts: tuple[tuple[int, ...], ...]


@frozen(kw_only=True)
class Money:
    """The sum of a rule on both sides, and what moved: ``gained`` by those that rose, ``lost`` by those that fell.

    Records with a value on one side only count as rising from, or falling to, nothing; ``one_sided`` is their number.
    """

    rule: ComparedRule
    before: Fraction
    after: Fraction
    gained: Fraction
    lost: Fraction
    risen: int
    fallen: int
    one_sided: int


@frozen(kw_only=True)
class EffectSum:
    """The effects of a rule summed over the ``records`` that have all four values; ``without`` have not."""

    rule: ComparedRule
    policy: Fraction
    performance: Fraction
    order: Fraction
    records: int
    without: int


@frozen(kw_only=True)
class Difference:
    """Two sides compared: ``old`` and ``new`` say what each is; ``compared`` counts the records on both."""

    old: str
    new: str
    compared: int
    rules: tuple[ComparedRule, ...]
    records: tuple[RecordDifference, ...]
    only_old: tuple[Unpaired, ...] = ()
    only_new: tuple[Unpaired, ...] = ()
    lines: tuple[PolicyLine, ...] = ()
    transitions: tuple[Transitions, ...] = ()
    money: tuple[Money, ...] = ()
    effects: tuple[EffectSum, ...] = field(default=())
    with_causes: bool = True
    """False for results read from files: they hold no rules."""

    @property
    def empty(self) -> bool:
        """Whether nothing differs: no result, no record, and no line of the policies."""
        return not (self.records or self.only_old or self.only_new)
