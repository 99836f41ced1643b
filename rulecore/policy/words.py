"""Values and kinds of value in the words of messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal

from rulecore.language import N_
from rulecore.phrase import Phrase, phrase

LONGEST = 40


def found(value: object) -> Phrase:
    """Return a value with the word for its kind, to say what stands where something else was expected."""
    match value:
        case str():
            kind = N_("the text {value}")
        case bool():
            kind = "{value}"
        case int() | Decimal():
            kind = N_("the number {value}")
        case datetime():
            kind = N_("the date with time {value}")
        case date():
            kind = N_("the date {value}")
        case time():
            kind = N_("the time {value}")
        case list() | tuple():
            kind = N_("an array")
        case Mapping():
            kind = N_("a table")
        case _:
            kind = "{value}"
    return phrase(kind, value=shown(value))


def shown(value: object) -> str:
    """Return a value as TOML writes it, shortened if it is long."""
    match value:
        case str():
            text = f'"{value}"'
        case bool():
            text = "true" if value else "false"
        case int():
            text = str(value) if abs(value) < 10**LONGEST else hex(value)
        case date() | time():
            text = value.isoformat()
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def shown_value(value: object) -> str:
    """Return a TOML value as messages show it; tables and lists too, as TOML writes them."""
    if isinstance(value, Mapping):
        text = "{ " + ", ".join(f"{key} = {shown_value(inner)}" for key, inner in value.items()) + " }"
    elif isinstance(value, list | tuple):
        text = "[" + ", ".join(shown_value(item) for item in value) + "]"
    else:
        return shown(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def listed(words: Iterable[str], most: int = 30) -> str:
    """Return words separated by commas; of very many, the first ones and an ellipsis."""
    every = list(words)
    return ", ".join(every[:most]) + (", …" if len(every) > most else "")
