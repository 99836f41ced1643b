"""The hash of a table is that of its texts, however it is parted, and no two tables share one."""

from __future__ import annotations

import hashlib

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from rulecore.digests import TableDigest, table_hash

CELLS = st.text(st.sampled_from('a\\n\n,"甲'), max_size=4)
TABLES = st.lists(st.tuples(CELLS, CELLS), max_size=6)


def frame(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"甲": pl.String, "b\n": pl.String}, orient="row")


def by_hand(rows: list[tuple[str, str]]) -> str:
    """Return the hash as docs/formats.md describes it."""
    columns = []
    for cells in (("甲", *(row[0] for row in rows)), ("b\n", *(row[1] for row in rows))):
        lines = [cell.replace("\\", "\\\\").replace("\n", "\\n") + "\n" for cell in cells]
        columns.append(hashlib.sha256("".join(lines).encode()).hexdigest() + "\n")
    return hashlib.sha256("".join(columns).encode()).hexdigest()


@given(TABLES)
def test_a_table_has_the_hash_that_the_documentation_describes(rows: list[tuple[str, str]]) -> None:
    assert table_hash(frame(rows)) == by_hand(rows)


@given(TABLES, st.integers(0, 6))
def test_how_a_table_is_parted_makes_no_difference(rows: list[tuple[str, str]], at: int) -> None:
    digest = TableDigest(["甲", "b\n"])
    digest.add(frame(rows[:at]))
    digest.add(frame(rows[at:]))
    assert digest.hexdigest() == table_hash(frame(rows))


@given(TABLES, TABLES)
def test_no_two_tables_share_a_hash(rows: list[tuple[str, str]], others: list[tuple[str, str]]) -> None:
    assert (table_hash(frame(rows)) == table_hash(frame(others))) == (rows == others)


def test_a_cell_without_anything_is_an_empty_text() -> None:
    nulls = pl.DataFrame({"甲": ["x", None], "b\n": [None, "y"]}, schema={"甲": pl.String, "b\n": pl.String})
    assert table_hash(nulls) == table_hash(frame([("x", ""), ("", "y")]))
