"""Faults as workflow commands of GitHub Actions, which shows them beside the lines of a change.

Source: GitHub's documentation, "Workflow commands for GitHub Actions": messages escape ``%`` and line
ends, properties also ``:`` and ``,``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rulecore.errors import Fault

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def github_lines(faults: Iterable[Fault]) -> Iterator[str]:
    """Yield one command for each fault."""
    for fault in faults:
        properties: dict[str, object] = {}
        place = fault.place
        if place is not None:
            properties["file"] = place.file
            if place.line is not None:
                properties["line"] = place.line
            if place.line is not None and place.column is not None:
                properties["col"] = place.column
                properties["endColumn"] = place.column + place.length
        properties["title"] = fault.code.id
        shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        words = "\n".join(part for part in (fault.message(), fault.advice()) if part)
        yield f"::{_LEVELS[fault.code.severity]} {shown}::{_data(words)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
