"""Working days in policies: their lists are parameters of the policy, and lists that cannot be are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore import load_policy
from rulecore.errors import PolicyError

POLICY = """
[policy]
name = "deadlines"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.due]
type = "date"
[fields.done]
type = "date"
missing = "not_applicable"
[parameters]
holidays = [2024-05-01, 2024-05-02, 2024-05-03]
workdays = [2024-04-28, 2024-05-11]
words = ["A", "B"]
[rules.late]
scorer = "formula"
value = "workdays_between(due, done{lists})"
[output]
provenance = false
columns = ["unit", "late"]
"""
RECORDS = [
    {"unit": "A", "due": "2024-04-26", "done": "2024-05-06"},
    {"unit": "B", "due": "2024-05-10", "done": "2024-05-12"},
    {"unit": "C", "due": "2024-05-10", "done": ""},
]


def policy(lists: str, folder: Path) -> Path:
    path = folder / "policy.toml"
    path.write_text(POLICY.replace("{lists}", lists), encoding="utf-8")
    return path


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize(
    ("lists", "late"),
    [
        ("", ["6", "0", ""]),
        (", holidays = holidays", ["3", "0", ""]),
        (", holidays = holidays, workdays = workdays", ["4", "1", ""]),
        (", holidays = [2024-04-29]", ["5", "0", ""]),
        (", holidays = 2024-04-29", ["5", "0", ""]),
    ],
)
def test_the_lists_are_parameters_or_written_out(
    lists: str, late: list[str], engine: str, tmp_path: Path
) -> None:
    results = load_policy(policy(lists, tmp_path)).evaluate(RECORDS, engine=engine)
    assert [cells[1] for cells in results.output_rows()] == late


@pytest.mark.parametrize(
    ("lists", "code"),
    [
        (", holidays = words", "RC328"),
        (", holidays = due", "RC328"),
        (", holidays = [2024-05-01, 5]", "RC328"),
        (", holidays = feiertage", "RC321"),
        (", holidays = [2024-05-11], workdays = workdays", "RC331"),
    ],
)
def test_lists_that_cannot_be_are_refused(lists: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(policy(lists, tmp_path))
    assert [fault.code.id for fault in caught.value.faults] == [code]
