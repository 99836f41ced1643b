"""The built-in policy lints, one subject a file."""

from __future__ import annotations

from rulecore.checks.adjustments import ADJUSTMENTS
from rulecore.checks.bounds import BOUNDS
from rulecore.checks.branches import BRANCHES
from rulecore.checks.conditions import CONDITIONS
from rulecore.checks.inherited import INHERITED
from rulecore.checks.known_texts import KNOWN_TEXTS
from rulecore.checks.labels import LABELS
from rulecore.checks.marks import MARKS
from rulecore.checks.missing import MISSING
from rulecore.checks.parameters import PARAMETERS
from rulecore.checks.quotas import QUOTAS
from rulecore.checks.references import REFERENCES
from rulecore.checks.rounding import ROUNDING
from rulecore.checks.tables import TABLES
from rulecore.checks.unread_fields import UNREAD_FIELDS
from rulecore.checks.unused_rules import UNUSED_RULES
from rulecore.contracts import Check

CHECKS: tuple[Check, ...] = (
    UNUSED_RULES,
    UNREAD_FIELDS,
    REFERENCES,
    KNOWN_TEXTS,
    CONDITIONS,
    BRANCHES,
    BOUNDS,
    TABLES,
    ROUNDING,
    MARKS,
    QUOTAS,
    MISSING,
    PARAMETERS,
    LABELS,
    INHERITED,
    ADJUSTMENTS,
)
