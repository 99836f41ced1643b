"""From a policy file and its bases to the typed policy, with every fault in one report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from rulecore.codes import families as family_codes
from rulecore.codes import policy as codes
from rulecore.declarations import OutputDeclaration, Policy, PolicyHeader, RecordDeclaration
from rulecore.errors import Fault, InternalError, PolicyError, ordered
from rulecore.policy.adjustment_checks import check_adjustments, check_locked
from rulecore.policy.chain import read_chain
from rulecore.policy.dated import is_dated_value, resolve_dated
from rulecore.policy.document import Document, Root
from rulecore.policy.family import check_family
from rulecore.policy.field_checks import check_fields
from rulecore.policy.guardrails import SetGuardrail
from rulecore.policy.merge import is_abstract, merge_chain
from rulecore.policy.names import check_names, check_record
from rulecore.policy.near_names import with_base_names
from rulecore.policy.policy_checks import check_header, check_output, check_rules
from rulecore.policy.sections import Sections, read_sections
from rulecore.policy.source_checks import check_sources
from rulecore.policy.tables import check_tables

CHECKS: Final = (
    check_names,
    check_header,
    check_record,
    check_fields,
    check_sources,
    check_tables,
    check_rules,
    check_adjustments,
    check_output,
)
BASE_CHECKS: Final = (check_names, check_fields, check_sources, check_tables, check_rules, check_adjustments)
"""What is checked of an abstract base: nothing that those who extend it may still add."""


@frozen(kw_only=True)
class LoadedPolicy:
    """A policy as declared, and the document that says where each part of it stands.

    ``guardrails`` are those that bind it and those it sets for others, its own first.
    """

    policy: Policy
    document: Document
    guardrails: tuple[SetGuardrail, ...] = ()


@frozen(kw_only=True)
class LoadedBase:
    """An abstract policy: checked as far as it goes, and only there to be extended."""

    name: str
    version: str
    document: Document
    guardrails: tuple[SetGuardrail, ...] = ()


@frozen(kw_only=True)
class PartialPolicy:
    """What could be structured of a policy whose document has faults, so that its rules can be looked at all the same.

    ``broken`` are the names that are declared but could not be structured: nothing is known of their values.
    """

    loaded: LoadedPolicy
    broken: frozenset[str]


class DocumentError(PolicyError):
    """Faults of a policy's document; ``partial`` is what can still be compiled, to find the faults of its rules."""

    def __init__(self, faults: Iterable[Fault], partial: PartialPolicy | None) -> None:
        super().__init__(ordered(faults))
        self.partial = partial


def load_policy_document(path: Path, root: Path | None = None, *, inside: Path | None = None) -> LoadedPolicy:
    """Return the policy at ``path`` with what it inherits; messages show paths relative to ``root``.

    ``inside`` is the folder its bases must lie in (see :func:`rulecore.policy.chain.policy_folder`). The
    rules' scorers are not looked at: their settings are structured when the policy is compiled. Raises
    :class:`rulecore.errors.PolicyError` with every fault of the document, in reading order, and for an
    abstract one.
    """
    loaded = load_member(path, root, inside=inside)
    if isinstance(loaded, LoadedBase):
        raise PolicyError([only_a_base(loaded)])
    return loaded


def load_member(
    path: Path, root: Root | None = None, *, inside: Path | None = None
) -> LoadedPolicy | LoadedBase:
    """Return the policy at ``path``, or the base if it is abstract; raises PolicyError as above."""
    return load_chain(read_chain(path, root, inside))


def load_chain(chain: Sequence[Document]) -> LoadedPolicy | LoadedBase:
    """Return the policy that a chain of documents makes, its own first."""
    document = merge_chain(chain)
    abstract = is_abstract(chain[0].data)
    sections = read_sections(document)
    guardrails, faults = check_family(chain, document)
    faults += sections.faults
    faults += check_locked(chain, sections, guardrails)
    faults += [fault for check in (BASE_CHECKS if abstract else CHECKS) for fault in check(sections)]
    faults = [with_base_names(fault, chain) for fault in faults]
    if abstract or "extends" in document.data:  # at the top, where it means nothing: one fault says so
        faults = [fault for fault in faults if not _may_be_left_out(fault)]
    if not abstract:
        sections.parameters, dated = resolve_dated(sections)
        faults += dated
    if faults:
        raise DocumentError(faults, None if abstract else _partial(sections, document))
    if abstract:
        name, version = (str(document.value_at(("policy", part))) for part in ("name", "version"))
        return LoadedBase(name=name, version=version, document=document, guardrails=guardrails)
    return LoadedPolicy(policy=_policy(sections), document=document, guardrails=guardrails)


def only_a_base(loaded: LoadedBase) -> Fault:
    """Return the fault of a base that was named where a policy is needed."""
    place = loaded.document.place(("policy", "abstract"), value=False)
    return Fault(code=family_codes.ONLY_A_BASE, values={"name": loaded.name}, place=place)


def _may_be_left_out(fault: Fault) -> bool:
    """Return whether a fault is only that something is not there yet: who extends a base may add it."""
    if fault.code is codes.MISSING_SECTION:
        return fault.values.get("name") != "policy"
    return fault.code is codes.MISSING_KEY and fault.values.get("table") != "policy"


def _partial(sections: Sections, document: Document) -> PartialPolicy | None:
    """Return the parts that were structured; None if a whole part is missing, for all names would then be unknown."""
    if sections.record is None or not sections.field_names or not sections.rule_names:
        return None
    structured = {*sections.fields, *sections.rules, *sections.parameters}
    declared = {*sections.field_names, *sections.rule_names, *sections.parameter_names}
    policy = Policy(
        policy=PolicyHeader(name="", version=""),
        record=RecordDeclaration(entity="", refuse=sections.record.refuse),
        fields=sections.fields,
        tables={name: evolve(table, output=None) for name, table in sections.tables.items()},
        parameters={name: value for name, value in sections.parameters.items() if not is_dated_value(value)},
        rules=sections.rules,
        output=OutputDeclaration(columns=()),
    )
    dated = {name for name, value in sections.parameters.items() if is_dated_value(value)}
    return PartialPolicy(
        loaded=LoadedPolicy(policy=policy, document=document),
        broken=frozenset(declared - structured | dated),
    )


def _policy(sections: Sections) -> Policy:
    if sections.header is None or sections.record is None or sections.output is None:
        raise InternalError(f"a part of {sections.document.name} is missing and no fault says so")
    return Policy(
        policy=sections.header,
        record=sections.record,
        fields=sections.fields,
        tables=sections.tables,
        parameters=sections.parameters,
        parameter_labels=sections.document.parameter_labels,
        rules=sections.rules,
        adjustments=sections.adjustments,
        output=sections.output,
    )
