"""The built-in scorers, one a file; :data:`SCORERS` is what the built-in plugin hands over."""

from typing import Final

from rulecore.contracts import Scorer
from rulecore.scorers.bands import Bands
from rulecore.scorers.bonus import Bonus
from rulecore.scorers.borda import Borda
from rulecore.scorers.copeland import Copeland
from rulecore.scorers.decay import Decay
from rulecore.scorers.decision_table import DecisionTable
from rulecore.scorers.deduction import Deduction
from rulecore.scorers.formula import Formula
from rulecore.scorers.gaps import Gaps
from rulecore.scorers.geometric_mean import GeometricMean
from rulecore.scorers.harmonic_mean import HarmonicMean
from rulecore.scorers.log_normal import LogNormal
from rulecore.scorers.logarithmic import Logarithmic
from rulecore.scorers.lookup import Lookup
from rulecore.scorers.mutual_coefficient import MutualCoefficient
from rulecore.scorers.panel import Panel
from rulecore.scorers.piecewise import Piecewise
from rulecore.scorers.power_mean import PowerMean
from rulecore.scorers.quota import Quota
from rulecore.scorers.quota_places import QuotaPlaces
from rulecore.scorers.rank import Ranking
from rulecore.scorers.stars import Stars
from rulecore.scorers.state_machine import StateMachine, StateReason
from rulecore.scorers.steps import Steps
from rulecore.scorers.topsis import Topsis
from rulecore.scorers.veto import Veto
from rulecore.scorers.veto_reason import VetoReason
from rulecore.scorers.vikor import Vikor
from rulecore.scorers.vote import Vote
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
    Logarithmic,
    LogNormal,
    Decay,
    Panel,
    Vote,
    Bands,
    Stars,
    Veto,
    VetoReason,
    Gaps,
    StateMachine,
    StateReason,
    Bonus,
    Deduction,
    Lookup,
    DecisionTable,
    Ranking,
    Borda,
    Copeland,
    Topsis,
    Vikor,
    Quota,
    QuotaPlaces,
)
