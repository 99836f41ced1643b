"""The checks of a registry run over plans, and their findings settled with the comments that allow some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from rulecore.codes.checks import ALLOW_UNKNOWN_CODE, ALLOW_UNUSED, ALLOW_WITHOUT_REASON
from rulecore.codes.plugins import CHECK_FAILED
from rulecore.errors import Code, Fault
from rulecore.findings.comments import Allowance, allowances
from rulecore.planned import Plan
from rulecore.registry import Registry
from rulecore.source import Place


def find(plans: Sequence[Plan], registry: Registry) -> list[Fault]:
    """Return what the registered checks find in some plans, without what comments in the policies allow.

    A check that crashes is a fault of its plugin. Plans that share a base say things about it once.
    """
    sources: dict[str, str] = {}
    for plan in plans:
        sources |= plan.document.sources if plan.document is not None else {}
    codes = {code.id for found in registry.checks.values() for code in found.value.codes}
    return settle(_findings(plans, registry), sources, codes, shared=_bases_of_one(plans))


def _bases_of_one(plans: Sequence[Plan]) -> frozenset[str]:
    """Return the files of bases that only one of the plans extends.

    What a comment in them allows may be found in another policy of the family, which is not checked now.
    """
    documents = [plan.document for plan in plans if plan.document is not None]
    extended = Counter(name for document in documents for name in document.sources)
    own = {next(iter(document.sources)) for document in documents}
    return frozenset(name for name, times in extended.items() if times == 1 and name not in own)


def _findings(plans: Iterable[Plan], registry: Registry) -> Iterator[Fault]:
    for plan in plans:
        for found in registry.checks.values():
            try:
                yield from tuple(found.value.inspect(plan))
            except Exception as error:
                values = {
                    "check": found.value.name,
                    "origin": found.origin,
                    "policy": plan.policy.policy.name,
                    "error": f"{type(error).__name__}: {error}",
                }
                yield Fault(code=CHECK_FAILED, values=values)


def settle(
    findings: Iterable[Fault],
    sources: Mapping[str, str],
    codes: Collection[str],
    *,
    shared: Collection[str] = (),
) -> list[Fault]:
    """Return the findings that no comment allows, each once, and a finding for each comment that is no good.

    ``sources`` are the texts of the policies by the file names of places; ``codes`` are those of all checks;
    ``shared`` the files whose comments need not be used here. An error is never allowed.
    """
    allowed = {name: allowances(text) for name, text in sources.items()}
    distinct = {(fault.code.id, fault.place, fault.message("en")): fault for fault in findings}
    kept, used = [], set[tuple[str, Allowance]]()
    for fault in distinct.values():
        by = _allowed(fault, allowed)
        if by is None:
            kept.append(fault)
        else:
            used.add(by)
    for name, comments in allowed.items():
        for comment in comments:
            code = _trouble(comment, codes, name in shared or (name, comment) in used)
            if code is not None:
                kept.append(Fault(code=code, values={"code": comment.code}, place=_place(name, comment)))
    return kept


def _allowed(fault: Fault, allowed: Mapping[str, Sequence[Allowance]]) -> tuple[str, Allowance] | None:
    """Return which comment allows a finding: the one with the narrowest scope; None if there is none."""
    if fault.code.severity == "error" or fault.place is None:
        return None
    fitting = [
        comment
        for comment in allowed.get(fault.place.file, ())
        if comment.code == fault.code.id and comment.reason and comment.covers(fault.place.line)
    ]
    if not fitting:
        return None
    return fault.place.file, min(fitting, key=lambda one: one.last - one.first)


def _trouble(comment: Allowance, codes: Collection[str], used: bool) -> Code | None:
    if comment.code not in codes:
        return ALLOW_UNKNOWN_CODE
    if not comment.reason:
        return ALLOW_WITHOUT_REASON
    return None if used else ALLOW_UNUSED


def _place(name: str, comment: Allowance) -> Place:
    return Place(
        file=name,
        line=comment.line,
        column=comment.column,
        length=comment.length,
        excerpt=comment.excerpt,
    )
