"""From a policy file to the typed policy, with every fault of the document in one report."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from rulecore.declarations import Policy
from rulecore.errors import InternalError, PolicyError, ordered
from rulecore.policy.document import Document, read_document
from rulecore.policy.field_checks import check_fields
from rulecore.policy.names import check_names, check_record
from rulecore.policy.policy_checks import check_header, check_output, check_rules
from rulecore.policy.sections import Sections, read_sections

CHECKS = (check_names, check_header, check_record, check_fields, check_rules, check_output)


@frozen(kw_only=True)
class LoadedPolicy:
    """A policy as declared, and the document that says where each part of it stands."""

    policy: Policy
    document: Document


def load_policy_document(path: Path, root: Path | None = None) -> LoadedPolicy:
    """Return the policy in the TOML file at ``path``; messages show the path relative to ``root``.

    The rules' scorers are not looked at: their settings are structured when the policy is compiled.
    Raises :class:`rulecore.errors.PolicyError` with every fault of the document, in reading order.
    """
    document = read_document(path, root)
    sections = read_sections(document)
    faults = [*sections.faults, *(fault for check in CHECKS for fault in check(sections))]
    if faults:
        raise PolicyError(ordered(faults))
    return LoadedPolicy(policy=_policy(sections), document=document)


def _policy(sections: Sections) -> Policy:
    if sections.header is None or sections.record is None or sections.output is None:
        raise InternalError(f"a part of {sections.document.name} is missing and no fault says so")
    return Policy(
        policy=sections.header,
        record=sections.record,
        fields=sections.fields,
        parameters=sections.parameters,
        rules=sections.rules,
        output=sections.output,
    )
