"""Faults of runs that an engine takes as a whole (RC568, RC569)."""

from rulecore.errors import Code
from rulecore.language import N_

OPTION_NOT_FOR_ENGINE = Code(
    id="RC568",
    message=N_("{option} cannot be used with the engine {engine}, which reads the records itself"),
    hint=N_("Leave it out, or use --engine columnar."),
)
RECORDS_OF_ENGINE = Code(
    id="RC569",
    message=N_("records of the engine {engine} cannot be evaluated by the engine {asked}"),
    hint=N_("Leave the engine out, or give the records as a file or a frame."),
)
