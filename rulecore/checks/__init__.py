"""The built-in policy lints, one a file."""

from __future__ import annotations

from rulecore.checks.known_texts import KNOWN_TEXTS
from rulecore.checks.references import REFERENCES
from rulecore.checks.unread_fields import UNREAD_FIELDS
from rulecore.checks.unused_rules import UNUSED_RULES
from rulecore.contracts import Check

CHECKS: tuple[Check, ...] = (UNUSED_RULES, UNREAD_FIELDS, REFERENCES, KNOWN_TEXTS)
