"""From expressions to Polars: one small function a node, over exact ratios, guarded floats and plain columns.

A :class:`Lowering` turns the expressions of one plan into *statements*, columns to be computed in order. What
is used more than once is bound to a column of its own. Beside each rule's value it collects, as flag columns,
where the rule met an issue and where a guard could not decide (those rows are computed again by the exact
engine).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from math import ceil, floor, inf, log10

import polars as pl
from attrs import evolve, frozen

from rulecore.engines.columnar import integers, values
from rulecore.engines.columnar.integers import Integer, TooWide
from rulecore.engines.columnar.values import Guarded, Numeric, Ratio
from rulecore.engines.decode import is_ratio
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.transform import repeated
from rulecore.expr.types import NothingType, NumberType, Type
from rulecore.records.storage import storage

Column = Numeric | pl.Expr


def float_column(name: str) -> str:
    """Return the name of the column with the nearest floats of a column of ratios kept as text."""
    return f"#float:{name}"


TINY = 1e-290
"""Added to every error bound: products of very small floats lose all their digits below about 1e-308."""


@frozen
class _Shared:
    """A node that stands at several places, its bound columns, and where it met issues and doubt."""

    node: nodes.Node
    value: Column
    issues: Mapping[str, pl.Expr]
    doubt: pl.Expr | None


def any_of(places: Sequence[pl.Expr]) -> pl.Expr:
    """Return the flag column that is true where any of some flags is; null counts as false."""
    if len(places) == 1:
        return places[0].fill_null(value=False)
    return pl.any_horizontal([place.fill_null(value=False) for place in places])


class Lowering:
    """Lowers the expressions of one plan.

    ``statements`` are named columns in an order in which each needs only earlier ones and the frame's own; ``whole``
    names those that are made from all records at once.
    """

    def __init__(self, names: Mapping[str, Type]) -> None:
        self.inference = Inference(names)
        self.names = names
        self.statements: list[tuple[str, pl.Expr]] = []
        self.whole: set[str] = set()
        self.unstored: dict[str, Numeric] = {}
        self.doubtful: dict[str, str] = {}
        self.issues: dict[str, list[pl.Expr]] = {}
        self.suspects: list[pl.Expr] = []
        self._reach: list[pl.Expr] = []
        self._bound = 0
        self._several: frozenset[int] = frozenset()
        self._known: dict[int, _Shared] = {}
        self._divisors: dict[str, Integer] = {}

    def begin(self, node: nodes.Node) -> None:
        """Start on a rule: nothing noticed yet, and the parts known that stand at several places of it."""
        self.issues, self.suspects = {}, []
        self._several, self._known = repeated(node), {}

    # --- columns of their own -------------------------------------------------------------------------------

    def bind(self, expr: pl.Expr) -> pl.Expr:
        """Give an expression a column of its own, so that using it twice does not compute it twice."""
        name = f"#{self._bound}"
        self._bound += 1
        self.statements.append((name, expr))
        return pl.col(name)

    def bind_integer(self, value: Integer) -> Integer:
        """Give an integer a column of its own, unless it is constant or a plain column already."""
        if value.constant is not None or value.expr.meta.is_column():
            return value
        return Integer(self.bind(value.expr), value.low, value.high)

    def bind_number(self, value: Numeric) -> Numeric:
        """Give a number's columns names of their own."""
        if isinstance(value, Ratio):
            top, bottom = self.bind_integer(value.numerator), self.bind_integer(value.denominator)
            return evolve(value, numerator=top, denominator=bottom)
        if value.value.meta.is_literal() and isinstance(value.absolute, float):
            return value
        absolute = value.absolute if isinstance(value.absolute, float) else self.bind_column(value.absolute)
        return evolve(value, value=self.bind_column(value.value), absolute=absolute)

    def bind_column(self, expr: pl.Expr) -> pl.Expr:
        """Give an expression a column of its own, unless it is one already."""
        return expr if expr.meta.is_column() else self.bind(expr)

    def positive(self, divisor: Integer) -> Integer:
        """Return a divisor without its sign, null where it is zero: one column for each that it is made from."""
        size = _made_positive(divisor)
        if size.constant is not None or size.expr.meta.is_column() or not divisor.expr.meta.is_column():
            return size
        name = divisor.expr.meta.output_name()
        if name not in self._divisors:
            self._divisors[name] = self.bind_integer(size)
        return self._divisors[name]

    # --- what is noticed on the way -------------------------------------------------------------------------

    @contextmanager
    def only_where(self, condition: pl.Expr) -> Iterator[None]:
        """Within the block, issues and doubts count only where the condition is true."""
        self._reach.append(condition)
        yield
        self._reach.pop()

    def _reached(self, condition: pl.Expr) -> pl.Expr:
        for reach in self._reach:
            condition = condition & reach
        return condition

    def issue(self, reason: str, where: pl.Expr) -> None:
        """Note an issue on the records where the condition holds and the place is reached."""
        self.issues.setdefault(reason, []).append(self._reached(where))

    def doubt(self, where: pl.Expr) -> None:
        """Note that a guard cannot decide the records where the condition holds."""
        self.suspects.append(self._reached(where))

    # --- entry points ---------------------------------------------------------------------------------------

    def lower(self, node: nodes.Node) -> Column:
        """Return the node's value as a column (or, for numbers, as the columns it is made of)."""
        if id(node) in self._several:
            return self._lowered_once(node)
        return self._lowered(node)

    def _lowered(self, node: nodes.Node) -> Column:
        maker = _LOWERINGS.get(type(node))
        if maker is None:
            raise InternalError(f"the columnar engine does not know the node {type(node).__name__}")
        return maker(self, node)

    def _lowered_once(self, node: nodes.Node) -> Column:
        """Return the columns of a node that stands at several places, and note at each what it noticed."""
        known = self._known.get(id(node))
        if known is None:
            outside = (self.issues, self.suspects, self._reach)
            self.issues, self.suspects, self._reach = {}, [], []
            value = self._lowered(node)
            value = self.bind_column(value) if isinstance(value, pl.Expr) else self.bind_number(value)
            issues = {reason: self.bind(any_of(places)) for reason, places in self.issues.items()}
            doubt = self.bind(any_of(self.suspects)) if self.suspects else None
            self.issues, self.suspects, self._reach = outside
            known = self._known[id(node)] = _Shared(node, value, issues, doubt)
        for reason, where in known.issues.items():
            self.issue(reason, where)
        if known.doubt is not None:
            self.doubt(known.doubt)
        return known.value

    def type_of(self, node: nodes.Node) -> Type:
        """Return the node's inferred type."""
        return self.inference.type_of(node)

    def number(self, node: nodes.Node) -> Numeric:
        """Return a number, with its bounds tightened to what inference proves."""
        type_ = self.type_of(node)
        if isinstance(type_, NothingType):
            self.lower(node)  # for its issues
            return Ratio(Integer(pl.lit(None, dtype=pl.Int64()), 0, 0), integers.constant(1), 0)
        value = self.lower(node)
        if not isinstance(value, Ratio | Guarded):
            raise InternalError(f"expected a number from {type(node).__name__}")
        if isinstance(value, Ratio) and value.whole and isinstance(type_, NumberType):
            return Ratio(_tightened(value, type_), value.denominator, value.scale)
        if isinstance(type_, NumberType):
            value = _sized(value, type_)
        if isinstance(value, Guarded) and not isinstance(value.absolute, float):
            return self.bind_number(value)  # its parts are used several times, at every level of a tree
        return value

    def plain(self, node: nodes.Node, like: Type | None = None) -> pl.Expr:
        """Return a flag, text or date column; the literal 不适用 takes the dtype of ``like``."""
        type_ = self.type_of(node)
        if isinstance(type_, NothingType):
            self.lower(node)
            kind = storage(like) if like is not None else None
            return pl.lit(None, dtype=kind.dtype() if kind is not None else pl.String())
        value = self.lower(node)
        if not isinstance(value, pl.Expr):
            raise InternalError(f"expected a flag, text or date from {type(node).__name__}")
        return value

    def absent(self, node: nodes.Node) -> pl.Expr:
        """Return whether the node's value is not applicable, as a flag column."""
        type_ = self.type_of(node)
        if isinstance(type_, NumberType):
            return null_of(self.number(node))
        return self.plain(node).is_null()


def _tightened(value: Ratio, type_: NumberType) -> Integer:
    low = value.numerator.low if type_.low is None else ceil(type_.low * 10**value.scale)
    high = value.numerator.high if type_.high is None else floor(type_.high * 10**value.scale)
    return integers.bounded(value.numerator, low, high)


def _sized(value: Numeric, type_: NumberType) -> Numeric:
    """Return a number with the bounds on its size that inference proves."""
    if type_.low is None or type_.high is None:
        return value
    largest, smallest = max(abs(type_.low), abs(type_.high)), max(type_.low, -type_.high)
    if largest == 0:
        return value
    most, least = _exponent(largest) + 0.01, _exponent(smallest) - 0.01
    return evolve(value, most=min(value.most, most), least=max(value.least, least))


def _exponent(size: Fraction) -> float:
    """Return the logarithm to base ten of a size, near enough; of zero and less it is minus infinity."""
    return log10(size.numerator) - log10(size.denominator) if size > 0 else -inf


def null_of(value: Numeric) -> pl.Expr:
    """Return whether a number is not applicable, as a flag column."""
    if isinstance(value, Guarded):
        return value.value.is_null()
    absent = value.numerator.expr.is_null()
    return absent if value.denominator.constant is not None else absent | value.denominator.expr.is_null()


def _made_positive(value: Integer) -> Integer:
    """Return the absolute value of a divisor, null where it is zero."""
    size = integers.absolute(value)
    if value.low > 0 or value.high < 0:
        return size
    return Integer(pl.when(value.expr != 0).then(size.expr), 1, max(size.high, 1))


def select(conditions: list[pl.Expr], choices: list[pl.Expr], otherwise: pl.Expr) -> pl.Expr:
    """Return the choice of the first condition that is true, else ``otherwise``."""
    if not conditions:
        return otherwise
    first = pl.when(conditions[0]).then(choices[0])
    if len(conditions) == 1:
        return first.otherwise(otherwise)
    chain = first.when(conditions[1]).then(choices[1])
    for condition, choice in zip(conditions[2:], choices[2:], strict=True):
        chain = chain.when(condition).then(choice)
    return chain.otherwise(otherwise)


# --- leaves -------------------------------------------------------------------------------------------------


def _literal(_lowering: Lowering, node: nodes.Literal) -> Column:
    match node.value:
        case bool():
            return pl.lit(node.value)
        case Fraction():
            try:
                return values.exact_constant(node.value)
            except TooWide:
                return values.guarded_constant(node.value)
        case _:
            return pl.lit(node.value)


def _parameter(lowering: Lowering, node: nodes.ParameterRef) -> Column:
    return lowering.lower(node.value)


def _step(lowering: Lowering, node: nodes.Step) -> Column:
    return lowering.lower(node.operand)


def _nothing(_lowering: Lowering, _node: nodes.Node) -> Column:
    return pl.lit(None)


def _undecided(lowering: Lowering, node: nodes.Undecided) -> Column:
    lowering.issue(node.reason, pl.lit(True))
    return pl.lit(None)


def _reference(
    lowering: Lowering, node: nodes.FieldRef | nodes.RuleRef | nodes.CohortRef | SuppliedRef
) -> Column:
    type_ = lowering.names[node.name]
    if not isinstance(type_, NumberType):
        return pl.col(node.name)
    if node.name in lowering.unstored:
        if node.name in lowering.doubtful:
            lowering.doubt(pl.col(lowering.doubtful[node.name]))
        return lowering.unstored[node.name]
    kept = storage(type_)
    if is_ratio(type_):
        return Guarded(pl.col(float_column(node.name)), values.ROUNDOFF)
    if kept is None or type_.low is None or type_.high is None:
        raise InternalError(f"{node.name} has no column")
    factor = 10**kept.scale
    return values.scaled_column(node.name, ceil(type_.low * factor), floor(type_.high * factor), kept.scale)


_LOWERINGS: dict[type[nodes.Node], Callable[..., Column]] = {
    nodes.Literal: _literal,
    nodes.NotApplicable: _nothing,
    nodes.Undecided: _undecided,
    nodes.FieldRef: _reference,
    nodes.RuleRef: _reference,
    nodes.CohortRef: _reference,
    SuppliedRef: _reference,
    nodes.ParameterRef: _parameter,
    nodes.Step: _step,
}


def lowers(node_type: type[nodes.Node]) -> Callable[[Callable[..., Column]], Callable[..., Column]]:
    """Add a function to the table: the one that lowers nodes of this type."""

    def add(function: Callable[..., Column]) -> Callable[..., Column]:
        _LOWERINGS[node_type] = function
        return function

    return add
