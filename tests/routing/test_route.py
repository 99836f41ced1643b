from datetime import date

import polars as pl
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from rulecore.contracts import BrokenRow, RawTable
from rulecore.declarations import (
    Effective,
    FieldDeclaration,
    OutputDeclaration,
    Policy,
    PolicyHeader,
    RecordDeclaration,
)
from rulecore.errors import Code, InputError
from rulecore.planned import Plan, PlannedField
from rulecore.records.storage import field_type
from rulecore.routing import route
from rulecore.source import Place

UNIT = FieldDeclaration(column="单位编码", type="text")
YEAR = FieldDeclaration(column="年度", type="integer")
HEADERS = ("单位编码", "年度", "得分")


def plan(name, *, units=(), year=True, from_=None, until=None, version="1", **fields):
    declared = {"unit": UNIT, **({"year": YEAR} if year else {}), **fields}
    policy = Policy(
        policy=PolicyHeader(
            name=name,
            version=version,
            applies_to={"unit": tuple(units)} if units else {},
            effective=Effective(from_=from_, until=until),
        ),
        record=RecordDeclaration(entity="unit", period="year" if year else ""),
        fields=declared,
        rules={},
        output=OutputDeclaration(columns=()),
    )
    planned = tuple(
        PlannedField(
            name=field,
            header=declaration.column or field,
            label=field,
            type=field_type(declaration),
            declaration=declaration,
            place=Place(file=f"{name}.toml"),
        )
        for field, declaration in declared.items()
    )
    return Plan(
        policy=policy,
        file=f"{name}.toml",
        fields=planned,
        refusal_rules=(),
        refusals=(),
        steps=(),
        columns=(),
    )


def table(*rows, headers=HEADERS, broken=(), file="records.csv"):
    columns = {
        str(position): pl.Series([row[position] for row in rows], dtype=pl.String)
        for position in range(len(headers))
    }
    return RawTable(
        file=file,
        headers=headers,
        frame=pl.DataFrame(columns),
        rows=pl.Series(range(2, len(rows) + 2), dtype=pl.Int64),
        broken=broken,
    )


def rows_of(routed):
    return [[row for part in share for row in part.rows] for share in routed.tables]


def codes(routed):
    return [(item.row, item.code.id) for item in routed.quarantined]


Y2023 = {"from_": date(2023, 1, 1), "until": date(2023, 12, 31)}
Y2024 = {"from_": date(2024, 1, 1), "until": date(2024, 12, 31)}


def test_every_row_goes_to_the_policy_of_its_unit():
    plans = [plan("甲", units=["U01", "U02"]), plan("乙", units=["U03"])]
    routed = route([table(("U01", "2024", "1"), ("U03", "2024", "1"), (" U02\u3000", "2024", "1"))], plans)
    assert rows_of(routed) == [[2, 4], [3]]
    assert routed.quarantined == ()


def test_a_row_of_no_policy_is_quarantined_with_what_was_seen():
    routed = route([table(("U09", "2024", "1"))], [plan("甲", units=["U01"]), plan("乙", units=["U03"])])
    assert codes(routed) == [(2, "RC540")]
    assert routed.quarantined[0].entity == "U09"
    assert routed.quarantined[0].reason("en") == "no policy applies to U09 (单位编码 = U09)"


def test_the_period_decides_between_versions():
    plans = [plan("甲", version="2023", **Y2023), plan("甲", version="2024", **Y2024)]
    routed = route(
        [table(("U01", "2023", "1"), ("U01", "2024", "1"), ("U01", "2025", "1"), ("U01", "去年", "1"))], plans
    )
    assert rows_of(routed) == [[2], [3]]
    assert codes(routed) == [(4, "RC541"), (5, "RC543")]
    assert routed.quarantined[0].reason("en") == (
        "no policy is effective for U01 in 2025; nearest: "
        "甲 2023 (2023-01-01 – 2023-12-31); 甲 2024 (2024-01-01 – 2024-12-31)"
    )
    assert routed.quarantined[1].value == "去年"


def test_a_year_only_partly_within_the_effective_days_does_not_fit():
    routed = route([table(("U01", "2024", "1"))], [plan("甲", from_=date(2024, 7, 1))])
    assert codes(routed) == [(2, "RC541")]


def test_periods_written_as_text_count_too():
    half = plan(
        "甲", year=False, from_=date(2024, 1, 1), until=date(2024, 6, 30), 季度=FieldDeclaration(type="text")
    )
    first = evolve(half, policy=evolve(half.policy, record=RecordDeclaration(entity="unit", period="季度")))
    rows = table(("U01", "2024年第二季度"), ("U02", "2024Q3"), headers=("单位编码", "季度"))
    routed = route([rows], [first])
    assert rows_of(routed) == [[2]]
    assert codes(routed) == [(3, "RC541")]


def test_two_policies_for_a_row_are_both_named():
    routed = route([table(("U01", "2024", "1"))], [plan("甲"), plan("乙", units=["U01"], version="3")])
    assert codes(routed) == [(2, "RC542")]
    assert routed.quarantined[0].values["policies"] == "甲 1; 乙 3"
    assert rows_of(routed) == [[], []]


def test_without_a_period_the_day_asked_for_decides():
    plans = [plan("甲", version="2023", year=False, **Y2023), plan("甲", version="2024", year=False, **Y2024)]
    rows = table(("U01", "", "1"))
    assert rows_of(route([rows], plans, date(2024, 5, 1))) == [[], [2]]
    undecided = route([rows], plans)
    assert codes(undecided) == [(2, "RC542")]
    assert "--as-of" in undecided.quarantined[0].fault().advice("en")
    assert codes(route([rows], plans, date(2026, 1, 1))) == [(2, "RC541")]
    assert rows_of(route([rows], plans[:1])) == [[2]]


def test_a_single_policy_without_conditions_takes_the_very_tables():
    rows = table(("U01", "2024", "1"), ("", "", ""))
    routed = route([rows], [plan("甲")])
    assert routed.tables[0][0] is rows
    assert routed.rows_in == 2


def test_blank_and_broken_rows_are_counted_not_routed():
    torn = BrokenRow(row=9, text="x", code=Code(id="RC599", message="torn", hint=""))
    routed = route(
        [table(("U01", "2024", "1"), ("", " ", None), broken=(torn,))], [plan("甲", units=["U01"])]
    )
    assert (rows_of(routed), codes(routed)) == ([[2]], [(9, "RC599")])
    assert (routed.rows_in, routed.quarantined_rows, routed.blank_rows) == (3, 1, 1)
    assert routed.tables[0][0].broken == ()


def test_a_deciding_cell_that_no_policy_can_read_has_its_own_reason():
    plans = [plan("甲", units=["U01"]), plan("乙", units=["U02"])]
    routed = route([table(("", "2024", "1"), ("U\x0701", "2024", "1"))], plans)
    assert codes(routed) == [(2, "RC510"), (3, "RC523")]
    assert routed.quarantined[0].column == "单位编码"


def test_a_table_without_the_deciding_column_is_an_error():
    with pytest.raises(InputError) as caught:
        route(
            [table(("U01",), headers=("单位编号",))], [plan("甲", units=["U01"]), plan("乙", units=["U02"])]
        )
    assert [fault.code.id for fault in caught.value.faults] == ["RC501"]


def test_the_columns_of_one_policy_need_not_suit_the_others():
    other = plan("乙", units=["X1"], year=False)
    other = evolve(other, fields=tuple(evolve(field, header="部门") for field in other.fields))
    tables = [table(("U01", "2024", "1")), table(("X1",), headers=("部门",), file="b.csv")]
    assert rows_of(route(tables, [plan("甲", units=["U01"]), other])) == [[2], [2]]


def test_conditions_on_numbers_and_flags_compare_values_not_texts():
    level = FieldDeclaration(type="decimal", decimals=2)
    first = plan("甲", year=False, 层级=level)
    header = PolicyHeader(name="甲", version="1", applies_to={"层级": (1, 2)})
    first = evolve(first, policy=evolve(first.policy, policy=header))
    rows = table(("U1", "1.00"), ("U2", "２"), ("U3", "3"), headers=("单位编码", "层级"))
    assert rows_of(route([rows], [first])) == [[2, 3]]


CELL = st.sampled_from(["U01", "U02", "U03", " U01 ", "", None, "x"])
PERIOD = st.sampled_from(["2023", "2024", "2025", "去年", "", None])


@given(st.lists(st.tuples(CELL, PERIOD, CELL), max_size=15))
def test_every_row_is_routed_once_quarantined_or_blank(rows):
    plans = [
        plan("甲", units=["U01", "U02"], version="2023", **Y2023),
        plan("甲", units=["U01"], version="2024", **Y2024),
        plan("乙", units=["U02", "U03"]),
    ]
    routed = route([table(*rows)], plans)
    sent = [row for share in rows_of(routed) for row in share]
    refused = {item.row for item in routed.quarantined}
    assert len(sent) == len(set(sent))
    assert not set(sent) & refused
    assert len(sent) + len(refused) + routed.blank_rows == len(rows) == routed.rows_in
    assert len(refused) == routed.quarantined_rows
