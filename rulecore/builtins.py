"""The built-ins as a plugin: rulecore's own things come through the same hooks as anyone's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rulecore.markers import API_VERSION, hookimpl

if TYPE_CHECKING:
    from rulecore.contracts import (
        Check,
        CohortFunction,
        Command,
        Engine,
        Function,
        Reader,
        Report,
        Scorer,
        Writer,
    )

RULECORE_API = API_VERSION

# Imports stand in the functions so that importing this module, which finding plugins does, costs nothing.


@hookimpl
def rulecore_scorers() -> Sequence[type[Scorer]]:
    """Return the built-in scorers."""
    from rulecore.scorers import SCORERS

    return SCORERS


@hookimpl
def rulecore_functions() -> Sequence[Function]:
    """Return the built-in functions of the expression language."""
    from rulecore.functions import FUNCTIONS

    return FUNCTIONS


@hookimpl
def rulecore_cohort_functions() -> Sequence[CohortFunction]:
    """Return the built-in cohort functions."""
    from rulecore.cohort import COHORT_FUNCTIONS

    return COHORT_FUNCTIONS


@hookimpl
def rulecore_checks() -> Sequence[Check]:
    """Return the built-in policy lints."""
    from rulecore.checks import CHECKS
    from rulecore.engines.widths_check import WIDTHS

    return (*CHECKS, WIDTHS)


@hookimpl
def rulecore_readers() -> Sequence[Reader]:
    """Return the built-in input formats."""
    from rulecore.readers import READERS

    return READERS


@hookimpl
def rulecore_writers() -> Sequence[Writer]:
    """Return the built-in output formats."""
    from rulecore.writers import WRITERS

    return WRITERS


@hookimpl
def rulecore_reports() -> Sequence[Report]:
    """Return the built-in reports."""
    from rulecore.reports import REPORTS

    return REPORTS


@hookimpl
def rulecore_engines() -> Sequence[Engine]:
    """Return the built-in engines."""
    from rulecore.engines import ENGINES

    return ENGINES


@hookimpl
def rulecore_commands() -> Sequence[Command]:
    """Return the built-in commands."""
    from rulecore.cli.commands import COMMANDS

    return COMMANDS
