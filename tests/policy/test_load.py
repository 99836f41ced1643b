"""A policy either loads or is refused with faults; nothing else ever happens."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulecore.errors import PolicyError
from rulecore.policy.load import load_policy_document

LINES = """
[policy]
name = "annual-appraisal"
version = "2024.1"
applies_to = { unit = ["U01"] }
effective = { from = 2024-01-01, until = 2024-12-31 }
[record]
entity = "unit"
refuse = [ { when = "score > 100", reason = "超过满分" } ]
[fields.unit]
type = "text"
values = ["U01"]
[fields.basic]
type = "decimal"
decimals = 1
min = 0
max = 100.5
missing = 0.5
[fields.day]
type = "date"
min = 2024-01-01
[parameters]
cap = 3
levels = ["A", "B"]
[rules.score]
scorer = "formula"
value = "basic"
decimals = 2
rounding = "half_even"
[rules."综合"]
scorer = "bands"
bands = [{ at_least = 90, is = "A" }]
[output]
columns = ["unit", { of = "score", decimals = 1, header = "得分" }]
refused = { score = "—" }
""".strip().split("\n")

ODD = [
    "3", "-1", "1.5", "true", '"x"', '""', "2024-01-01", "2024-01-01T10:00:00", "10:00:00", "[]", "{}",
    "[1, 'a']", "{ a = 1 }", "[{}]", "[[1]]", "1e30", "{ unit = {} }", '["unit", 3, {}]',
]  # fmt: skip


def load(folder: Path, lines: list[str]) -> None:
    path = folder / "policy.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    load_policy_document(path)


def test_the_policy_is_read_with_exact_values(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("\n".join(LINES), encoding="utf-8")
    policy = load_policy_document(path).policy
    assert policy.policy.effective.from_ == date(2024, 1, 1)
    assert policy.fields["basic"].max == Decimal("100.5")
    assert policy.parameters == {"cap": 3, "levels": ("A", "B")}
    assert policy.rules["综合"].settings == {"bands": [{"at_least": 90, "is": "A"}]}
    assert [column.of for column in policy.output.columns] == ["unit", "score"]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("section", ["policy", "record", "fields", "parameters", "rules", "output", "tables"])
def test_a_part_that_is_something_else_is_refused(tmp_path: Path, section: str, odd: str) -> None:
    kept: list[str] = []
    inside = False
    for line in LINES:
        if line.startswith("["):
            inside = line.startswith((f"[{section}]", f"[{section}."))
        if not inside:
            kept.append(line)
    lines = [f"{section} = {odd}", *kept]
    if (section, odd) in (("parameters", "{}"), ("parameters", "{ a = 1 }"), ("tables", "{}")):
        load(tmp_path, lines)
        return
    with pytest.raises(PolicyError):
        load(tmp_path, lines)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_odd_value_gives_a_policy_or_faults_with_places(tmp_path: Path, data: st.DataObject) -> None:
    lines = list(LINES)
    for index in data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=4)):
        action = data.draw(st.sampled_from(["value", "drop", "double", "letter"]))
        line = lines[index]
        if action == "value" and "=" in line:
            lines[index] = f"{line.split('=')[0]}= {data.draw(st.sampled_from(ODD))}"
        elif action == "drop":
            lines[index] = ""
        elif action == "double":
            lines[index] = f"{line}\n{line}"
        elif action == "letter":
            at = data.draw(st.integers(0, len(line)))
            lines[index] = (
                line[:at] + data.draw(st.sampled_from(list("\"'[]{}=,.#x1“＝，得 \t\\"))) + line[at:]
            )
    try:
        load(tmp_path, lines)
    except PolicyError as error:
        for fault in error.faults:
            assert fault.place is not None
            assert fault.message("en")
            assert fault.advice("zh") is not None
