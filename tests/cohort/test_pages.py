"""The pages of cohort functions: their parameters and names, and what stands in their examples, on both engines."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

import rulecore
from rulecore.cohort import COHORT_FUNCTIONS
from rulecore.contracts import CohortFunction
from rulecore.engines.decode import decode

PAGES = Path(__file__).parents[2] / "docs" / "cohort-functions"
EXAMPLE = re.compile(r"^```\n(?P<value>.+)\n```\n\n(?P<table>(?:\|.*\n)+)", flags=re.MULTILINE)
POLICY = re.compile(
    r"^```toml\n(?P<policy>\[policy\].*?)^```\n\n(?P<table>(?:\|.*\n)+)", re.MULTILINE | re.DOTALL
)
ABSENT = "不适用"
KINDS = {
    "day": 'type = "date"',
    "granted": 'type = "flag"',
    "unit": 'type = "text"',
    "team": 'type = "text"',
    "kind": 'type = "text"',
}
NUMBER = 'type = "decimal"\ndecimals = 2'


def table(text: str) -> list[dict[str, str]]:
    """Return the rows of a Markdown table by its headers."""
    lines = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in text.strip().splitlines()]
    headers, _rule, *rows = lines
    return [dict(zip(headers, row, strict=True)) for row in rows]


def examples() -> list[tuple[str, str, str]]:
    return [
        (page.stem, found["value"], found["table"])
        for page in sorted(PAGES.glob("*.md"))
        for found in EXAMPLE.finditer(page.read_text(encoding="utf-8"))
    ]


def read(cell: str) -> object:
    try:
        return Fraction(cell)
    except ValueError:
        return None if cell == ABSENT else cell


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize(("name", "value", "rows"), examples())
def test_an_example_of_a_page_gives_the_results_beside_it(
    name: str, value: str, rows: str, engine: str, tmp_path: Path
) -> None:
    records = table(rows)
    results = [record.pop("result") for record in records]
    fields = "".join(
        f'[fields.{header}]\n{KINDS.get(header, NUMBER)}\nmissing = "not_applicable"\nnot_applicable = ["{ABSENT}"]\n'
        for header in records[0]
        if header != "unit"
    )
    path = tmp_path / "policy.toml"
    path.write_text(
        f'[policy]\nname = "page"\nversion = "1"\n[record]\nentity = "unit"\n[fields.unit]\ntype = "text"\n{fields}'
        f"[rules.result]\nscorer = \"formula\"\nvalue = '''{value}'''\n[output]\ncolumns = [\"unit\"]\n",
        encoding="utf-8",
    )
    named = [{"unit": f"U{row}", **record} for row, record in enumerate(records)]
    part = rulecore.load_policy(path).evaluate(named, engine=engine).parts[0]
    kept = "result" if "result" in part.steps.columns else "result@1"
    step = next(step for step in part.plan.steps if step.name == kept)
    if kept == "result@1" and part.plan.rule("result").node.name != kept:  # type: ignore[union-attr]
        pytest.fail(f"{name}: the rule is more than its cohort step and has no column; round the example")
    assert decode(part.steps[kept], step.type) == [read(result) for result in results]


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_the_policy_of_the_index_gives_the_table_beside_it(engine: str, tmp_path: Path) -> None:
    found = POLICY.search((PAGES / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    path = tmp_path / "policy.toml"
    path.write_text(found["policy"].replace("[output]", "[output]\nprovenance = false"), encoding="utf-8")
    rows = table(found["table"])
    records = [{name: row[name] for name in ("bid", "technical", "price")} for row in rows]
    policy = rulecore.load_policy(path)
    shown = [[row[of] for of in ("bid", "price_marks", "cut", "star", "mean_shown")] for row in rows]
    results = policy.evaluate([{**record, "published_cut": ""} for record in records], engine=engine)
    assert [list(cells) for cells in results.output_rows()] == shown
    published = policy.evaluate([{**record, "published_cut": "34.5"} for record in records], engine=engine)
    assert [cells[3] for cells in published.output_rows()] == ["★", "★", "★", "", ""]


@pytest.mark.parametrize("function", COHORT_FUNCTIONS, ids=lambda function: function.name)
def test_the_page_of_a_cohort_function_shows_its_parameters_and_names(function: CohortFunction) -> None:
    page = (PAGES / f"{function.name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {function.name}\n")
    for word in function.aliases:
        assert f"`{word}`" in page
    signature = page.split("\n\n")[1]
    for parameter in function.parameters:
        assert parameter.name in signature or parameter.many
    if "\n## Parameters\n" in page:  # pages of siblings leave them to one page
        for choice in (choice for parameter in function.parameters for choice in parameter.choices):
            assert f'"{choice}"' in page
