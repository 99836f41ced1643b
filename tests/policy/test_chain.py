"""The chain of bases: where a base may stand, and what is said where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.errors import Fault, PolicyError
from rulecore.policy.chain import policy_folder, read_chain


def write(folder: Path, files: dict[str, str]) -> None:
    for name, extends in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        line = f"extends = '{extends}'\n" if extends else ""
        path.write_text(f'[policy]\nname = "{path.stem}"\n{line}', encoding="utf-8")


def refused(path: Path, inside: Path | None = None) -> Fault:
    with pytest.raises(PolicyError) as caught:
        read_chain(path, path.parent, inside)
    (fault,) = caught.value.faults
    return fault


def test_a_chain_is_read_to_its_end(tmp_path: Path) -> None:
    files = {f"p{number}.toml": f"p{number + 1}.toml" for number in range(40)}
    write(tmp_path, {**files, "p40.toml": ""})
    chain = read_chain(tmp_path / "p0.toml", tmp_path)
    assert [document.name for document in chain] == [f"p{number}.toml" for number in range(41)]


def test_a_base_may_stand_in_another_folder_of_the_policy_folder(tmp_path: Path) -> None:
    write(tmp_path, {"set/east/policy.toml": "../group/annual.toml", "set/group/annual.toml": ""})
    chain = read_chain(tmp_path / "set/east/policy.toml")
    assert chain[1].path == tmp_path / "set/group/annual.toml"
    assert refused(tmp_path / "set/east/policy.toml", tmp_path / "set/east").code.id == "RC155"


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("policies/annual/east.toml", "policies"),
        ("policies/annual", "policies"),
        ("policies", "policies"),
        ("set/east/policy.toml", "set"),
        ("set/east", "set"),
        ("set", "set"),
        ("set/west.toml", "."),
    ],
)
def test_the_policy_folder_is_the_same_however_a_policy_is_named(
    tmp_path: Path, path: str, folder: str
) -> None:
    write(tmp_path, {"policies/annual/east.toml": "", "set/east/policy.toml": "", "set/west.toml": ""})
    assert policy_folder(tmp_path / path) == (tmp_path / folder)


def test_a_path_out_of_the_policy_folder_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"policies/a.toml": "../secret.toml", "policies/b.toml": "../absent.toml"})
    (tmp_path / "secret.toml").write_text("secret = nonsense", encoding="utf-8")
    found = [refused(tmp_path / f"policies/{name}.toml") for name in "ab"]
    assert [fault.code.id for fault in found] == ["RC155", "RC155"]
    assert "nonsense" not in found[0].render("en")


def test_a_link_out_of_the_policy_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"policies/a.toml": "base.toml", "elsewhere.toml": ""})
    (tmp_path / "policies/base.toml").symlink_to(tmp_path / "elsewhere.toml")
    fault = refused(tmp_path / "policies/a.toml")
    assert fault.code.id == "RC155"
    assert "link" in fault.advice("en")


def test_a_link_inside_the_policy_folder_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"policies/a.toml": "current.toml", "policies/2024.toml": ""})
    (tmp_path / "policies/current.toml").symlink_to(tmp_path / "policies/2024.toml")
    assert len(read_chain(tmp_path / "policies/a.toml")) == 2


def test_a_circle_through_a_link_is_a_circle(tmp_path: Path) -> None:
    write(tmp_path, {"policies/a.toml": "b.toml"})
    (tmp_path / "policies/b.toml").symlink_to(tmp_path / "policies/a.toml")
    assert refused(tmp_path / "policies/a.toml").code.id == "RC156"


def test_a_circle_is_shown_without_the_way_to_it(tmp_path: Path) -> None:
    write(tmp_path, {"a.toml": "b.toml", "b.toml": "c.toml", "c.toml": "b.toml"})
    assert refused(tmp_path / "a.toml").values["circle"] == "b.toml → c.toml → b.toml"


@pytest.mark.parametrize(
    "written",
    ["", "   ", "/etc/passwd", "C:/group.toml", "C:\\group.toml", "\\\\server\\x.toml", "~/group.toml",
     "https://example.org/group.toml", "..\\group.toml", "group", "../group", "group.txt"],
)  # fmt: skip
def test_a_path_that_means_something_else_elsewhere_is_refused(tmp_path: Path, written: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f"[policy]\nextends = '{written}'\n", encoding="utf-8")
    assert refused(path).code.id == "RC158"


def test_a_missing_base_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    write(tmp_path, {"east/policy.toml": "../group/anual.toml", "group/annual.toml": ""})
    fault = refused(tmp_path / "east/policy.toml")
    assert fault.code.id == "RC157"
    assert "../group/annual.toml" in fault.advice("en")


def test_a_base_that_is_no_text_is_left_to_the_structuring(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("[policy]\nextends = 3\n", encoding="utf-8")
    assert len(read_chain(path)) == 1
