"""What plugins that add functions return: functions of the expression language, and pure functions over a cohort."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal

from attrs import frozen

from rulecore.expr.nodes import Node
from rulecore.expr.types import Type

Value = Fraction | str | bool | date | None
"""An exact value of a record; None is *not applicable* and nothing else."""


@frozen(kw_only=True)
class FunctionParameter:
    """One parameter of a function.

    ``kind``: ``expression`` is handed over as a node; ``number`` and ``text`` must be constant and are handed over as
    a Fraction or str; ``dates`` is a list of constant dates (a parameter of the policy, or written out), handed over
    as a sorted tuple, empty if left out; cohort functions do not have it. ``many``: takes all remaining positional
    arguments (parameters after it are given by name).
    It must be given unless it has a ``default`` or is not ``required``; one left out without default is None.

    What a constant may be: ``whole`` (a whole number), ``low`` and ``high`` (inclusive), ``above`` (more than),
    ``choices`` (one of these texts).
    """

    name: str
    kind: Literal["expression", "number", "text", "dates"] = "expression"
    many: bool = False
    default: Fraction | str | None = None
    required: bool = True
    whole: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    above: Fraction | None = None
    choices: tuple[str, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether a call may leave it out."""
        return self.default is not None or not self.required


@frozen(kw_only=True)
class Function:
    """A function of the expression language, built from other expressions.

    ``build`` is called with the arguments in the order of ``parameters`` (those with ``many`` as a tuple of nodes) and
    returns a node; it may raise ValueError with a sentence where the arguments do not fit together. One that is
    ``over_cohort`` is built of cohort functions: its calls take ``by`` and ``where`` too, and ``build`` gets
    them as keyword arguments (a tuple of nodes; a node or None).
    ``aliases`` are further names, Chinese ones for example. ``example`` is an expression that compiles
    over no fields at all, ``result`` its value as text: the documentation shows both and a test runs them.
    """

    name: str
    summary: str
    parameters: tuple[FunctionParameter, ...]
    build: Callable[..., Node]
    aliases: tuple[str, ...] = ()
    example: str = ""
    result: str = ""
    over_cohort: bool = False


@frozen(kw_only=True)
class Cohort:
    """The records a cohort function sees: for each argument the exact values, one per record, in input order."""

    arguments: tuple[tuple[Value, ...], ...]
    options: Mapping[str, Fraction | str | bool]
    size: int


@frozen
class Unsettled:
    """What a cohort function gives a record it cannot settle: not applicable, with an issue on the record.

    ``reason`` is a short stable word, such as ``division_by_zero``; the function lists its reasons in ``issues``.
    """

    reason: str


@frozen(kw_only=True)
class CohortFunction:
    """A pure function over one cohort, for what cannot be written as an expression.

    ``compute`` returns one value for each record, of the type that ``result_type`` gives for the arguments' types;
    numbers must have at most the scale of that type (any, if that is None), and lie in its bounds. ``result_type`` may
    raise ValueError with a sentence where the arguments do not fit. ``parameters`` of kind ``number`` and ``text``
    arrive as options. ``issues`` are the reasons of the :class:`Unsettled` values that it may give.

    ``aggregate``: with its options at their defaults the function gives every record the sum, smallest, largest or mean
    of the applicable values of its one argument. An engine may then compute it in its own way.

    ``parts`` is for ledgers: it gives for each record the named amounts that its value consists of, which add up to it
    exactly, or None for a record without a value. A name is that of an argument, whose own lines then stand there, or
    a word marked with ``N_``: ``(("share by weight", Fraction(30)), ("cut off at the cap", Fraction(-5)))``.
    """

    name: str
    summary: str
    parameters: tuple[FunctionParameter, ...]
    compute: Callable[[Cohort], Sequence[Value | Unsettled]]
    result_type: Callable[[tuple[Type, ...], Mapping[str, Fraction | str | bool]], Type]
    aliases: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    aggregate: Literal["", "sum", "min", "max", "mean"] = ""
    parts: Callable[[Cohort], Sequence[tuple[tuple[str, Fraction], ...] | None]] | None = None
