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
ROWS_REFUSED = Code(
    id="RC005",
    message=N_("--strict: {quarantined} of {rows} rows are refused, so nothing is written"),
    hint=N_("Correct the rows, or leave --strict out: refused rows then stand in the quarantine."),
)
OVERWRITES_INPUT = Code(
    id="RC006",
    message=N_("{file} would be written over what is read"),
    hint=N_("Give the output another name."),
)
WRITTEN_TWICE = Code(
    id="RC007",
    message=N_("{file} would be written twice in one run"),
    hint=N_("Give each output, report and manifest a file of its own."),
)
UNKNOWN_REPORT = Code(
    id="RC008",
    message=N_("there is no report {name}"),
    hint=N_("Known reports: {known}."),
)
REPORT_WITHOUT_FILE = Code(
    id="RC009",
    message=N_("--report {given} does not say which report goes to which file"),
    hint=N_("Write --report NAME=FILE, such as --report markdown=summary.md."),
)
MANIFEST_WITHOUT_PLACE = Code(
    id="RC010",
    message=N_("a manifest stands beside the results, but these go to standard output"),
    hint=N_("Give --output a file, or leave --manifest out."),
)
STDIN_TWICE = Code(
    id="RC011",
    message=N_("standard input (-) can be read only once"),
    hint=N_("Name it once, the other records by their files."),
)
UNKNOWN_RULE = Code(
    id="RC012",
    message=N_("there is no rule {name}"),
    hint=N_("The rules are: {known}."),
)
