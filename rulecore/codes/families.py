"""RC1xx and RC8xx: policies that extend others: where a base stands, guardrails and their breaches, dates.

RC146-RC149 are dates, RC155-RC159 the chain of bases, RC194-RC199 guardrails as written, and the block
RC8xx is what a policy does against the guardrails of its base.
"""

from rulecore.errors import Code
from rulecore.language import N_

# --- versions and dates ---------------------------------------------------------------------------

VERSIONS_OVERLAP = Code(
    id="RC146",
    message=N_("{name} {version} and {name} {other} both hold {days} for the same records"),
    hint=N_("end the earlier version the day before the later one begins: effective = {{ until = … }}"),
)
DATED_VALUES = Code(
    id="RC147",
    message=N_("the dated values of {name} are not in order: {reason}"),
    hint=N_("write them from the earliest day on, each with its own from, and all of one kind"),
)
DATED_GAP = Code(
    id="RC148",
    message=N_("{name} has no value before {first}, but the policy holds {since}"),
    hint=N_("leave from out of the first value, begin it earlier, or state effective = {{ from = {first} }}"),
)
DATED_WITHIN_PERIOD = Code(
    id="RC149",
    message=N_("{name} changes on {day}, while the policy holds, and {reason}"),
    hint=N_("make the policy two versions, one until the day before {day} and one from it"),
)

# --- the chain of bases ---------------------------------------------------------------------------

EXTENDS_LEAVES = Code(
    id="RC155",
    message=N_("extends leads out of the policy folder {folder}, to {target}"),
    hint=N_("keep the base inside the policy folder: a policy set must hold everything it uses"),
)
EXTENDS_LOOP = Code(
    id="RC156",
    message=N_("policies extend each other in a circle: {circle}"),
    hint=N_("a base must not extend, itself or through others, a policy that extends it"),
)
BASE_MISSING = Code(
    id="RC157",
    message=N_("there is no base {path}"),
    hint=N_("extends is read from the folder of this file, {folder}; TOML files there: {known}"),
)
EXTENDS_UNUSABLE = Code(
    id="RC158",
    message=N_("extends = {path} cannot be used: {reason}"),
    hint=N_('write the way from this file to the base with /, such as extends = "../group/annual.toml"'),
)
ONLY_A_BASE = Code(
    id="RC159",
    message=N_("{name} is abstract: it is only there to be extended"),
    hint=N_("name a policy that extends it, or take abstract = true out"),
)

# --- guardrails as written ------------------------------------------------------------------------

GUARDRAIL_ON_NOTHING = Code(
    id="RC194",
    message=N_("the guardrail {key} is about nothing: {reason}"),
    hint=N_("write the key as it stands in the policy, such as parameters.bonus_cap"),
)
GUARDRAIL_UNUSABLE = Code(
    id="RC195",
    message=N_("the guardrail {key} cannot be used: {reason}"),
    hint=N_("limits: locked, min, max, only_raise, only_lower, only_add, sum"),
)
GUARDRAIL_LOOSENED = Code(
    id="RC196",
    message=N_("{limit} of the guardrail {key} is loosened from {base} to {found}"),
    hint=N_("on the way down a guardrail may only be tightened; take the line out or make it stricter"),
)
OUTSIDE_BASE_DAYS = Code(
    id="RC197",
    message=N_("the policy holds {days}, but its base holds only {base_days}"),
    hint=N_("keep within the base's days, or extend the base of the other year"),
)
TABLE_AND_VALUE = Code(
    id="RC198",
    message=N_("{key} is {found} here and {base} in the base"),
    hint=N_("a table is changed key by key and never by a single value; write the same kind of value"),
)
NOTHING_EXTENDS = Code(
    id="RC199",
    message=N_("none of these policies extends {name}"),
    hint=N_("a changed base is matched by its file or by policy.name; bases in use: {known}"),
)

# --- breaches -------------------------------------------------------------------------------------

LOCKED = Code(
    id="RC801",
    message=N_("{key} is {found}, but the base locks it at {base}"),
    hint=N_("take the line out; the base's value then stands"),
)
BELOW_MINIMUM = Code(
    id="RC802",
    message=N_("{key} is {found}, below {limit}, the least the base allows"),
    hint=N_("write {limit} or more"),
)
ABOVE_MAXIMUM = Code(
    id="RC803",
    message=N_("{key} is {found}, above {limit}, the most the base allows"),
    hint=N_("write {limit} or less"),
)
ONLY_RAISE = Code(
    id="RC804",
    message=N_("{key} is {found}, below the base's {base}; it may only be raised"),
    hint=N_("write {base} or more"),
)
ONLY_LOWER = Code(
    id="RC805",
    message=N_("{key} is {found}, above the base's {base}; it may only be lowered"),
    hint=N_("write {base} or less"),
)
ONLY_ADD = Code(
    id="RC806",
    message=N_("{key} lacks {missing}, which the base has; it may only be added to"),
    hint=N_("write the base's items too: a list is replaced whole"),
)
WRONG_SUM = Code(
    id="RC807",
    message=N_("the values of {key} sum to {found}, not to {limit} as the base demands"),
    hint=N_("change the values so that they sum to exactly {limit}"),
)
RULE_ADDED = Code(
    id="RC808",
    message=N_("the rule {name} is added, but the base allows no further rules"),
    hint=N_("take it out, or ask for the base to be changed"),
)
ADDED_WEIGHT = Code(
    id="RC809",
    message=N_("in {key} the added {names} carry {found} of the weight; the base allows {limit}"),
    hint=N_("give them less weight and the base's own rules more"),
)
SCORER_NOT_ALLOWED = Code(
    id="RC810",
    message=N_("the rule {name} uses the scorer {scorer}, which the base does not allow for own rules"),
    hint=N_("scorers allowed: {known}"),
)
NOT_COMPARABLE = Code(
    id="RC811",
    message=N_("{key} is {found}, which cannot be held against the base's {limit}: {reason}"),
    hint=N_("write a plain number or date there, or one that follows from parameters alone"),
)
GUARDED_VALUE_GONE = Code(
    id="RC812",
    message=N_("{key}, which the base guards, is {base} in the base and no longer there"),
    hint=N_("write it again: a rule given another scorer, and a list given anew, lose what they had"),
)
