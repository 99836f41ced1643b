from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.contracts import BrokenRow
from rulecore.errors import Code, InputError
from rulecore.records.quarantine import count_rows, quarantine_frame
from rulecore.records.typed import type_records, type_tables

TORN = Code(id="RC599", message="the row has {found} cells", hint="")


@pytest.fixture(scope="module")
def fields(planned):
    return [
        planned("unit", column="单位编码", type="text"),
        planned("year", column="年度", type="integer", missing=2024),
        planned("score", column="得分", type="decimal", decimals=1, min=0, max=100),
        planned("share", column="占比", type="decimal", decimals=4, missing="not_applicable"),
    ]


HEADERS = ("单位编码", "得分", "占比", "备注")


def test_good_rows_become_scaled_integers_with_their_row_numbers(fields, table):
    records = type_records(
        table(HEADERS, ("U01", "92.5", "95%", "x"), ("U02", "7", "—", None)), fields, "unit", "year"
    )
    assert records.frame.to_dict(as_series=False) == {
        "unit": ["U01", "U02"],
        "year": [2024, 2024],
        "score": [925, 70],
        "share": [9500, None],
        "#row": [2, 3],
        "#table": [0, 0],
    }
    assert records.quarantined == ()
    assert [note.code.id for note in records.notes] == ["RC503", "RC504"]


def test_a_bad_row_is_quarantined_with_all_its_reasons(fields, table):
    records = type_records(
        table(HEADERS, ("U01", "九十", "1.23456", ""), ("U02", "1", "", "")), fields, "unit", "year"
    )
    assert records.frame["unit"].to_list() == ["U02"]
    seen = [
        (item.row, item.column, item.field, item.value, item.code.id, item.entity)
        for item in records.quarantined
    ]
    assert seen == [
        (2, "得分", "score", "九十", "RC511", "U01"),
        (2, "占比", "share", "1.23456", "RC513", "U01"),
    ]
    assert records.quarantined_rows == count_rows(records.quarantined) == 1


def test_every_one_of_some_duplicates_is_quarantined_and_names_the_others(fields, table):
    records = type_records(
        table(
            HEADERS, ("U01", "1", "", ""), (" U01", "bad", "", ""), ("U02", "1", "", ""), ("U01", "2", "", "")
        ),
        fields,
        "unit",
    )
    assert records.frame["unit"].to_list() == ["U02"]
    named = [(item.row, item.values.get("rows")) for item in records.quarantined if item.code.id == "RC530"]
    assert named == [(2, "3, 5"), (3, "2, 5"), (5, "2, 3")]


def test_the_same_entity_in_another_period_is_no_duplicate(planned, table):
    fields = [planned("unit", type="text"), planned("year", type="integer")]
    rows = table(("unit", "year"), ("U1", "2023"), ("U1", "2024"), ("U1", "２０２４"))
    records = type_records(rows, fields, "unit", "year")
    assert records.frame["year"].to_list() == [2023]
    assert {item.code.id for item in records.quarantined} == {"RC531"}
    assert records.quarantined[0].reason("en") == "U1 stands more than once in period 2024: also in row 4"


def test_duplicates_across_files_name_the_other_file(fields, table):
    first = table(HEADERS, ("U01", "1", "", ""), file="a.csv")
    second = table(HEADERS, ("U02", "x", "", ""), ("U01", "1", "", ""), file="b.csv")
    records = type_tables([first, second], fields, "unit")
    assert records.frame.height == 0
    assert [(item.file, item.row, item.code.id, item.values.get("rows")) for item in records.quarantined] == [
        ("a.csv", 2, "RC530", "3 (b.csv)"),
        ("b.csv", 2, "RC511", None),
        ("b.csv", 3, "RC530", "2 (a.csv)"),
    ]


def test_a_hundred_duplicates_name_ten_others(planned, table):
    records = type_records(table(("unit",), *[("U1",)] * 100), [planned("unit", type="text")], "unit")
    assert records.quarantined_rows == 100
    assert records.quarantined[0].values["rows"] == "3, 4, 5, 6, 7, 8, 9, 10, 11, 12, …"
    assert records.quarantined[99].values["rows"] == "2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …"


def test_blank_rows_are_skipped_and_counted(fields, table):
    records = type_records(
        table(HEADERS, ("U01", "1", "", ""), ("", " ", None, "\u3000"), (None, None, None, "注")),
        fields,
        "unit",
    )
    assert (records.rows_in, records.frame.height, records.quarantined_rows, records.blank_rows) == (
        3,
        1,
        1,
        1,
    )


def test_broken_rows_are_quarantined_with_their_own_reason(fields, table):
    broken = (BrokenRow(row=7, text="U09,1,2,3,4,5", code=TORN, values={"found": 6}),)
    records = type_records(table(HEADERS, ("U01", "1", "", ""), broken=broken), fields, "unit")
    assert [(item.row, item.value, item.reason("en")) for item in records.quarantined] == [
        (7, "U09,1,2,3,4,5", "the row has 6 cells")
    ]
    assert (records.rows_in, records.quarantined_rows) == (2, 1)


def test_a_record_without_entity_is_quarantined(planned, table):
    fields = [planned("unit", type="text", missing="not_applicable"), planned("x", type="integer")]
    records = type_records(table(("unit", "x"), ("不适用", "1"), ("", "2")), fields, "unit")
    assert [item.code.id for item in records.quarantined] == ["RC532", "RC532"]


def test_missing_columns_of_all_tables_are_told_at_once(fields, table):
    with pytest.raises(InputError) as caught:
        type_tables([table(("单位编码",), file="a.csv"), table(("得分",), file="b.csv")], fields, "unit")
    assert [(fault.place.file, fault.values["column"]) for fault in caught.value.faults] == [
        ("a.csv", "得分"),
        ("b.csv", "单位编码"),
    ]


def test_no_rows_and_no_tables_are_typed_too(fields, table):
    assert (
        type_records(table(HEADERS), fields, "unit").frame.schema
        == type_tables([], fields, "unit").frame.schema
    )


def test_the_quarantine_is_a_table_in_either_language(fields, table):
    records = type_records(table(HEADERS, ("U01", "101", "", "")), fields, "unit")
    assert quarantine_frame(records.quarantined, "en").to_dicts() == [
        {
            "file": "records.csv",
            "sheet": "",
            "row": 2,
            "column": "得分",
            "value": "101",
            "reason": "RC516: 得分: 101 is above the maximum 100",
        }
    ]
    assert quarantine_frame([]).columns == ["file", "sheet", "row", "column", "value", "reason"]


CELL = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "U1", "U2", "1", "99.5", "不适用", "x", "\u200b"]),
    st.text(max_size=4),
)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=12))
def test_every_row_is_typed_quarantined_or_blank(planned, table, rows):
    fields = [
        planned("unit", type="text"),
        planned("x", type="decimal", decimals=1, missing="not_applicable"),
    ]
    rows = [tuple(cell for cell in row) for row in rows]
    records = type_records(table(("unit", "x", "y", "z"), *rows), fields, "unit")
    typed = set(records.frame["#row"])
    refused = {item.row for item in records.quarantined}
    assert records.rows_in == len(rows) == len(typed) + len(refused) + records.blank_rows
    assert records.quarantined_rows == len(refused)
    assert not typed & refused
    assert records.frame["unit"].n_unique() == records.frame.height


def test_columns_of_numbers_need_no_text(planned):
    from rulecore.contracts import RawTable

    frame = pl.DataFrame({"0": ["U1"], "1": [Decimal("92.50")]})
    raw = RawTable(file="f", headers=("unit", "x"), frame=frame, rows=pl.Series([1]))
    fields = [planned("unit", type="text"), planned("x", type="decimal", decimals=1)]
    assert type_records(raw, fields, "unit").frame["x"].to_list() == [925]
