"""A record's exact values, made into fractions only when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import cast

from attrs import frozen

from rulecore.contracts import Value
from rulecore.engines.exact import ExactValue
from rulecore.reals import Real


@frozen
class Slot:
    """Where a value stands among inputs and results, and how: ``factor * top / bottom``, or as it is.

    ``bottom`` is -1 for a number without one; ``factor`` is None for a value that stands as it is.
    """

    of_inputs: bool
    top: int
    bottom: int = -1
    factor: Fraction | None = None


class Values(Mapping[str, Value]):
    """The values of a record by name; a number becomes a fraction when it is read."""

    __slots__ = ("_inputs", "_results", "_slots")

    def __init__(
        self, slots: Mapping[str, Slot], inputs: Sequence[object], results: Sequence[object]
    ) -> None:
        self._slots = slots
        self._inputs = inputs
        self._results = results

    def exact(self, name: str) -> ExactValue:
        """Return a value, also one that no fraction need be."""
        slot = self._slots[name]
        held = self._inputs if slot.of_inputs else self._results
        top = held[slot.top]
        if slot.factor is None or top is None:
            return cast(ExactValue, top)  # a text, a flag, a date or what the exact engine found
        assert isinstance(top, int)  # noqa: S101 - numbers are held as whole numbers
        bottom = 1 if slot.bottom < 0 else held[slot.bottom]
        assert isinstance(bottom, int)  # noqa: S101
        factor = slot.factor
        return Fraction(factor.numerator * top, factor.denominator * bottom)

    def __getitem__(self, name: str) -> Value:
        """Return a value; a name whose value is inexact is not there."""
        value = self.exact(name)
        if isinstance(value, Real):
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        """Yield the names, in the order of the plan."""
        for name in self._slots:
            if not isinstance(self.exact(name), Real):
                yield name

    def __len__(self) -> int:
        """Return how many values there are."""
        return sum(1 for _name in self)

    def __repr__(self) -> str:
        """Return the values as a dictionary shows them."""
        return repr(dict(self))
