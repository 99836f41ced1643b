"""How much work is done, counted and not timed, so that a slower way shows on a busy machine too.

The policies are the workloads of ``benchmarks/``: w1 (rounded indicators, ranks) and w1u (the same, not rounded).
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from attrs import evolve

import rulecore
from rulecore.engines.columnar.run import _Run
from rulecore.engines.compiled import compile_program
from rulecore.engines.compiled.emitter import _Fallback
from rulecore.expr import parser
from rulecore.planned import CohortStep, Plan
from rulecore.records import columns
from rulecore.single import SingleRecords

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
CELLS = 22


@pytest.fixture(scope="module")
def ranked() -> Plan:
    return rulecore.load_policy(BENCHMARKS / "w1").plan


@pytest.fixture(scope="module")
def record_wise(ranked: Plan) -> Plan:
    cohorts = {
        name for step in ranked.steps if isinstance(step, CohortStep) for name in (step.name, step.rule)
    }
    return evolve(ranked, steps=tuple(step for step in ranked.steps if step.name not in cohorts))


@pytest.fixture(scope="module")
def unrounded() -> Plan:
    return rulecore.load_policy(BENCHMARKS / "w1u").plan


def records(count: int) -> pl.DataFrame:
    """Return typed records as the columnar engine gets them."""
    draw = random.Random(7)  # noqa: S311 - a draw of records
    found: dict[str, list[object]] = {
        "unit": [f"U{row:05d}" for row in range(count)],
        "organisation": [f"O{draw.randrange(5):03d}" for _ in range(count)],
    }
    for number in range(1, 9):
        found[f"actual_{number}"] = [draw.randrange(100, 2_000_000) for _ in range(count)]
        found[f"target_{number}"] = [draw.randrange(100, 2_000_000) for _ in range(count)]
    found |= {name: [draw.randrange(0, 900) for _ in range(count)] for name in ("bonus", "deduction")}
    found["accidents"] = [draw.randrange(0, 4) for _ in range(count)]
    found["party"] = [draw.randrange(0, 10_000) for _ in range(count)]
    return pl.DataFrame(found)


def ran(plan: Plan, count: int) -> _Run:
    run = _Run(plan, records(count).select([planned.name for planned in plan.fields]))
    run.result()
    return run


def calls(function: Callable[[], object]) -> Counter[str]:
    """Return how often each Python function is called."""
    found: Counter[str] = Counter()

    def count(frame: object, event: str, _argument: object) -> None:
        if event == "call":
            found[frame.f_code.co_qualname] += 1  # type: ignore[attr-defined]

    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(None)
    return found


# --- columns --------------------------------------------------------------------------------------------------------


def test_rules_that_need_no_other_record_take_one_pass(record_wise: Plan) -> None:
    run = ran(record_wise, 100)
    assert run.statements.passes == 1
    assert run.statements.computed == len(run.kept)


def test_all_ranks_and_counts_take_one_pass_more(ranked: Plan) -> None:
    assert ran(ranked, 100).statements.passes == 2


def test_a_rule_in_floats_that_are_in_no_doubt_takes_no_pass_of_its_own(unrounded: Plan) -> None:
    assert ran(unrounded, 100).statements.passes == 1


def test_no_column_is_made_that_is_no_result(record_wise: Plan) -> None:
    frame = ran(record_wise, 100).frame
    assert [name for name in frame.columns if name.startswith("#") and not name.startswith("#issue:")] == []


def test_the_work_in_python_does_not_grow_with_the_records(ranked: Plan) -> None:
    once = calls(lambda: ran(ranked, 10))
    again = calls(lambda: ran(ranked, 1000))
    for drawing in ("Random.randrange", "records.<locals>.<listcomp>"):
        once.pop(drawing, None), again.pop(drawing, None)
    grown = {name: (once[name], count) for name, count in again.items() if count > once[name] + 50}
    assert {name for name in grown if "rulecore" in name or name.startswith("_Run")} == set()
    assert again["_Run.exactly"] == 0


def test_few_rows_of_floats_are_computed_again(unrounded: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    again: list[int] = []
    exactly = _Run.exactly
    monkeypatch.setattr(
        _Run, "exactly", lambda run, node, rows: (again.append(rows.len()), exactly(run, node, rows))[1]
    )
    ran(unrounded, 5000)
    assert sum(again) < 25


@pytest.mark.parametrize("kind", [pl.String, pl.Float64, pl.Decimal(12, 2)])
def test_ordinary_columns_are_read_without_a_look_at_single_cells(
    ranked: Plan, monkeypatch: pytest.MonkeyPatch, kind: pl.DataType
) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a cell was read by itself")

    field = next(planned for planned in ranked.fields if planned.name == "actual_1")
    monkeypatch.setattr(columns, "read_by", refuse)
    cells = (pl.Series(range(1000), dtype=pl.Int64) / 4).cast(pl.Decimal(12, 2)).cast(kind)
    assert columns.type_column(cells, field).values.to_list() == [25 * row for row in range(1000)]


# --- one record -----------------------------------------------------------------------------------------------------


def test_a_record_is_computed_in_one_call_without_fractions(record_wise: Plan) -> None:
    program = compile_program(record_wise.inputs, record_wise.steps)
    assert not [value for value in program.kernel.__globals__.values() if isinstance(value, _Fallback)]
    row = records(1).select([planned.name for planned in record_wise.fields]).row(0)
    found = calls(lambda: program.kernel([], *row))
    assert found.total() - found["calls"] <= 2  # the lambda and the kernel


def test_one_record_takes_a_call_or_two_for_each_cell(record_wise: Plan) -> None:
    single = SingleRecords(plan=record_wise)
    row = records(1).row(0, named=True)
    record = {
        name: value / 100 if isinstance(value, int) and name != "accidents" else value
        for name, value in row.items()
    }
    assert not single.evaluate(record).refused  # what its keys mean is worked out now
    found = calls(lambda: single.evaluate(record))
    assert found.total() <= CELLS + 15, found


def test_code_grows_with_the_rules_and_no_faster() -> None:
    sizes = [len(_many(rules).kernel.__code__.co_code) for rules in (50, 100, 200)]
    assert sizes[2] - sizes[1] < 2.5 * (sizes[1] - sizes[0])  # more names than 255 take longer instructions


# --- compiling ------------------------------------------------------------------------------------------------------


def test_every_expression_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = parser._parse
    monkeypatch.setattr(
        parser, "_parse", lambda words, text, start: (parsed.append(text), parse(words, text, start))[1]
    )
    rulecore.load_policy(_policy(tmp_path, 40))
    assert Counter(parsed).most_common(1)[0][1] == 1
    assert len(parsed) == 40


def test_compiling_grows_with_the_rules_and_no_faster(tmp_path: Path) -> None:
    registry = rulecore.plugins.load_plugins()
    counts = [
        calls(lambda rules=rules: rulecore.load_policy(_policy(tmp_path, rules), registry=registry)).total()
        for rules in (50, 100, 200)
    ]
    assert counts[2] - counts[1] < 2.5 * (counts[1] - counts[0])


def _many(rules: int) -> object:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        plan = rulecore.load_policy(_policy(Path(folder), rules)).plan
    return compile_program(plan.inputs, plan.steps)


def _policy(folder: Path, rules: int) -> Path:
    """Write a policy of so many rules, each on the one before it."""
    lines = [
        '[policy]\nname = "many"\ntitle = "Many"\nversion = "1"\n[record]\nentity = "unit"\n'
        '[fields.unit]\ntype = "text"\n[fields.amount]\ntype = "decimal"\ndecimals = 2\nmin = 0\nmax = 100\n'
    ]
    for number in range(rules):
        before = "amount" if number % 10 == 0 else f"rule_{number - 1}"
        lines.append(
            f'[rules.rule_{number}]\nscorer = "formula"\n'
            f'value = "if {before} < {number} then min({before} * 0.9, 90) '
            f'else {before} - {number + 1} / 3"\ndecimals = 2\n'
        )
    lines.append(f'[output]\ncolumns = ["unit", "rule_{rules - 1}"]\n')
    path = folder / "policy.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
