"""Generated families for property tests: documents of one shape, as nested tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from hypothesis import strategies as st

from rulecore.policy.document import Document, read_document

NAMES = ("a", "b", "c")
NUMBERS = st.one_of(st.integers(-5, 5), st.decimals(-5, 5, places=2))
LISTS = st.lists(st.sampled_from(["安全", "廉洁", "环保", "保密"]), max_size=4)
RULES = st.fixed_dictionaries(
    {},
    optional={
        "scorer": st.sampled_from(["formula", "bands"]),
        "value": st.sampled_from(["a", "b + 1"]),
        "label": st.sampled_from(["得分", "档次"]),
        "decimals": st.integers(0, 3),
        "step": st.just(5),
    },
)
DATA = st.fixed_dictionaries(
    {},
    optional={
        "parameters": st.dictionaries(st.sampled_from(NAMES), NUMBERS, max_size=3),
        "lists": st.dictionaries(st.sampled_from(NAMES), LISTS, max_size=2),
        "rules": st.dictionaries(st.sampled_from(["p", "q"]), RULES, max_size=2),
    },
)
"""What one document of a family may hold; a key is of one kind in all of them."""


def toml(value: object) -> str:
    """Return a value as TOML writes it."""
    match value:
        case str():
            return f'"{value}"'
        case bool():
            return "true" if value else "false"
        case list():
            return "[" + ", ".join(toml(item) for item in value) + "]"
        case Decimal():
            return format(value, "f")
    return str(value)


def document_text(data: Mapping[str, object]) -> str:
    """Return nested tables as a TOML document, every table under its own header."""
    lines: list[str] = []

    def write(table: Mapping[str, object], path: tuple[str, ...]) -> None:
        lines.append(f"[{'.'.join(path)}]")
        lines.extend(
            f"{key} = {toml(value)}" for key, value in table.items() if not isinstance(value, Mapping)
        )
        for key, value in table.items():
            if isinstance(value, Mapping):
                write(value, (*path, key))

    for key, value in data.items():
        assert isinstance(value, Mapping)
        write(value, (key,))
    return "\n".join(lines) + "\n"


def chain_of(folder: Path, layers: Sequence[Mapping[str, object]]) -> tuple[Document, ...]:
    """Write documents, the own one first, and read them back as a chain."""
    chain = []
    for number, data in enumerate(layers):
        path = folder / f"layer{number}.toml"
        path.write_text(document_text({"policy": {"name": f"n{number}"}, **data}), encoding="utf-8")
        chain.append(read_document(path, folder))
    return tuple(chain)
