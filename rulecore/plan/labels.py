"""What formulas of a level call things: its own fields and rules, those of the tables below, those above."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rulecore.expr.phrases import PHRASES
from rulecore.expr.supplied import PARENT_MARK
from rulecore.language import Language
from rulecore.planned import Plan

Own = Callable[[Plan], Mapping[str, str]]
"""Gives the labels of the fields and rules of one level."""

RECORDS: Final = ""


def level_labels(plan: Plan, own: Own, language: Language, table: str = RECORDS) -> dict[str, str]:
    """Return the labels for formulas of the records of ``plan``, or of the rows of one of its tables.

    As :func:`rulecore.expr.words.formula` takes them: tables by their names, their values as ``table.name``; in a table
    what stands above by its name, and values of another table above as ``^name``, with that table in the words.
    """
    tables = {item.name: item for item in plan.tables}
    found: dict[str, str] = dict(plan.policy.parameter_labels)
    for name, item in tables.items():
        found |= {f"{name}.{inner}": label for inner, label in own(item.plan).items()}
        found[name] = item.label
    chain, above = [table], table
    while above:
        above = tables[above].declaration.parent
        chain.append(above)
    for steps, name in reversed([*enumerate(chain)]):
        labels = own(tables[name].plan if name else plan)
        found |= labels
        if name and steps:
            of = PHRASES[language]["of the row"]
            marks = PARENT_MARK * steps
            found |= {
                f"{marks}{inner}": of.format(table=tables[name].label, value=label)
                for inner, label in labels.items()
            }
    return found
