from pathlib import Path

import pytest

from tests.checks.whole import findings

RULE = "[rules.net]\nscorer = 'formula'\nvalue = '{value}'\n"


@pytest.mark.parametrize(
    ("parameters", "value", "codes"),
    [
        ("cap = 3", "min(party, cap)", []),
        ("cap = 3", "min(party, 3)", ["RC250"]),
        ("上限 = 3", "min(party, 上限)", []),
        ("上限 = 3", "min(party, 3)", ["RC250"]),
        ("code = 'U1'", "unit == code", []),
        ("code = '12'", "unit == code", ["RC251"]),
        ("code = '30%'", "unit == code", ["RC251"]),
    ],
)
def test_parameters_are_used_and_are_numbers(
    parameters: str, value: str, codes: list[str], tmp_path: Path
) -> None:
    quoted = parameters.replace("上限", '"上限"')
    assert findings(f"[parameters]\n{quoted}\n" + RULE.format(value=value), tmp_path) == codes


def test_a_parameter_that_only_weighs_is_used(tmp_path: Path) -> None:
    rules = (
        "[parameters]\npart = 0.6\n[rules.score]\nscorer = 'weighted_sum'\n"
        "of = { party = 'part', operations = 0.4 }\n"
    )
    assert findings(rules, tmp_path) == []


def test_a_parameter_in_a_refusal_is_used(tmp_path: Path) -> None:
    record = 'refuse = [{ when = "accidents > most", reason = "待核实" }]\n'
    rules = "[parameters]\nmost = 40\n" + RULE.format(value="party")
    assert findings(rules, tmp_path, record=record) == []
