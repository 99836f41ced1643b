import unicodedata
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.numbers import Rounding
from rulecore.records.cells import read_cell
from rulecore.records.columns import _PLAIN_TEXT, type_column
from rulecore.records.storage import storage

NASTY = st.one_of(
    st.text("0123456789.,%-+Ee"),
    st.text("019.-"),
    st.text("０１９．－，％ \u3000\ufeff"),
    st.from_regex(r"-?[0-9]{1,21}(\.[0-9]{1,5})?", fullmatch=True),
    st.text("ab甲乙 \t\u200be\u0301Ｎ/Ａ-—"),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(
        [
            "",
            " ",
            "不适用",
            "N/A",
            "n/a",
            "-",
            "—",
            "是",
            "否",
            "TRUE",
            "1",
            "2024-03-01",
            "45352",
            "甲",
            "無",
            "ß",
            "ss",
            "SS",
            "ﬁ",
        ]
    ),
    st.dates().map(str),
)

FIELDS = [
    {"type": "decimal", "decimals": 0},
    {"type": "decimal", "decimals": 2, "min": 0, "max": 100},
    {"type": "decimal", "decimals": 4, "percent": True, "missing": "not_applicable"},
    {"type": "decimal", "decimals": 1, "percent": True, "missing": Decimal("0.5")},
    {"type": "decimal", "decimals": 1, "excess_digits": Rounding.HALF_EVEN, "min": Decimal("-0.25")},
    {"type": "decimal", "decimals": 2, "min": -(10**30), "max": 10**30},
    {"type": "decimal", "decimals": 2, "not_applicable": ("-1", "99")},
    {"type": "integer", "missing": "not_applicable"},
    {"type": "text"},
    {"type": "text", "missing": "not_applicable"},
    {"type": "text", "missing": "", "not_applicable": ("SS", "甲")},
    {"type": "text", "values": ("甲", "a-")},
    {"type": "flag"},
    {"type": "date", "min": date(2000, 1, 1), "missing": "not_applicable"},
]


def assert_same_as_cells(cells, series, field):
    typed = type_column(series, field)
    expected = [read_cell(cell, field) for cell in cells]
    assert typed.values.dtype == storage(field.type).dtype()
    assert typed.values.name == field.name
    assert typed.values.to_list() == [value for value, _ in expected]
    faults = {bad.position: (bad.fault.code.id, dict(bad.fault.values)) for bad in typed.bad}
    assert faults == {
        position: (fault.code.id, dict(fault.values)) for position, (_, fault) in enumerate(expected) if fault
    }


@settings(max_examples=400)
@given(st.lists(st.one_of(st.none(), NASTY), max_size=8), st.sampled_from(FIELDS))
def test_a_column_of_texts_means_what_its_cells_mean(planned, cells, keys):
    assert_same_as_cells(cells, pl.Series("raw", cells, dtype=pl.String), planned(**keys))


@given(
    st.lists(st.one_of(st.none(), st.sampled_from(["甲", "1.5", "", "不适用", "是"]))),
    st.sampled_from(FIELDS),
)
def test_a_column_of_categories_means_what_its_cells_mean(planned, cells, keys):
    assert_same_as_cells(cells, pl.Series(cells, dtype=pl.Categorical), planned(**keys))


@given(
    st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(0, 200))),
    st.sampled_from(FIELDS),
)
def test_a_column_of_integers_means_what_its_cells_mean(planned, cells, keys):
    assert_same_as_cells(cells, pl.Series(cells, dtype=pl.Int64), planned(**keys))


@given(st.lists(st.one_of(st.none(), st.decimals(-999, 999, places=3))), st.sampled_from(FIELDS))
def test_a_column_of_decimals_means_what_its_cells_mean(planned, cells, keys):
    assert_same_as_cells(cells, pl.Series(cells, dtype=pl.Decimal(20, 3)), planned(**keys))


@given(st.lists(st.one_of(st.none(), st.booleans())), st.sampled_from(FIELDS))
def test_a_column_of_booleans_means_what_its_cells_mean(planned, cells, keys):
    assert_same_as_cells(cells, pl.Series(cells, dtype=pl.Boolean), planned(**keys))


@given(st.lists(st.one_of(st.none(), st.dates())), st.sampled_from(FIELDS))
def test_a_column_of_dates_means_what_its_cells_mean(planned, cells, keys):
    assert_same_as_cells(cells, pl.Series(cells, dtype=pl.Date), planned(**keys))


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.integers(-(10**6), 10**6).map(lambda number: number / 1000),
            st.floats(allow_infinity=False, allow_nan=False),
        )
    ),
    st.sampled_from([keys for keys in FIELDS if keys["type"] == "decimal"]),
)
def test_a_column_of_floats_reads_their_shortest_text(planned, cells, keys):
    field = planned(**keys)
    typed = type_column(pl.Series(cells, dtype=pl.Float64), field)
    expected = [read_cell(cell, field) for cell in cells]
    assert typed.values.to_list() == [value for value, _ in expected]
    assert [(bad.position, bad.fault.code.id) for bad in typed.bad] == [
        (position, fault.code.id) for position, (_, fault) in enumerate(expected) if fault
    ]


def test_single_precision_floats_are_not_widened(planned):
    typed = type_column(pl.Series([0.1, 92.7], dtype=pl.Float32), planned(type="decimal", decimals=1))
    assert typed.values.to_list() == [1, 927]


def test_floats_in_a_text_column_lose_the_point_of_a_spreadsheet(planned):
    assert type_column(pl.Series([1001.0, 1.5]), planned(type="text")).values.to_list() == ["1001", "1.5"]


def test_datetimes_are_dates_only_at_midnight(planned):
    typed = type_column(
        pl.Series([datetime(2024, 3, 1), datetime(2024, 3, 1, 8, 30), None]),
        planned(type="date", missing="not_applicable"),
    )
    assert typed.values.to_list() == [date(2024, 3, 1), None, None]
    assert [(bad.position, bad.fault.code.id) for bad in typed.bad] == [(1, "RC519")]


def test_dates_beyond_the_year_9999_are_refused_not_raised(planned):
    typed = type_column(
        pl.Series([10**7, 0], dtype=pl.Int32).cast(pl.Date), planned(type="date", max=date(2024, 1, 1))
    )
    assert [(bad.position, bad.fault.code.id) for bad in typed.bad] == [(0, "RC518")]


def test_a_column_of_mixed_objects_is_read_cell_by_cell(planned):
    cells = [Decimal("1.5"), 2, "3.5", None, True, [4]]
    field = planned(type="decimal", decimals=1, missing="not_applicable")
    assert_same_as_cells(cells, pl.Series(cells, dtype=pl.Object), field)


def test_a_column_of_lists_is_refused_cell_by_cell(planned):
    typed = type_column(pl.Series([[1], None, [2]]), planned(type="integer"))
    assert [bad.fault.code.id for bad in typed.bad] == ["RC525", "RC510", "RC525"]


def test_typing_leaves_the_raw_column_as_it_was(planned):
    raw = pl.Series("raw", [True, None])
    type_column(raw, planned(type="flag", missing=False))
    assert raw.to_list() == [True, None]


def test_plain_texts_are_composed_already_whatever_stands_together():
    import sys

    plain = pl.DataFrame(
        {"c": [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]}
    )
    kept = plain.filter(pl.col("c").str.contains(_PLAIN_TEXT))["c"].to_list()
    assert len(kept) > 20_000
    for character in kept:
        assert unicodedata.combining(character) == 0
        assert unicodedata.is_normalized("NFC", character)
        assert unicodedata.is_normalized("NFC", "e" + character)
        assert unicodedata.category(character) not in {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt8, pl.Int16, pl.UInt32, pl.UInt64, pl.Int128])
def test_whole_numbers_of_every_width_are_read_alike(planned, dtype):
    cells = [0, 7, 100, 101, None]
    assert_same_as_cells(
        cells, pl.Series(cells, dtype=dtype), planned(type="decimal", decimals=2, min=0, max=100)
    )


def test_wide_numbers_do_not_wrap(planned):
    cells = [2**63, 2**64 - 1, 10**12]
    assert_same_as_cells(cells, pl.Series(cells, dtype=pl.UInt64), planned(type="decimal", decimals=6))


def test_floats_that_are_no_short_decimal_are_refused_as_texts_are(planned):
    field = planned(type="decimal", decimals=2, min=0, max=120)
    typed = type_column(pl.Series([0.07, 1.1, 0.1 + 0.2, 119.999, 120.0, -0.0, float("nan")]), field)
    assert typed.values.to_list() == [7, 110, None, None, 12000, 0, None]
    assert [(bad.position, bad.text) for bad in typed.bad] == [
        (2, "0.30000000000000004"), (3, "119.999"), (6, "NaN")
    ]  # fmt: skip
