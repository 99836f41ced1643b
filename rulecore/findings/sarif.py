"""Faults as a SARIF 2.1.0 log, which code-scanning services and editors read.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
Columns count Unicode code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Final
from urllib.parse import quote

from rulecore.errors import Code, Fault
from rulecore.language import translate
from rulecore.source import Place

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
Json = dict[str, object]


def sarif_log(faults: Sequence[Fault]) -> Json:
    """Return the log of one run; its rules are the codes that occur, in their order."""
    codes = sorted({fault.code.id: fault.code for fault in faults}.values(), key=lambda code: code.id)
    numbers = {code.id: number for number, code in enumerate(codes)}
    driver = {"name": "rulecore", "version": version("rulecore"), "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(fault, numbers[fault.code.id]) for fault in faults],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def docs_page(code: Code) -> str:
    """Return the path of a code's page in the documentation."""
    return f"docs/errors/{code.id}.md"


def _rule(code: Code) -> Json:
    message, advice, page = _general(code.message), _general(code.hint), docs_page(code)
    return {
        "id": code.id,
        "shortDescription": {"text": message},
        "help": {"text": f"{advice}\n{page}".strip(), "markdown": f"{advice}\n\n[{code.id}]({page})"},
        "defaultConfiguration": {"level": code.severity},
        "properties": {"documentation": docs_page(code)},
    }


def _general(template: str) -> str:
    """Return a template of a message with … for the values that each fault puts in."""
    return _escaped(translate(template).format_map(_Anything()))


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _escaped(text: str) -> str:
    """Return a text as a SARIF message: braces are doubled there (3.11.5), single ones are placeholders."""
    return text.replace("{", "{{").replace("}", "}}")


def _result(fault: Fault, number: int) -> Json:
    words = "\n".join(part for part in (fault.message(), fault.advice()) if part)
    result: Json = {
        "ruleId": fault.code.id,
        "ruleIndex": number,
        "level": fault.code.severity,
        "message": {"text": _escaped(words)},
    }
    if fault.place is not None:
        result["locations"] = [_location(fault.place)]
    if fault.related:
        result["relatedLocations"] = [
            {"id": index, **_location(place), "message": {"text": _escaped(translate(role))}}
            for index, (role, place) in enumerate(fault.related)
        ]
    return result


def _location(place: Place) -> Json:
    physical: Json = {"artifactLocation": {"uri": quote(place.file)}}
    if place.line is not None:
        region: Json = {"startLine": place.line}
        if place.column is not None:
            region |= {"startColumn": place.column, "endColumn": place.column + place.length}
        if place.excerpt:
            region["snippet"] = {"text": place.excerpt}
        physical["region"] = region
    location: Json = {"physicalLocation": physical}
    if place.key:
        location["logicalLocations"] = [{"fullyQualifiedName": place.key, "kind": "member"}]
    return location
