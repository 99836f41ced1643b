"""A small policy to put faults into, compiled with the built-ins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rulecore import load_policy
from rulecore.contracts import Check
from rulecore.plugins import load_plugins

HEAD = """\
[policy]
name = "appraisal"
version = "2024.1"
applies_to = { company = ["甲"] }

[record]
entity = "unit"
period = "year"
refuse = [{ when = "attended == 0", reason = "无人参加" }]

[fields]
company = { type = "text" }
unit = { type = "text" }
year = { type = "integer" }
attended = { type = "integer", min = 0, max = 1000 }
party = { type = "decimal", decimals = 1, min = 0, max = 100 }
rating = { type = "text", values = ["好", "中", "差"] }
"""
TAIL = """
[output]
columns = ["unit", "shown"]
"""

Found = Callable[[str], list[str]]


def finder(check: Check, folder: Path) -> Found:
    """Return a function from a policy's rules to what the check says about it, in English."""
    registry = load_plugins(entry_points=False)

    def find(rules: str) -> list[str]:
        path = folder / "policy.toml"
        path.write_text(HEAD + rules + TAIL, encoding="utf-8")
        plan = load_policy(path, registry=registry).plan
        return [f"{fault.code.id} {fault.message('en')}" for fault in check.inspect(plan)]

    return find
