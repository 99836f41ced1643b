"""Any odd base and child give a policy or faults with places; nothing else ever happens."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulecore.errors import PolicyError
from rulecore.policy.load import load_member
from rulecore.policy.origins import changes_from_base, effective_values

PAGE = Path(__file__).parents[2] / "docs" / "policy-families.md"
FILES = re.findall(r"^```toml (\S+\.toml)(?: breach)?\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
BASE = FILES[0][1].split("\n")
CHILD = [*FILES[1][1].split("\n"), '[guardrails."parameters.a_line"]', "max = 95"]
ODD = [
    "3", "-1.5", "true", '"x"', '""', '"a_line"', "2024-01-01", "2024-01-01T10:00:00", "10:00:00", "[]", "{}",
    "[1, 'a']", "{ a = 1 }", "[{}]", "[[1]]", "{ from = 2024-01-01 }", "[{ value = 1 }]",
    "[{ from = 2024-07-01, value = 1 }, { from = 2023-01-01, value = [1] }]", "{ locked = true }",
]  # fmt: skip
HEADERS = [
    "[guardrails]",
    "[parameters]",
    "[policy]",
    "[rules.score]",
    '[guardrails."rules.*"]',
    "[guardrails.rules]",
]


def mutated(lines: list[str], data: st.DataObject) -> str:
    changed = list(lines)
    for index in data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=3)):
        action = data.draw(st.sampled_from(["value", "drop", "header", "section"]))
        line = changed[index]
        if action == "value" and "=" in line:
            changed[index] = f"{line.split('=')[0]}= {data.draw(st.sampled_from(ODD))}"
        elif action == "drop":
            changed[index] = ""
        elif action == "header" and line.startswith("["):
            changed[index] = data.draw(st.sampled_from(HEADERS))
        elif action == "section":
            name = data.draw(
                st.sampled_from(["guardrails", "parameters", "policy", "rules", "fields", "extends"])
            )
            changed = [f"{name} = {data.draw(st.sampled_from(ODD))}", *changed]
    return "\n".join(changed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(data=st.data())
def test_any_odd_family_gives_a_policy_or_faults_with_places(tmp_path: Path, data: st.DataObject) -> None:
    (tmp_path / "group").mkdir(exist_ok=True)
    (tmp_path / "group" / "annual.toml").write_text(mutated(BASE, data), encoding="utf-8")
    path = tmp_path / "child.toml"
    path.write_text(mutated(CHILD, data), encoding="utf-8")
    try:
        document = load_member(path, tmp_path).document
    except PolicyError as error:
        for fault in error.faults:
            assert fault.place is not None
            assert fault.render("en")
            assert fault.render("zh")
        return
    assert all(one.place.line is not None for one in effective_values(document) if one.value != {})
    assert all(change.name for change in changes_from_base(document))
