"""Versions of one policy: one day, one record, one version."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore
from rulecore.errors import PolicyError

BODY = """
[record]
entity = "unit"
period = "year"
[fields.unit]
type = "text"
[fields.year]
type = "integer"
min = 2000
max = 2100
[parameters]
cap = 3
[rules.score]
scorer = "formula"
value = "cap"
[output]
columns = ["unit", "score"]
"""


def write(folder: Path, file: str, header: str, body: str = BODY, name: str = "annual") -> None:
    (folder / file).write_text(f'[policy]\nname = "{name}"\n{header}\n{body}', encoding="utf-8")


def codes(folder: Path) -> list[str]:
    try:
        rulecore.load_policies(folder)
    except PolicyError as error:
        return [fault.code.id for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("effective = { until = 2023-12-31 }", "effective = { from = 2024-01-01 }", []),
        ("effective = { until = 2024-01-01 }", "effective = { from = 2024-01-01 }", ["RC146"]),
        ("", "", ["RC146"]),
        ('applies_to = { unit = ["A"] }', 'applies_to = { unit = ["B"] }', []),
        ('applies_to = { unit = ["A", "B"] }', 'applies_to = { unit = ["B"] }', ["RC146"]),
        ('applies_to = { unit = ["A"] }', "applies_to = { year = [2024] }", ["RC146"]),
        ('applies_to = { unit = ["A"] }', "", ["RC146"]),
    ],
)
def test_two_versions_may_not_hold_for_one_record_on_one_day(
    tmp_path: Path, first: str, second: str, found: list[str]
) -> None:
    write(tmp_path, "a.toml", f'version = "1"\n{first}')
    write(tmp_path, "b.toml", f'version = "2"\n{second}')
    assert codes(tmp_path) == found


def test_two_policies_of_other_names_may(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", 'version = "1"')
    write(tmp_path, "b.toml", 'version = "2"', name="other")
    assert codes(tmp_path) == []


def test_the_report_of_an_overlap_names_both_files_and_the_days(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", 'version = "1"\neffective = { from = 2023-01-01 }')
    write(tmp_path, "b.toml", 'version = "2"\neffective = { from = 2024-01-01 }')
    with pytest.raises(PolicyError, match=r"a\.toml:4.*from 2024-01-01 on(?s:.*)b\.toml:4"):
        rulecore.load_policies(tmp_path)


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_each_record_goes_to_the_version_of_its_period_and_an_expired_one_takes_none(
    tmp_path: Path, engine: str
) -> None:
    write(tmp_path, "2023.toml", 'version = "1"\neffective = { from = 2023-01-01, until = 2023-12-31 }')
    later = 'version = "2"\nextends = "2023.toml"\neffective = { from = 2024-01-01, until = 2024-12-31 }'
    write(tmp_path, "2024.toml", later, "[parameters]\ncap = 5\n")
    records = [{"unit": "U", "year": year} for year in (2022, 2023, 2024, 2025)]
    results = rulecore.load_policies(tmp_path).evaluate(records, engine=engine)
    headers = results.output_headers()
    rows = [dict(zip(headers, row, strict=True)) for row in results.output_rows()]
    assert [row["score"] for row in rows] == ["3", "5"]
    assert [(one.row, one.code.id) for one in results.quarantined] == [(1, "RC541"), (4, "RC541")]


def test_a_set_holds_bases_that_take_no_records(tmp_path: Path) -> None:
    write(tmp_path, "group.toml", 'version = "1"\nabstract = true')
    write(tmp_path, "east.toml", 'version = "1"\nextends = "group.toml"', "", name="east")
    found = rulecore.load_policies(tmp_path)
    assert [plan.policy.policy.name for plan in found.plans] == ["east"]
    assert [base.name for base in found.bases] == ["annual"]


def test_a_folder_of_bases_alone_cannot_be_run(tmp_path: Path) -> None:
    write(tmp_path, "group.toml", 'version = "1"\nabstract = true')
    assert codes(tmp_path) == ["RC159"]


def test_a_fault_of_a_base_is_told_once(tmp_path: Path) -> None:
    body = BODY.replace('type = "text"', 'type = "txt"')
    write(tmp_path, "group.toml", 'version = "1"\nabstract = true', body)
    for name in ("east", "west"):
        write(tmp_path, f"{name}.toml", 'version = "1"\nextends = "group.toml"', "", name=name)
    assert codes(tmp_path) == ["RC105"]


def test_the_fingerprint_of_a_policy_changes_with_its_base(tmp_path: Path) -> None:
    prints = []
    for cap in (3, 4):
        base = BODY.replace("cap = 3", f"cap = {cap}")
        write(tmp_path, "_group.toml", 'version = "1"\nabstract = true', base)
        write(tmp_path, "east.toml", 'version = "1"\nextends = "_group.toml"', "", name="east")
        prints.append(rulecore.load_policy(tmp_path / "east.toml").plan.fingerprint)
    assert prints[0] != prints[1]


def test_one_record_alone_is_refused_by_an_expired_policy(tmp_path: Path) -> None:
    write(tmp_path, "policy.toml", 'version = "1"\neffective = { from = 2023-01-01, until = 2023-12-31 }')
    policy = rulecore.load_policy(tmp_path)
    assert policy.evaluate_one({"unit": "U", "year": 2023})["score"] == 3
    result = policy.evaluate_one({"unit": "U", "year": 2024})
    assert [fault.code.id for fault in result.faults] == ["RC541"]
    assert "annual 1 (2023-01-01 – 2023-12-31)" in result.faults[0].message("en")
