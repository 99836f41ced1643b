"""Faults of how rulecore is called, on the command line or from Python (RC00x)."""

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
UNKNOWN_ENGINE = Code(
    id="RC003",
    message=N_("there is no engine {engine}"),
    hint=N_("Known engines: {known}."),
)
NOT_ONE_POLICY = Code(
    id="RC004",
    message=N_("{path} holds {count} policies, but one is needed here"),
    hint=N_("Name one policy file, or use load_policies() for the whole set."),
)
