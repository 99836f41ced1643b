"""Which files a path means, and that a set holds each policy once."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.errors import PolicyError
from rulecore.policy.folder import MAX_POLICIES, check_set, policy_files
from rulecore.policy.load import load_policy_document

POLICY = """
[policy]
name = "annual"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[rules.score]
scorer = "formula"
value = 1
[output]
columns = ["unit", "score"]
"""


def names(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in policy_files(folder)]


def codes(path: Path) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        policy_files(path)
    return [fault.code.id for fault in caught.value.faults]


def fill(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(POLICY, encoding="utf-8")


def test_a_file_is_itself(tmp_path: Path) -> None:
    fill(tmp_path, "east.toml")
    assert policy_files(tmp_path / "east.toml") == (tmp_path / "east.toml",)


def test_a_folder_with_a_policy_is_that_one(tmp_path: Path) -> None:
    fill(tmp_path, "policy.toml", "other.toml", "sub/policy.toml")
    assert names(tmp_path) == ["policy.toml"]


def test_a_set_is_searched_one_folder_deep_and_sorted(tmp_path: Path) -> None:
    fill(
        tmp_path,
        "b/policy.toml",
        "a.toml",
        "b/cases.toml",
        "_draft.toml",
        ".x/policy.toml",
        "c/d/e.toml",
        "东/policy.toml",
    )
    assert names(tmp_path) == ["a.toml", "b/policy.toml", "东/policy.toml"]


def test_nothing_too_much_and_no_toml_are_refused(tmp_path: Path) -> None:
    assert codes(tmp_path) == ["RC150"]
    assert codes(tmp_path / "none") == ["RC101"]
    (tmp_path / "a.txt").touch()
    assert codes(tmp_path / "a.txt") == ["RC154"]
    for number in range(MAX_POLICIES + 1):
        (tmp_path / f"{number}.toml").touch()
    assert codes(tmp_path) == ["RC151"]


def test_a_link_out_of_the_set_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, "outside.toml", "set/inside.toml")
    (tmp_path / "set" / "link.toml").symlink_to(tmp_path / "outside.toml")
    assert codes(tmp_path / "set") == ["RC152"]


def test_the_same_policy_twice_names_both_files(tmp_path: Path) -> None:
    fill(tmp_path, "a.toml", "b.toml")
    policies = [load_policy_document(path, tmp_path) for path in policy_files(tmp_path)]
    with pytest.raises(PolicyError, match=r"b\.toml:3.*RC153(?s:.*)a\.toml:3"):
        check_set(policies)
    check_set(policies[:1])
