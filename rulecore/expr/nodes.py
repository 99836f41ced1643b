"""The nodes of an expression: small frozen declarations that the engines, the analysis and the explanation all read.

A node says what, never how. Every node keeps the ``span`` of the text it was written as, where it was written at all;
spans take no part in equality, so two equal formulas are equal nodes (and are computed once).

Missing values. *Not applicable* (null) goes through arithmetic, comparisons, ``min``, ``max``, rounding and text
functions: what is computed from it is not applicable. ``and``/``or`` are decided by their other operand where that
suffices (false and 不适用 is false). A conditional whose condition is not applicable is not applicable.
The list functions (:class:`Total`, :class:`Mean`, :class:`TrimmedMean`, :class:`Count`) take the applicable operands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Literal as OneOf

from attrs import field, fields, frozen

from rulecore.numbers import Rounding
from rulecore.source import Span


@frozen(kw_only=True)
class Node:
    """The base of every node."""

    span: Span | None = field(default=None, eq=False, repr=False)

    def children(self) -> Iterator[Node]:
        """Yield the nodes this one is computed from, in order."""
        for attribute in fields(type(self)):
            yield from _nodes_in(getattr(self, attribute.name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)


# --- leaves ---------------------------------------------------------------------------------------------------------


@frozen
class Literal(Node):
    """A constant: an exact number, a text, a flag or a date."""

    value: Fraction | str | bool | date


@frozen
class NotApplicable(Node):
    """The value *not applicable* (不适用)."""


@frozen
class Undecided(Node):
    """Not applicable, with an issue on the record; ``reason`` is a short stable word such as ``no_row``."""

    reason: str


@frozen
class Name(Node):
    """A name as written, before it is known what it names.

    ``quoted`` for ``「列名」``, ``of`` the table in ``votes.points``.
    """

    name: str
    quoted: bool = False
    of: str = ""


@frozen
class Call(Node):
    """A call as written, before it is known which function it names; ``named`` are its ``name = value`` arguments."""

    name: str
    arguments: tuple[Node, ...] = ()
    named: tuple[tuple[str, Node], ...] = ()


@frozen
class FieldRef(Node):
    """The value of a record's field."""

    name: str


@frozen
class RuleRef(Node):
    """The value of another rule of the same record."""

    name: str


@frozen
class ParameterRef(Node):
    """A parameter of the policy; ``value`` is the constant it stands for."""

    name: str
    value: Literal


@frozen
class ListLiteral(Node):
    """A list of constants, for the right side of ``in``; ``name`` is the parameter it came from, if any."""

    items: tuple[Node, ...]
    name: str = ""


# --- arithmetic -----------------------------------------------------------------------------------------------------


@frozen
class Add(Node):
    """Sum of two numbers."""

    left: Node
    right: Node


@frozen
class Subtract(Node):
    """Difference of two numbers."""

    left: Node
    right: Node


@frozen
class Multiply(Node):
    """Product of two numbers."""

    left: Node
    right: Node


@frozen
class Divide(Node):
    """Exact quotient of two numbers; by zero it is not applicable, with the issue ``division_by_zero``."""

    left: Node
    right: Node


@frozen
class Negate(Node):
    """The number with its sign turned."""

    operand: Node


@frozen
class Absolute(Node):
    """The number without its sign."""

    operand: Node


@frozen
class Minimum(Node):
    """The smallest of some numbers or dates; not applicable if any of them is."""

    operands: tuple[Node, ...]


@frozen
class Maximum(Node):
    """The largest of some numbers or dates; not applicable if any of them is."""

    operands: tuple[Node, ...]


@frozen
class Round(Node):
    """A number rounded to whole multiples of ``unit`` (1/100 for two decimals, 1/2 for half points)."""

    operand: Node
    unit: Fraction
    rounding: Rounding = Rounding.HALF_UP


@frozen
class NaturalLogarithm(Node):
    """Natural logarithm (inexact); of zero or less it is not applicable, with the issue ``outside_domain``."""

    operand: Node


@frozen
class Exponential(Node):
    """e to the power of a number (inexact)."""

    operand: Node


@frozen
class NormalProbability(Node):
    """The part of a standard normal distribution that lies below a number, from 0 to 1 (inexact)."""

    operand: Node


@frozen
class Power(Node):
    """A number to a constant power; whole powers are exact, others inexact.

    A negative base with a fractional exponent is not applicable, with the issue ``outside_domain``;
    zero to a negative power likewise, with ``division_by_zero``. ``sqrt(x)`` is ``Power(x, 1/2)``.
    """

    base: Node
    exponent: Fraction


# --- lists of operands ----------------------------------------------------------------------------------------------


@frozen
class Total(Node):
    """Sum of the applicable operands; not applicable if none is."""

    operands: tuple[Node, ...]


@frozen
class Mean(Node):
    """Arithmetic mean of the applicable operands; not applicable if none is."""

    operands: tuple[Node, ...]


@frozen
class TrimmedMean(Node):
    """Mean of the applicable operands without the ``low`` smallest and ``high`` largest ones.

    Of tied extremes one is dropped. Not applicable if no operand is left.
    """

    operands: tuple[Node, ...]
    low: int = 1
    high: int = 1


@frozen
class Count(Node):
    """How many operands are applicable (flags count where true)."""

    operands: tuple[Node, ...]


@frozen
class Coalesce(Node):
    """The first applicable operand."""

    operands: tuple[Node, ...]


# --- logic ----------------------------------------------------------------------------------------------------------

Comparison = OneOf["==", "!=", "<", "<=", ">", ">="]


@frozen
class Compare(Node):
    """A comparison of two numbers, texts, dates or flags (texts and flags only for equality)."""

    operator: Comparison
    left: Node
    right: Node


@frozen
class IsIn(Node):
    """Whether a value is one of a list of constants."""

    operand: Node
    choices: ListLiteral


@frozen
class And(Node):
    """All of the flags, read from left to right; once one is false the rest is not evaluated."""

    operands: tuple[Node, ...]


@frozen
class Or(Node):
    """Any of the flags, read from left to right; once one is true the rest is not evaluated."""

    operands: tuple[Node, ...]


@frozen
class Not(Node):
    """The flag turned; not applicable stays not applicable."""

    operand: Node


@frozen
class IsApplicable(Node):
    """Whether a value is applicable: the one flag that is never itself not applicable."""

    operand: Node


@frozen
class Branch(Node):
    """One ``if condition then value`` of a :class:`Conditional`."""

    condition: Node
    value: Node
    label: str = ""


@frozen
class Conditional(Node):
    """The value of the first branch whose condition is true, else ``otherwise``; only the chosen value is evaluated.

    A condition that is not applicable, met before a true one, makes the whole not applicable.
    """

    branches: tuple[Branch, ...]
    otherwise: Node


# --- texts and dates ------------------------------------------------------------------------------------------------


@frozen
class Concatenate(Node):
    """Texts joined; ``separator`` stands between those that are not empty. Not applicable operands are left out.

    Not applicable only if every operand is.
    """

    operands: tuple[Node, ...]
    separator: str = ""


@frozen
class FormatNumber(Node):
    """A number as text with exactly ``decimals`` decimals, rounded half up."""

    operand: Node
    decimals: int


@frozen
class ReadNumber(Node):
    """The number a text is, with at most so many decimals; anything else is not applicable, with ``not_a_number``."""

    operand: Node
    decimals: int


@frozen
class MissingItems(Node):
    """Of two lists written as texts, the items of ``wanted`` that ``given`` lacks, joined; empty if it lacks none."""

    wanted: Node
    given: Node
    separator: str = "|"
    joiner: str = "、"


@frozen
class TextTest(Node):
    """Whether a text contains, starts with or ends with another."""

    test: OneOf["contains", "starts_with", "ends_with"]
    operand: Node
    part: Node


@frozen
class DatePart(Node):
    """The year, month or day of a date, as a whole number."""

    part: OneOf["year", "month", "day"]
    operand: Node


@frozen
class DaysBetween(Node):
    """Natural days from ``start`` to ``end``; negative if ``end`` is earlier."""

    start: Node
    end: Node


DateShift = OneOf["days", "months", "month_ends"]


@frozen
class ShiftDate(Node):
    """The date so many natural days, or calendar months, after another (before it, if negative).

    A month later is the same day of that month, or its last day if it is shorter; ``month_ends`` is the last day of
    that month in any case. Outside the years 1 to 9999 it is not applicable, with the issue ``outside_calendar``.
    """

    unit: DateShift
    moment: Node
    amount: Node


@frozen
class WorkdaysBetween(Node):
    """Working days after ``start`` up to and with ``end``; negative if ``end`` is earlier.

    Days from Monday to Friday are worked, but those in ``holidays``; weekend days in ``workdays`` are too (调休).
    """

    start: Node
    end: Node
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


@frozen
class ShiftWorkdays(Node):
    """The working day so many after a date (before it, if negative); the date itself for 0.

    Outside the years 1 to 9999 it is not applicable, with the issue ``outside_calendar``.
    """

    moment: Node
    amount: Node
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


# --- cohorts: the records of one policy and period, or of each group of them -----------------------------------------


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


# --- explanation ----------------------------------------------------------------------------------------------------


@frozen
class Step(Node):
    """A named part of a calculation, shown by its label in the explanation; its value is its operand's."""

    label: str
    operand: Node


COHORT_NODES = (Rank, CohortCount, CohortCall)
