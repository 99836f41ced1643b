"""What an explanation says of earlier periods: which record of the history was read, and what stood there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rulecore.engines.exact import ExactValue
from rulecore.explain.labels import label_words
from rulecore.explain.numbers import explained
from rulecore.explain.values import ExplainedEarlier
from rulecore.explain.wording import Labels
from rulecore.expr.earlier import EarlierStanding, EarlierValue
from rulecore.plan.earlier import place_column
from rulecore.records.period_steps import period_step, step_text
from rulecore.results import PolicyResults


def earlier_of(
    part: PolicyResults, row: int, values: Mapping[str, ExactValue], labels: Labels
) -> Iterator[ExplainedEarlier]:
    """Yield what is known of each earlier period that the policy reads, the latest first."""
    supplied = part.plan.supplied
    asked = {value.node.periods: value.name for value in supplied if isinstance(value.node, EarlierStanding)}
    record = part.plan.policy.record
    for periods in sorted(asked):
        if not periods:  # whether there is any earlier period says nothing of a certain one
            continue
        step = period_step(values[record.period], record.period_length)
        column = place_column(periods)
        source = part.records[column][row] if column in part.records.columns else None
        yield ExplainedEarlier(
            periods=periods,
            period=step_text((step[0], step[1] - periods)) if step is not None else "",
            standing=str(values[asked[periods]]),
            source=source or "",
            values=tuple(
                (value.node.name, label_words(labels, value.node.name), explained(values[value.name]))
                for value in supplied
                if isinstance(value.node, EarlierValue) and value.node.periods == periods
            ),
        )
