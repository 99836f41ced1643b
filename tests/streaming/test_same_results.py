"""Part by part and in memory: the same files, counts, reasons and notes, whatever the rows are and however parted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from rulecore.api import PolicySet
from tests.streaming.runs import FIRST, ONE, SECOND, THIRD, files, in_memory, in_parts, policies

UNITS = st.sampled_from(["a", "b", "c", "d", "e", " a", "甲", "", "=1+1"])
YEARS = st.sampled_from(["2023", "2024", "2024", "", "x"])
POINTS = st.sampled_from(["0", "1.5", "70.0", "96", "12.34", "", "不适用", "九", "7"])
FLAGS = st.sampled_from(["", "是", "否", "maybe"])
DATES = st.sampled_from(["", "2024-03-01", "2024/3/1", "2024"])
POSTS = st.sampled_from(["", "p", "q"])
ROW = st.one_of(
    st.just(("", "", "", "", "", "", "")),
    st.tuples(UNITS, YEARS, POINTS, FLAGS, DATES, POSTS, st.sampled_from(["", "n"])),
)
GOOD = st.tuples(
    st.integers(0, 60).map(lambda number: f"u{number}") | st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(["2023", "2024"]),
    st.integers(0, 900).map(lambda number: f"{number / 10}"),
    st.just(""),
    st.just("2024-03-01"),
    st.sampled_from(["p", "q", "r", "s"]),
    st.just(""),
)
TABLES = st.lists(st.lists(st.one_of(ROW, GOOD), max_size=12), min_size=1, max_size=3)
SETS: dict[str, tuple[str, ...]] = {"one": (ONE,), "routed": (FIRST, SECOND, THIRD), "mixed": (THIRD, FIRST)}


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], PolicySet]:
    @cache
    def found(name: str) -> PolicySet:
        return policies(tmp_path_factory.mktemp("policies"), *SETS[name])

    return found


@pytest.mark.parametrize("chosen", SETS)
@given(
    tables=TABLES,
    rows=st.integers(1, 5),
    suffix=st.sampled_from([".parquet", ".csv", ".jsonl"]),
    read=st.sampled_from([".parquet", ".csv"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_part_by_part_everything_is_as_in_memory(
    tmp_path_factory: pytest.TempPathFactory,
    sets: Callable[[str], PolicySet],
    chosen: str,
    tables: list[list[tuple[str, ...]]],
    rows: int,
    suffix: str,
    read: str,
) -> None:
    folder = tmp_path_factory.mktemp("run")
    paths = files(folder, tables, read)
    found = sets(chosen)
    outputs = [folder / name / f"out{suffix}" for name in ("memory", "parts")]
    for output in outputs:
        output.parent.mkdir()
    expected = in_memory(found, paths, outputs[0])
    actual = in_parts(found, paths, outputs[1], rows)
    event("as a whole" if actual is None else "part by part")
    if actual is None:
        # Only what is wrong as a whole, or what CSV leaves no other way for, is not made part by part.
        assert isinstance(expected, str) or read == ".csv"
        assert list(outputs[1].parent.iterdir()) == []
    else:
        assert actual == expected
