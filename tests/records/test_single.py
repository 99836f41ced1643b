import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.records.single import RecordTyper, type_record


@pytest.fixture(scope="module")
def fields(planned):
    return [
        planned("unit", column="单位编码", type="text"),
        planned("score", column="党建基本分", aliases=("基本分",), type="decimal", decimals=1, max=100),
        planned("bonus", column="党建加分", type="decimal", decimals=1, missing=0),
    ]


@pytest.mark.parametrize("record", [
    {"unit": "U01", "score": "92.5", "bonus": 2},
    {"单位编码": "U01", "基本分": 92.5, "党建加分": "２", "其他": 1},
])  # fmt: skip
def test_a_record_is_read_by_names_columns_or_aliases(fields, record):
    assert type_record(record, fields) == ({"unit": "U01", "score": Fraction(185, 2), "bonus": 2}, ())


def test_all_faults_of_a_record_come_at_once(fields):
    _, faults = type_record({"score": "101", "bonus": "x"}, fields)
    assert [(fault.code.id, fault.place.key) for fault in faults] == [
        ("RC507", "单位编码"), ("RC516", "score"), ("RC511", "bonus")
    ]  # fmt: skip


def test_a_misspelt_key_is_a_fault_even_where_the_field_may_be_blank(fields):
    _, faults = type_record({"unit": "U01", "score": 1, "bonuss": 2}, fields)
    assert [(fault.code.id, fault.advice("en")) for fault in faults] == [("RC507", "did you mean bonuss?")]
    assert type_record({"unit": "U01", "score": 1}, fields)[1] == ()


def test_a_value_given_twice_is_a_fault(fields):
    _, faults = type_record({"unit": "U01", "score": 1, "基本分": 2}, fields)
    assert [fault.code.id for fault in faults] == ["RC506"]


def test_a_fields_name_that_is_anothers_column_belongs_to_the_other(planned):
    fields = [planned("a", column="b", type="integer"), planned("b", column="c", type="integer")]
    assert type_record({"b": 1, "c": 2}, fields) == ({"a": 1, "b": 2}, ())


def test_reading_a_record_does_not_load_polars():
    program = "import sys, rulecore.records.single; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


CELLS = st.one_of(
    st.none(), st.sampled_from(["", "88", "88.5", "88.555", "九十", "95%", "120", "—", 7, True, "是"])
)


RECORDS = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(("score", "得分", "单位", "另"), CELLS)))


@given(records=RECORDS)
def test_a_typer_reads_every_record_as_if_it_were_the_first(planned, records):
    fields = (
        planned("unit", column="单位", type="text", missing="not_applicable"),
        planned("score", column="得分", type="decimal", decimals=1, max=100),
    )
    typer = RecordTyper(fields)
    assert [typer.type_record(record) for record in records] == [
        type_record(record, fields) for record in records
    ]
