"""Faults of runs that an engine takes as a whole (RC559, RC568, RC569)."""

from rulecore.errors import Code
from rulecore.language import N_

RESULTS_NOT_AT_HAND = Code(
    id="RC559",
    message=N_("the engine {engine} writes the results of whole runs; this command needs them at hand"),
    hint=N_("Use --engine columnar, with the records that the question is about."),
)
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
