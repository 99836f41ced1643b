"""rulecore: a rules engine for appraisal.

It loads policies written in TOML and scoring plugins, applies them to uniform records, and returns results that equal
exact arithmetic, are explained, and are the same bytes every time. Start with :func:`load_policy`.

Importing this package loads neither Polars nor plugins: names are imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rulecore.api import CompiledPolicy, PolicySet, load_policies, load_policy
    from rulecore.errors import (
        FaultsError,
        InputError,
        OutputError,
        PluginError,
        PolicyError,
        RulecoreError,
        UsageError,
    )
    from rulecore.results import Results
    from rulecore.single import RecordResult

_HOMES = {
    "CompiledPolicy": "rulecore.api",
    "PolicySet": "rulecore.api",
    "load_policies": "rulecore.api",
    "load_policy": "rulecore.api",
    "FaultsError": "rulecore.errors",
    "InputError": "rulecore.errors",
    "OutputError": "rulecore.errors",
    "PluginError": "rulecore.errors",
    "PolicyError": "rulecore.errors",
    "RulecoreError": "rulecore.errors",
    "UsageError": "rulecore.errors",
    "Results": "rulecore.results",
    "RecordResult": "rulecore.single",
}

__all__ = [
    "CompiledPolicy",
    "FaultsError",
    "InputError",
    "OutputError",
    "PluginError",
    "PolicyError",
    "PolicySet",
    "RecordResult",
    "Results",
    "RulecoreError",
    "UsageError",
    "load_policies",
    "load_policy",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'rulecore' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
