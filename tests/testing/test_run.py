"""A case fails exactly where it differs, and says what was expected and what came."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from rulecore.contracts import Engine
from rulecore.evaluation import evaluate
from rulecore.registry import Registered, Registry
from rulecore.testing.bind import load_suite
from rulecore.testing.run import run_suite
from rulecore.testing.words import difference_words
from tests.testing.conftest import POLICY

Write = Callable[..., Path]
RECORDS = """
records = [
  { unit = "甲", done = 100, target = 100 },
  { unit = "乙", done = 59.9, target = 100 },
  { unit = "丙", done = 1, target = 0 },
  { unit = "丁", done = -1, target = 100 },
]
"""
REFUSED = 'refused = [{ unit = "丁", reason = "不能为负" }]\n'


def words(write: Write, registry: Registry, rest: str, records: str = RECORDS) -> list[str]:
    suite = load_suite(write(f'[[cases]]\nname = "a"\n{records}{rest}'), registry)
    (result,) = run_suite(suite)
    return [difference_words(difference) for difference in result.differences]


@pytest.mark.parametrize(
    "row",
    [
        '{ unit = "甲", score = 100, band = "A" }',
        '{ "单位" = "甲", "显示得分" = 100 }',
        '{ record = 2, score = 59.9, "显示得分" = 60 }',
        '{ unit = "乙", ratio = 0.599, band = "C" }',
        '{ unit = "丙", ratio = "不适用", band = "不适用", issues = ["division_by_zero"] }',
    ],
)
def test_what_comes_out_as_stated_passes(row: str, write: Write, registry: Registry) -> None:
    assert words(write, registry, f"expect = [{row}]\n{REFUSED}") == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('{ unit = "甲", score = 99 }', "甲 · score: expected 99, got 100"),
        ('{ unit = "甲", score = "不适用" }', "甲 · score: expected 不适用, got 100"),
        ('{ unit = "乙", "显示得分" = 59.9 }', "乙 · 显示得分: expected 59.9, got 60"),
        ('{ unit = "甲", band = "B" }', '甲 · band: expected "B", got "A"'),
        ('{ unit = "丙" }', "丙: expected the issues [], got [division_by_zero]"),
        ('{ unit = "戊" }', "戊 is not in the result. "),
    ],
)
def test_what_comes_out_otherwise_is_told(row: str, told: str, write: Write, registry: Registry) -> None:
    assert words(write, registry, f"expect = [{row}]\n{REFUSED}") == [told]


def test_a_refusal_nobody_expected_is_a_failure(write: Write, registry: Registry) -> None:
    (told,) = words(write, registry, 'expect = [{ unit = "甲" }]\n')
    assert told.startswith("丁 was refused: RC5")
    assert "不能为负" in told


def test_a_refusal_for_another_reason_is_a_failure(write: Write, registry: Registry) -> None:
    told = words(write, registry, 'refused = [{ unit = "丁", code = "RC511" }]\n')
    assert [text.partition(", but it was refused for RC5")[0] for text in told] == [
        "丁 should have been refused (RC511)"
    ]


def test_a_tolerance_holds_for_its_key_alone(write: Write, registry: Registry) -> None:
    rows = f'expect = [{{ unit = "乙", score = 60, ratio = 0.6 }}]\ntolerance = {{ score = 0.1 }}\n{REFUSED}'
    assert words(write, registry, rows) == ["乙 · ratio: expected 0.6, got 0.599"]


def test_an_expected_file_is_compared_cell_by_cell(write: Write, registry: Registry, tmp_path: Path) -> None:
    records = 'records = [{ unit = "甲", done = 100, target = 100 }]\n'
    suite = load_suite(write(f'[[cases]]\nname = "a"\n{records}expect = [{{ unit = "甲" }}]'), registry)
    result = evaluate(suite.policies.plans, [suite.cases[0].table], registry.engines["exact"].value)
    headers = ",".join(result.output_headers())
    row = result.output_rows()[0]
    expected = tmp_path / "expected.csv"
    expected.write_text(f"{headers}\n{','.join(row)}\n", encoding="utf-8")
    assert words(write, registry, 'expect = "expected.csv"\n', records) == []
    row[result.output_headers().index("档")] = "B"
    expected.write_text(f"{headers}\n{','.join(row)}\n", encoding="utf-8")
    assert words(write, registry, 'expect = "expected.csv"\n', records) == [
        'row 1 甲 · 档: expected "B", got "A"'
    ]
    expected.write_text("单位\n甲\n", encoding="utf-8")
    assert len(words(write, registry, 'expect = "expected.csv"\n', records)) == 2


def test_an_engine_that_differs_is_told_though_the_values_are_right(write: Write, registry: Registry) -> None:
    columnar = registry.engines["columnar"]

    def wrong(plan: object, frame: object) -> object:
        steps = columnar.value.evaluate(plan, frame)  # type: ignore[arg-type]
        return steps.with_columns(steps["ratio"] + 1) if "ratio" in steps.columns else steps

    engine = Engine(name="columnar", summary="wrong", evaluate=wrong)  # type: ignore[arg-type]
    engines = {**registry.engines, "columnar": Registered(value=engine, origin=columnar.origin)}
    records = 'records = [{ unit = "甲", done = 100, target = 100 }]\n'
    told = words(write, evolve(registry, engines=engines), 'expect = [{ unit = "甲", ratio = 1 }]\n', records)
    assert told == ["甲 · columnar: ratio: exact arithmetic gives 1, the engine 1.001"]


def test_a_record_that_two_conditions_refuse_is_one_row_with_two_reasons(
    write: Write, registry: Registry
) -> None:
    policy = POLICY.replace(
        "不能为负" + '" }]', "不能为负" + '" }, { when = "done == -1", reason = "没有目标" }]'
    )
    cases = '[[cases]]\nname = "a"\nrecords = [{ unit = "甲", done = -1, target = 0 }]\n'
    cases += 'refused = [{ unit = "甲", reason = "不能为负" }, { unit = "甲", reason = "没有目标" }]\n'
    (result,) = run_suite(load_suite(write(cases, policy), registry))
    assert result.differences == ()
