"""Fields that come from another policy's results: in one run, from a file, and where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

import rulecore
from rulecore.errors import InputError, PolicyError

UNIT = """
[policy]
name = "units"
version = "1"
[record]
entity = "unit"
period = "year"
refuse = [{ when = "score > 100", reason = "超过满分" }]
[fields.unit]
column = "单位"
type = "text"
[fields.year]
column = "年度"
type = "integer"
min = 2000
max = 2100
[fields.score]
column = "得分"
type = "decimal"
decimals = 1
min = 0
max = 200
[rules.grade]
label = "等次"
scorer = "bands"
of = "score"
bands = [{ at_least = 90, is = "A" }, { is = "B" }]
[output]
columns = ["unit", "year", "score", "grade"]
"""

PERSON = """
[policy]
name = "people"
version = "1"
[record]
entity = "person"
period = "year"
[fields.person]
column = "姓名"
type = "text"
[fields.year]
column = "年度"
type = "integer"
min = 2000
max = 2100
[fields.home]
column = "所在单位"
type = "text"
[fields.unit_grade]
column = "单位等次"
type = "text"
values = ["A", "B"]
from = { policy = "units", rule = "grade", by = { unit = "home" } }
[rules.places]
scorer = "formula"
value = 'if unit_grade == "A" then 2 else 1'
[output]
columns = ["person", "unit_grade", "places"]
"""

UNITS = [
    {"单位": "甲", "年度": 2024, "得分": 95},
    {"单位": "乙", "年度": 2024, "得分": 80},
    {"单位": "乙", "年度": 2023, "得分": 99},
]
PEOPLE = [{"姓名": "张", "年度": 2024, "所在单位": "甲"}, {"姓名": "王", "年度": 2024, "所在单位": "乙"}]


def policies(folder: Path, **texts: str) -> rulecore.api.PolicySet:
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return rulecore.load_policies(folder)


def both(
    folder: Path, units: list[dict[str, object]], people: list[dict[str, object]], engine: str
) -> dict[str, str]:
    found = policies(folder, a_person=PERSON, b_unit=UNIT)
    (folder / "records").mkdir(exist_ok=True)
    files = []
    for name, rows in (("people", people), ("units", units)):
        lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
        files.append(folder / "records" / f"{name}.csv")
        files[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    results = found.evaluate(files, engine=engine)
    table = results.text_table.filter(results.text_table["places"] != "")
    return dict(zip(table["姓名"], table["单位等次"], strict=True)) | {
        item.entity or item.value: item.code.id for item in results.quarantined
    }


@pytest.mark.parametrize("engine", ["columnar", "exact"])
def test_in_one_run_units_are_computed_before_their_people(tmp_path: Path, engine: str) -> None:
    assert both(tmp_path, UNITS, PEOPLE, engine) == {"张": "A", "王": "B"}


def test_rows_keep_their_places_whatever_is_computed_first(tmp_path: Path) -> None:
    both(tmp_path, UNITS, PEOPLE, "columnar")
    files = [tmp_path / "records" / f"{name}.csv" for name in ("units", "people")]
    table = rulecore.load_policies(tmp_path).evaluate(files).text_table
    assert table["政策"].to_list() == ["units"] * 3 + ["people"] * 2


def test_a_unit_that_is_not_there_leaves_the_field_blank_and_a_refused_one_refuses_the_row(
    tmp_path: Path,
) -> None:
    units = [*UNITS, {"单位": "丙", "年度": 2024, "得分": 101}]
    people = [
        *PEOPLE,
        {"姓名": "李", "年度": 2024, "所在单位": "丙"},
        {"姓名": "赵", "年度": 2024, "所在单位": "丁"},
    ]
    found = both(tmp_path, units, people, "columnar")
    assert found == {"张": "A", "王": "B", "丙": "RC550", "丙 / 2024": "RC584", "赵": "RC510"}


def test_results_of_another_run_serve_as_well(tmp_path: Path) -> None:
    units = policies(tmp_path, unit=UNIT).evaluate(UNITS)
    (tmp_path / "unit.toml").unlink()
    people = policies(tmp_path, person=PERSON).evaluate(PEOPLE, results=units)
    assert people.text_table["单位等次"].to_list() == ["A", "B"]


def test_without_the_other_policy_the_field_stands_in_the_records(tmp_path: Path) -> None:
    found = policies(tmp_path, person=PERSON)
    given = [{**row, "单位等次": "B"} for row in PEOPLE]
    assert found.evaluate(given).text_table["places"].to_list() == ["1", "1"]
    with pytest.raises(InputError) as error:
        found.evaluate(PEOPLE)
    assert [fault.code.id for fault in error.value.faults] == ["RC583"]


def test_the_column_of_such_a_field_is_found_by_its_name_as_any_other(tmp_path: Path) -> None:
    found = policies(tmp_path, person=PERSON)
    given = [{**row, "unit_grade": "B"} for row in PEOPLE]
    assert found.evaluate(given).text_table["places"].to_list() == ["1", "1"]
    (tmp_path / "unit.toml").write_text(UNIT, encoding="utf-8")
    units = rulecore.load_policy(tmp_path / "unit.toml").evaluate(UNITS)
    with pytest.raises(InputError) as error:
        found.evaluate(given, results=units)
    assert [fault.code.id for fault in error.value.faults] == ["RC587"]


def test_a_field_is_not_given_and_computed_at_once(tmp_path: Path) -> None:
    units = policies(tmp_path, unit=UNIT).evaluate(UNITS)
    (tmp_path / "unit.toml").unlink()
    with pytest.raises(InputError) as error:
        policies(tmp_path, person=PERSON).evaluate(
            [{**row, "单位等次": "B"} for row in PEOPLE], results=units
        )
    assert [fault.code.id for fault in error.value.faults] == ["RC587"]


def test_one_record_is_given_the_field(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(PERSON, encoding="utf-8")
    policy = rulecore.load_policy(tmp_path)
    assert policy.evaluate_one({**PEOPLE[0], "单位等次": "A"})["places"] == 2


def faults(folder: Path, **texts: str) -> list[str]:
    with pytest.raises(PolicyError) as error:
        policies(folder, **texts)
    return [fault.code.id for fault in error.value.faults]


def test_policies_that_need_each_other_are_refused(tmp_path: Path) -> None:
    field = 'from = { policy = "people", rule = "places", by = { person = "unit" } }\n'
    circle = UNIT.replace("[rules.grade]", f'[fields.people]\ntype = "integer"\n{field}[rules.grade]')
    assert faults(tmp_path, a=PERSON, b=circle) == ["RC193"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('rule = "grade"', 'rule = "rank"', "RC585"),
        ('by = { unit = "home" }', 'by = { place = "home" }', "RC192"),
        ('by = { unit = "home" }', 'by = { unit = "house" }', "RC192"),
        ('by = { unit = "home" }', "by = {}", "RC192"),
        ('policy = "units"', 'policy = "people"', "RC192"),
    ],
)
def test_what_cannot_be_taken_from_the_other_policy_is_refused(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    assert set(faults(tmp_path, a=PERSON.replace(old, new), b=UNIT)) == {code}


def test_several_records_of_the_other_policy_are_refused(tmp_path: Path) -> None:
    units = policies(tmp_path, unit=UNIT).evaluate(UNITS)
    (tmp_path / "unit.toml").unlink()
    without = PERSON.replace('period = "year"\n', "").replace(
        '[fields.year]\ncolumn = "年度"\ntype = "integer"\nmin = 2000\nmax = 2100\n', ""
    )
    with pytest.raises(InputError) as error:
        policies(tmp_path, person=without).evaluate(PEOPLE, results=units)
    assert [fault.code.id for fault in error.value.faults] == ["RC586"]
