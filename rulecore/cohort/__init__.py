"""The built-in cohort functions, one a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rulecore.contracts import CohortFunction

COHORT_FUNCTIONS: tuple[CohortFunction, ...] = ()
