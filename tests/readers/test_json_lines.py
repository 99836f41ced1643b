"""JSON Lines: every digit, every line accounted for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.contracts import RawTable, ReadOptions
from rulecore.errors import InputError
from rulecore.readers.json_lines import read


def table(text: str) -> RawTable:
    return read(text.encode(), "in.jsonl", ReadOptions())


def broken(line: str) -> tuple[int, str]:
    [row] = table('{"a": 1}\n' + line).broken
    return row.row, row.code.id


def test_numbers_keep_their_digits_and_null_is_blank() -> None:
    found = table('{"分": 92.50, "数": 12345678901234567890.10}\n\n{"分": null, "备": "x", "真": true}\n')
    assert found.headers == ("分", "数", "备", "真")
    assert found.frame.rows() == [
        ("92.50", "12345678901234567890.10", None, None),
        (None, None, "x", "true"),
    ]
    assert found.rows.to_list() == [1, 3]


def test_exponents_become_plain_digits_unless_there_would_be_no_end_of_them() -> None:
    assert table('{"a": 1.5e3, "b": 25E-4, "c": 1e999999999}').frame.rows() == [
        ("1500", "0.0025", "1e999999999")
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("[1]", "RC051"),
        ("{bad", "RC051"),
        ('{"a": NaN}', "RC051"),
        ("[" * 100_000, "RC051"),
        ('{"a": {"b": 1}}', "RC052"),
        ('{"a": [1]}', "RC052"),
        ('{"a": 1, "a": 2}', "RC053"),
    ],
)
def test_a_line_that_is_no_flat_object_is_a_broken_row(line: str, code: str) -> None:
    assert broken(line) == (2, code)


def test_a_json_array_and_an_empty_file_are_refused() -> None:
    with pytest.raises(InputError, match=r"RC054: in\.jsonl is one JSON array"):
        table('[\n{"a": 1}\n]')
    with pytest.raises(InputError, match="RC040"):
        table("\n")


def test_more_columns_than_allowed_are_refused() -> None:
    with pytest.raises(InputError, match="RC046"):
        table(json.dumps({str(number): 1 for number in range(5000)}))


@given(
    st.lists(
        st.dictionaries(st.text(max_size=3), st.none() | st.text(min_size=1, max_size=3) | st.integers())
    )
)
def test_every_object_is_a_row_with_its_values(objects: list[dict[str, object]]) -> None:
    lines = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in [{"k": "1"}, *objects])
    found = table(lines)
    assert found.rows.to_list() == list(range(1, len(objects) + 2))
    for row, value in zip(found.frame.rows()[1:], objects, strict=True):
        cells = dict(zip(found.headers, row, strict=True))
        assert {key: cell for key, cell in cells.items() if cell is not None} == {
            key: str(cell) for key, cell in value.items() if cell is not None
        }
