"""Every located piece of a document is, read by tomli on its own, the value the document holds there."""

from __future__ import annotations

import json
from datetime import date

import tomli
from hypothesis import given
from hypothesis import strategies as st

from rulecore.policy.positions import content_offsets, locate

bare = st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True)
words = st.text(st.sampled_from("ab得分 .#=[]{},\"'\\\n\t“"), max_size=8)


def basic(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def literal(text: str) -> str:
    return "'" + text.replace("'", "’").replace("\n", " ") + "'"


def long_basic(text: str) -> str:
    return '"""\n' + text.replace("\\", "\\\\").replace('"', '\\"') + '\\\n   x"""'


def long_literal(text: str) -> str:
    return "'''" + text.replace("'", "’") + "'''"


keys = st.one_of(bare, words.map(basic), words.map(literal), st.sampled_from(['"得分"', "'单位.编码'"]))
scalars = st.one_of(
    st.integers(-9999, 9999).map(str),
    st.sampled_from(["true", "false", "1.50", "-0.5e3", "1_000", "0x1F", "07:32:00", "1979-05-27 07:32:00Z"]),
    st.dates(date(1990, 1, 1)).map(date.isoformat),
    *(words.map(write) for write in (basic, literal, long_basic, long_literal)),
)
gaps = st.sampled_from(["", " ", "\n", " # 说明 ]}\"'\n  ", "\n\n\t"])


@st.composite
def arrays(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    items = draw(st.lists(inner, max_size=4))
    text = ",".join(draw(gaps) + item + draw(gaps) for item in items)
    comma = "," if items and draw(st.booleans()) else ""
    return f"[{text}{comma}{draw(gaps)}]"


@st.composite
def inline_tables(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    names = draw(st.lists(keys, max_size=3, unique_by=decoded))
    return "{ " + ", ".join(f"{name} = {draw(inner)}" for name in names) + " }"


values = st.recursive(scalars, lambda inner: arrays(inner) | inline_tables(inner), max_leaves=8)


def decoded(key: str) -> str:
    return next(iter(tomli.loads(f"{key} = 0")))


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines: list[str] = []
    names = draw(st.lists(keys, min_size=1, max_size=8, unique_by=decoded))
    for name in names:
        match draw(st.sampled_from(["pair", "dotted", "table", "tables"])):
            case "pair":
                lines.append(f"{name} = {draw(values)}  # 说明" if not lines or lines[-1] != "[" else "")
            case "dotted":
                lines.append(f"{name} . {draw(keys)} = {draw(values)}")
            case "table":
                lines.append(f'[ {name} . sub ]  # 表\n"键" = {draw(values)}')
            case "tables":
                # Keys of later lines fall into the last table, so those written here must be no one's.
                lines += [f'[[{name}]]\n"甲甲" = {draw(values)}\n[{name}.b]\n"乙乙" = {draw(values)}'] * draw(
                    st.integers(1, 3)
                )
        lines.append(draw(st.sampled_from(["", "# [不是表]", "  "])))
    return "\n".join(lines)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], object]]:
    found = [(path, value)]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += paths(inner, (*path, index))
    return found


@given(documents())
def test_every_key_path_is_located_and_holds_its_key_and_value(text: str) -> None:
    data, positions = tomli.loads(text), locate(text)
    assert set(positions) == {path for path, _ in paths(data)} - {()}
    for path, value in paths(data):
        if not path:
            continue
        position = positions[path]
        if isinstance(path[-1], str):
            assert decoded(text[position.key_start : position.key_end]) == path[-1]
        if not isinstance(value, dict | list):
            raw = text[position.value_start : position.value_end]
            assert tomli.loads(f"x = {raw}")["x"] == value


@given(words, st.sampled_from([basic, literal, long_basic, long_literal]))
def test_every_character_of_a_text_is_found_where_it_is_written(text: str, write: object) -> None:
    raw = write(text)  # type: ignore[operator]
    value, offsets = tomli.loads(f"x = {raw}")["x"], content_offsets(raw)
    assert offsets is not None
    assert len(offsets) == len(value) + 1
    for character, offset in zip(value, offsets, strict=False):
        assert raw[offset] in (character, "\\")


def test_a_table_opened_twice_in_parts_stands_at_its_own_header() -> None:
    text = "[a.b]\nx = 1\n[a]\ny = 2\n"
    positions = locate(text)
    assert positions["a",].key_start == text.index("[a]") + 1
    assert positions["a", "b"].key_start == 3


def test_locating_a_long_array_takes_time_in_proportion() -> None:
    text = "a = [\n" + "1.5, # 说明\n" * 40_000 + "]"
    assert locate(text)["a", 39_999].value_start == text.rindex("1.5")
