"""The built-in cohort functions, one subject a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulecore.cohort.aggregates import AGGREGATES
from rulecore.cohort.envelopes import ENVELOPE_LEFT, FILL_ENVELOPE
from rulecore.cohort.pools import POOL_CAPPED, POOL_LEFT, SHARE_POOL
from rulecore.cohort.scaling import SCALE_TO_ENVELOPE
from rulecore.cohort.seats import APPORTION

if TYPE_CHECKING:
    from rulecore.contracts import CohortFunction

COHORT_FUNCTIONS: tuple[CohortFunction, ...] = (
    *AGGREGATES,
    SHARE_POOL,
    POOL_CAPPED,
    POOL_LEFT,
    FILL_ENVELOPE,
    ENVELOPE_LEFT,
    SCALE_TO_ENVELOPE,
    APPORTION,
)
