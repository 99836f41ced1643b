"""RC204: texts that are looked for and never there."""

from pathlib import Path

import pytest

from rulecore.checks.known_texts import KNOWN_TEXTS
from tests.checks.policies import Found, finder

BAND = 'bands = [{ at_least = 90, is = "A" }, { is = "B" }]'


@pytest.fixture
def find(tmp_path: Path) -> Found:
    return finder(KNOWN_TEXTS, tmp_path)


def test_a_misspelt_value_of_a_field_is_told(find: Found) -> None:
    rules = '[rules]\nshown = { scorer = "formula", value = "if rating == \'优\' then 1 else 0" }\n'
    assert find(rules) == [
        "RC204 rule shown looks for the text 优, which is never there: it can only be 中, 好, 差"
    ]


def test_a_misspelt_grade_of_a_quota_is_told(find: Found) -> None:
    rules = f'[rules.band]\nscorer = "bands"\nof = "party"\n{BAND}\n'
    rules += '[rules.shown]\nscorer = "quota"\nof = "band"\nby = "party"\n'
    rules += 'limits = [{ grade = "甲", share = 0.3, surplus = "B" }]\n'
    assert find(rules) == [
        "RC204 rule shown looks for the text 甲, which is never there: it can only be A, B"
    ]


def test_a_text_in_a_list_is_looked_at_too(find: Found) -> None:
    rules = "[rules]\nshown = { scorer = \"formula\", value = \"rating in ('好', '良')\" }\n"
    assert [sentence.split(",")[0] for sentence in find(rules)] == ["RC204 rule shown looks for the text 良"]


def test_texts_that_can_be_there_are_fine(find: Found) -> None:
    assert find('[rules]\nshown = { scorer = "formula", value = "rating != \'差\'" }\n') == []
