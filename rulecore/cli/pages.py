"""Pages and lists of things with names: how ``rulecore scorers`` and ``rulecore functions`` are laid out."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence

from rulecore.errors import Code, Fault, UsageError
from rulecore.language import N_
from rulecore.policy.suggest import suggestion
from rulecore.registry import Registered, T
from rulecore.source import display_width


def aligned(rows: Sequence[tuple[str, ...]], indent: str = "") -> str:
    """Return rows as columns of text, aligned under wide characters too."""
    if not rows:
        return ""
    widths = [max(display_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(indent + line.rstrip() for line in lines)


def wanted(name: str, known: Mapping[str, Registered[T]], code: Code) -> Registered[T]:
    """Return the thing of that name. Raises UsageError with the nearest name there is."""
    if name in known:
        return known[name]
    near = suggestion(name, known)
    hint = N_("did you mean {suggestion}?") if near else None
    raise UsageError([Fault(code=code, values={"name": name, "suggestion": near or ""}, hint=hint)])


def first_sentence(documentation: str | None) -> str:
    """Return the first line of a docstring."""
    return inspect.cleandoc(documentation or "").partition("\n")[0]


def joined(blocks: Iterable[str]) -> str:
    """Return blocks of text with a blank line between them, empty ones left out."""
    return "\n\n".join(block for block in blocks if block)
