"""The examples on the pages of faults and issues give the fault or the issue they are about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import rulecore
from rulecore.errors import PolicyError
from rulecore.plugins import load_plugins
from rulecore.registry import Registry

PAGES = Path(__file__).parent.parent / "docs" / "errors"
NUMBERS = (
    "score",
    "actual",
    "target",
    "output",
    "altitude",
    "years",
    "operations",
    "party",
    "safety",
    "cost",
)
HEAD = """
[policy]
name = "page"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.category]
type = "text"
[fields.grade]
type = "text"
[fields.accident]
type = "flag"
"""
NUMBER = (
    '[fields.{name}]\ntype = "decimal"\ndecimals = 2\nmin = -10000\nmax = 10000\nmissing = "not_applicable"\n'
)
RECORD = {"category": "三类", "grade": "A+", "accident": "是", **dict.fromkeys(NUMBERS, "1")}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins(entry_points=False)


def blocks(code: str, language: str) -> list[str]:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)\n```$", page, flags=re.MULTILINE | re.DOTALL)


def load(body: str, registry: Registry, folder: Path) -> rulecore.CompiledPolicy:
    """Compile a fragment of a policy; fields that it does not declare are numbers."""
    declared = re.findall(r"^\[(?:rules|fields)\.(\w+)\]", body, flags=re.MULTILINE)
    rules = re.findall(r"^\[rules\.(\w+)\]", body, flags=re.MULTILINE)
    fields = "".join(NUMBER.format(name=name) for name in NUMBERS if name not in declared)
    shown = ", ".join(f'"{name}"' for name in ("unit", *rules))
    path = folder / "policy.toml"
    path.write_text(f"{HEAD}{fields}{body}\n[output]\ncolumns = [{shown}]\n", encoding="utf-8")
    return rulecore.load_policy(path, registry=registry)


def codes_of(error: PolicyError) -> set[str]:
    return {fault.code.id for fault in error.faults}


@pytest.mark.parametrize("code", ["RC143", "RC405", "RC411"])
def test_the_fragment_of_a_page_has_its_fault(code: str, registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        load(blocks(code, "toml fragment")[0], registry, tmp_path)
    assert codes_of(caught.value) == {code}


@pytest.mark.parametrize("code", ["RC401", "RC402", "RC403", "RC404", "RC406"])
def test_the_wrong_expression_has_its_fault_and_the_right_one_none(
    code: str, registry: Registry, tmp_path: Path
) -> None:
    wrong, right = (f"[rules.value]\nscorer = 'formula'\nvalue = '{text}'" for text in blocks(code, ""))
    with pytest.raises(PolicyError) as caught:
        load(wrong, registry, tmp_path)
    assert codes_of(caught.value) == {code}
    load(right, registry, tmp_path)


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("RC701", {"target": "0"}),
        ("RC702", {"output": "0"}),
        ("RC703", {"score": "1.5"}),
        ("RC704", {"category": "三类"}),
        ("RC705", {"score": "95"}),
        ("RC706", {"altitude": "3200", "years": "25"}),
        ("RC707", {}),
        ("RC710", {"score": "104"}),
        ("RC711", {"grade": "A+"}),
        ("RC712", {"output": "", "cost": ""}),
    ],
)
def test_the_fragment_of_a_page_meets_its_issue(
    code: str, cells: dict[str, str], registry: Registry, tmp_path: Path
) -> None:
    policy = load(blocks(code, "toml fragment")[0], registry, tmp_path)
    results = policy.evaluate([{**RECORD, **cells, "unit": name} for name in ("U01", "U02")])
    issues = results.text_table["问题"]
    assert issues.str.starts_with(code).all()
    assert results.rows_scored == 2
