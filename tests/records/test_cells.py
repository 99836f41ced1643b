from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulecore.numbers import Rounding, format_scaled
from rulecore.records.cells import read_cell


def value(cell, field):
    result, fault = read_cell(cell, field)
    assert fault is None, fault
    return result


def code(cell, field):
    result, fault = read_cell(cell, field)
    assert result is None
    assert fault is not None
    assert fault.reason("en")
    return fault.code.id


@pytest.mark.parametrize(
    ("text", "scaled"),
    [
        ("92.5", 9250),
        ("92.500", 9250),
        (" 92.5 ", 9250),
        ("\ufeff92.5\u3000", 9250),
        ("\u200b92.5\u00a0", 9250),
        ("９２．５", 9250),
        ("＋92.5", 9250),
        ("+92.5", 9250),
        ("-92.5", -9250),
        ("－９２．５", -9250),
        ("−92.5", -9250),
        (".5", 50),
        ("12,650", 1265000),
        ("1，234,567", 123456700),
        ("1,234.5", 123450),
        ("95%", 95),
        ("95％", 95),
        ("95 %", 95),
        ("1.5E+03", 150000),
        ("15000E-05", 15),
        ("007", 700),
        ("-0", 0),
        (92, 9200),
        (92.5, 9250),
        (0.07, 7),
        (Decimal("92.50"), 9250),
    ],
)
def test_a_number_is_read_in_the_forms_people_write(planned, text, scaled):
    assert value(text, planned(type="decimal", decimals=2)) == scaled


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1.2.3",
        "1 234",
        "5.",
        "²",
        "①",
        "½",
        "٣",
        "- 5",
        "--5",
        "1e",
        "0x10",
        "NaN",
        "inf",
        "1_000",
        "%",
        "+",
        "5%%",
        "九十",
        "1E9999",
        "9" * 201,
        "12.5分",
        "１２\u200b３",
    ],
)
def test_what_is_not_a_number_is_refused(planned, text):
    assert code(text, planned(type="decimal", decimals=2)) == "RC511"


@pytest.mark.parametrize(
    "text", ["1,23", "1,2345", "12,34,567", "1,,234", "0,123", "1234,567", "1,234,", "1,23%"]
)
def test_thousands_separators_in_wrong_places_are_refused(planned, text):
    assert code(text, planned(type="decimal", decimals=3)) == "RC512"


@pytest.mark.parametrize(
    "cell", [float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")]
)
def test_values_that_are_no_numbers_are_refused(planned, cell):
    assert code(cell, planned(type="decimal", decimals=2)) == "RC511"


def test_a_percent_field_takes_a_bare_number_as_a_percentage(planned):
    field = planned(type="decimal", decimals=4, percent=True, min=0, max=1)
    assert value("95", field) == 9500
    assert value("95%", field) == 9500
    assert value("95.25", field) == 9525
    assert code("101", field) == "RC516"


def test_the_default_of_a_percent_field_is_no_percentage(planned):
    field = planned(type="decimal", decimals=2, percent=True, missing=Decimal("0.95"))
    assert value("", field) == 95


def test_more_digits_than_declared_are_refused_or_rounded_as_declared(planned):
    assert code("92.55", planned(type="decimal", decimals=1)) == "RC513"
    assert value("92.50", planned(type="decimal", decimals=1)) == 925
    half_up = planned(type="decimal", decimals=1, excess_digits=Rounding.HALF_UP)
    half_even = planned(type="decimal", decimals=1, excess_digits=Rounding.HALF_EVEN)
    assert value("-0.25", half_up) == -3
    assert value("0.25", half_even) == 2


def test_a_number_out_of_bounds_is_refused_even_if_rounding_would_save_it(planned):
    field = planned(type="decimal", decimals=1, min=0, max=100, excess_digits=Rounding.HALF_UP)
    assert code("-0.04", field) == "RC515"
    assert code("100.04", field) == "RC516"
    assert value("99.96", field) == 1000


def test_rounding_never_leaves_bounds_with_more_digits_than_the_field(planned):
    field = planned(type="decimal", decimals=1, max=Decimal("99.95"), excess_digits=Rounding.HALF_UP)
    assert code("99.95", field) == "RC516"


def test_the_message_of_an_outlier_has_the_value_and_the_bound(planned):
    _, fault = read_cell("101.5", planned(column="党建基本分", type="decimal", decimals=1, min=0, max=100))
    assert fault.reason("en") == "党建基本分: 101.5 is above the maximum 100"


def test_a_number_without_declared_bounds_keeps_the_default_ones(planned):
    assert code("1000000000001", planned(type="integer")) == "RC516"
    assert code(-(10**5000), planned(type="integer")) == "RC515"


def test_whole_numbers_may_be_written_with_a_point_but_not_with_a_fraction(planned):
    assert value("12.0", planned(type="integer")) == 12
    assert code("12.5", planned(type="integer")) == "RC514"


def test_true_is_not_one(planned):
    assert code(True, planned(type="integer")) == "RC525"
    assert value(True, planned(type="flag")) is True


@given(st.integers(-(10**14), 10**14), st.data())
def test_any_number_reads_back_from_all_its_forms(planned, scaled, data):
    field = planned(type="decimal", decimals=3)
    text = format_scaled(scaled, 3)
    whole, part = text.lstrip("-").split(".")
    sign = "-" if scaled < 0 else ""
    forms = [
        text,
        f"{sign}{int(whole):,}.{part}",
        f"{sign}{int(whole):,}.{part}00".replace(",", "，"),
        text.translate(
            {
                ord(ascii_): ord(wide)
                for ascii_, wide in zip("-.0123456789", "－．０１２３４５６７８９", strict=True)
            }
        ),
        text.replace("-", "−"),
        f"{Decimal(text):E}",
        f"{Decimal(text) * 100}%",
        f"\u3000{text}\r\n",
    ]
    form = data.draw(st.sampled_from(forms))
    assert value(form, field) == scaled
    assert value(Decimal(text), field) == scaled


@given(st.floats(-1e6, 1e6))
def test_a_float_means_its_shortest_text(planned, number):
    field = planned(type="decimal", decimals=20)
    result, fault = read_cell(number, field)
    if fault is None:
        assert Fraction(result, 10**20) == Fraction(Decimal(repr(number)))
    else:
        assert fault.code.id == "RC513"


FIELDS = [
    {"type": "decimal", "decimals": 2},
    {"type": "decimal", "decimals": 2, "percent": True, "missing": "not_applicable"},
    {"type": "integer", "missing": 0},
    {"type": "text"},
    {"type": "text", "values": ("甲", "乙")},
    {"type": "flag", "missing": False},
    {"type": "date", "min": date(2000, 1, 1)},
]


@given(
    st.one_of(st.text(), st.text("0123456789.,%-+Ee年月日/ :\u3000，．－"), st.characters()),
    st.sampled_from(FIELDS),
)
def test_no_text_makes_reading_raise(planned, text, keys):
    result, fault = read_cell(text, planned(**keys))
    assert fault is None or (result is None and fault.reason("en"))


@pytest.mark.parametrize("cell", [[1], {"a": 1}, object(), b"1", 1 + 2j, datetime.min.time()])
def test_values_of_other_types_are_refused(planned, cell):
    for keys in FIELDS:
        assert code(cell, planned(**keys)) == "RC525"


@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\ufeff", "\r\n"])
def test_blank_means_what_the_field_says(planned, blank):
    assert code(blank, planned(type="decimal")) == "RC510"
    assert value(blank, planned(type="decimal", missing="not_applicable")) is None
    assert value(blank, planned(type="decimal", decimals=1, missing=Decimal("0.5"))) == 5
    assert value(blank, planned(type="text", missing="")) == ""
    assert value(blank, planned(type="flag", missing=False)) is False
    assert value(blank, planned(type="date", missing=date(2024, 1, 1))) == date(2024, 1, 1)


def test_a_default_out_of_its_own_range_is_never_filled_in(planned):
    assert code("", planned(type="integer", min=1, missing=0)) == "RC526"
    assert code("", planned(type="decimal", decimals=1, missing=Decimal("0.55"))) == "RC526"
    assert code("", planned(type="integer", missing=False)) == "RC526"


@pytest.mark.parametrize("token", ["不适用", "—", "–", "-", "－", "/", "／", "N/A", "n/a", " Ｎ／Ａ "])
def test_the_usual_tokens_mean_not_applicable_where_missing_does(planned, token):
    assert value(token, planned(type="decimal", missing="not_applicable")) is None
    assert value(token, planned(type="text", missing="not_applicable")) is None
    assert code(token, planned(type="decimal")) == "RC524"
    assert code(token, planned(type="text", missing="")) == "RC524"


def test_own_tokens_replace_the_usual_ones(planned):
    field = planned(type="text", not_applicable=("无",))
    assert value("无", field) is None
    assert value("-", field) == "-"
    assert code("-", planned(type="decimal", not_applicable=("无",))) == "RC524"
    assert value("/", planned(type="text", not_applicable=())) == "/"


def test_texts_are_trimmed_and_composed_but_otherwise_unchanged(planned):
    field = planned(type="text")
    assert value(" Ｕ０１\u3000", field) == "Ｕ０１"
    assert value("e\u0301", field) == "é"
    assert value("第一行\n第二行", field) == "第一行\n第二行"
    assert value(1001, field) == "1001"
    assert value(1001.0, field) == "1001"
    assert value(Decimal("1.50"), field) == "1.50"


@pytest.mark.parametrize("text", ["U\x0001", "U\u200b01", "U\u202e01", "U\ud80001"])
def test_texts_with_invisible_characters_are_refused(planned, text):
    assert code(text, planned(type="text")) == "RC523"


def test_a_text_outside_the_values_is_refused_with_the_nearest(planned):
    field = planned(type="text", values=("优秀", "合格", "不合格"))
    assert value(" 优秀 ", field) == "优秀"
    _, fault = read_cell("优良秀", field)
    assert fault.code.id == "RC522"
    assert fault.values["near"] == "优秀"


def test_flags_are_read_from_their_words(planned):
    field = planned(type="flag")
    assert [value(word, field) for word in ("是", "TRUE", "１", "y", 1)] == [True] * 5
    assert [value(word, field) for word in ("否", "False", "0", "ｎ", 0.0 or 0)] == [False] * 5
    _, fault = read_cell("对", field)
    assert fault.code.id == "RC517"
    assert "是/true/1/Y/yes" in fault.reason("en")


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-01",
        "2024-3-1",
        "2024/3/1",
        "2024/03/01",
        "2024年3月1日",
        "2024 年 3 月 1 日",
        "2024.3.1",
        "20240301",
        "2024-03-01 00:00:00",
        "2024-03-01T00:00:00.000",
        "2024/3/1 0:00",
        "２０２４－０３－０１",
        "45352",
        45352,
        45352.0,
        "45352.0",
        20240301,
        date(2024, 3, 1),
        datetime(2024, 3, 1),
    ],
)
def test_a_date_is_read_in_the_forms_people_write(planned, cell):
    assert value(cell, planned(type="date")) == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("serial", "day"),
    [(1, date(1900, 1, 1)), (59, date(1900, 2, 28)), (61, date(1900, 3, 1)), (2958465, date(9999, 12, 31))],
)
def test_day_numbers_are_those_of_spreadsheets(planned, serial, day):
    assert value(serial, planned(type="date")) == day


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("60", "RC521"),
        ("0", "RC518"),
        ("2958466", "RC518"),
        ("-5", "RC518"),
        ("2024", "RC520"),
        ("202403", "RC520"),
        ("2023-02-29", "RC518"),
        ("2024-13-01", "RC518"),
        ("24-3-1", "RC518"),
        ("2024-03", "RC518"),
        ("20240230", "RC518"),
        ("2024-03-01 08:30", "RC519"),
        (45352.5, "RC519"),
        (datetime(2024, 3, 1, 8), "RC519"),
        ("0000-01-01", "RC518"),
        ("2024-3/1", "RC518"),
        ("三月", "RC518"),
    ],
)
def test_what_is_not_a_day_is_refused(planned, cell, expected):
    assert code(cell, planned(type="date")) == expected


def test_dates_keep_their_bounds(planned):
    field = planned(type="date", min=date(2024, 1, 1), max=date(2024, 12, 31))
    assert code("2023-12-31", field) == "RC515"
    assert code("2025/1/1", field) == "RC516"


def test_a_message_quotes_long_and_invisible_text_safely(planned):
    _, fault = read_cell("x" * 500 + "\x07", planned(type="integer"))
    assert len(fault.values["value"]) == 80
    _, fault = read_cell("1\u200b2", planned(type="integer"))
    assert fault.values["value"] == r"1\u200b2"
