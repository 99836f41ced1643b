from datetime import date

import pytest

from rulecore.records.periods import period_days


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (2024, (1, 1), (12, 31)),
        ("2024", (1, 1), (12, 31)),
        ("２０２４年", (1, 1), (12, 31)),
        ("2024年度", (1, 1), (12, 31)),
        ("2024Q1", (1, 1), (3, 31)),
        ("2024-q4", (10, 1), (12, 31)),
        ("2024年第二季度", (4, 1), (6, 30)),
        ("2024年3季度", (7, 1), (9, 30)),
        ("2024H1", (1, 1), (6, 30)),
        ("2024年下半年", (7, 1), (12, 31)),
        ("2024-02", (2, 1), (2, 29)),
        ("2024/2", (2, 1), (2, 29)),
        (202402, (2, 1), (2, 29)),
        ("2024年2月", (2, 1), (2, 29)),
        ("2024年12月份", (12, 1), (12, 31)),
        ("2024-02-29", (2, 29), (2, 29)),
        (20240229, (2, 29), (2, 29)),
        ("2024年2月29日", (2, 29), (2, 29)),
        (date(2024, 2, 29), (2, 29), (2, 29)),
        (" 2024.2.29 ", (2, 29), (2, 29)),
    ],
)
def test_a_period_is_the_days_it_stands_for(period, first, last):
    assert period_days(period) == (date(2024, *first), date(2024, *last))


@pytest.mark.parametrize(
    "period",
    [
        "",
        "去年",
        "24",
        24,
        3024,
        "2024-13",
        202400,
        "2024Q5",
        "2023-02-29",
        None,
        True,
        "2024年第五季度",
        "2024-3/1",
        45352,
        "1.5",
    ],
)
def test_what_is_no_period_is_none(period):
    assert period_days(period) is None
