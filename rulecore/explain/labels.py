"""What fields and rules are called in formulas: their labels, told apart where two things share one."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Final

from rulecore.explain.values import Words
from rulecore.explain.wording import LANGUAGES, Labels
from rulecore.language import N_, Language, translate
from rulecore.plan.labels import level_labels
from rulecore.planned import Plan, PlannedRule

INPUT: Final = N_("{label} (input)")
NAMED: Final = N_("{label} ({name})")


def labels_of(plan: Plan, table: str = "") -> Labels:
    """Return the label of every field and visible rule by its name, in both languages; of a table, if one is named.

    A field whose label a rule has too is marked as input (经营得分 as reported, and as clipped by the rules);
    other clashes are told apart by the names. Tables and what they hold are there as
    :func:`rulecore.plan.labels.level_labels` says.
    """
    return {
        language: {
            **_function_words(plan, language),
            **level_labels(plan, partial(_own, language=language), language, table),
        }
        for language in LANGUAGES
    }


def _own(plan: Plan, language: Language) -> dict[str, str]:
    rules = [step for step in plan.steps if isinstance(step, PlannedRule) and not step.hidden]
    of_fields = Counter(item.label for item in plan.fields)
    of_rules = Counter(rule.label for rule in rules)

    def of_field(name: str, label: str) -> str:
        if of_fields[label] > 1:
            return translate(NAMED, language).format(label=label, name=name)
        return translate(INPUT, language).format(label=label) if of_rules[label] else label

    def of_rule(name: str, label: str) -> str:
        return translate(NAMED, language).format(label=label, name=name) if of_rules[label] > 1 else label

    return {item.name: of_field(item.name, item.label) for item in plan.fields} | {
        rule.name: of_rule(rule.name, rule.label) for rule in rules
    }


def _function_words(plan: Plan, language: Language) -> dict[str, str]:
    """Return what cohort functions are called, and no words for numbers that are only their defaults."""
    words: dict[str, str] = {}
    for function in {found.name: found for found in plan.cohort_functions.values()}.values():
        if language == "zh" and function.aliases:
            words[function.name] = function.aliases[0]
        for parameter in function.parameters:
            if parameter.kind == "number" and parameter.default is not None:
                words[f"{function.name}({parameter.name} = {parameter.default})"] = ""
    return words


def label_words(labels: Labels, name: str) -> Words:
    """Return one label in both languages."""
    return Words(zh=labels["zh"].get(name, name), en=labels["en"].get(name, name))
