"""Where plans run: exact (the reference, one record or many) and columnar (Polars)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rulecore.contracts import Engine

ENGINES: tuple[Engine, ...] = ()
