"""Explanations and ledgers as Markdown: what stands in cells is shown, never read as markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore import load_policies, load_policy
from rulecore.cli.main import run
from rulecore.explain.markdown import escaped
from rulecore.ledger import ledgers_of
from rulecore.ledger.markdown import ledgers_markdown

POLICIES = Path(__file__).parents[2] / "policies"
MILESTONE = ["explain", str(POLICIES / "milestone"), "--records", str(POLICIES / "milestone" / "records.csv")]

POLICY = """
[policy]
name = "m"
version = "1"
[record]
entity = "unit"
[fields]
unit = { type = "text" }
points = { type = "decimal", decimals = 1, min = 0, max = 100 }
[rules.score]
label = "a|b <b>*得分*</b>"
note = "1. 不是列表\\n# 不是标题"
scorer = "formula"
value = "min(points, 60)"
[output]
columns = ["unit", "score"]
"""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[x](javascript:y)", r"\[x\](javascript:y)"),
        ("![x](y)", r"\!\[x\](y)"),
        ("*_`\\", r"\*\_\`" + "\\\\"),
        ("- x", r"\- x"),
        ("1. x", r"1\. x"),
        ("89.6", "89.6"),
        ("-3.5", "-3.5"),
        ("a\n\n# b", r"a &ensp;\# b"),
        ("&amp;", r"\&amp;"),
    ],
)
def test_markup_is_shown_literally(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_cells_and_labels_are_never_markup(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    results = load_policy(tmp_path).evaluate([{"unit": "<img src=x>|甲\n# 乙", "points": "80"}])
    entity = results.parts[0].entities()[0]
    for text in (
        results.explain(entity).markdown("zh"),
        ledgers_markdown(ledgers_of(results, entity), "zh"),
    ):
        assert "<" not in text.replace(r"\<", "")
        headings = [line for line in text.splitlines() if line.startswith("#")]
        assert len(headings) == len(set(headings)) <= 3
        for line in text.splitlines():
            if line.startswith("|"):
                assert line.replace(r"\|", "").count("|") in (3, 5)


@pytest.mark.parametrize("more", [[], ["--ledger"]])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_record_is_printed_to_be_handed_out(
    more: list[str], language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULECORE_LANG", language)
    assert run([*MILESTONE, "--entity", "K1", "--format", "markdown", *more]) == 0
    text = capsys.readouterr().out
    assert text.startswith("# K1\n")
    assert "项目得分 = 89.60" in text
    assert "N3" in text


def test_a_refused_record_says_why() -> None:
    results = load_policies(POLICIES / "annual").evaluate(POLICIES / "annual" / "records-2024-faulty.xlsx")
    name = next(item.entity for item in results.quarantined if item.entity)
    text = results.explain(name, "2024").markdown("zh")
    assert "本记录未计分" in text or "拒收" in text
    assert "RC" in text
    assert "RC" in ledgers_markdown(ledgers_of(results, name, "2024"), "zh") or "拒收" in text
