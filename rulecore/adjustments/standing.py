"""Which decisions stand: each with a number of its own, signed as the policy demands, and not taken back."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, field, frozen

from rulecore.adjustments.decision import Decision
from rulecore.codes import adjustments as codes
from rulecore.declarations import AdjustmentDeclaration
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.planned import Plan
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import listed


@frozen(kw_only=True)
class Standing:
    """The decisions in force, and those that were taken back, each with the decision that did it."""

    in_force: tuple[Decision, ...] = ()
    revoked: tuple[tuple[Decision, Decision], ...] = ()
    faults: tuple[Fault, ...] = field(default=())


def standing(decisions: Sequence[Decision], plans: Sequence[Plan]) -> Standing:
    """Return which decisions are in force under the policies of a run, with every fault of numbers and signatures."""
    faults = [*_numbers(decisions)]
    by_number = {decision.number: decision for decision in reversed(decisions)}
    revocations = sorted((one for one in decisions if one.revokes), key=natural)
    taken_back: dict[str, Decision] = {}
    for revocation in revocations:
        revoked = by_number.get(revocation.revokes)
        reason = _not_revocable(revocation, revoked, taken_back, by_number)
        if reason is None and revoked is not None:
            taken_back[revoked.number] = revocation
            continue
        values = {"number": revocation.number, "revoked": revocation.revokes, "reason": reason}
        faults.append(Fault(code=codes.REVOKES, values=values, place=revocation.place))
    for decision in decisions:
        section = by_number.get(decision.revokes, decision) if decision.revokes else decision
        declared = sections_of(section, plans)
        if declared:
            faults += _signatures(decision, section.adjustment, declared)
        elif section is decision and decision.adjustment:
            faults.append(_unknown(decision, plans))
    own = [decision for decision in decisions if not decision.revokes]
    return Standing(
        in_force=tuple(one for one in own if by_number[one.number] is one and one.number not in taken_back),
        revoked=tuple((one, taken_back[one.number]) for one in own if one.number in taken_back),
        faults=tuple(faults),
    )


def natural(decision: Decision) -> tuple[int, str]:
    """Return what puts decisions in the order of their numbers: 2 before 10."""
    return len(decision.number), decision.number


def plans_of(decision: Decision, plans: Sequence[Plan]) -> Iterator[Plan]:
    """Yield the plans that a decision can be about: those of the policy it names, or all."""
    for plan in plans:
        header = plan.policy.policy
        if decision.policy in ("", header.name, header.title):
            yield plan


def by_name(decision: Decision, plans: Sequence[Plan]) -> Decision:
    """Return a decision with the name of its adjustment, where it is written by what people call it."""
    about = [plan.policy.adjustments for plan in plans_of(decision, plans)]
    if any(decision.adjustment in sections for sections in about):
        return decision
    written = _person(decision.adjustment)
    meant = {name for sections in about for name, one in sections.items() if written == _person(one.label)}
    return evolve(decision, adjustment=meant.pop()) if written and len(meant) == 1 else decision


def sections_of(decision: Decision, plans: Sequence[Plan]) -> list[AdjustmentDeclaration]:
    """Return what the policies that a decision can be about say of its adjustment."""
    every = (plan.policy.adjustments.get(decision.adjustment) for plan in plans_of(decision, plans))
    return [declared for declared in every if declared is not None]


def _numbers(decisions: Sequence[Decision]) -> Iterator[Fault]:
    first: dict[str, Decision] = {}
    for decision in decisions:
        if not decision.number:
            continue
        if decision.number in first:
            other = first[decision.number]
            reason = phrase(N_("have the same number"))
            values = {"number": decision.number, "other": other.number, "reason": reason}
            related = ((N_("the other one is here"), other.place),)
            yield Fault(code=codes.TWICE, values=values, place=decision.place, related=related)
        first.setdefault(decision.number, decision)


def _not_revocable(
    revocation: Decision,
    revoked: Decision | None,
    taken_back: Mapping[str, Decision],
    by_number: Mapping[str, Decision],
) -> Phrase | None:
    """Return why a decision cannot be taken back, or None if it can."""
    if revoked is None:
        near = suggestion(revocation.revokes, by_number)
        if near is None:
            return phrase(N_("there is no decision of that number"))
        return phrase(N_("there is no decision of that number; did you mean {near}?"), near=near)
    if revoked.revokes:
        return phrase(N_("that one is itself a revocation: write the decision anew instead"))
    if revoked.number in taken_back:
        other = taken_back[revoked.number].number
        return phrase(N_("{other} has already taken that one back"), other=other)
    if revocation.value is not None:
        return phrase(N_("it also sets a value: write that as a decision of its own"))
    days = revocation.decided_on, revoked.decided_on
    if days[0] is not None and days[1] is not None and days[0] < days[1]:
        return phrase(
            N_("is dated before it: {earlier} is before {later}"), earlier=f"{days[0]}", later=f"{days[1]}"
        )
    return None


def _unknown(decision: Decision, plans: Sequence[Plan]) -> Fault:
    sections = [item for plan in plans_of(decision, plans) for item in plan.policy.adjustments.items()]
    known = list(dict.fromkeys(f"{name} ({one.label})" if one.label else name for name, one in sections))
    near = suggestion(decision.adjustment, known) or ""
    values = {
        "number": decision.number,
        "name": decision.adjustment,
        "known": listed(known) or "—",
        "suggestion": near,
    }
    hint = N_("did you mean {suggestion}?") if near else None
    return Fault(code=codes.UNKNOWN, values=values, place=decision.at("adjustment"), hint=hint)


def _signatures(
    decision: Decision, section: str, declared: Sequence[AdjustmentDeclaration]
) -> Iterator[Fault]:
    """Yield what is wrong with who decided and who signed."""
    values: dict[str, object] = {"number": decision.number, "name": section}
    needed = max(one.signatures for one in declared)
    people = {_person(name) for name in decision.signatures}
    reason = None
    if len(people) < len(decision.signatures):
        reason = phrase(N_("both signatures are those of {name}"), name=decision.signatures[0])
    elif len(people) < needed:
        reason = phrase(
            N_("it needs {needed} signature(s) and has {found}"), needed=str(needed), found=str(len(people))
        )
    if reason is not None:
        yield Fault(code=codes.SIGNATURES, values={**values, "reason": reason}, place=decision.place)
    allowed = [name for one in declared for name in one.decided_by]
    if allowed and decision.decided_by and _person(decision.decided_by) not in map(_person, allowed):
        reason = phrase(
            N_("{name} may not decide it, only {allowed}"), name=decision.decided_by, allowed=listed(allowed)
        )
        yield Fault(code=codes.SIGNATURES, values={**values, "reason": reason}, place=decision.place)


def _person(name: str) -> str:
    """Return a name as people are told apart by it: without blanks, width and case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
