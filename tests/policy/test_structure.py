"""Structuring coerces nothing and finds every fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
import tomli
from attrs import field, frozen

from rulecore.numbers import Rounding
from rulecore.policy.document import Document
from rulecore.policy.limits import read_decimal
from rulecore.policy.structure import Structured, structure


@frozen(kw_only=True)
class Inner:
    from_: date | None = None
    points: tuple[Decimal, ...] = ()


def _whole(_instance: object, _attribute: object, value: int) -> None:
    if value < 0:
        raise ValueError("count must not be negative")


@frozen(kw_only=True)
class Outer:
    text: str = ""
    count: int = field(default=0, validator=_whole)
    flag: bool = False
    number: Decimal | int | None = None
    day: date | None = None
    word: Literal["first", "second"] = "first"
    rounding: Literal["refuse"] | Rounding = "refuse"
    inner: Inner = Inner()
    table: Mapping[str, Inner] = field(factory=dict)
    many: tuple[str, ...] | None = None
    needed: str


def read(text: str) -> Structured[Outer]:
    data = tomli.loads(text, parse_float=read_decimal)
    document = Document(path=Path("p.toml"), name="p.toml", text=text, data=data)
    return structure(data["a"], Outer, document=document, key=("a",))


def test_values_of_the_right_types_are_taken_as_they_are() -> None:
    result = read(
        '[a]\nneeded = "x"\nnumber = 1.50\ncount = 3\nflag = true\nday = 2024-01-31\nword = "second"\n'
        'rounding = "half_even"\ninner = { from = 2024-01-01, points = [1, 2.5] }\nmany = ["q"]\n'
        "[a.table]\nz = {}\nb = {}\n"
    )
    assert result.faults == ()
    value = result.value
    assert value is not None
    assert (value.number, value.count, value.flag, value.day) == (Decimal("1.50"), 3, True, date(2024, 1, 31))
    assert (value.word, value.rounding, value.many) == ("second", Rounding.HALF_EVEN, ("q",))
    assert value.inner == Inner(from_=date(2024, 1, 1), points=(Decimal(1), Decimal("2.5")))
    assert list(value.table) == ["z", "b"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("text = 1", "RC104"),
        ("count = true", "RC104"),
        ("count = 1.0", "RC104"),
        ('count = "12"', "RC104"),
        ('flag = "true"', "RC104"),
        ("flag = 1", "RC104"),
        ("number = true", "RC104"),
        ('number = "1.5"', "RC104"),
        ('day = "2024-01-31"', "RC104"),
        ("day = 2024-01-31T00:00:00", "RC104"),
        ("day = 2024-01-31T00:00:00Z", "RC104"),
        ('word = "third"', "RC105"),
        ("word = 1", "RC104"),
        ('rounding = "half_evn"', "RC105"),
        ('many = "q"', "RC104"),
        ("many = [1]", "RC104"),
        ("inner = 3", "RC104"),
        ("inner = [1]", "RC104"),
        ("inner = { from_ = 2024-01-01 }", "RC102"),
        ('table = { z = { points = ["1"] } }', "RC104"),
        ("unknown = 1", "RC102"),
        ("count = -1", "RC140"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(line: str, code: str) -> None:
    result = read(f'[a]\nneeded = "x"\n{line}\n')
    assert result.value is None
    assert [fault.code.id for fault in result.faults] == [code]
    place = result.faults[0].place
    assert place is not None
    assert place.line == (1 if code == "RC140" else 3)


def test_every_fault_is_found_at_its_place() -> None:
    result = read("[a]\ntxt = 1\ncount = 1.5\n[a.table.z]\npoints = [\n 1,\n false,\n]\nform = 1\n")
    found = {
        (fault.code.id, fault.place and fault.place.key, fault.place and fault.place.line)
        for fault in result.faults
    }
    assert found == {
        ("RC102", "a.txt", 2),
        ("RC104", "a.count", 3),
        ("RC104", "a.table.z.points[1]", 7),
        ("RC102", "a.table.z.form", 9),
        ("RC103", "a", 1),
    }


def test_a_near_miss_is_suggested() -> None:
    result = read('[a]\nneeded = "x"\ncont = 1\nrounding = "half-up"\n')
    advice = sorted(fault.advice("en") for fault in result.faults)
    assert advice[0].startswith("did you mean count?")
    assert advice[1].startswith("did you mean half_up?")
