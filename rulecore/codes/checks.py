"""What the analysis of policies finds: branches, tables, rounding, marks, missing values (RC21x–RC26x).

None of these stops a policy from running. A finding that is meant can be allowed, with a reason, by a comment
in the policy: ``# rulecore: allow RC211 reason``.
"""

from __future__ import annotations

from rulecore.errors import Code
from rulecore.language import N_

# --- branches and conditions ---
DEAD_BRANCH = Code(
    id="RC210",
    message=N_("in rule {rule} this is never chosen: {why}"),
    hint=N_("Correct the condition or the ones before it, or take the part out."),
    severity="warning",
)
UNREACHABLE_LABEL = Code(
    id="RC211",
    message=N_("no record can get {value} from rule {rule}: {why}"),
    hint=N_("Correct the bound, or the min and max of the fields it rests on; or take {value} out."),
    severity="warning",
)
VALUE_LEFT_OUT = Code(
    id="RC212",
    message=N_("rule {rule} leaves values out: where {example} it gives nothing"),
    hint=N_("Say what holds there, or give the fields the min and max that exclude it."),
    severity="warning",
)
ALWAYS_TRUE = Code(
    id="RC213",
    message=N_("{condition} is always true: {why}"),
    hint=N_("Correct the condition, or take it out."),
    severity="warning",
)
ALWAYS_FALSE = Code(
    id="RC214",
    message=N_("{condition} is never true: {why}"),
    hint=N_("Correct the condition, or take it out."),
    severity="warning",
)
BOUND_TOO_FINE = Code(
    id="RC215",
    message=N_(
        "{bound} is finer than {subject}, which has {decimals} decimal(s): in effect the bound is {effective}"
    ),
    hint=N_("Write the bound with the decimals the value has, or let the value keep more of them."),
    severity="warning",
)
BOUND_OUT_OF_REACH = Code(
    id="RC216",
    message=N_("{bound} lies outside what {subject} can be: {range}"),
    hint=N_("Correct the bound, or the min and max of the fields it rests on."),
    severity="warning",
)

# --- decision tables ---
TABLE_GAP = Code(
    id="RC220",
    message=N_("no row of rule {rule} is hit where {example}"),
    hint=N_("Add a row for it, or state 'otherwise'."),
    severity="warning",
)
TABLE_OVERLAP = Code(
    id="RC221",
    message=N_("rows {first} and {second} of rule {rule} are both hit where {example}"),
    hint=N_("Make the tests exclude each other, or choose a hit policy that says which row counts: F, P."),
    severity="warning",
)
TABLE_MASKED = Code(
    id="RC222",
    message=N_("row {row} of rule {rule} is never hit: the rows before it take every case of it"),
    hint=N_("Put it before them, correct its tests, or take it out."),
    severity="warning",
)
TABLE_DISAGREES = Code(
    id="RC223",
    message=N_("rows {first} and {second} of rule {rule} give {one} and {other} where {example}"),
    hint=N_("With hit policy A all rows hit must agree: correct one of them, or use F or P."),
    severity="warning",
)
TABLE_ROW_TWICE = Code(
    id="RC224",
    message=N_("row {second} of rule {rule} has the tests of row {first}"),
    hint=N_("Take one of them out, or correct its tests."),
    severity="warning",
)
TABLE_ROW_IMPOSSIBLE = Code(
    id="RC225",
    message=N_("row {row} of rule {rule} can never be hit: no values meet all its tests"),
    hint=N_("Correct its tests, or the min, max and values of the fields."),
    severity="warning",
)
TABLE_TOO_LARGE = Code(
    id="RC226",
    message=N_("the table of rule {rule} has too many cases to be looked through for gaps and overlaps"),
    hint=N_("Split it into tables that follow each other, each over fewer inputs."),
    severity="note",
)

# --- rounding ---
ROUNDED_TWICE = Code(
    id="RC230",
    message=N_(
        "{rule} rounds {source}, which is already rounded to {first}: rounding twice can raise a value twice"
    ),
    hint=N_("Round once: take 'decimals' off {source}, or use a rule that is not rounded."),
    severity="warning",
)
SHOWN_DIFFERS = Code(
    id="RC231",
    message=N_(
        "{rule} decides with all its decimals, but is shown with {decimals}: what shows as "
        "reaching {bound} may fall short of it"
    ),
    hint=N_(
        "Give {rule} decimals = {decimals}, so that what is shown is what decides; or show more decimals."
    ),
    severity="warning",
)
SHOWN_TIE = Code(
    id="RC232",
    message=N_(
        "{rule} decides ranks with all its decimals, but is shown with {decimals}: values that "
        "show as equal may rank differently"
    ),
    hint=N_(
        "Give {rule} decimals = {decimals} if equal values as shown are to be ties; or show more decimals."
    ),
    severity="note",
)

# --- marks and quotas ---
FULL_MARKS_EXCEEDED = Code(
    id="RC235",
    message=N_("{of} can be {highest}, more than its full marks of {marks}"),
    hint=N_("Keep it within with clip() or a cap, or correct the full marks."),
    severity="warning",
)
FULL_MARKS_UNREACHED = Code(
    id="RC236",
    message=N_("{of} can be {highest} at most, so its full marks of {marks} cannot be reached"),
    hint=N_("Correct the full marks, or the max, weights and caps that it is made of."),
    severity="warning",
)
QUOTA_TOO_SMALL = Code(
    id="RC240",
    message=N_("a share of {share} gives no place at all until {least} records are counted"),
    hint=N_('Say what holds for fewer: rounding = "ceil", a number of places, or a larger group.'),
    severity="note",
)
QUOTA_NO_PLACE = Code(
    id="RC241",
    message=N_("a share of {share} never gives a place"),
    hint=N_("Give a share above 0, or take the limit's grade away by another rule."),
    severity="warning",
)

# --- missing values and division ---
DIVISOR_MAY_BE_ZERO = Code(
    id="RC245",
    message=N_("{divisor} may be 0, and the quotient is then not applicable, with an issue on the record"),
    hint=N_("Say what holds then, as in: if {divisor} == 0 then … else …; or give its field a min above 0."),
    severity="note",
)
MISSING_BECOMES_VALUE = Code(
    id="RC246",
    message=N_("a blank in {field} counts as {value}, and rules reckon with it"),
    hint=N_(
        'Nobody has said that it is {value}: use missing = "refuse", or "not_applicable" and say '
        "what follows."
    ),
    severity="warning",
)
SHOWN_BLANK = Code(
    id="RC247",
    message=N_("what may be not applicable is shown blank then: {columns}"),
    hint=N_('Say what is shown then: {{ of = "{column}", not_applicable = "不适用" }}.'),
    severity="note",
)

# --- words and parameters ---
UNUSED_PARAMETER = Code(
    id="RC250",
    message=N_("nothing uses the parameter {parameter}"),
    hint=N_("Use it where its number is written out, or take it out: changing it changes nothing."),
    severity="warning",
)
NUMBER_AS_TEXT = Code(
    id="RC251",
    message=N_("the parameter {parameter} is the text {written}, not a number"),
    hint=N_("Write it without quotes, {number}: a text cannot be reckoned with."),
    severity="warning",
)
NO_LABEL = Code(
    id="RC252",
    message=N_("{rule} is shown, but has no label: its column is headed {header}"),
    hint=N_('Add label = "…" to the rule, or header = "…" to the column.'),
    severity="note",
)
GUARDED = Code(
    id="RC255",
    message=N_(
        "{rule} does not fit into 128-bit integers, so it is computed in floats and rechecked "
        "exactly where in doubt"
    ),
    hint=N_(
        "The result is exact either way. Fewer decimals, a rounded rule before it, or tighter min "
        "and max make it fast."
    ),
    severity="note",
)
BASE_RULE_DEAD = Code(
    id="RC265",
    message=N_("nothing in {policy} uses the inherited rule {rule} any more"),
    hint=N_("Use it in what replaces the base's own, or say why it has no part: # rulecore: allow RC265 …"),
    severity="warning",
)

# --- comments that allow a finding ---
ALLOW_WITHOUT_REASON = Code(
    id="RC260",
    message=N_("this comment allows {code} without a reason, so it allows nothing"),
    hint=N_("Say why it is meant: # rulecore: allow {code} 按办法第十条，名额舍去小数"),
    severity="warning",
)
ALLOW_UNKNOWN_CODE = Code(
    id="RC261",
    message=N_("{code} is nothing that a check finds, so it cannot be allowed"),
    hint=N_("Errors cannot be allowed; the codes of the checks begin with RC2 and stand in each finding."),
    severity="warning",
)
ALLOW_UNUSED = Code(
    id="RC262",
    message=N_("this comment allows {code}, which is not found here"),
    hint=N_(
        "Take it out, or put it on the line of the finding, above it, above its table, or at the "
        "top of the file."
    ),
    severity="note",
)
