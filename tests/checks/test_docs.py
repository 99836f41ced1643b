"""Every page about a finding shows an example that gives it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rulecore.codes import checks as codes
from rulecore.errors import Code
from tests.checks.whole import findings

PAGES = Path(__file__).parents[2] / "docs" / "errors"
CODES = [value for value in vars(codes).values() if isinstance(value, Code)]
ELSEWHERE = {
    "RC226": "its example is shortened; see test_tables.py",
    "RC265": "its example needs a base; see tests/broken/check-inherited_rule_dead",
}


def example(code: str) -> str:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    found = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("code", [code.id for code in CODES if code.id not in ELSEWHERE])
def test_the_example_of_a_page_gives_its_finding(code: str, tmp_path: Path) -> None:
    assert code in findings(example(code), tmp_path)


def test_the_codes_of_the_checks_lie_in_one_block() -> None:
    assert [code.id for code in CODES if not re.fullmatch(r"RC2\d\d", code.id)] == []
