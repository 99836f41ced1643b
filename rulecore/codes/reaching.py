"""Faults of asking what it would take: the target, the fields and their steps (RC03x)."""

from rulecore.errors import Code
from rulecore.language import N_

UNKNOWN_TARGET = Code(
    id="RC030",
    message=N_("there is no rule {name} to reach a value of"),
    hint=N_("The rules are: {known}."),
)
IMPOSSIBLE_TARGET = Code(
    id="RC031",
    message=N_("{rule} can never be {value}"),
    hint=N_("It can be: {possible}."),
)
NO_ORDER = Code(
    id="RC032",
    message=N_("the policy does not say what is better than {rule} = {value}"),
    hint=N_("Say what is to be reached: --to RULE=VALUE."),
)
NOTHING_BETTER = Code(
    id="RC033",
    message=N_("nothing is better than {rule} = {value}"),
    hint=N_("Say what is to be reached instead: --to RULE=VALUE."),
)
UNKNOWN_INPUT = Code(
    id="RC034",
    message=N_("there is no field {name}"),
    hint=N_("The fields are: {known}."),
)
WRONG_STEP = Code(
    id="RC035",
    message=N_("--step {given}: a step is a whole multiple of the field's last decimal, above 0"),
    hint=N_("Write --step FIELD=NUMBER, such as --step {example}."),
)
REFUSED_RECORD = Code(
    id="RC036",
    message=N_("{entity} was refused: it has no results that could be better"),
    hint=N_("rulecore explain says why it was refused."),
)
INEXACT_TARGET = Code(
    id="RC037",
    message=N_("{rule} is no exact number: there is a logarithm or a root in it that is not rounded"),
    hint=N_("Ask about a rule that rounds it, or that is made of its rounded value."),
)
