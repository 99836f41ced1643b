"""Tables of values on the cookbook, the policy guide and the page on tables, computed from the snippets beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attrs import evolve

from rulecore.plugins import load_plugins
from rulecore.registry import Registry
from tests.worked_tables import WorkedTable, differences, worked_tables

DOCS = Path(__file__).parent.parent / "docs"
COOKBOOK = DOCS / "cookbook.md"
WORKED = [
    worked
    for page in ("cookbook.md", "policy-guide.md", "tables.md")
    for worked in worked_tables(DOCS / page)
]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins()


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize("worked", WORKED, ids=lambda worked: worked.name)
def test_a_table_of_values_is_what_its_policy_gives(
    worked: WorkedTable, engine: str, tmp_path: Path, registry: Registry
) -> None:
    assert differences(worked, tmp_path, engine, registry) == []


def test_every_sentence_is_in_the_table_of_contents() -> None:
    text = COOKBOOK.read_text(encoding="utf-8")
    listed = re.findall(r"\[([^\]]+)\]\(#([^)]+)\)", text.split("\n## ", 1)[0])
    headings = re.findall(r"^#{2,3} (.*)$", text, flags=re.MULTILINE)
    assert [name for name, _anchor in listed] == headings
    assert [anchor for _name, anchor in listed] == [
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings
    ]


def test_every_sentence_stands_as_measures_write_it_and_with_what_it_leaves_open() -> None:
    recipes = re.split(r"^### ", COOKBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert len(recipes) >= 50
    for recipe in recipes:
        assert re.match(r".+\n\n> .+\n", recipe), recipe


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_a_wrong_value_in_a_table_would_be_found(engine: str, tmp_path: Path, registry: Registry) -> None:
    worked = next(worked for worked in WORKED if worked.name == "每超过3%加1分")
    wrong = evolve(worked, lines=({**worked.lines[0], "→ growth_points": "3.01"}, *worked.lines[1:]))
    assert differences(wrong, tmp_path, engine, registry) == ["R1 : growth_points is 3, not 3.01"]
    of_a_row = next(worked for worked in WORKED if worked.name == "同一事由不重复扣分")
    wrong = evolve(of_a_row, lines=({**of_a_row.lines[0], "→ events.counts": "是"}, *of_a_row.lines[1:]))
    assert len(differences(wrong, tmp_path, engine, registry)) == 1
    refusal = next(worked for worked in WORKED if worked.name == "数据错误退回")
    wrong = evolve(refusal, lines=({**refusal.lines[0], "→ refused": ""}, *refusal.lines[1:]))
    assert len(differences(wrong, tmp_path, engine, registry)) == 1
