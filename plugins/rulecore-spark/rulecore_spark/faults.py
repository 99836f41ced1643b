"""Faults on their way from a worker, whose exceptions reach the program as text, and from Spark's own errors."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rulecore.errors import Code, Fault, FaultsError, InputError, PluginError, RulecoreError
from rulecore.source import Place
from rulecore_spark.codes import TASK_FAILED

_MARK: Final = "rulecore-faults:"
_MARKED: Final = re.compile(rf"{_MARK}([A-Za-z0-9+/=]+)")


class WorkerError(Exception):
    """What a worker raises: the faults in words, and in a form that :func:`as_faults` reads."""

    def __init__(self, error: FaultsError) -> None:
        packed = base64.b64encode(json.dumps([_packed(fault) for fault in error.faults]).encode()).decode()
        super().__init__(f"{error.render('en')}\n{_MARK}{packed}")


def _packed(fault: Fault) -> dict[str, object]:
    place = fault.place
    return {
        "id": fault.code.id,
        "message": fault.code.message,
        "hint": fault.code.hint if fault.hint is None else fault.hint,
        "severity": fault.code.severity,
        "values": {name: str(value) for name, value in fault.values.items()},
        "place": None
        if place is None
        else {"file": place.file, "sheet": place.sheet, "line": place.line, "key": place.key},
    }


def _unpacked(packed: dict[str, object]) -> Fault:
    place, values = packed["place"], packed["values"]
    code = Code(id=str(packed["id"]), message=str(packed["message"]), hint=str(packed["hint"]))
    return Fault(
        code=code,
        values=values if isinstance(values, dict) else {},
        place=Place(**place) if isinstance(place, dict) else None,
    )


@contextmanager
def as_faults() -> Iterator[None]:
    """Turn what Spark says of a failed job into :class:`rulecore.errors.InputError`; each fault of a worker once."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except RulecoreError:
        raise
    except (PySparkException, Py4JError) as error:
        text = str(error)
        found = [
            _unpacked(packed)
            for match in _MARKED.finditer(text)
            for packed in json.loads(base64.b64decode(match.group(1)))
        ]
        faults = {(fault.code.id, fault.message("en")): fault for fault in found}
        if any(fault.code.id.startswith("RC6") or fault.code.id == "SP005" for fault in faults.values()):
            raise PluginError(faults.values()) from None
        if faults:
            raise InputError(faults.values()) from None
        reason = next((line.strip() for line in reversed(text.splitlines()) if _tells(line)), text[:300])
        raise InputError([Fault(code=TASK_FAILED, values={"reason": reason})]) from error


def _tells(line: str) -> bool:
    """Whether a line of an error's text says something; frames of Java and the number of a state do not."""
    line = line.strip()
    return bool(line) and not line.startswith(("at ", "JVM stacktrace", "SQLSTATE", "..."))
