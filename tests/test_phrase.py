"""Words inside messages follow the language of the message, whatever the environment says."""

from __future__ import annotations

import pytest

from rulecore.codes.policy import WRONG_TYPE
from rulecore.errors import Fault, PolicyError
from rulecore.phrase import phrase
from rulecore.source import Place

WHOLE_NUMBER = "a whole number"


@pytest.mark.parametrize(
    ("alternatives", "text"),
    [
        ((), ""),
        (("a value",), "a value"),
        (("a", "b"), "a or b"),
        (("a", "b", "c"), "a, b or c"),
        (("a", "a"), "a"),
    ],
)
def test_alternatives_are_listed(alternatives: tuple[str, ...], text: str) -> None:
    assert phrase(*alternatives).say("en") == text


def test_a_phrase_among_the_alternatives_is_said_with_them() -> None:
    assert phrase(phrase("a", "b"), "c").say("en") == "a or b or c"


def test_a_value_stands_in_a_phrase_as_it_is() -> None:
    assert phrase("the text {value}", value='"{x}"').say("en") == 'the text "{x}"'


@pytest.mark.parametrize("environment", ["zh", "en"])
def test_words_in_values_follow_the_language_of_the_fault(
    environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULECORE_LANG", environment)
    found = phrase("the text {value}", value='"3"')
    values = {"key": "decimals", "expected": phrase(WHOLE_NUMBER), "found": found, "value": '"3"'}
    fault = Fault(code=WRONG_TYPE, values=values, hint="{expected}", related=(("{found}", _place()),))
    assert WHOLE_NUMBER in fault.message("en")
    assert WHOLE_NUMBER not in fault.message("zh")
    assert "整数" in fault.message("zh")
    assert fault.advice("en") == WHOLE_NUMBER
    assert fault.advice("zh") == "整数"
    assert "the text" in PolicyError([fault]).render("en")
    assert "the text" not in PolicyError([fault]).render("zh")


@pytest.mark.parametrize(("environment", "word"), [("zh", "整数"), ("en", WHOLE_NUMBER)])
def test_without_a_language_a_phrase_follows_the_environment(
    environment: str, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RULECORE_LANG", environment)
    assert str(phrase(WHOLE_NUMBER)) == word


def _place() -> Place:
    return Place(file="policy.toml", line=1)
