"""Faults of keeping runs in stores and of reading them from there (RC627–RC629)."""

from __future__ import annotations

from typing import Final

from rulecore.errors import Code
from rulecore.language import N_

UNKNOWN_STORE: Final = Code(
    id="RC627",
    message=N_("no plugin keeps runs at {location}; known are: {known}"),
    hint=N_("install rulecore-store, and name a file such as results.db or a URL such as postgresql://…"),
)
NOBODY_NAMED: Final = Code(
    id="RC628",
    message=N_("a store keeps who did what, and nobody is named"),
    hint=N_("say --who NAME, or set RULECORE_WHO"),
)
NOTHING_SEALED: Final = Code(
    id="RC629",
    message=N_(
        "{store} has no sealed run of {policy}, so nobody has an earlier period; runs not sealed: {others}"
    ),
    hint=N_("seal the run that counts: rulecore history seal NUMBER; in the first year there is none"),
    severity="warning",
)
