"""RC203: rules that name no article."""

from pathlib import Path

from rulecore.checks.references import REFERENCES
from tests.checks.policies import finder


def test_rules_without_an_article_are_noted(tmp_path: Path) -> None:
    rules = '[rules]\nshown = { scorer = "rank", by = "party + 1" }\n'
    rules += 'other = { scorer = "formula", value = "party", reference = "第六条" }\n'
    assert finder(REFERENCES, tmp_path)(rules) == ["RC203 the rule shown names no article it follows"]
