"""The built-in reports, one a file."""

from __future__ import annotations

from rulecore.contracts import Report
from rulecore.reports.markdown import MARKDOWN

REPORTS: tuple[Report, ...] = (MARKDOWN,)
