"""The explanations of the schemes' own records, word for word. RULECORE_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from attrs import evolve

from rulecore import load_policy
from rulecore.explain.values import Explanation

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
CASES = [
    ("double_hundred", "U02"),
    ("double_hundred", "U03"),
    ("party_branch_star", "B2"),
    ("party_branch_star", "B5"),
]


@pytest.fixture
def explanations(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], Explanation]:
    # Messages show paths relative to the working folder.
    monkeypatch.chdir(ROOT)
    found = {}
    for policy, entity in CASES:
        results = load_policy(f"policies/{policy}").evaluate(f"policies/{policy}/records.csv")
        found[policy, entity] = settled(results.explain(entity))
    return found


def settled(explanation: Explanation) -> Explanation:
    """Return the explanation without what changes with every version of rulecore."""
    assert explanation.policy is not None
    origins = tuple(evolve(origin, version="0.0.0") for origin in explanation.policy.origins)
    policy = evolve(explanation.policy, fingerprint="0123456789abcdef", origins=origins)
    rules = tuple(evolve(rule, origin=evolve(rule.origin, version="0.0.0")) for rule in explanation.rules)
    return evolve(explanation, policy=policy, rules=rules)


def agreed(name: str, written: str) -> str:
    """Return the agreed text of that name, after writing it anew if that is asked for."""
    file = GOLDEN / name
    if os.environ.get("RULECORE_UPDATE_GOLDEN") == "1":
        file.write_text(written, encoding="utf-8", newline="\n")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("policy", "entity"), CASES)
def test_the_text_of_an_explanation_is_as_agreed(
    explanations: dict[tuple[str, str], Explanation], policy: str, entity: str, language: str
) -> None:
    written = explanations[policy, entity].text("zh" if language == "zh" else "en") + "\n"
    assert written == agreed(f"{policy}-{entity}.{language}.txt", written)


@pytest.mark.parametrize(("policy", "entity"), CASES)
def test_the_document_of_an_explanation_is_as_agreed(
    explanations: dict[tuple[str, str], Explanation], policy: str, entity: str
) -> None:
    document = explanations[policy, entity].document("zh")
    written = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    assert written == agreed(f"{policy}-{entity}.json", written)
