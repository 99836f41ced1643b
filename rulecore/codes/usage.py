"""Faults of the command line itself (RC00x)."""

from rulecore.errors import Code
from rulecore.language import N_

UNKNOWN_SCORER = Code(
    id="RC001",
    message=N_("there is no scorer {name}"),
    hint=N_("rulecore scorers lists them all"),
)
UNKNOWN_FUNCTION = Code(
    id="RC002",
    message=N_("there is no function {name}"),
    hint=N_("rulecore functions lists them all"),
)
