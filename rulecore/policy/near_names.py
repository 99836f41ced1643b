"""A field or rule that lacks something because its name is not quite the one the base has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve

from rulecore.codes import policy as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.policy.document import Document
from rulecore.policy.suggest import suggestion


def with_base_names(fault: Fault, chain: Sequence[Document]) -> Fault:
    """Return a fault of a missing key with the name its writer probably meant, if a base has one like it."""
    table = str(fault.values.get("table", "")).split(".")
    if fault.code is not codes.MISSING_KEY or len(table) != 2 or len(chain) < 2:
        return fault
    section, name = table
    known: dict[str, None] = {}
    for document in chain[1:]:
        names = document.value_at((section,))
        known |= dict.fromkeys(names if isinstance(names, Mapping) else ())
    near = suggestion(name, known) if name not in known else None
    if near is None:
        return fault
    hint = N_("did you mean {suggestion}, which the base has? To add another, write all its keys")
    return evolve(fault, values={**fault.values, "suggestion": near}, hint=hint)
