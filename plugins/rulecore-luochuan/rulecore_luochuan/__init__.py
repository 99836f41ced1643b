"""The scoring rules that only 洛川铜加工 (Luochuan Copper) uses."""

from __future__ import annotations

from collections.abc import Iterable

from rulecore.contracts import Scorer
from rulecore.markers import hookimpl
from rulecore_luochuan.metal_balance import MetalBalance

RULECORE_API = 1


@hookimpl
def rulecore_scorers() -> Iterable[type[Scorer]]:
    """Give the scorer ``metal_balance``."""
    return (MetalBalance,)
