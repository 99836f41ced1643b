"""What kind of value an expression gives, with scale, range, exactness and whether it may be not applicable.

One small function a node. Faults are collected, not raised, and inference goes on with the most useful guess,
so that one report shows them all.
"""

from __future__ import annotations

from rulecore.expr.infer import arithmetic, cohorts, leaves, lists, logic, texts
from rulecore.expr.infer.core import COHORT_LIMIT, CohortTypes, Inference, written_span

MODULES = (leaves, arithmetic, lists, logic, texts, cohorts)
"""The modules that fill the table of types; importing them is what fills it."""

__all__ = ["COHORT_LIMIT", "CohortTypes", "Inference", "written_span"]
