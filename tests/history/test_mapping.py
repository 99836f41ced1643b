"""Renamed and merged entities: what a name of an earlier period stands for, and tables that say nothing sensible."""

from __future__ import annotations

import pytest

from rulecore.errors import InputError
from rulecore.history.mapping import EntityMapping, entity_mapping
from rulecore.records.frames import raw_table


def mapping(*rows: tuple[str, str, str]) -> EntityMapping:
    return entity_mapping(
        [raw_table([dict(zip(("old", "new", "from"), row, strict=True)) for row in rows], "mapping.csv")]
    )


def test_a_name_without_a_period_always_stood_for_the_new_one() -> None:
    assert mapping(("A", "B", "")).today("A", ("year", 1999)) == "B"


def test_a_name_stands_for_the_new_one_only_before_the_period_of_the_change() -> None:
    found = mapping(("A", "B", "2023"))
    assert [found.today("A", ("year", year)) for year in (2022, 2023)] == ["B", "A"]


def test_names_may_change_several_times() -> None:
    found = mapping(("A", "B", "2021"), ("B", "C", "2023"))
    assert [found.today("A", ("year", 2020)), found.today("B", ("year", 2022))] == ["C", "C"]


def test_a_name_may_be_used_again_later() -> None:
    found = mapping(("A", "B", "2021"), ("B", "A", "2023"))
    assert found.today("B", ("year", 2022)) == "A"
    assert found.today("B", ("year", 2023)) == "B"


def test_an_entity_with_several_old_names_is_merged() -> None:
    assert mapping(("A", "C", ""), ("B", "C", ""), ("D", "E", "")).merged == {"C"}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("A", "B", ""), ("B", "A", "")], "the names lead in a circle: A → B → A"),
        ([("A", "B", ""), ("B", "C", ""), ("C", "A", "")], "the names lead in a circle: A → B → C → A"),
        ([("A", "B", ""), ("A", "C", "")], "one entity cannot become several"),
        ([("A", "", "")], "a name is missing"),
        ([("A", "A", "")], "A is mapped to itself"),
        ([("A", "B", "someday")], "someday is no period"),
    ],
)
def test_what_makes_no_sense_is_refused(rows: list[tuple[str, str, str]], sentence: str) -> None:
    with pytest.raises(InputError) as error:
        mapping(*rows)
    assert [fault.code.id for fault in error.value.faults] == ["RC580"]
    assert sentence in error.value.faults[0].message("en")


def test_a_table_without_the_two_columns_is_refused() -> None:
    with pytest.raises(InputError) as error:
        entity_mapping([raw_table([{"name": "A"}], "mapping.csv")])
    assert "it has no columns old and new" in error.value.faults[0].message("en")
