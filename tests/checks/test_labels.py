from pathlib import Path

import pytest

from tests.checks.whole import findings


@pytest.mark.parametrize(
    ("name", "label", "column", "codes"),
    [
        ("net", "", "'net'", ["RC252"]),
        ("net", "label = '净得分'", "'net'", []),
        ("net", "", "{ of = 'net', header = '净得分' }", []),
        ("净得分", "", "'净得分'", []),
    ],
)
def test_a_shown_rule_has_a_heading_of_its_own(
    name: str, label: str, column: str, codes: list[str], tmp_path: Path
) -> None:
    rules = f"[rules.'{name}']\nscorer = 'formula'\nvalue = 'party'\n{label}\n"
    assert findings(f"{rules}[output]\ncolumns = ['unit', {column}]\n", tmp_path) == codes
