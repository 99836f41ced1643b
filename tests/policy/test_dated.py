"""Dated parameters: the value in force in the record's period, on both engines, or a fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rulecore
from rulecore.errors import PolicyError

YEAR = 'type = "integer"\nmin = 2000\nmax = 2100'
DATED = "[{ value = 3 }, { from = 2024-01-01, value = 5 }, { from = 2026-01-01, value = 7 }]"


def policy(
    folder: Path, parameter: str, *, period: str = YEAR, effective: str = "", value: str = "cap"
) -> Path:
    path = folder / "policy.toml"
    period_line = 'period = "period"\n' if period else ""
    period_field = f"[fields.period]\n{period}\n" if period else ""
    path.write_text(
        f'[policy]\nname = "dated"\nversion = "1"\n{effective}\n[record]\nentity = "unit"\n{period_line}'
        f'[fields.unit]\ntype = "text"\n{period_field}[parameters]\ncap = {parameter}\n'
        f'[rules.score]\nscorer = "formula"\nvalue = "{value}"\n[output]\ncolumns = ["unit", "score"]\n',
        encoding="utf-8",
    )
    return path


def scores(path: Path, periods: list[object], engine: str) -> list[str]:
    records = [{"unit": f"U{index}", "period": period} for index, period in enumerate(periods)]
    results = rulecore.load_policy(path).evaluate(records, engine=engine)
    column = results.output_headers().index("score")
    return [row[column] for row in results.output_rows()]


def codes(path: Path) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        rulecore.load_policy(path)
    return [fault.code.id for fault in caught.value.faults]


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_a_year_takes_the_value_in_force(tmp_path: Path, engine: str) -> None:
    path = policy(tmp_path, DATED)
    assert scores(path, [2023, 2024, 2025, 2026, 2100], engine) == ["3", "5", "5", "7", "7"]


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_a_date_takes_the_value_of_its_day(tmp_path: Path, engine: str) -> None:
    dated = "[{ value = 3 }, { from = 2024-07-01, value = 5 }]"
    path = policy(tmp_path, dated, period='type = "date"')
    assert scores(path, ["2024-06-30", "2024-07-01"], engine) == ["3", "5"]


def test_one_record_alone_takes_the_same_value(tmp_path: Path) -> None:
    found = rulecore.load_policy(policy(tmp_path, DATED))
    assert [found.evaluate_one({"unit": "U", "period": year})["score"] for year in (2023, 2024)] == [3, 5]


@pytest.mark.parametrize(
    ("effective", "value"),
    [
        ("effective = { until = 2023-12-31 }", 3),
        ("effective = { from = 2024-01-01, until = 2025-12-31 }", 5),
        ("effective = { from = 2025-05-05, until = 2025-12-31 }", 5),
        ("effective = { from = 2026-01-01 }", 7),
    ],
)
def test_where_one_value_holds_all_the_time_the_parameter_is_that_value(
    tmp_path: Path, effective: str, value: int
) -> None:
    found = rulecore.load_policy(policy(tmp_path, DATED, period="", effective=effective))
    assert found.plan.policy.parameters == {"cap": value}


@pytest.mark.parametrize(
    ("parameter", "period", "effective", "code"),
    [
        (DATED, "", "", "RC149"),
        (DATED, 'type = "text"', "", "RC149"),
        (DATED, 'type = "integer"', "", "RC149"),
        (DATED, 'type = "integer"\nmin = 2000', "", "RC149"),
        ("[{ value = 3 }, { from = 2024-07-01, value = 5 }]", YEAR, "", "RC149"),
        ('[{ value = ["A"] }, { from = 2024-01-01, value = ["B"] }]', YEAR, "", "RC149"),
        ("[{ from = 2024-01-01, value = 5 }]", YEAR, "", "RC148"),
        ("[{ from = 2024-01-01, value = 5 }]", YEAR, "effective = { from = 2023-12-31 }", "RC148"),
        ("[{ value = 3 }, { value = 5 }]", YEAR, "", "RC147"),
        ("[{ value = 3 }, { from = 2024-01-01, value = true }]", YEAR, "", "RC147"),
        ("[{ from = 2024-01-01, value = 3 }, { from = 2024-01-01, value = 4 }]", YEAR, "", "RC147"),
    ],
)
def test_what_no_record_can_decide_is_refused(
    tmp_path: Path, parameter: str, period: str, effective: str, code: str
) -> None:
    assert code in codes(policy(tmp_path, parameter, period=period, effective=effective))


def test_a_dated_list_is_a_list_where_one_holds(tmp_path: Path) -> None:
    dated = '[{ value = ["U0"] }, { from = 2024-01-01, value = ["U1"] }]'
    path = policy(
        tmp_path, dated, effective="effective = { from = 2024-01-01 }", value="if unit in [cap] then 1 else 0"
    )
    assert scores(path, [2024, 2024], "exact") == ["0", "1"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    days=st.lists(st.dates(date(2001, 1, 1), date(2090, 1, 1)), min_size=1, max_size=4, unique=True).map(
        sorted
    ),
    record=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
)
def test_every_day_takes_the_last_value_that_has_begun(
    tmp_path: Path, days: list[date], record: date
) -> None:
    values = [
        "{ value = 0 }",
        *(f"{{ from = {day}, value = {index} }}" for index, day in enumerate(days, start=1)),
    ]
    path = policy(tmp_path, f"[{', '.join(values)}]", period='type = "date"')
    expected = sum(day <= record for day in days)
    assert rulecore.load_policy(path).evaluate_one({"unit": "U", "period": record})["score"] == expected
