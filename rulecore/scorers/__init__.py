"""The built-in scorers, one a file; :data:`SCORERS` is what the built-in plugin hands over."""

from typing import Final

from rulecore.contracts import Scorer
from rulecore.scorers.bands import Bands
from rulecore.scorers.bonus import Bonus
from rulecore.scorers.decision_table import DecisionTable
from rulecore.scorers.deduction import Deduction
from rulecore.scorers.formula import Formula
from rulecore.scorers.geometric_mean import GeometricMean
from rulecore.scorers.harmonic_mean import HarmonicMean
from rulecore.scorers.lookup import Lookup
from rulecore.scorers.mutual_coefficient import MutualCoefficient
from rulecore.scorers.piecewise import Piecewise
from rulecore.scorers.power_mean import PowerMean
from rulecore.scorers.quota import Quota
from rulecore.scorers.quota_places import QuotaPlaces
from rulecore.scorers.rank import Ranking
from rulecore.scorers.stars import Stars
from rulecore.scorers.steps import Steps
from rulecore.scorers.veto import Veto
from rulecore.scorers.veto_reason import VetoReason
from rulecore.scorers.weakest_link import WeakestLink
from rulecore.scorers.weighted_mean import WeightedMean
from rulecore.scorers.weighted_sum import WeightedSum

SCORERS: Final[tuple[type[Scorer], ...]] = (
    Formula,
    WeightedSum,
    WeightedMean,
    GeometricMean,
    HarmonicMean,
    PowerMean,
    WeakestLink,
    MutualCoefficient,
    Piecewise,
    Steps,
    Bands,
    Stars,
    Veto,
    VetoReason,
    Bonus,
    Deduction,
    Lookup,
    DecisionTable,
    Ranking,
    Quota,
    QuotaPlaces,
)
