"""A World Cup-like series, written from the documentation alone: places by event, best n of m, count-back."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore

POLICY = Path(__file__).parent / "series" / "policy.toml"
TIMES = {
    # E1: a tie for first, so nobody is second; E4: Ada does not finish; Dot starts once.
    "women": {
        "Ada": {"E1": "60.10", "E2": "61.00", "E3": "59.90", "E4": "DNF"},
        "Bea": {"E1": "60.10", "E2": "60.50", "E3": "63.00", "E4": "61.20"},
        "Cis": {"E1": "62.00", "E2": "62.00", "E3": "60.00", "E4": "60.00", "E5": "60.00"},
        "Dot": {"E1": "DNS", "E4": "60.50"},
        "Eve": {"E5": "60.10", "E2": "65.00"},
        "Fay": {"E3": "61.00", "E2": "70.00"},
    },
    "men": {
        "Gus": {"E1": "55.00", "E2": "55.00"},
        "Hal": {"E1": "56.00", "E2": "57.00"},
        "Ian": {"E1": "57.00", "E2": "56.00"},
        "Jon": {"E1": "DNF", "E2": "DSQ", "E3": "DNS"},
    },
}
ROWS = [
    {"athlete": athlete, "category": category, "event": event, "time": time}
    for category, athletes in TIMES.items()
    for athlete, times in athletes.items()
    for event, time in times.items()
]


def standings(engine: str, rows: list[dict[str, str]]) -> dict[str, tuple[str, ...]]:
    results = rulecore.load_policy(POLICY).evaluate(rows, engine=engine)
    assert results.quarantined == ()
    return {athlete: tuple(rest) for athlete, *rest in results.output_rows()}


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_the_best_three_count_and_ties_are_decided_by_count_back(engine: str) -> None:
    assert standings(engine, ROWS) == {
        "Cis": ("5", "280", "1"),  # 100 + 100 + 80; places 1, 1, 2, 3, 3
        "Ada": ("3", "280", "2"),  # 100 + 100 + 80; places 1, 1, 2: no third place to count back on
        "Bea": ("4", "260", "3"),  # 100 + 100 + 60, the 50 dropped
        "Eve": ("2", "130", "4"),  # 80 + 50
        "Fay": ("2", "105", "5"),  # 60 + 45
        "Dot": ("1", "80", "not classified"),
        "Gus": ("2", "200", "1"),
        "Hal": ("2", "140", "2"),  # 80 + 60, and Ian the other way round: nothing decides
        "Ian": ("2", "140", "2"),
        "Jon": ("0", "", "not classified"),
    }


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_rows_in_any_order_give_the_same_standings(engine: str) -> None:
    assert standings(engine, ROWS[::-1]) == standings(engine, ROWS)


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_places_are_taken_within_an_event_and_a_category(engine: str) -> None:
    results = rulecore.load_policy(POLICY).evaluate(ROWS, engine=engine)
    rows = results.parts[0].tables["results"].part
    columns = [rows.text(column).to_list() for column in rows.plan.columns]
    first = [found[1:] for found in zip(*columns, strict=True) if found[0] == "E1"]
    assert first == [
        ("60.10", "1", "100"),
        ("60.10", "1", "100"),
        ("62.00", "3", "60"),
        ("", "", ""),
        ("55.00", "1", "100"),
        ("56.00", "2", "80"),
        ("57.00", "3", "60"),
        ("", "", ""),
    ]
