"""Two sides compared, record by record and rule by rule, and what that comes to over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from attrs import evolve

from rulecore.codes import comparing as codes
from rulecore.compare.causes import Tracer
from rulecore.compare.effects import FourRuns
from rulecore.compare.pairs import PolicyPair
from rulecore.compare.rows import RowsCompared
from rulecore.compare.same import same_value
from rulecore.compare.side import Key, sides_of
from rulecore.compare.values import (
    ComparedRule,
    Difference,
    Money,
    Moved,
    RecordDifference,
    Transitions,
    Unpaired,
)
from rulecore.engines.exact import ExactValue
from rulecore.errors import Fault, UsageError
from rulecore.explain.numbers import explained
from rulecore.explain.values import ExplainedValue
from rulecore.language import N_
from rulecore.policy.suggest import suggestion
from rulecore.results import Results


class Comparable(Protocol):
    """What is compared: records by who they are, the rules they have, and their exact values."""

    @property
    def keys(self) -> Sequence[Key]:
        """The records, in input order."""
        ...

    @property
    def rules(self) -> Mapping[str, ComparedRule]:
        """The rules by name."""
        ...

    @property
    def quarantined(self) -> frozenset[str]:
        """The entities that were refused."""
        ...

    def has(self, key: Key, name: str) -> bool:
        """Return whether a record has a rule."""
        ...

    def value(self, key: Key, name: str) -> ExactValue:
        """Return a record's value of a rule it has."""
        ...


def compare_results(
    old: Results,
    new: Results,
    *,
    named: tuple[str, str] = ("old", "new"),
    mixed: tuple[Results, Results] | None = None,
    money: Sequence[str] = (),
    ripple: str = "",
) -> Difference:
    """Return what differs between the results of two runs, and through what.

    ``named`` says what the sides are. ``mixed`` are the results of the new policies with the old records and of the old
    policies with the new records, where both changed: the effects are then told apart. ``money`` are the rules, by name
    or label, whose sums are wanted. ``ripple`` names the one entity whose record was corrected. Raises
    :class:`rulecore.errors.UsageError` for a rule that is not there or is no number, and where the corrected record is
    not the only one that differs.
    """
    sides = sides_of(old, new, *(mixed or ()))
    before, after = sides[:2]
    tracer = Tracer(old=before, new=after)
    rows = RowsCompared(old=before, new=after, tracer=tracer)
    found = compare(before, after, named=named, money=money, tracer=tracer, rows=rows)
    if ripple:
        check_ripple(found, ripple)
    lines = [line for pair in (*tracer.pairs(), *_all_pairs(old, new)) for line in pair.lines]
    found = evolve(found, lines=tuple(dict.fromkeys(lines)))
    if mixed is None:
        return found
    four = FourRuns(old_old=before, new_old=sides[2], old_new=sides[3], new_new=after)
    records = tuple(_with_effects(record, four, found.rules) for record in found.records)
    keys = [key for key in after.keys if key in before.places]
    return evolve(found, records=records, effects=tuple(four.sums(keys, found.rules)))


def _with_effects(
    record: RecordDifference, four: FourRuns, rules: Sequence[ComparedRule]
) -> RecordDifference:
    key = (record.entity, record.period, record.policy)
    return evolve(
        record,
        effects=tuple(four.effects(key, rules)),
        mixed=tuple(four.mixed(key, [moved.rule for moved in record.moved])),
    )


def _all_pairs(old: Results, new: Results) -> Iterator[PolicyPair]:
    """Yield the policies of one name on both sides, so that lines are told that no record was moved by."""
    before = {part.plan.policy.policy.name: part.plan for part in old.parts}
    for part in new.parts:
        plan = before.get(part.plan.policy.policy.name)
        if plan is not None:
            yield PolicyPair(old=plan, new=part.plan)


def compare(
    old: Comparable,
    new: Comparable,
    *,
    named: tuple[str, str],
    money: Sequence[str] = (),
    tracer: Tracer | None = None,
    rows: RowsCompared | None = None,
) -> Difference:
    """Return what differs between two sides; ``tracer`` finds why, ``rows`` looks into detail rows."""
    rules = {**old.rules, **new.rules}
    known = frozenset(old.keys)
    both = [key for key in new.keys if key in known]
    summed = money_rules(rules, money)
    return Difference(
        old=named[0],
        new=named[1],
        compared=len(both),
        rules=tuple(rules.values()),
        records=tuple(_records(old, new, both, rules, tracer, rows)),
        only_old=tuple(_unpaired(old, new)),
        only_new=tuple(_unpaired(new, old)),
        transitions=tuple(_transitions(old, new, both, rules.values())),
        money=tuple(_money(old, new, rule) for rule in summed),
        with_causes=tracer is not None,
    )


def _records(
    old: Comparable,
    new: Comparable,
    keys: Iterable[Key],
    rules: Mapping[str, ComparedRule],
    tracer: Tracer | None,
    rows: RowsCompared | None,
) -> Iterator[RecordDifference]:
    for key in keys:
        moved = []
        for rule in rules.values():
            before, after = _value(old, key, rule), _value(new, key, rule)
            if not same_value(before, after):
                moved.append(Moved(rule=rule, before=explained(before), after=explained(after)))
        different_rows = tuple(rows.differences(key)) if rows is not None else ()
        if not moved and not different_rows:
            continue
        causes = tracer.trace(key) if tracer is not None and moved else None
        yield RecordDifference(
            entity=key[0],
            period=key[1],
            policy=key[2],
            moved=tuple(evolve(item, because=causes.because.get(item.rule.name, ())) for item in moved)
            if causes is not None
            else tuple(moved),
            causes=causes.causes if causes is not None else (),
            rows=different_rows,
        )


def _value(side: Comparable, key: Key, rule: ComparedRule) -> ExactValue:
    """Return a value; a rule that the record's policy does not have is not applicable to it."""
    return side.value(key, rule.name) if side.has(key, rule.name) else None


def _unpaired(side: Comparable, other: Comparable) -> Iterator[Unpaired]:
    known = set(other.keys)
    for key in side.keys:
        if key not in known:
            yield Unpaired(entity=key[0], period=key[1], refused=key[0] in other.quarantined)


def _transitions(
    old: Comparable, new: Comparable, keys: Sequence[Key], rules: Iterable[ComparedRule]
) -> Iterator[Transitions]:
    for rule in rules:
        if not rule.is_class:
            continue
        pairs = Counter(
            (explained(_value(old, key, rule)), explained(_value(new, key, rule))) for key in keys
        )
        values = _in_order(rule, {value for pair in pairs for value in pair})
        if len(values) > MOST_CLASSES or all(before == after for before, after in pairs):
            continue
        counts = tuple(tuple(pairs[before, after] for after in values) for before in values)
        yield Transitions(rule=rule, values=values, counts=counts)


MOST_CLASSES = 20
"""A rule with more different values than this sorts records into no classes: its transitions are left out."""


def _in_order(rule: ComparedRule, values: Iterable[ExplainedValue]) -> tuple[ExplainedValue, ...]:
    """Return classes from the best to the worst as far as the policy says; not applicable comes last."""

    def place(value: ExplainedValue) -> tuple[bool, int, Fraction, str]:
        known = rule.order.index(value) if isinstance(value, str) and value in rule.order else len(rule.order)
        number = -value if isinstance(value, Fraction) else Fraction(0)
        return value is None, known, number, str(value)

    return tuple(sorted(values, key=place))


def money_rules(rules: Mapping[str, ComparedRule], wanted: Sequence[str]) -> list[ComparedRule]:
    """Return the rules to sum, by name or label. Raises UsageError for what is no rule, or no number."""
    labels = {rule.label: rule for rule in rules.values()} | dict(rules)
    faults, found = [], []
    for name in wanted:
        rule = labels.get(name)
        if rule is None:
            near = suggestion(name, list(labels))
            values = {"name": name, "known": ", ".join(rules), "suggestion": near or ""}
            hint = N_("did you mean {suggestion}?") if near else None
            faults.append(Fault(code=codes.UNKNOWN_COMPARED_RULE, values=values, hint=hint))
        elif rule.kind != "number":
            faults.append(Fault(code=codes.NO_NUMBER, values={"rule": rule.name}))
        else:
            found.append(rule)
    if faults:
        raise UsageError(faults)
    return found


def _money(old: Comparable, new: Comparable, rule: ComparedRule) -> Money:
    before = {key: _amount(old, key, rule) for key in old.keys}
    after = {key: _amount(new, key, rule) for key in new.keys}
    gained = lost = Fraction(0)
    risen = fallen = one_sided = 0
    for key in dict.fromkeys((*before, *after)):
        first, second = before.get(key), after.get(key)
        by = (second or Fraction(0)) - (first or Fraction(0))
        gained, lost = gained + max(by, Fraction(0)), lost + max(-by, Fraction(0))
        risen, fallen = risen + (by > 0), fallen + (by < 0)
        one_sided += (first is None) != (second is None)
    return Money(
        rule=rule,
        before=_total(before.values()),
        after=_total(after.values()),
        gained=gained,
        lost=lost,
        risen=risen,
        fallen=fallen,
        one_sided=one_sided,
    )


def _total(amounts: Iterable[Fraction | None]) -> Fraction:
    return sum((amount for amount in amounts if amount is not None), Fraction(0))


def _amount(side: Comparable, key: Key, rule: ComparedRule) -> Fraction | None:
    """Return a value to sum; one without finite digits raises UsageError: its sum would be no exact number."""
    value = _value(side, key, rule)
    if value is None or (isinstance(value, Fraction)):
        return value
    raise UsageError([Fault(code=codes.NO_NUMBER, values={"rule": rule.name})])


def check_ripple(found: Difference, entity: str) -> None:
    """Raise UsageError unless the entity is the only one whose own record (or policy) differs."""
    own = [record.entity for record in found.records if not record.ripple]
    others = [name for name in dict.fromkeys(own) if name != entity]
    values: dict[str, object] = {"entity": entity, "others": ", ".join(others[:5])}
    if others or found.only_old or found.only_new:
        others += [item.entity for item in (*found.only_old, *found.only_new)]
        values["others"] = ", ".join(others[:5])
        raise UsageError([Fault(code=codes.OTHERS_DIFFER, values=values)])
    if entity not in own:
        raise UsageError([Fault(code=codes.NOT_CORRECTED, values=values)])
