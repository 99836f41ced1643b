"""Faults of asking for an explanation: who is meant, what is asked, where it goes (RC02x and RC03x)."""

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
ENTITY_OR_ALL = Code(
    id="RC024",
    message=N_("either one record is explained (--entity) or all of them (--all)"),
    hint=N_("Give --entity NAME, or --all with --output FILE.jsonl or --output FOLDER."),
)
ONE_RECORD_ONLY = Code(
    id="RC038",
    message=N_("{option} goes with one record, not with --all"),
    hint=N_("Leave it out: all ledgers are written as JSON, with every rule."),
)
ALL_NEEDS_OUTPUT = Code(
    id="RC025",
    message=N_("--all and --output belong together: explanations of all records go to a file or a folder"),
    hint=N_("Write --all --output explanations.jsonl, or --all --output FOLDER."),
)
NO_LEDGER = Code(
    id="RC026",
    message=N_("the rule {name} has no ledger: it is no exact number"),
    hint=N_("Rules with a ledger are: {known}."),
)
