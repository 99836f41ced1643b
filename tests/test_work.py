"""How much work is done, counted and not timed, so that a slower way shows on a busy machine too.

The policies are the workloads of ``benchmarks/``: w1 (rounded indicators, ranks), w1u (the same, not rounded) and w2
(detail rows, a pool, last year's status). What is held here is shown to fail where the work is done in a slower way:
see the last part.
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
from rulecore.cohort import pools
from rulecore.contracts import Cohort, ReadOptions
from rulecore.engines.columnar import rounding
from rulecore.engines.columnar.lowered import LoweredRule
from rulecore.engines.columnar.run import _Run
from rulecore.engines.compiled import compile_program
from rulecore.engines.compiled.emitter import _Fallback
from rulecore.expr import parser
from rulecore.history.run import History, with_history
from rulecore.places import Places
from rulecore.planned import CohortStep, Plan, PlannedRule
from rulecore.plugins import load_plugins
from rulecore.policy_run import evaluate_plan, read_levels
from rulecore.records import columns, quick, single
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


def one_pass(plan: Plan, helpers: int) -> None:
    """Hold that rules take one pass, which makes their columns and no more than so many on the way to them."""
    run = ran(plan, 100)
    assert run.statements.passes == 1
    doubts = [name for name in run.frame.columns if name.startswith("#doubt")]
    assert run.statements.computed == len(run.kept) + len(doubts)
    assert run.statements.made <= run.statements.computed + helpers


def test_rules_that_need_no_other_record_take_one_pass(record_wise: Plan) -> None:
    # For each indicator the completion and two comparisons, the accidents, and four edges of stars.
    one_pass(record_wise, helpers=8 * 3 + 1 + 4)


def test_rules_in_floats_take_one_pass_and_no_columns_for_their_errors(unrounded: Plan) -> None:
    # Also each mark, and seven for the sum and its rounding: none for errors, whose bound is one number for all rows.
    one_pass(unrounded, helpers=8 * 4 + 16)


def test_all_ranks_and_counts_take_one_pass_more(ranked: Plan) -> None:
    assert ran(ranked, 100).statements.passes == 2


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


def two_years(count: int, organisations: int) -> Callable[[], object]:
    """Return a run of W2 over so many records, each with four rows, that are typed."""
    policy = rulecore.load_policy(BENCHMARKS / "w2", registry=load_plugins(entry_points=False))
    given = [
        {
            "unit": f"U{row}",
            "year": 2024,
            "organisation": f"O{row % organisations}",
            "budget": 1000 + row % organisations,
            "indicators": [
                {
                    "indicator": str(part),
                    "weight": 10 + part,
                    "actual": 50 + (row * 7 + part) % 60,
                    "target": 80,
                }
                for part in range(4)
            ],
        }
        for row in range(count)
    ]
    read, details = policy.read(given, {}, ReadOptions())
    levels = read_levels(policy.plan, read, details)
    places = Places([*read, *(table for tables in details.values() for table in tables)])
    engine = policy.engine("columnar")
    given_before = with_history(policy.plan, levels, engine, places, History(stated=True))
    return lambda: evaluate_plan(policy.plan, given_before, engine, places)


def calls_a_record_more(organisations: Callable[[int], int]) -> float:
    """Return how many calls of Python functions a record more takes in W2."""
    counts = []
    for count in (200, 400):
        run = two_years(count, organisations(count))
        run()  # what a plan is lowered to is worked out once
        counts.append(calls(run).total())
    return (counts[1] - counts[0]) / 200


def few_calls_a_record_of_w2() -> None:
    """Hold what a pool, which is shared in Python, takes for a record: also where its cohort grows with the records."""
    assert calls_a_record_more(lambda count: count // 20) < 40
    assert calls_a_record_more(lambda _count: 1) < 40


def test_a_record_with_rows_and_a_pool_takes_few_calls_however_large_the_pool() -> None:
    few_calls_a_record_of_w2()


def test_each_level_of_a_plan_takes_one_pass_between_cohorts(monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[int] = []
    result = _Run.result

    def counted(run: _Run) -> pl.DataFrame:
        found = result(run)
        passes.append(run.statements.passes)
        return found

    monkeypatch.setattr(_Run, "result", counted)
    two_years(100, 5)()
    assert passes == [1, 2]  # the rows; the records before and after the pool


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


def few_calls_for_one_record(plan: Plan, *, texts: bool) -> None:
    """Hold that a record of 22 cells, numbers or texts, is typed and computed in little more than as many calls."""
    typer = SingleRecords(plan=plan)
    row = records(1).row(0, named=True)
    record: dict[str, object] = {
        name: value / 100 if isinstance(value, int) and name != "accidents" else value
        for name, value in row.items()
    }
    if texts:
        record = {
            name: f"{value:.2f}" if isinstance(value, float) else str(value) for name, value in record.items()
        }
    assert not typer.evaluate(record).refused  # what its keys mean is worked out now
    found = calls(lambda: typer.evaluate(record))
    assert found.total() <= CELLS + 15, found


@pytest.mark.parametrize("texts", [False, True])
def test_one_record_takes_a_call_or_so_for_each_cell(record_wise: Plan, texts: bool) -> None:
    few_calls_for_one_record(record_wise, texts=texts)


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


def linear_in_rules(count: Callable[[int], int]) -> None:
    """Hold that twice as many rules take twice the work."""
    counts = [count(rules) for rules in (50, 100, 200)]
    assert counts[2] - counts[1] < 2.2 * (counts[1] - counts[0]), counts


def compiled_calls(folder: Path, rules: int) -> int:
    """Return how many Python functions are called to compile a policy of so many rules."""
    registry = load_plugins(entry_points=False)
    path = _policy(folder, rules)
    return calls(lambda: rulecore.load_policy(path, registry=registry)).total()


def test_compiling_grows_with_the_rules_and_no_faster(tmp_path: Path) -> None:
    compiled_calls(tmp_path, 10)  # what is worked out once for all policies
    linear_in_rules(lambda rules: compiled_calls(tmp_path, rules))


def test_running_grows_with_the_rules_and_no_faster(tmp_path: Path) -> None:
    frame = pl.DataFrame({"unit": ["甲", "乙"], "amount": [1000, 2000]})

    def run_calls(rules: int) -> int:
        plan = rulecore.load_policy(_policy(tmp_path, rules), registry=load_plugins(entry_points=False)).plan
        return calls(lambda: _Run(plan, frame).result()).total()

    linear_in_rules(run_calls)


# --- that it can fail -----------------------------------------------------------------------------------------------


def test_a_pass_for_every_rule_would_show(record_wise: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    add = _Run.add_lowered

    def at_once(run: _Run, rule: PlannedRule, found: LoweredRule) -> None:
        add(run, rule, found)
        run.flush()

    monkeypatch.setattr(_Run, "add_lowered", at_once)
    with pytest.raises(AssertionError):
        one_pass(record_wise, helpers=8 * 3 + 1 + 4)


def test_columns_of_errors_would_show(unrounded: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounding, "FINE", 0.0)
    lowered_anew = evolve(unrounded, steps=(*unrounded.steps,))  # as another plan
    with pytest.raises(AssertionError):
        one_pass(lowered_anew, helpers=8 * 4 + 16)


@pytest.mark.parametrize("texts", [False, True])
def test_cells_read_the_long_way_would_show(
    record_wise: Plan, monkeypatch: pytest.MonkeyPatch, texts: bool
) -> None:
    monkeypatch.setattr(single, "quick_reader", quick._by_reference)
    with pytest.raises(AssertionError):
        few_calls_for_one_record(record_wise, texts=texts)


def test_a_pool_looked_through_for_each_of_its_members_would_show(monkeypatch: pytest.MonkeyPatch) -> None:
    by_weight = pools.units_by_weight

    def slowly(weights: list[object], total: int, *, undecided: bool) -> list[int | None]:
        for _member in weights:
            sum(weights)  # type: ignore[arg-type]  # which was once done for each
        return by_weight(weights, total, undecided=undecided)  # type: ignore[arg-type]

    monkeypatch.setattr(pools, "units_by_weight", slowly)
    with pytest.raises(AssertionError):
        few_calls_a_record_of_w2()


def test_a_pool_shared_in_fractions_would_show(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(_cohort: Cohort) -> None:
        return None

    monkeypatch.setattr(pools, "_by_weight_alone", leave)
    with pytest.raises(AssertionError):
        few_calls_a_record_of_w2()


def test_compiling_that_looks_at_all_rules_for_each_would_show() -> None:
    with pytest.raises(AssertionError):
        linear_in_rules(lambda rules: 1000 * rules + 10 * rules * rules)


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
