"""RC202: fields that records must have and nothing reads."""

from pathlib import Path

import pytest

from rulecore.checks.unread_fields import UNREAD_FIELDS
from tests.checks.policies import Found, finder


@pytest.fixture
def find(tmp_path: Path) -> Found:
    return finder(UNREAD_FIELDS, tmp_path)


def test_a_field_nothing_reads_is_told(find: Found) -> None:
    assert find('[rules]\nshown = { scorer = "formula", value = "party" }\n') == [
        "RC202 nothing reads the field rating"
    ]


def test_fields_of_the_record_of_applies_to_and_of_refusals_are_read(find: Found) -> None:
    # company, unit, year and attended stand in no rule.
    assert (
        find('[rules]\nshown = { scorer = "formula", value = "if rating == \'好\' then party else 0" }\n')
        == []
    )
