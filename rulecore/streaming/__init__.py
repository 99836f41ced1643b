"""Runs from file to file, part by part: for policies whose records need no others, however many there are.

Records are read, typed, computed and written some at a time. What only all of them tell (which of them claim the same
identity, which policies have records at all) is assumed at first and known at the end of a pass; where it was
otherwise, the inputs are gone through once more. Results, quarantine, counts, manifest and messages are those of a run
in memory.
"""

from rulecore.streaming.applies import input_parts, records_are_independent
from rulecore.streaming.run import PartsOutcome, PartsRun

__all__ = ["PartsOutcome", "PartsRun", "input_parts", "records_are_independent"]
