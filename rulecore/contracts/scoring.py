"""What plugins that score return: scorers with their parameters, and the lints of policies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, ClassVar

from attrs import field, frozen

from rulecore.errors import Code, Fault
from rulecore.expr.nodes import Node
from rulecore.planned import Claim, Plan
from rulecore.source import KeyPath, Span


@frozen(kw_only=True)
class Constant:
    """A number a policy writes as a number or as the name of a parameter (or a constant expression of parameters).

    ``value`` is the exact number, for checks; ``node`` is what to put into an expression, so that explanations name the
    parameter.
    """

    value: Fraction
    node: Node


def parameter(description: str, **options: Any) -> Any:
    """Declare a scorer's TOML parameter: an attrs field with a one-sentence description for its pages and schema."""
    return field(metadata={"description": description}, **options)


@frozen(kw_only=True)
class Problem:
    """A fault a scorer finds in its own parameters; ``key`` leads from the rule's table to the offending value.

    ``span`` is the stretch of that value's own text where the fault stands, where a text is wrong in itself
    (its ``key`` is not looked at).
    """

    code: Code
    key: KeyPath = ()
    values: Mapping[str, object] = field(factory=dict)
    hint: str | None = None
    span: Span | None = None


@frozen(kw_only=True)
class Ground:
    """A condition under which a rule takes something away, such as a veto: its reason, and when it holds.

    ``unwaivable``: no adjustment may lift it. ``decides``: the first ground that holds is the one that counts; else
    each one counts by itself.
    """

    reason: str
    when: Node
    unwaivable: bool = False
    decides: bool = True


@frozen(kw_only=True)
class Scorer(ABC):
    """The method of a rule. Subclass it as ``@frozen(kw_only=True)``; the attributes are the rule's TOML parameters.

    Attribute types and what TOML may hold for them:

    ==========================  ==========================================================================
    ``Node``                    an expression as text (``"a + b"``), or a number
    ``Constant``                a number, or the name of a parameter
    ``Literal`` (the node)      a constant text, number, flag or date, taken as it is
    ``SortKey``                 a name (descending), or ``{ by = "name", order = "ascending" }``
    ``int str bool date``       just that; no coercion
    ``Rounding``, ``Literal[…]``  one of the words
    ``tuple[X, ...]``           an array of X
    ``Mapping[str, X]``         a table whose values are X
    an attrs class              a table with the class's attributes as keys
    ``X | None``                X, or the key left out
    ==========================  ==========================================================================

    A trailing underscore is dropped from the TOML key (``is_`` is ``is``).
    """

    name: ClassVar[str]

    def beside(self, scorer_of: Callable[[str], Scorer | None]) -> Scorer:
        """Return the scorer to ask instead, where it needs what another rule of the policy says.

        ``scorer_of`` gives the scorer of a rule by its name, None where there is none or it is broken. A scorer that
        stands alone, as almost all do, is returned as it is.
        """
        return self

    def grounds(self) -> tuple[Ground, ...]:
        """Return what the rule takes something away for, in order: what exemptions may name, and what they may not."""
        return ()

    def without(self, reason: str, waived: Node) -> Scorer:
        """Return the scorer whose ground of that reason does not hold where ``waived`` is true.

        Called for reasons among :meth:`grounds` only; ``waived`` is a flag that is never not applicable.
        """
        return self

    @abstractmethod
    def expression(self) -> Node:
        """Return the rule's value as an expression. Called once, when the policy is compiled."""

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the parameters beyond their types; if anything is, nothing is computed."""
        yield from ()

    def claims(self) -> Iterator[Claim]:
        """Yield what the parameters say about values beyond the expression; only the checks of policies read it.

        A table of rows (:class:`~rulecore.planned.RuleTable`) is looked at for gaps and overlaps, full marks
        (:class:`~rulecore.planned.FullMarks`) for being reached and not exceeded. Keys are relative to the rule.
        """
        yield from ()


@frozen(kw_only=True)
class Check:
    """A policy lint: ``inspect`` yields faults whose code is among ``codes``."""

    name: str
    codes: tuple[Code, ...]
    inspect: Callable[[Plan], Iterable[Fault]]
