"""What the built-in checks find in policies that work but are perhaps not meant so (RC201–RC204)."""

from rulecore.errors import Code
from rulecore.language import N_

UNUSED_RULE = Code(
    id="RC201",
    message=N_("nothing uses the rule {rule}, and it is not shown"),
    hint=N_("Use it, show it in [output] columns, or take it out."),
    severity="warning",
)
UNREAD_FIELD = Code(
    id="RC202",
    message=N_("nothing reads the field {field}"),
    hint=N_("Use it, show it in [output] columns, or take it out: records must have its column for nothing."),
    severity="warning",
)
NO_REFERENCE = Code(
    id="RC203",
    message=N_("the rule {rule} names no article it follows"),
    hint=N_('Add reference = "…", so that explanations can say where the rule stands.'),
    severity="note",
)
NEVER_EQUAL = Code(
    id="RC204",
    message=N_("rule {rule} looks for the text {text}, which is never there: it can only be {known}"),
    hint=N_("Look for a misspelt text, or one that the rule before it no longer gives."),
    severity="warning",
)
