"""What share of a W1 run goes to what: the engine's rules one after another, and a whole run sampled."""

from __future__ import annotations

import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from report import seconds, table

HERE = Path(__file__).parent
EVERY = 0.002
LEAST = 0.01
"""Shares below this are summed up in one line."""


def profile_of_engine(folder: Path, rounds: int) -> str:
    """Return what each group of W1's rules adds to the time of the columnar engine's pass."""
    from peers.rulecore_columnar import plan_of, typed

    from rulecore.engines.columnar.run import _Run

    plan = plan_of("w1")
    frame = typed(folder, plan)
    run = _Run(plan, frame)
    run.result()
    indicators = [f"indicator_{number}" for number in range(1, 9)]
    asked = {
        "the eight indicators, rounded": indicators,
        "the weighted sum, capped, rounded": [*indicators, "operations"],
        "the composite, rounded": [*indicators, "operations", "composite"],
        "the stars": [*indicators, "operations", "composite", "stars"],
        "the flags of issues": run.kept,
    }
    parts: dict[str, Callable[[], object]] = {
        name: lambda wanted=wanted: run.statements.compute(frame, wanted) for name, wanted in asked.items()
    }
    parts["noting the statements, putting the table together"] = lambda: _Run(plan, frame).result()
    times: dict[str, list[float]] = {name: [] for name in parts}
    for _ in range(rounds + 1):
        for name, function in parts.items():
            start = perf_counter()
            function()
            times[name].append(perf_counter() - start)
    whole, before, rows = median(times[list(parts)[-1]][1:]), 0.0, []
    for name, found in times.items():
        took = median(found[1:])
        rows.append((name, seconds(max(took - before, 0.0)), f"{max(took - before, 0.0) / whole:.0%}"))
        before = max(took, before)
    text = f"## What a run of W1 spends its time on\n\nThe columnar engine, {frame.height:,} records from memory "
    text += "(what each part adds, asked for one after another):\n\n"
    return text + table(("part", "adds", "share"), rows)


def profile_of_run(folder: Path) -> str:
    """Return where the main thread of ``rulecore run`` stands, from Parquet to Parquet, looked at every 2 ms.

    A sample counts for the module of rulecore that is innermost: work in Polars for the module that asks for it.
    """
    from files import record_wise

    from rulecore.cli.main import run

    with tempfile.TemporaryDirectory() as place:
        policy = Path(place) / "w1"
        policy.mkdir()
        text = (HERE / "w1" / "policy.toml").read_text(encoding="utf-8")
        (policy / "policy.toml").write_text(record_wise(text), encoding="utf-8")
        output = Path(place) / "out.parquet"
        arguments = [
            "run",
            str(policy),
            "--records",
            str(folder / "decimals.parquet"),
            "--output",
            str(output),
        ]
        run(arguments)  # imports are no part of it
        found, took = _sampled(lambda: run(arguments))
    total = sum(found.values()) or 1
    rows = [
        (name, seconds(took * count / total), f"{count / total:.0%}")
        for name, count in found.most_common()
        if count / total >= LEAST
    ]
    rest = sum(count for count in found.values() if count / total < LEAST)
    rows.append(("all other modules", seconds(took * rest / total), f"{rest / total:.0%}"))
    text = f"`rulecore run` from Parquet to Parquet, {seconds(took)} in all, by the module that does it or asks Polars "
    return text + "to:\n\n" + table(("module", "time", "share"), rows)


def _sampled(function: Callable[[], object]) -> tuple[Counter[str], float]:
    main, found, over = threading.get_ident(), Counter[str](), threading.Event()

    def watch() -> None:
        while not over.is_set():
            frame = sys._current_frames().get(main)
            found[_module(frame)] += 1
            sleep(EVERY)

    watcher = threading.Thread(target=watch, daemon=True)
    start = perf_counter()
    watcher.start()
    function()
    took = perf_counter() - start
    over.set()
    watcher.join()
    return found, took


def _module(frame: object) -> str:
    """Return the innermost module of rulecore on a stack."""
    while frame is not None:
        name: str = frame.f_globals.get("__name__", "")  # type: ignore[attr-defined]
        if name.startswith("rulecore"):
            return name
        frame = frame.f_back  # type: ignore[attr-defined]
    return "outside rulecore"
