"""RC160–RC199: what a built-in scorer finds wrong with its own parameters."""

from __future__ import annotations

from typing import Final

from rulecore.errors import Code
from rulecore.language import N_

# --- parameters in general ----------------------------------------------------------------------------------

TOO_FEW: Final = Code(
    id="RC160",
    message=N_("{parameter} has {count} item(s); at least {least} are needed"),
    hint=N_("add the missing items, or use the scorer formula for a single value"),
)
KEYS_EXCLUDE: Final = Code(
    id="RC161",
    message=N_("{first} and {second} cannot both be given"),
    hint=N_("keep one of them"),
)
KEY_NEEDED: Final = Code(
    id="RC162",
    message=N_("{parameter} is missing: {reason}"),
    hint=N_("add {parameter}"),
)
KEY_UNUSED: Final = Code(
    id="RC163",
    message=N_("{parameter} has no effect: {reason}"),
    hint=N_("leave {parameter} out, or change what it depends on"),
)
OUT_OF_RANGE: Final = Code(
    id="RC164",
    message=N_("{parameter} is {value}; it must be {wanted}"),
    hint=N_("correct the number, or the parameter it comes from"),
)
GIVEN_TWICE: Final = Code(
    id="RC165",
    message=N_("{value} is given twice in {parameter}"),
    hint=N_("keep one of them: only the first could ever take effect"),
)
MIXED_KINDS: Final = Code(
    id="RC166",
    message=N_("{value} is a {kind}, the others in {parameter} are of the kind {expected}"),
    hint=N_("write all of them as numbers, or all as texts in quotes"),
)

# --- weights ------------------------------------------------------------------------------------------------

WEIGHT_NOT_POSITIVE: Final = Code(
    id="RC170",
    message=N_("the weight of {item} is {weight}; weights are above 0"),
    hint=N_("give {item} a weight above 0, or leave it out"),
)
WEIGHTS_DO_NOT_SUM: Final = Code(
    id="RC171",
    message=N_("the weights sum to {total}, not to {expected}"),
    hint=N_("correct a weight, or state sum_of_weights = {total} if that is the sum meant"),
)

TOO_MANY_SUMS: Final = Code(
    id="RC174",
    message=N_("the weights of the applicable values can have more than {most} different sums"),
    hint=N_("use equal weights, or fewer values with a mean of their own for some of them"),
)

# --- bands, stars and points --------------------------------------------------------------------------------

BAND_GAP: Final = Code(
    id="RC175",
    message=N_("there is a gap between {higher} and {lower}: {gap} is in no band, {example} for example"),
    hint=N_("write lower bounds only (at_least); each band then reaches up to the one before it"),
)
BAND_OVERLAP: Final = Code(
    id="RC176",
    message=N_("{higher} and {lower} overlap: {overlap} is in both"),
    hint=N_("write lower bounds only (at_least); each band then reaches up to the one before it"),
)
BAND_ORDER: Final = Code(
    id="RC177",
    message=N_("{value} stands after {previous}: {parameter} goes from {first} to {last}"),
    hint=N_("sort the entries"),
)
BAND_WITHOUT_BOUND: Final = Code(
    id="RC178",
    message=N_("{band} states no bound, but is not the last: what comes after it could never apply"),
    hint=N_("give it a bound, or move it to the end"),
)
BAND_EMPTY: Final = Code(
    id="RC179",
    message=N_("{band} holds no value: {interval} is empty"),
    hint=N_("the lower bound must be below the upper one"),
)
BANDS_MIXED: Final = Code(
    id="RC180",
    message=N_("{band} states no {bound} bound, but the others do and it is not the last"),
    hint=N_("state the same kind of bound in every band but the last"),
)
STAR_THRESHOLDS: Final = Code(
    id="RC181",
    message=N_("{count} thresholds divide {groups} grades, but {most} down to {least} stars are {wanted}"),
    hint=N_("give {needed} thresholds, or correct most and least"),
)
POINT_SHAPE: Final = Code(
    id="RC182",
    message=N_("a point is written [x, y]; this one has {count} number(s)"),
    hint=N_("write each point as [x, y], for example [80, 60]"),
)

# --- vetoes, decision tables, quotas ------------------------------------------------------------------------

NOT_IN_LIST: Final = Code(
    id="RC185",
    message=N_("{value} is not listed in {parameter}"),
    hint=N_("add {value} to {parameter}, or correct its spelling"),
)
ROW_WIDTH: Final = Code(
    id="RC186",
    message=N_("this row has {count} cell(s); {inputs} input(s) and one output make {wanted}"),
    hint=N_("write one test for each input (- for any value), then the output"),
)
OUTPUT_KIND: Final = Code(
    id="RC187",
    message=N_("the output {value} is a {kind}; hit policy {hit_policy} needs a {wanted}"),
    hint=N_("correct the output, or choose another hit policy"),
)
SURPLUS_ALREADY_LIMITED: Final = Code(
    id="RC190",
    message=N_("the surplus of {grade} becomes {surplus}, whose own limit stands before it"),
    hint=N_("write the limit of {grade} before that of {surplus}: limits apply in order"),
)
SURPLUS_IS_GRADE: Final = Code(
    id="RC191",
    message=N_("the surplus of {grade} becomes {grade} again: the limit would have no effect"),
    hint=N_("name the grade that those beyond the quota get"),
)
