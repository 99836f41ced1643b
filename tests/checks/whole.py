"""Policies put together from a few fields and the rules of a test, and what all the checks find in them."""

from __future__ import annotations

from pathlib import Path

from rulecore import load_policy
from rulecore.errors import Fault, ordered
from rulecore.findings import find
from rulecore.planned import Plan
from rulecore.plugins import load_plugins

REGISTRY = load_plugins(entry_points=False)

HEAD = """\
[policy]
name = "appraisal"
version = "2024.1"

[record]
entity = "unit"
"""
FIELDS = """
[fields.unit]
type = "text"

[fields.party]
type = "decimal"
decimals = 1
min = 0
max = 100

[fields.operations]
type = "decimal"
decimals = 2
min = 0
max = 100

[fields.accidents]
type = "integer"
min = 0
max = 50

[fields.veto]
type = "text"
missing = "not_applicable"

[fields.rating]
type = "text"
values = ["好", "中", "差"]
"""
OUTPUT = """
[output]
columns = ["unit", "party"]
"""


def plan_of(rules: str, folder: Path, *, record: str = "") -> Plan:
    """Return the plan of a policy with these rules; its output is the unit alone unless the text has one."""
    path = folder / "policy.toml"
    output = "" if "[output]" in rules else OUTPUT
    path.write_text(f"{HEAD}{record}{FIELDS}\n{rules}\n{output}", encoding="utf-8")
    return load_policy(path, registry=REGISTRY).plan


def faults(rules: str, folder: Path, *, record: str = "") -> tuple[Fault, ...]:
    """Return all findings in reading order."""
    return ordered(find([plan_of(rules, folder, record=record)], REGISTRY))


IDLE = frozenset(("RC201", "RC202", "RC203"))
"""What is found in every policy of these tests, for its rules are shown nowhere."""


def findings(rules: str, folder: Path, *, record: str = "") -> list[str]:
    """Return the codes of the findings, without those on unused rules, unread fields and missing references."""
    return [fault.code.id for fault in faults(rules, folder, record=record) if fault.code.id not in IDLE]
