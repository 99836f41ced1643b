"""How much work a run from file to file does, counted and not timed (see ``tests/test_work.py``)."""

from __future__ import annotations

import gc
import random
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from attrs import evolve

import rulecore
from rulecore.contracts import RawTable
from rulecore.engines import ENGINES
from rulecore.planned import CohortStep, Plan
from rulecore.readers.parquet import READER
from rulecore.records import columns
from rulecore.streaming import InputFile, PartsRun, RunOutcome
from rulecore.streaming.passing import Pass
from rulecore.writers.parquet import WRITER

W1 = Path(__file__).parents[2] / "benchmarks" / "w1"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Return W1 without its rank and quota: eight indicators with rounding, weighted, capped."""
    ranked = rulecore.load_policy(W1).plan
    cohorts = {
        name for step in ranked.steps if isinstance(step, CohortStep) for name in (step.name, step.rule)
    }
    steps = tuple(step for step in ranked.steps if step.name not in {*cohorts, "best"})
    return evolve(ranked, steps=steps, columns=ranked.columns[:4])


def records(path: Path, count: int) -> Path:
    draw = random.Random(7)  # noqa: S311 - a draw of records
    found: dict[str, list[object]] = {
        "unit": [f"U{row:05d}" for row in range(count)],
        "organisation": [f"O{draw.randrange(5):03d}" for _ in range(count)],
    }
    for number in range(1, 9):
        found[f"actual_{number}"] = [Decimal(draw.randrange(100, 2_000_000)) / 100 for _ in range(count)]
        found[f"target_{number}"] = [Decimal(draw.randrange(100, 2_000_000)) / 100 for _ in range(count)]
    found |= {
        name: [Decimal(draw.randrange(0, 900)) / 100 for _ in range(count)] for name in ("bonus", "deduction")
    }
    found["accidents"] = [draw.randrange(0, 4) for _ in range(count)]
    found["party"] = [Decimal(draw.randrange(0, 10_000)) / 100 for _ in range(count)]
    pl.DataFrame(found).write_parquet(path)
    return path


def written(plan: Plan, source: Path, rows: int) -> RunOutcome:
    inputs = (InputFile(path=source, name="records.parquet", reader=READER),)
    engine = next(engine for engine in ENGINES if engine.name == "columnar")
    run = PartsRun(plans=(plan,), engine=engine, inputs=inputs, rows=rows)
    return run.write(source.with_name("out.parquet"), WRITER)


def calls(function: Callable[[], object]) -> Counter[str]:
    """Return how often each Python function of this thread is called."""
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


def test_the_input_is_read_once_and_no_cell_by_itself(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a cell was read by itself")

    monkeypatch.setattr(columns, "read_by", refuse)
    outcome = written(plan, records(tmp_path / "in.parquet", 1000), 100)
    assert (outcome.rows_scored, outcome.passes, outcome.parts) == (1000, 1, 10)


def held_rows(plan: Plan, source: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return, after each part of 100 rows, of how many rows results are held."""
    held: list[int] = []
    take = Pass.take

    def taken(self: Pass, number: int, table: RawTable, add: Callable[[pl.DataFrame], None]) -> None:
        take(self, number, table, add)
        frames = [item for item in gc.get_objects() if isinstance(item, pl.DataFrame)]
        held.append(sum(frame.height for frame in frames if "indicator_8" in frame.columns))

    monkeypatch.setattr(Pass, "take", taken)
    gc.collect()
    gc.disable()
    try:
        written(plan, source, 100)
    finally:
        gc.enable()
    return held


def test_the_results_of_a_part_are_let_go_before_the_next_is_computed(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the garbage collector, which does not know how large columns are."""
    assert held_rows(plan, records(tmp_path / "in.parquet", 2000), monkeypatch) == [0] * 20


def test_results_that_are_kept_would_show(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[object] = []
    engine = next(engine for engine in ENGINES if engine.name == "columnar")
    evaluate = engine.evaluate
    keeping = evolve(engine, evaluate=lambda *given: kept.append(evaluate(*given)) or kept[-1])  # type: ignore[func-returns-value]
    monkeypatch.setattr(sys.modules[__name__], "ENGINES", (keeping,))
    held = held_rows(plan, records(tmp_path / "in.parquet", 500), monkeypatch)
    assert held == sorted(held)
    assert held[-1] >= 500


def test_the_work_in_python_grows_with_the_parts_and_not_with_their_rows(plan: Plan, tmp_path: Path) -> None:
    sources = {rows: records(tmp_path / f"in{rows}.parquet", 4 * rows) for rows in (50, 500)}
    for rows, source in sources.items():
        written(plan, source, rows)  # what is worked out once
    few, many = (calls(lambda rows=rows: written(plan, sources[rows], rows)) for rows in sources)
    assert {name: count for name, count in many.items() if count > few[name] + 20} == {}
    once = calls(lambda: written(plan, sources[500], 2000))
    assert many.total() < 5 * once.total()
