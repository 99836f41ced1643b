"""Runs from file to file, part by part: for policies whose records need no others, however many there are.

Records are read, typed, computed and written some at a time. What only all of them tell (which of them claim the same
identity, which policies have records at all) is assumed at first and known at the end of a pass; where it was
otherwise, the inputs are gone through once more. Results, quarantine, counts, manifest and messages are those of a run
in memory.
"""

from rulecore.streaming.applies import FEWEST_BYTES, InputFile, input_parts, records_are_independent
from rulecore.streaming.outcome import RunOutcome
from rulecore.streaming.run import ROWS_OF_A_PART, PartsRun, write_in_parts

__all__ = [
    "FEWEST_BYTES",
    "ROWS_OF_A_PART",
    "InputFile",
    "PartsRun",
    "RunOutcome",
    "input_parts",
    "records_are_independent",
    "write_in_parts",
]
