from pathlib import Path

import pytest

from rulecore import load_policy
from rulecore.checks.inherited import INHERITED
from rulecore.checks.unread_fields import UNREAD_FIELDS
from rulecore.checks.unused_rules import UNUSED_RULES
from rulecore.errors import Fault
from tests.checks.whole import REGISTRY

BASE = """
[policy]
name = "group"
version = "1"

[record]
entity = "unit"

[fields]
unit = { type = "text" }
party = { type = "decimal", decimals = 1, min = 0, max = 100 }
accidents = { type = "integer", min = 0, max = 50 }

[rules.safety]
scorer = "formula"
value = "accidents * 5"

[rules.total]
scorer = "formula"
value = "party - safety"

[output]
columns = ["unit", "total"]
"""
CHILD = '[policy]\nname = "mill"\nversion = "1"\nextends = "group.toml"\n'


def inspected(own: str, folder: Path) -> list[Fault]:
    (folder / "group.toml").write_text(BASE, encoding="utf-8")
    (folder / "policy.toml").write_text(CHILD + own, encoding="utf-8")
    plan = load_policy(folder / "policy.toml", registry=REGISTRY).plan
    return [fault for check in (INHERITED, UNUSED_RULES, UNREAD_FIELDS) for fault in check.inspect(plan)]


def test_the_change_that_took_the_last_use_of_a_rule_away_is_named(tmp_path: Path) -> None:
    (found,) = inspected('[rules.total]\nvalue = "party - accidents"\n', tmp_path)
    assert found.code.id == "RC265"
    assert found.place is not None
    assert (found.place.key, found.place.line) == ("rules.total.value", 6)


@pytest.mark.parametrize("own", ["", '[rules.total]\nvalue = "party - 2 * safety"\n'])
def test_a_base_whose_rules_are_all_used_is_fine(own: str, tmp_path: Path) -> None:
    assert inspected(own, tmp_path) == []


def test_an_inherited_field_that_only_siblings_read_is_fine(tmp_path: Path) -> None:
    found = inspected('[rules.total]\nvalue = "party"\n[rules.safety]\nvalue = "0"\n', tmp_path)
    assert [fault.code.id for fault in found] == ["RC201"]
