"""What a committee decided, in explanations: the computed value beside the adjusted one, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator

from rulecore.explain.numbers import explained, value_text
from rulecore.explain.values import ExplainedAdjustment
from rulecore.language import N_, Language, translate
from rulecore.planned import PlannedRule
from rulecore.policy_results import PolicyResults


def decisions_about(
    part: PolicyResults, table: str, row: int, rule: PlannedRule
) -> tuple[ExplainedAdjustment, ...]:
    """Return the decisions about a rule of one record, or of one row of a table."""
    name = f"{table}.{rule.name}" if table else rule.name
    return tuple(
        ExplainedAdjustment(
            number=one.decision.number,
            label=one.label,
            computed=explained(one.computed),
            adjusted=explained(one.adjusted),
            scale=one.scale,
            decided_by=one.decision.decided_by,
            decided_on=one.decision.decided_on,
            reason=one.decision.reason,
            reference=one.decision.reference,
            article=one.reference,
            signatures=one.decision.signatures,
            place=one.decision.place,
        )
        for one in part.adjusted.about(name, row)
    )


def adjustment_lines(item: ExplainedAdjustment, language: Language) -> Iterator[str]:
    """Yield a decision as people read it: what it did and where it is written down, then why and who signed."""
    yield translate(
        N_(
            "computed {computed}, adjusted to {adjusted} by {by} on {date} ({reference}; decision {number}, {place})"
        ),
        language,
    ).format(
        computed=value_text(item.computed, language, item.scale),
        adjusted=value_text(item.adjusted, language, item.scale),
        by=item.decided_by,
        date=item.decided_on.isoformat() if item.decided_on is not None else "",
        reference=item.reference,
        number=item.number,
        place=item.place,
    )
    yield f"{item.label}: {item.reason}"
    if item.signatures:
        yield translate(N_("signed by {names}"), language).format(names=" · ".join(item.signatures))
