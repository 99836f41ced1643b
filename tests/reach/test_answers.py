"""Every answer, applied, reaches the target; a step less does not; what cannot be reached is not, by any try."""

from __future__ import annotations

from fractions import Fraction
from importlib import import_module
from pathlib import Path
from random import Random

import pytest

from rulecore import PolicySet, load_policies
from rulecore.errors import UsageError
from rulecore.expr.types import NumberType
from rulecore.numbers import format_number
from rulecore.reach import InputAnswer, Reach, reach
from rulecore.reach.make import OTHER_TEXT
from rulecore.reach.targets import target_of
from rulecore.results import Results

POLICIES = Path(__file__).parents[2] / "policies"
Row = dict[str, str]

TARGETS = [
    ("double_hundred", "grade"),
    ("double_hundred", "score>=90"),
    ("double_hundred", "rank<=2"),
    ("double_hundred", "coefficient>1"),
    ("party_branch_star", ""),
    ("annual", "grade"),
    ("annual", "star"),
    ("science_award", ""),
    ("suggestion", ""),
    ("project_gate", ""),
    ("contest", ""),
    ("engineer_ladder", ""),
    ("studio_cycle", ""),
    ("youth_linkage", ""),
]


def applied(rows: list[Row], row: int, header: str, value: object) -> list[Row]:
    """Return the records with one cell changed."""
    text = format_number(value) if isinstance(value, Fraction) else value
    shown = {None: "", True: "是", False: "否"}.get(text, text)  # type: ignore[call-overload]
    return [{**record, header: str(shown)} if index == row else record for index, record in enumerate(rows)]


def value_of(policies: PolicySet, rows: list[Row], entity: str, rule: str) -> object:
    """Return what an entity's rule comes to, or "refused"."""
    results = policies.evaluate(rows)
    found = list(results.find(entity))
    if not found:
        return "refused"
    ((part, row),) = found
    return results.values_of(part, row)[rule]


def targets_of(results: Results, entity: str, written: str) -> list[str]:
    """Return what to try to reach: as written, or the next better of every output column that has an order."""
    if written:
        return [written]
    ((part, row),) = results.find(entity)
    values = results.values_of(part, row)
    found = []
    for column in part.plan.columns:
        rule = part.plan.rule(column.of)
        if rule is not None and column.of in values and values[column.of] is not None:
            found.append(column.of)
    return found


def check(
    policies: PolicySet, rows: list[Row], results: Results, entity: str, written: str, random: Random
) -> int:
    """Check all answers for one entity and target, and return how many were reached."""
    ((part, row),) = results.find(entity)
    try:
        found = reach(results, policies.engine("columnar"), entity, written)
    except UsageError:
        return 0
    target = target_of(part.plan, written, results.values_of(part, row))  # type: ignore[arg-type]
    (index,) = (number for number, record in enumerate(rows) if entity in record.values())

    def met(header: str, value: object) -> bool:
        outcome = value_of(policies, applied(rows, index, header, value), entity, found.rule)
        return outcome != "refused" and target.met(outcome)  # type: ignore[arg-type]

    reached = 0
    for answer in found.answers:
        change = answer.change
        if change is not None:
            after = "未列出的文字" if change.after == OTHER_TEXT else change.after
            assert met(answer.header, after), (entity, written, answer)
            if change.difference is not None and answer.step is not None and change.steps > 1:
                nearer = shifted(change.after, -answer.step if change.difference > 0 else answer.step)
                assert not met(answer.header, nearer), (entity, written, answer)
            reached += 1
        elif answer.status == "cannot":
            for value in samples(part.plan.fields, answer, random):
                assert not met(answer.header, value), (entity, written, answer, value)
    return reached


def shifted(value: object, step: Fraction) -> object:
    assert isinstance(value, Fraction)
    return value + step


def samples(fields: tuple[object, ...], answer: InputAnswer, random: Random) -> list[Fraction]:
    """Return some values a number field may have, its ends among them."""
    item = next(one for one in fields if one.name == answer.field)  # type: ignore[attr-defined]
    if not isinstance(item.type, NumberType):  # type: ignore[attr-defined]
        return []
    unit = Fraction(1, 10 ** (item.type.scale or 0))  # type: ignore[attr-defined]
    low, high = item.type.low / unit, item.type.high / unit  # type: ignore[attr-defined]
    middle = [Fraction(random.randint(int(low), int(high))) for _ in range(2)]
    return [value * unit for value in (low, high, *middle)]


@pytest.mark.parametrize(
    ("policy", "written"), TARGETS, ids=[f"{name}-{to or 'next'}" for name, to in TARGETS]
)
def test_every_answer_is_the_smallest_that_reaches(policy: str, written: str) -> None:
    policies = load_policies(POLICIES / policy)
    random = Random(7)  # noqa: S311 - which records are looked at
    rows = records_of(policy)
    results = policies.evaluate(rows)
    entities = [name for part in results.parts for name in part.entities().to_list()]
    unique = [name for name in entities if entities.count(name) == 1]
    tried = 0
    for entity in random.sample(unique, min(2 if policy == "annual" else 3, len(unique))):
        for to in targets_of(results, entity, written):
            tried += check(policies, rows, results, entity, to, random) + 1
    assert tried


def records_of(policy: str) -> list[Row]:
    if policy == "annual":
        import rulecore_excel  # noqa: F401

        from rulecore.api import read_records
        from rulecore.contracts import ReadOptions

        policies = load_policies(POLICIES / policy)
        (table, *_others) = read_records(
            POLICIES / "annual" / "records-2024.xlsx", policies.registry, ReadOptions()
        )
        headers = list(table.headers)
        return [
            {header: str(cell) for header, cell in zip(headers, row, strict=False) if cell is not None}
            for row in table.frame.rows()
        ]
    oracle = import_module(f"tests.oracles.{policy}")
    rows: list[Row] = oracle.generate(3, 14)
    return rows


def test_reached_ones_come_first_by_effort() -> None:
    results = load_policies(POLICIES / "double_hundred").evaluate(POLICIES / "double_hundred" / "records.csv")
    found = of(results, "U05", "grade")
    assert [(answer.field, answer.status, steps(answer)) for answer in found.answers] == [
        ("party_basic", "reached", 149),
        ("party_bonus", "reached", 149),
        ("party_deduction", "reached", 149),
        ("operations_raw", "reached", 162),
        ("veto_matter", "cannot", 0),
    ]


def steps(answer: InputAnswer) -> int:
    return answer.change.steps if answer.change is not None else 0


def of(results: Results, entity: str, to: str, **options: object) -> Reach:
    engine = load_policies(POLICIES / "double_hundred").engine("columnar")
    return reach(results, engine, entity, to, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def results() -> Results:
    return load_policies(POLICIES / "double_hundred").evaluate(POLICIES / "double_hundred" / "records.csv")


def test_effort_is_counted_in_the_steps_that_are_given(results: Results) -> None:
    found = of(results, "U05", "grade", steps={"operations_raw": Fraction(1), "党建加分": Fraction(1, 2)})
    first, second, *_rest = found.answers
    assert (first.field, first.change and first.change.after, steps(first)) == (
        "operations_raw",
        Fraction(945, 10),
        2,
    )
    assert (second.field, second.change and second.change.after, steps(second)) == (
        "party_bonus",
        Fraction(3, 2),
        3,
    )


def test_who_is_displaced_at_the_edge_of_a_quota_is_named(results: Results) -> None:
    found = of(results, "U01", "grade=A")
    change = found.answers[0].change
    assert change is not None
    assert [(other.entity, other.before, other.after) for other in change.displaced] == [("U04", "A", "B")]
    assert [rival.entity for rival in found.edges[0].last_in] == ["U04"]


def test_what_is_reached_already_is_said(results: Results) -> None:
    found = of(results, "U04", "grade=A")
    assert found.reached_already
    assert found.answers == ()


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("grad=A", "RC030"),
        ("grade=E", "RC031"),
        ("score>=many", "RC031"),
        ("grade>A", "RC031"),
        ("grade", "RC033"),
        ("band_after_veto", "RC033"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(results: Results, to: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        of(results, "U04", to)
    assert [fault.code.id for fault in caught.value.faults] == [code]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"fields": ["nothing"]}, "RC034"),
        ({"steps": {"nothing": Fraction(1)}}, "RC034"),
        ({"steps": {"party_basic": Fraction(1, 1000)}}, "RC035"),
        ({"steps": {"party_basic": Fraction(0)}}, "RC035"),
    ],
)
def test_fields_and_steps_that_make_no_sense_are_refused(
    results: Results, options: object, code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        of(results, "U01", "grade=A", **options)  # type: ignore[arg-type]
    assert [fault.code.id for fault in caught.value.faults] == [code]


def test_an_irrational_number_has_nothing_to_reach(tmp_path: Path) -> None:
    text = (POLICIES / "double_hundred" / "policy.toml").read_text(encoding="utf-8")
    rule = '[rules.growth]\nscorer = "formula"\nvalue = "ln(party_basic + 1)"\n'
    (tmp_path / "policy.toml").write_text(text.replace("[output]", rule + "[output]"), encoding="utf-8")
    policies = load_policies(tmp_path)
    results = policies.evaluate(POLICIES / "double_hundred" / "records.csv")
    with pytest.raises(UsageError, match="RC037"):
        reach(results, policies.engine("columnar"), "U01", "growth>=2")
