"""The built-in cohort functions, one subject a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rulecore.cohort.aggregates import AGGREGATES
from rulecore.cohort.envelopes import ENVELOPE_LEFT, FILL_ENVELOPE
from rulecore.cohort.ideal import TOPSIS_SHARE, VIKOR
from rulecore.cohort.pairwise import PAIRWISE_WINS
from rulecore.cohort.percentiles import PERCENTILE_RANK
from rulecore.cohort.pools import POOL_CAPPED, POOL_LEFT, SHARE_POOL
from rulecore.cohort.quantiles import QUANTILES
from rulecore.cohort.running import RUNNING
from rulecore.cohort.scaling import SCALE_TO_ENVELOPE
from rulecore.cohort.seats import APPORTION
from rulecore.cohort.statistics import STATISTICS
from rulecore.cohort.winsorising import WINSORISE

if TYPE_CHECKING:
    from rulecore.contracts import CohortFunction

COHORT_FUNCTIONS: tuple[CohortFunction, ...] = (
    *AGGREGATES,
    *STATISTICS,
    *QUANTILES,
    PERCENTILE_RANK,
    *RUNNING,
    SHARE_POOL,
    POOL_CAPPED,
    POOL_LEFT,
    FILL_ENVELOPE,
    ENVELOPE_LEFT,
    SCALE_TO_ENVELOPE,
    APPORTION,
    WINSORISE,
    PAIRWISE_WINS,
    TOPSIS_SHARE,
    VIKOR,
)
