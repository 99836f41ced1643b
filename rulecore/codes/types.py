"""Faults in the kinds of values an expression combines (RC4xx)."""

from __future__ import annotations

from rulecore.errors import Code
from rulecore.language import N_

WRONG_KIND = Code(
    id="RC401",
    message=N_("{what} needs a {expected}, but this is a {found}"),
    hint=N_("Use a field or rule of the right kind, or convert it: text(number, decimals) makes a text."),
)
KINDS_DIFFER = Code(
    id="RC402",
    message=N_("{what} combines a {left} with a {right}"),
    hint=N_("Both sides must be of one kind. A text constant stands in quotes: 'A'."),
)
INEXACT_VALUE = Code(
    id="RC403",
    message=N_(
        "{what} needs an exact number, but ln, exp, sqrt or a fractional power makes this one inexact"
    ),
    hint=N_("Round it first: give its rule decimals = 2, or write round(…, 2)."),
)
NOT_ORDERED = Code(
    id="RC404",
    message=N_("a {found} cannot be compared with {operator}; it has no order"),
    hint=N_("Use == or !=, or 'in' with a list. Order grades by a number rule."),
)
CONDITION_MAY_BE_NOT_APPLICABLE = Code(
    id="RC405",
    message=N_("{what} may be not applicable for some records, so it would be unclear whether they count"),
    hint=N_("Say what holds then, for example coalesce(condition, false)."),
)
NOTHING_KNOWN = Code(
    id="RC406",
    message=N_("{what} can only ever be not applicable"),
    hint=N_("At least one value must be something other than 不适用."),
)
NOT_WHOLE = Code(
    id="RC408",
    message=N_("{what} needs a whole number of days or months, but this one may have decimals"),
    hint=N_("Say how it is rounded: floor(…), ceil(…) or round(…)."),
)
EMPTY_OPERANDS = Code(
    id="RC407",
    message=N_("{what} has nothing to work on"),
    hint=N_("Give it at least one value."),
)
