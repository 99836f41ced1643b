"""Results compared: two policies, two versions of the records, two runs; and results against a policy's numbers."""

from rulecore.compare.diff import compare_results
from rulecore.compare.effects import FourRuns
from rulecore.compare.files import compare_files, compare_tables, sealed_table
from rulecore.compare.values import Difference

__all__ = [
    "Difference",
    "FourRuns",
    "compare_files",
    "compare_results",
    "compare_tables",
    "sealed_table",
]
