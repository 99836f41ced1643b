"""Whether a run can be made part by part: by what its policies need, and by what its inputs are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import frozen

from rulecore.contracts import Reader
from rulecore.planned import CohortStep, Plan
from rulecore.sources import STANDARD_INPUT

FEWEST_BYTES: Final = 2**24
"""Inputs of fewer bytes in all are read whole: there is nothing to gain."""


@frozen(kw_only=True)
class InputFile:
    """An input that its reader can take part by part; ``name`` is what messages call it."""

    path: Path
    name: str
    reader: Reader


def records_are_independent(plans: Iterable[Plan]) -> bool:
    """Return whether each record's results depend on its own row alone.

    They do not where a rule compares records, where they have detail rows, and where values come from earlier periods
    or other policies.
    """
    return not any(
        plan.tables or plan.supplied or any(isinstance(step, CohortStep) for step in plan.steps)
        for plan in plans
    )


def input_parts(
    locations: Sequence[str], readers: Mapping[str, Reader], *, fewest_bytes: int = FEWEST_BYTES
) -> tuple[InputFile, ...] | None:
    """Return the inputs, if all are files that can be taken part by part and they are worth it; else None."""
    found = []
    if any("\0" in location for location in locations):
        return None  # no file is called so, which is for the reading to say
    for location in locations:
        reader = readers.get(Path(location).suffix.lower())
        if location == STANDARD_INPUT or reader is None or reader.stream is None:
            return None
        found.append(InputFile(path=Path(location), name=location, reader=reader))
    # A file that is given twice has rows of one place twice; in memory it is told what that means.
    distinct = {os.path.realpath(location) for location in locations}
    if not found or len(distinct) < len(found) or sum(map(_size, distinct)) < fewest_bytes:
        return None
    return tuple(found)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):
        return 0
