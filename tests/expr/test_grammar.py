import json
from pathlib import Path

import pytest

from rulecore.expr import grammar
from rulecore.expr.grammar import digest, grammar_text, load_grammar, make_grammar
from rulecore.expr.tokens import read_words

TABLES = Path(grammar.__file__).with_name("grammar.json")


def test_the_tables_are_those_of_the_grammar():
    known = json.loads(TABLES.read_text(encoding="utf-8"))["grammar"]
    assert known == digest(grammar_text()), "run python tests/tools/grammar.py"


@pytest.mark.parametrize(
    "text", ["a + b * 2", "if a < 1 then 2 else not_applicable", "1 <= 甲 < 5 or not b in (1, 2)"]
)
def test_tables_and_grammar_make_the_same_parser(text):
    words = read_words(text, ())
    parsed = [
        parser.parse(words, start="expression") for parser in (load_grammar(), make_grammar(grammar_text()))
    ]
    assert parsed[0] == parsed[1]


def test_tables_of_another_grammar_are_left_alone(monkeypatch):
    made = []
    monkeypatch.setattr(grammar, "digest", lambda _text: "another")
    monkeypatch.setattr(grammar, "make_grammar", made.append)
    load_grammar()
    assert made == [grammar_text()]
