"""One rulecore plugin of every kind, to copy from.

Each kind has a file of its own; this module hands them over through the hooks. It imports nothing
heavy: rulecore imports it whenever plugins are loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rulecore.contracts import (
    Check,
    CohortFunction,
    Command,
    Engine,
    Function,
    Reader,
    Report,
    Scorer,
    Store,
    Writer,
)
from rulecore.markers import hookimpl
from rulecore_example.both import BOTH
from rulecore_example.cards import CARDS
from rulecore_example.counts import COUNTS
from rulecore_example.gap_to_best import GAP_TO_BEST
from rulecore_example.markdown import MARKDOWN
from rulecore_example.memory import MEMORY
from rulecore_example.middle import MIDDLE
from rulecore_example.references import REFERENCES
from rulecore_example.target_ratio import TargetRatio

if TYPE_CHECKING:
    import click

RULECORE_API = 1


@hookimpl
def rulecore_scorers() -> Sequence[type[Scorer]]:
    """Give the scorer ``target_ratio``."""
    return [TargetRatio]


@hookimpl
def rulecore_functions() -> Sequence[Function]:
    """Give the function ``middle``."""
    return [MIDDLE]


@hookimpl
def rulecore_cohort_functions() -> Sequence[CohortFunction]:
    """Give the cohort function ``gap_to_best``."""
    return [GAP_TO_BEST]


@hookimpl
def rulecore_checks() -> Sequence[Check]:
    """Give the check ``references``."""
    return [REFERENCES]


@hookimpl
def rulecore_readers() -> Sequence[Reader]:
    """Give the reader of ``.cards`` files."""
    return [CARDS]


@hookimpl
def rulecore_writers() -> Sequence[Writer]:
    """Give the writer of ``.md`` files."""
    return [MARKDOWN]


@hookimpl
def rulecore_reports() -> Sequence[Report]:
    """Give the report ``counts``."""
    return [COUNTS]


@hookimpl
def rulecore_engines() -> Sequence[Engine]:
    """Give the engine ``both``."""
    return [BOTH]


@hookimpl
def rulecore_stores() -> Sequence[Store]:
    """Give the store ``memory``."""
    return [MEMORY]


def _load_origins() -> click.Command:
    # Imported when the command is used, so that others start fast.
    from rulecore_example.origins import origins

    return origins


@hookimpl
def rulecore_commands() -> Sequence[Command]:
    """Give the command ``rulecore origins``."""
    return [Command(name="origins", summary="List every scorer with who gives it.", load=_load_origins)]
