"""Policies that look back, for the tests beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import rulecore
from rulecore.registry import Registry
from rulecore.results import Results

HEAD = """
[policy]
name = "{name}"
title = "{title}"
version = "1"
[record]
entity = "unit"
period = "year"
[fields.unit]
column = "单位"
type = "text"
[fields.year]
column = "年度"
type = "text"
[fields.score]
column = "得分"
type = "decimal"
decimals = 1
min = 0
max = 100
missing = "not_applicable"
"""

Row = tuple[str, str, object]
"""A unit, a period and a score."""


def policy_text(
    rules: dict[str, str], shown: Sequence[str] = (), *, name: str = "looking-back", extra: str = ""
) -> str:
    """Return a policy with formulas by name; all of them are shown."""
    body = "".join(
        f"[rules.{rule}]\nscorer = 'formula'\nvalue = '{value}'\n" for rule, value in rules.items()
    )
    columns = ", ".join(f'"{column}"' for column in ("unit", "year", "score", *rules, *shown))
    return HEAD.format(name=name, title="考核") + extra + body + f"[output]\ncolumns = [{columns}]\n"


def load(text: str, folder: Path, registry: Registry | None = None) -> rulecore.CompiledPolicy:
    """Return the policy of a text."""
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return rulecore.load_policy(path, registry=registry)


def records(*rows: Row) -> list[dict[str, object]]:
    """Return records of units, periods and scores."""
    return [{"单位": unit, "年度": year, "得分": score} for unit, year, score in rows]


def column(results: Results, name: str) -> dict[str, str]:
    """Return one column of results by the unit."""
    table = results.text_table
    return dict(zip(table["单位"].to_list(), table[name].to_list(), strict=True))


def issues(results: Results) -> dict[str, set[str]]:
    """Return the codes of the issues on each unit."""
    return {
        unit: {part.split()[0] for part in text.split("; ") if part}
        for unit, text in column(results, "问题").items()
    }
