"""The parser that ``grammar.lark`` describes, made from the tables in ``grammar.json`` in a tenth of the time.

The tables are what Lark works out from the grammar. ``python tests/tools/grammar.py`` writes them; where they belong to
another grammar or another version of Lark the parser is made from the grammar itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rulecore.expr.build import BUILDER

if TYPE_CHECKING:
    from lark import Lark


def load_grammar() -> Lark:
    """Return the parser, from its tables if they are those of the grammar as it stands."""
    import lark

    text = grammar_text()
    tables = json.loads(_file("grammar.json"))
    if tables["lark"] != lark.__version__ or tables["grammar"] != digest(text):
        return make_grammar(text)
    data, memo = _with_numbers(tables["data"]), _with_numbers(tables["memo"])
    data["options"] |= {"lexer": _lexer(), "transformer": BUILDER}
    data["parser"]["lexer_conf"]["lexer_type"] = _lexer()
    return lark.Lark.load({"data": data, "memo": memo})


def make_grammar(text: str) -> Lark:
    """Return the parser, worked out from the grammar's text."""
    from lark import Lark

    return Lark(text, parser="lalr", lexer=_lexer(), transformer=BUILDER, start=["expression", "unary_tests"])


def grammar_text() -> str:
    """Return the grammar as written."""
    return _file("grammar.lark")


def digest(text: str) -> str:
    """Return what tells one grammar from another."""
    return sha256(text.encode()).hexdigest()


def grammar_tables(text: str) -> dict[str, object]:
    """Return the tables of a grammar, ready to be written as JSON."""
    import lark
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, memo = make_grammar(text).memo_serialize([TerminalDef, Rule])
    options = {**data["options"], "lexer": None, "transformer": None}
    conf = {**data["parser"]["lexer_conf"], "lexer_type": None}
    data = {**data, "options": options, "parser": {**data["parser"], "lexer_conf": conf}}
    return {"lark": lark.__version__, "grammar": digest(text), "data": data, "memo": memo}


def _lexer() -> Any:
    from lark.lexer import Lexer

    class ReadWords(Lexer):
        """Hands over words already read."""

        def __init__(self, configuration: object) -> None:
            """Nothing is configured: the words come ready-made."""

        def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Any]:
            yield from lexer_state

    return ReadWords


def _with_numbers(value: Any) -> Any:
    """Return tables with the numbers as keys that JSON has made texts of."""
    if isinstance(value, dict):
        return {int(key) if key.isdigit() else key: _with_numbers(item) for key, item in value.items()}
    return [_with_numbers(item) for item in value] if isinstance(value, list) else value


def _file(name: str) -> str:
    return files("rulecore.expr").joinpath(name).read_text(encoding="utf-8")
