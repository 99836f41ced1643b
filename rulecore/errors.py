"""The error tree. Every error of a user's making carries one or more faults, each with a code and a place.

::

    RulecoreError
    ├── FaultsError            one or more faults, all found before it is raised
    │   ├── PolicyError        the policy (or policy set) cannot be used
    │   ├── PluginError        a plugin is broken, clashes, or is missing
    │   ├── InputError         an input cannot be read at all (single bad rows are quarantined instead)
    │   ├── OutputError        a result cannot be written
    │   └── UsageError         arguments that do not fit together
    └── InternalError          a promise of rulecore's own code was broken: a bug to report

A :class:`Code` is declared once, in ``rulecore/codes/``, with its message and its advice; a :class:`Fault` is one
occurrence of it. Both are values: a fault is worded only when shown, in the language of the person who reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from attrs import field, frozen

from rulecore.language import N_, Language, _, translate
from rulecore.phrase import said
from rulecore.source import Place, caret_line

Severity = Literal["error", "warning", "note"]
SEVERITIES = (N_("error"), N_("warning"), N_("note"))


@frozen(kw_only=True)
class Code:
    """A kind of fault: its stable identifier, its message and what to do about it.

    ``message`` and ``hint`` are English templates with ``{name}`` places for the fault's values;
    they are translated when shown. The identifier never changes its meaning and is never used again.
    """

    id: str
    message: str
    hint: str
    severity: Severity = "error"


@frozen(kw_only=True)
class Fault:
    """One thing that is wrong: a code, the values in its message, and where it stands.

    ``hint`` replaces the code's own advice where more is known (a near miss, for example);
    ``related`` are further places that belong to the fault, each with a word on its part in it.
    """

    code: Code
    values: Mapping[str, object] = field(factory=dict)
    place: Place | None = None
    hint: str | None = None
    related: tuple[tuple[str, Place], ...] = ()

    def message(self, language: Language | None = None) -> str:
        """Return the fault's sentence in ``language``."""
        return _fill(translate(self.code.message, language), self.values, language)

    def advice(self, language: Language | None = None) -> str:
        """Return what to do about the fault, in ``language``; empty if there is nothing to add."""
        template = self.hint if self.hint is not None else self.code.hint
        return _fill(translate(template, language), self.values, language)

    def render(self, language: Language | None = None) -> str:
        """Return the fault as it is shown in a terminal: place, code, message, excerpt, caret and advice."""
        severity = translate(self.code.severity, language)
        head = f"{severity} {self.code.id}: {self.message(language)}"
        lines = [f"{self.place}: {head}" if self.place is not None else head]
        if self.place is not None:
            lines += _excerpt(self.place)
        for role, place in self.related:
            lines.append(f"  {_fill(translate(role, language), self.values, language)}: {place}")
            lines += _excerpt(place)
        advice = self.advice(language)
        if advice:
            lines.append(f"  = {advice}")
        return "\n".join(lines)


def _fill(template: str, values: Mapping[str, object], language: Language | None) -> str:
    words = {name: said(value, language) for name, value in values.items()}
    return template.format_map(words) if template else ""


def _excerpt(place: Place) -> list[str]:
    lines = []
    if place.key:
        lines.append(f"  [{place.key}]")
    if place.excerpt:
        number = f"{place.line:>4} | " if place.line is not None else "     | "
        lines.append(number + place.excerpt)
        caret = caret_line(place)
        if caret:
            lines.append(" " * (len(number) - 2) + "| " + caret)
    return lines


class RulecoreError(Exception):
    """The base of every error that rulecore raises on purpose."""


class InternalError(RulecoreError):
    """A promise of rulecore's own code was broken. Please report it with the message."""


class FaultsError(RulecoreError):
    """One or more faults of a user's input, all found before this was raised."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        if not self.faults:
            raise InternalError("a FaultsError needs at least one fault")
        super().__init__(self.render())

    def render(self, language: Language | None = None) -> str:
        """Return all faults, one below the other, and their number."""
        blocks = [fault.render(language) for fault in self.faults]
        return "\n\n".join(blocks)


class PolicyError(FaultsError):
    """The policy or policy set cannot be used as it is."""


class PluginError(FaultsError):
    """A plugin is broken, clashes with another one, or is missing."""


class InputError(FaultsError):
    """An input cannot be read at all; single bad rows are quarantined instead."""


class OutputError(FaultsError):
    """A result cannot be written."""


class UsageError(FaultsError):
    """Arguments that are wrong or do not fit together."""


def ordered(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the faults in reading order: by file, line, column, then code; those without a place first."""

    def position(fault: Fault) -> tuple[str, int, int, str, str]:
        place = fault.place
        if place is None:
            return ("", 0, 0, fault.code.id, fault.message("en"))
        return (place.file, place.line or 0, place.column or 0, fault.code.id, fault.message("en"))

    return tuple(sorted(faults, key=position))


def summary(faults: Iterable[Fault]) -> str:
    """Return a line such as ``3 errors, 1 warning`` in the current language."""
    found = list(faults)
    errors = sum(fault.code.severity == "error" for fault in found)
    warnings = sum(fault.code.severity == "warning" for fault in found)
    return _("{errors} error(s), {warnings} warning(s)").format(errors=errors, warnings=warnings)
