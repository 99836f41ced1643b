"""The faults this plugin can report: codes of its own, so that they clash with nobody's."""

from __future__ import annotations

from rulecore.contracts import Code

NOT_POSITIVE = Code(
    id="EX001",
    message="full_marks must be above 0, not {value}",
    hint="write the marks that reaching the target gives, such as 100",
)
NO_REFERENCE = Code(
    id="EX002",
    message="rule {rule} names no article it follows",
    hint='add reference = "第六条" to the rule',
    severity="warning",
)
NOT_CARDS = Code(
    id="EX003",
    message="line {line} has no colon",
    hint="write each line of a card as header: value, and leave a blank line between cards",
)
NOT_UTF8 = Code(id="EX004", message="the file is not UTF-8 text", hint="save it as UTF-8")
NO_SUCH_STEP = Code(
    id="EX005",
    message="run {run} cannot become {state} now",
    hint="runs go from draft to reviewed to published to sealed, one step at a time",
)
