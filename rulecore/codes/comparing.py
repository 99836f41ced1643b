"""Faults of comparing results: what to compare, the rules to sum, sweeps and variations (RC08x)."""

from rulecore.errors import Code
from rulecore.language import N_

UNKNOWN_COMPARED_RULE = Code(
    id="RC080",
    message=N_("there is no rule {name} in what is compared"),
    hint=N_("The rules are: {known}."),
)
NO_NUMBER = Code(
    id="RC081",
    message=N_("{rule} is no exact number, so it has no sum"),
    hint=N_("Name a rule that gives numbers; one with irrational values must be rounded first."),
)
OTHERS_DIFFER = Code(
    id="RC082",
    message=N_("--ripple {entity}: not only this record differs, but also {others}"),
    hint=N_("Correct one record at a time, or leave --ripple out."),
)
NOT_CORRECTED = Code(
    id="RC083",
    message=N_("--ripple {entity}: this record is the same on both sides"),
    hint=N_("Name the entity whose record was corrected."),
)
NOTHING_TO_COMPARE = Code(
    id="RC084",
    message=N_("only one side is given, so there is nothing to compare"),
    hint=N_("Give a second policy, --records-new with the records of the second side, or two results files."),
)
MIXED_SIDES = Code(
    id="RC085",
    message=N_("{option} does not go with results files"),
    hint=N_("Two results files are compared as they are; records are for policies."),
)
NO_RECORDS = Code(
    id="RC086",
    message=N_("policies are compared by the results they give, and no records are named"),
    hint=N_("Name them with --records FILE."),
)
UNKNOWN_PARAMETER = Code(
    id="RC087",
    message=N_("no policy has a parameter {name}"),
    hint=N_("The parameters are: {known}."),
)
WRONG_RANGE = Code(
    id="RC088",
    message=N_("--parameter {given}: {reason}"),
    hint=N_("Write NAME=LOW..HIGH:STEP, such as bonus_cap=0..6:1, or NAME=VALUE,VALUE."),
)
TOO_MANY_POINTS = Code(
    id="RC089",
    message=N_("{count} combinations of values are asked for, at most {most} are computed"),
    hint=N_("Take larger steps, or fewer parameters at a time."),
)
WRONG_VARIATION = Code(
    id="RC090",
    message=N_("--vary {given} does not say what is varied by how much"),
    hint=N_(
        "Write weights=10%, thresholds=1, or a parameter such as bonus_cap=0.5; above 0, and below 100%."
    ),
)
NOTHING_TO_VARY = Code(
    id="RC091",
    message=N_("--vary {what}: {reason}"),
    hint=N_(
        "Weights are the numbers in of = {{…}}, thresholds those of bands and stars; or name a parameter."
    ),
)
