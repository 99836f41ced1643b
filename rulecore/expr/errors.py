"""Faults of an expression: they know offsets in its text, and learn file and line from the policy loader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from rulecore.errors import Code, Fault, PolicyError
from rulecore.source import Place, Span, format_key


@frozen(kw_only=True)
class ExpressionFault:
    """One fault of an expression; ``span`` is where, in characters of the expression's own text.

    ``hint`` replaces the code's own advice where more is known.
    """

    code: Code
    values: Mapping[str, object] = field(factory=dict)
    span: Span | None = None
    hint: str | None = None

    def at(self, place: Place | None) -> Fault:
        """Return the fault at a place of a file."""
        return Fault(code=self.code, values=self.values, place=place, hint=self.hint)

    def in_text(self, text: str) -> Fault:
        """Return the fault with a place in ``text`` alone; a line break counts as one character."""
        if self.span is None:
            return self.at(None)
        excerpt = text.translate(_ON_ONE_LINE) if len(text) <= _LONGEST_EXCERPT else ""
        return self.at(
            Place(
                file="",
                column=self.span.start + 1,
                length=max(self.span.end - self.span.start, 1),
                key=format_key(self.span.key),
                excerpt=excerpt,
            )
        )


_LONGEST_EXCERPT = 500
_ON_ONE_LINE = dict.fromkeys(map(ord, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")


class ExpressionError(PolicyError):
    """An expression cannot be read; ``problems`` are its faults before they have a file and a line."""

    def __init__(self, problems: Iterable[ExpressionFault], text: str = "") -> None:
        self.problems: tuple[ExpressionFault, ...] = tuple(problems)
        self.text = text
        super().__init__(problem.in_text(text) for problem in self.problems)


class ResolveErrors(ExpressionError):  # noqa: N818 - it carries several
    """Names or calls of an expression do not fit what the policy and its plugins declare."""
