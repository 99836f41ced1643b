"""The built-in reports, one a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rulecore.contracts import Report

REPORTS: tuple[Report, ...] = ()
