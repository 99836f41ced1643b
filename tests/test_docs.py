"""Every TOML and Python snippet of the documentation is loaded or run.

A ``toml`` block is a whole policy. A ``toml fragment`` is added to the policy before it on its page; a table
written again replaces the earlier one. A ``toml head`` is a policy whose rules follow as fragments. Pages of scorers
hold rules alone: what these name become fields.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomli

import rulecore
from rulecore.errors import PolicyError
from rulecore.plugins import load_plugins
from rulecore.registry import Registry

ROOT = Path(__file__).parent.parent
OTHERS = {"plugins.md", "cases.md", "editors.md", "editors.zh.md"}
"""Pages whose snippets are no policies; others: test_hookspecs.py, testing/test_cases_page.py."""
PAGES = sorted(
    page for page in (*ROOT.glob("docs/*.md"), *ROOT.glob("README*.md")) if page.name not in OTHERS
)
SCORERS = sorted(page for page in ROOT.glob("docs/scorers/*.md") if page.stem != "README")
TABLE = re.compile(r"^\[([^\[\]]+)\]", flags=re.MULTILINE)

HEAD = """
[policy]
name = "page"
version = "1"
[record]
entity = "unit"
period = "year_of_page"
[fields.unit]
type = "text"
[fields.year_of_page]
type = "text"
"""
KINDS = {
    "number": 'type = "decimal"\ndecimals = 2\nmin = -1000\nmax = 1000',
    "whole number": 'type = "integer"\nmin = 0\nmax = 100',
    "text": 'type = "text"\nvalues = ["A", "B", "C"]',
    "flag": 'type = "flag"',
    "date": 'type = "date"',
}


def blocks(page: Path, language: str) -> list[tuple[str, str]]:
    """Return the fenced blocks of a language, each with the words after its name (``fragment``)."""
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}(?: (\w+))?\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def tables(text: str) -> dict[str, str]:
    """Return the text of each table of a TOML document by its header."""
    starts = [*TABLE.finditer(text)]
    ends = [*(start.start() for start in starts[1:]), len(text)]
    return {start[1]: text[start.start() : end] for start, end in zip(starts, ends, strict=True)}


def load(text: str, folder: Path, registry: Registry) -> rulecore.CompiledPolicy:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return rulecore.load_policy(path, registry=registry)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_policy_of_a_page_can_be_used(page: Path, registry: Registry, tmp_path: Path) -> None:
    whole: dict[str, str] = {}
    for kind, text in blocks(page, "toml"):
        if kind == "cases":
            continue  # run by tests/history/test_page.py
        if kind == "fragment":
            whole |= tables(text)
        else:
            assert text.startswith("[policy]"), f"not a whole policy, so mark it 'toml fragment': {text}"
            whole = tables(text)
        if kind != "head":
            load("\n".join(whole.values()), tmp_path, registry)


@pytest.mark.parametrize("name", ["editors.md", "editors.zh.md"])
def test_settings_of_editors_are_toml(name: str) -> None:
    found = [tomli.loads(text) for _kind, text in blocks(ROOT / "docs" / name, "toml")]
    assert found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_python_snippet_of_a_page_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for _kind, text in blocks(page, "python"):
        exec(compile(text, str(page), "exec"), names)  # noqa: S102 - our own pages


@pytest.mark.parametrize("page", SCORERS, ids=lambda page: page.stem)
def test_the_rules_of_a_scorers_page_compile(page: Path, registry: Registry, tmp_path: Path) -> None:
    snippets = blocks(page, "toml")
    assert snippets
    for _kind, text in snippets:
        shown = '"unit", "status"' if "state_machine" in text else '"unit"'  # read from earlier results
        assert compiles_with_some_fields(f"{text}\n[output]\ncolumns = [{shown}]\n", tmp_path, registry)


def compiles_with_some_fields(text: str, folder: Path, registry: Registry) -> bool:
    """Declare what the rules name, until they compile: as numbers first, then as what the faults ask for."""
    fields: dict[str, str] = {}
    for _attempt in range(40):
        declared = "".join(f"[fields.{name}]\n{KINDS[kind]}\n" for name, kind in fields.items())
        try:
            load(HEAD + declared + text, folder, registry)
        except PolicyError as error:
            if not learn(error, fields):
                raise
        else:
            return True
    return False


def learn(error: PolicyError, fields: dict[str, str]) -> bool:
    """Take from the faults which names are fields, and of which kind; say whether there was any news."""
    before = dict(fields)
    for fault in error.faults:
        values = {name: str(value) for name, value in fault.values.items()}
        if fault.code.id == "RC321":
            fields[values["name"]] = "text" if values["name"] == "grade" else "number"
        elif fault.place is not None:
            place = fault.place
            column = (place.column or 1) - 1
            marked = place.excerpt[column : column + place.length].strip('"')
            for name in re.findall(r"\w+", marked):
                if name in fields and values.get("expected") in KINDS:
                    fields[name] = values["expected"]
                elif name in fields and "text" in (values.get("left"), values.get("right")):
                    fields[name] = "text"
    return fields != before


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(([^)]+)\)", index))
    assert {page.name for page in ROOT.glob("docs/*.md")} - {"README.md"} <= links
    assert {link for link in links if not (ROOT / "docs" / link).is_file()} == set()
