"""How cost grows: with the records, and with the rules. One record more, or one rule more, must cost what one costs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter

from report import seconds, table

Note = Callable[..., None]
RECORDS_FOR_RULES = 20_000
"""So few that what 800 rules give for them, which is kept, is no more than 128 MB."""
WORKLOADS = {"w1": "W1 record-wise", "w1u": "W1u", "w1r": "W1 with rank and quota"}


def _times(function: Callable[[], object], rounds: int) -> float:
    function()
    found = []
    for _ in range(rounds):
        start = perf_counter()
        function()
        found.append(perf_counter() - start)
    return median(found)


def growth_of_columns(folders: Mapping[int, Path], rounds: int, note: Note) -> str:
    """Return the engine's time per record for more and more records; from 1e5 on it should stay the same."""
    from peers.rulecore_columnar import prepare

    rows = []
    for size, folder in folders.items():
        row = [f"{size:,}"]
        for workload in WORKLOADS:
            run, _results = prepare(folder, workload)
            took = _times(run, rounds * 3 if size <= 10**4 else rounds)
            note("growth", workload, size, took)
            row.append(seconds(took / size))
        rows.append(tuple(row))
    text = "## Cost grows with the records and the rules, and no faster\n\nTime per record, from memory:\n\n"
    return text + table(("records", *WORKLOADS.values()), rows)


def growth_of_rules(rounds: int, note: Note) -> str:
    """Return the engine's time per rule for more and more rules over the same records."""
    import polars as pl
    from single import policy_of_rules

    from rulecore import load_policy
    from rulecore.engines.columnar.run import evaluate
    from rulecore.plugins import load_plugins

    registry, rows, each = load_plugins(entry_points=False), [], 0.0
    amounts = pl.arange(0, RECORDS_FOR_RULES, eager=True, dtype=pl.Int64()) % 10_000
    frame = pl.DataFrame({"unit": amounts.cast(pl.String), "amount": amounts})
    with tempfile.TemporaryDirectory() as place:
        for rules in (50, 100, 200, 400, 800):
            plan = load_policy(policy_of_rules(Path(place), rules), registry=registry).plan
            took = _times(lambda plan=plan: evaluate(plan, frame), rounds)
            note("growth", "rules", rules, took)
            each = each or took / rules
            rows.append((f"{rules}", seconds(took), seconds(took / rules), f"{took / rules / each:.2f}"))
    text = f"### Computing {RECORDS_FOR_RULES:,} records, by the rules of the policy\n\n"
    return text + table(("rules", "time", "per rule", "ratio to the first"), rows)
