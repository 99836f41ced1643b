"""The test kit: a policy's cases with their coverage, and what plugin authors use in their own tests.

``cases.py`` reads ``cases.toml`` · ``bind.py`` fits it to its policies · ``run.py`` runs it on the engines ·
``coverage.py`` says what no case reaches · ``suggest.py`` proposes records for that · ``mutate.py`` changes
the policy and sees whether a case notices · ``report.py`` and ``junit.py`` show it · ``kit.py`` is for tests
of plugins.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rulecore.testing.kit import (
        assert_engines_agree,
        boundary_records,
        check_plugin,
        check_scorer,
        compile_rule,
        evaluate_rule,
    )

__all__ = [
    "assert_engines_agree",
    "boundary_records",
    "check_plugin",
    "check_scorer",
    "compile_rule",
    "evaluate_rule",
]


def __getattr__(name: str) -> object:
    """Return a part of the kit, imported when it is asked for."""
    if name in __all__:
        return getattr(import_module("rulecore.testing.kit"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
