"""The schema of ``cases.toml``. What the columns are called stands in the policy: any key goes there."""

from __future__ import annotations

from typing import Final

from rulecore.language import N_, Language
from rulecore.schema.keys import description_of
from rulecore.schema.policy import DIALECT
from rulecore.schema.types import Schema, TypeSchemas

TITLE: Final = N_("Cases of a policy of rulecore")


def cases_schema(sections: type, language: Language | None = None) -> Schema:
    """Return the JSON Schema of ``cases.toml``; ``sections`` is the class of the whole file."""
    types = TypeSchemas(language=language, describe=description_of)
    return {
        "$schema": DIALECT,
        "title": types.translated(TITLE),
        **types.table(sections),
    }
