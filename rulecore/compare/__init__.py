"""Results compared: two policies, two versions of the records, two runs; and results against a policy's numbers."""

from rulecore.compare.diff import compare_results
from rulecore.compare.effects import FourRuns
from rulecore.compare.values import Difference

__all__ = ["Difference", "FourRuns", "compare_results"]
