"""How the columnar engine computes each rule, told without computing anything."""

from pathlib import Path

import pytest

from rulecore import load_policy
from rulecore.engines.columnar.widths import Way, rule_widths
from rulecore.plugins import load_plugins
from tests.checks.policies import HEAD, TAIL


@pytest.mark.parametrize(
    ("value", "way", "ratio"),
    [
        ("party * 2", Way.INT64, False),
        ("round(party / 7, 2)", Way.INT64, True),
        ("party * party * party * party * party * party * party", Way.INT128, False),
        ("round(sqrt(party), 2)", Way.GUARDED, False),
        ("rating == '好'", Way.NONE, False),
    ],
)
def test_a_rule_says_how_it_is_computed(value: str, way: Way, *, ratio: bool, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(f'{HEAD}\n[rules]\nshown = {{ scorer = "formula", value = "{value}" }}\n{TAIL}', "utf-8")
    (found,) = rule_widths(load_policy(path, registry=load_plugins(entry_points=False)).plan)
    assert (found.rule, found.way, found.ratio) == ("shown", way, ratio)
