"""Two versions of a written file: the record and column that differ, rows too many or too few, or bytes alone."""

from __future__ import annotations

import json

import pytest

from rulecore.archive import Content
from rulecore.archive.comparing import MOST_SHOWN, Compared, compare
from rulecore.contracts import Reader
from tests.archive.packing import readers

MANIFEST = {"policies": [{"identity": ["unit", "year"], "columns": {"unit": "单位", "year": "年度"}}]}
TABLE = "单位,年度,得分\n甲,2024,80\n乙,2024,70\n丙,2024,60\n"


def compared(packed: str, computed: str, name: str = "results/results.csv") -> Compared:
    both = [Content(role="output", name=name, data=text.encode()) for text in (packed, computed)]
    known: dict[str, Reader] = dict(readers())  # type: ignore[arg-type]
    return compare(both[0], both[1], MANIFEST, known)


def told(packed: str, computed: str, name: str = "results/results.csv") -> list[str]:
    return [item.text("en").partition(": ")[2] for item in compared(packed, computed, name).differences]


def test_equal_files_do_not_differ() -> None:
    assert compared(TABLE, TABLE) == Compared()


def test_a_cell_is_named_by_its_record_and_column() -> None:
    assert told(TABLE, TABLE.replace("70", "75")) == ["乙 / 2024, 得分: 70 is packed, 75 is computed"]


def test_a_blank_cell_is_shown_as_a_dash() -> None:
    assert told(TABLE, TABLE.replace("70", "")) == ["乙 / 2024, 得分: 70 is packed, — is computed"]


@pytest.mark.parametrize(
    ("packed", "computed", "sentence"),
    [
        (
            TABLE,
            TABLE.replace("丙,2024,60\n", ""),
            "3 rows are packed, 2 are computed; only packed: 丙 / 2024",
        ),
        (
            TABLE,
            TABLE + "丁,2024,1\n",
            "3 rows are packed, 4 are computed; only packed: —; only computed: 丁",
        ),
        (
            TABLE,
            TABLE.replace("得分", "分"),
            "the packed columns are 单位, 年度, 得分, the computed ones 单位",
        ),
    ],
)
def test_rows_and_columns_too_many_or_too_few_are_told(packed: str, computed: str, sentence: str) -> None:
    assert told(packed, computed)[0].startswith(sentence)


def test_with_a_row_less_the_others_are_still_compared() -> None:
    found = told(TABLE, TABLE.replace("甲,2024,80\n", "").replace("70", "75"))
    assert found[1:] == ["乙 / 2024, 得分: 70 is packed, 75 is computed"]


def test_only_the_first_differences_are_told_one_by_one() -> None:
    rows = "".join(f"U{number},2024,1\n" for number in range(100))
    found = told("单位,年度,得分\n" + rows, "单位,年度,得分\n" + rows.replace(",1\n", ",2\n"))
    assert len(found) == MOST_SHOWN + 1
    assert found[-1] == "and 80 more differences"


def test_files_of_equal_cells_differ_in_bytes_only() -> None:
    found = compared(TABLE, TABLE.replace("甲", '"甲"'))
    assert found.only_bytes
    assert "every cell is the same" in found.differences[0].text("en")


def test_json_is_compared_by_its_keys() -> None:
    packed, computed = {"a": [{"b": 1}], "c": True, "e": "x"}, {"a": [{"b": 2}], "d": None, "e": "x"}
    assert told(json.dumps(packed), json.dumps(computed), "results/results.manifest.json") == [
        "a[0].b: 1 is packed, 2 is computed",
        "d: — is packed, null is computed",
        "c: true is packed, — is computed",
    ]
    assert told('{"a": 1}', '{"a": true}', "x.json") == ["a: 1 is packed, true is computed"]


def test_json_that_is_only_written_otherwise_and_other_texts_are_compared_by_lines() -> None:
    assert told('{"a": 1}', '{"a":1}', "x.json") == ['line 1: {"a": 1} is packed, {"a":1} is computed']
    assert told("# a\nb\n", "# a\nc\n", "x.md") == ["line 2: b is packed, c is computed"]
    assert told("a", "a\nb", "x.md") == ["line 2: — is packed, b is computed"]
