"""Faults of asking for an explanation: the record that is meant is not there, or is not the only one (RC02x)."""

from rulecore.errors import Code
from rulecore.language import N_

UNKNOWN_ENTITY = Code(
    id="RC020",
    message=N_("there is no record of {entity}"),
    hint=N_("The entity is written as in the records: {examples}, …"),
)
SEVERAL_PERIODS = Code(
    id="RC021",
    message=N_("{entity} has records in several periods: {periods}"),
    hint=N_("Say which period is meant: --period, or results.explain(entity, period)."),
)
NOT_IN_PERIOD = Code(
    id="RC022",
    message=N_("{entity} has no record in period {period}"),
    hint=N_("It has records in: {periods}."),
)
SEVERAL_RECORDS = Code(
    id="RC023",
    message=N_("{entity} has several records that different policies scored"),
    hint=N_("Explain it with one of these policies, or with the records of one of them."),
)
