"""Faults for people and for tools: text with excerpts, JSON, SARIF 2.1.0, workflow commands of GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rulecore.errors import Fault
from rulecore.findings.github import github_lines
from rulecore.findings.sarif import sarif_log
from rulecore.source import Place


def render(faults: Sequence[Fault], format: str) -> str:  # noqa: A002 - it is what the option is called
    """Return faults in one of :data:`FORMATS`, in the current language, without a last line end."""
    return FORMATS[format](faults)


def fault_document(fault: Fault) -> dict[str, object]:
    """Return one fault as plain values; a place's parts are null where they are not known."""
    return {
        "code": fault.code.id,
        "severity": fault.code.severity,
        "message": fault.message(),
        "advice": fault.advice(),
        **_place_document(fault.place),
        "related": [{"role": role, **_place_document(place)} for role, place in fault.related],
    }


def _place_document(place: Place | None) -> dict[str, object]:
    return {
        "file": place.file if place is not None else None,
        "line": place.line if place is not None else None,
        "column": place.column if place is not None else None,
        "length": place.length if place is not None else None,
        "key": place.key if place is not None else "",
    }


def _text(faults: Sequence[Fault]) -> str:
    return "\n\n".join(fault.render() for fault in faults)


def _json(faults: Sequence[Fault]) -> str:
    return json.dumps([fault_document(fault) for fault in faults], ensure_ascii=False, indent=2)


def _sarif(faults: Sequence[Fault]) -> str:
    return json.dumps(sarif_log(faults), ensure_ascii=False, indent=2)


def _github(faults: Sequence[Fault]) -> str:
    return "\n".join(github_lines(faults))


FORMATS: Final[Mapping[str, Callable[[Sequence[Fault]], str]]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
}
