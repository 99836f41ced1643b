"""What is to be reached: a rule and the values that count, as written (``grade=A``) or the next better ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal

from attrs import field, frozen

from rulecore.codes import reaching as codes
from rulecore.engines.exact import ExactValue
from rulecore.errors import Fault, UsageError
from rulecore.expr.ranges import Range
from rulecore.expr.types import FlagType, NumberType, TextType
from rulecore.language import N_
from rulecore.numbers import format_number
from rulecore.phrase import Phrase
from rulecore.plan.references import rule_names
from rulecore.planned import Plan, PlannedRule
from rulecore.policy.suggest import suggestion
from rulecore.reach.possible import Flags, Nothing, Numbers, Possible, Texts

Operator = Literal["=", ">=", "<=", ">", "<"]
_WRITTEN: Final = re.compile(r"^(?P<rule>.+?)\s*(?P<operator>>=|<=|==|=|≥|≤|>|<)\s*(?P<value>.*)$")
_OPERATORS: Final[Mapping[str, Operator]] = {
    "=": "=",
    "==": "=",
    ">=": ">=",
    "≥": ">=",
    "<=": "<=",
    "≤": "<=",
    ">": ">",
    "<": "<",
}
_TRUE: Final = ("是", "true", "yes")
_FALSE: Final = ("否", "false", "no")


@frozen(kw_only=True)
class Target:
    """Which values of a rule count as reached: a number compared, or one of some texts or flags."""

    rule: str
    operator: Operator = "="
    number: Fraction | None = None
    choices: tuple[str | bool, ...] = field(default=())

    def met(self, value: ExactValue) -> bool:
        """Return whether a value counts as reached; not applicable never does."""
        if self.number is None:
            return value is not None and value in self.choices
        if not isinstance(value, Fraction):
            return False
        return {
            "=": value == self.number,
            ">=": value >= self.number,
            "<=": value <= self.number,
            ">": value > self.number,
            "<": value < self.number,
        }[self.operator]

    def excluded(self, possible: Possible) -> bool:
        """Return whether none of the values that are possible counts as reached."""
        match possible:
            case Nothing():
                return True
            case Numbers(range=range_) if self.number is not None:
                return self._beyond(range_)
            case Texts(values=frozenset() as values):
                return not values & set(self.choices)
            case Flags(true=true, false=false):
                return not ((true and True in self.choices) or (false and False in self.choices))
            case _:
                return False

    def _beyond(self, range_: Range) -> bool:
        number, low, high = self.number, range_.low, range_.high
        assert number is not None  # noqa: S101 - asked only for numbers
        match self.operator:
            case "=":
                return not range_.holds(number)
            case ">=":
                return high is not None and high < number
            case ">":
                return high is not None and high <= number
            case "<=":
                return low is not None and low > number
            case "<":
                return low is not None and low >= number

    def __str__(self) -> str:
        """Return the target as it is written."""
        if self.number is not None:
            return f"{self.rule} {self.operator} {format_number(self.number)}"
        return f"{self.rule} = {' / '.join(_written(choice) for choice in self.choices)}"


def _written(choice: str | bool) -> str:
    if isinstance(choice, bool):
        return "true" if choice else "false"
    return choice


def target_of(plan: Plan, written: str, current: Mapping[str, ExactValue]) -> Target:
    """Return the target somebody wrote: ``grade=A``, ``score>=90``, or a rule alone for what is next better.

    Raises :class:`rulecore.errors.UsageError` for an unknown rule, a value it cannot have, or a rule whose
    values have no order that the policy states.
    """
    match = _WRITTEN.match(written)
    if match is None:
        rule = _rule(plan, written.strip())
        _refuse_inexact(rule)
        return next_target(plan, rule, current[rule.name])
    rule = _rule(plan, match["rule"].strip())
    _refuse_inexact(rule)
    operator, text = _OPERATORS[match["operator"]], match["value"].strip()
    match rule.type:
        case NumberType():
            return Target(rule=rule.name, operator=operator, number=_number(rule, text))
        case TextType(values=values) if operator == "=":
            if values is not None and text not in values:
                raise _impossible(rule, text, ", ".join(sorted(values)))
            return Target(rule=rule.name, choices=(text,))
        case FlagType() if operator == "=" and text in (*_TRUE, *_FALSE):
            return Target(rule=rule.name, choices=(text in _TRUE,))
        case _:
            raise _impossible(rule, match["operator"] + text, N_("=VALUE"))


def _rule(plan: Plan, wanted: str) -> PlannedRule:
    rules = [step for step in plan.steps if isinstance(step, PlannedRule) and not step.hidden]
    for rule in rules:
        if wanted in (rule.name, rule.label):
            return rule
    known = [rule.name for rule in rules]
    near = suggestion(wanted, known)
    hint = N_("did you mean {suggestion}?") if near else None
    values = {"name": wanted, "known": ", ".join(known), "suggestion": near or ""}
    raise UsageError([Fault(code=codes.UNKNOWN_TARGET, values=values, hint=hint)])


def _refuse_inexact(rule: PlannedRule) -> None:
    if isinstance(rule.type, NumberType) and not rule.type.exact:
        raise UsageError([Fault(code=codes.INEXACT_TARGET, values={"rule": rule.name})])


def _number(rule: PlannedRule, text: str) -> Fraction:
    try:
        return Fraction(text.replace("−", "-"))
    except (ValueError, ZeroDivisionError):
        raise _impossible(rule, text, N_("a number")) from None


def _impossible(rule: PlannedRule, text: str, possible: str) -> UsageError:
    values: dict[str, object] = {
        "rule": rule.name,
        "value": text,
        "possible": Phrase(alternatives=(possible,)),
    }
    return UsageError([Fault(code=codes.IMPOSSIBLE_TARGET, values=values)])


def next_target(plan: Plan, rule: PlannedRule, current: ExactValue) -> Target:
    """Return what is next better than a rule's value: a better rank or grade, a higher number.

    Raises :class:`rulecore.errors.UsageError` where there is no value, no order, or nothing better.
    """
    if isinstance(current, Fraction):
        return Target(rule=rule.name, operator="<" if rule.scorer == "rank" else ">", number=current)
    order = order_of(plan, rule.name)
    if isinstance(current, str) and current in order and order.index(current) > 0:
        return Target(rule=rule.name, choices=tuple(reversed(order[: order.index(current)])))
    code = codes.NOTHING_BETTER if current is not None and current in order else codes.NO_ORDER
    values = {"rule": rule.name, "value": "—" if current is None else str(current), "order": ", ".join(order)}
    raise UsageError([Fault(code=code, values=values)])


def order_of(plan: Plan, name: str, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the values of a rule from the best to the worst, as the policy states them; empty if it does not.

    Bands are listed from the best; a veto's ``order`` from the worst; a rule with neither has the order of the
    rule it is ``of``, or of the one rule whose values are all it gives.
    """
    declared = plan.policy.rules.get(name)
    if declared is None or name in seen:
        return ()
    settings = declared.settings
    order = settings.get("order")
    if isinstance(order, Sequence) and all(isinstance(item, str) for item in order) and order:
        return tuple(reversed([str(item) for item in order]))
    bands = settings.get("bands")
    if isinstance(bands, Sequence):
        found = [band.get("is") for band in bands if isinstance(band, Mapping)]
        if found and all(isinstance(item, str) for item in found):
            return tuple(str(item) for item in found)
    of = settings.get("of")
    return (order_of(plan, of, seen | {name}) if isinstance(of, str) else ()) or _passed_on(
        plan, name, seen | {name}
    )


def _passed_on(plan: Plan, name: str, seen: frozenset[str]) -> tuple[str, ...]:
    """Return the order of a rule that only gives values of another rule: a band that is capped, for example.

    It must be all the same whichever of the rules it reads is asked.
    """
    rule = plan.rule(name)
    if rule is None or not isinstance(rule.type, TextType) or rule.type.values is None:
        return ()
    orders = {order_of(plan, read, seen) for read in sorted(rule_names(rule.node))}
    fitting = {order for order in orders if order and rule.type.values <= frozenset(order)}
    return fitting.pop() if len(fitting) == 1 else ()
