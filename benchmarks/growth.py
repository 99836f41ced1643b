"""How cost grows: with the records, and with the rules. One record more, or one rule more, must cost what one costs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from report import seconds, table

Note = Callable[..., None]
RECORDS_FOR_RULES = 20_000
"""So few that what 800 rules give for them, which is kept, is no more than 128 MB."""
WORKLOADS = {"w1": "W1 record-wise", "w1u": "W1u", "w1r": "W1 with rank and quota"}


def _in_turns(runs: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the middle of each one's times; the first round is not counted."""
    found: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds + 1):
        for run, times in zip(runs, found, strict=True):
            start = perf_counter()
            run()
            times.append(perf_counter() - start)
    return [median(times[1:]) for times in found]


def growth_of_columns(folders: Mapping[int, Path], rounds: int, note: Note) -> str:
    """Return the engine's time per record for more and more records; from 1e5 on it should stay the same."""
    from peers.rulecore_columnar import prepare

    columns = []
    for workload in WORKLOADS:
        took = _in_turns([prepare(folder, workload)[0] for folder in folders.values()], rounds)
        for size, one in zip(folders, took, strict=True):
            note("growth", workload, size, one)
        columns.append([seconds(one / size) for size, one in zip(folders, took, strict=True)])
    rows = [(f"{size:,}", *(column[place] for column in columns)) for place, size in enumerate(folders)]
    text = "## Cost grows with the records and the rules, and no faster\n\nTime per record, from memory:\n\n"
    return text + table(("records", *WORKLOADS.values()), rows)


def growth_of_rules(rounds: int, note: Note) -> str:
    """Return the engine's time per rule for more and more rules over the same records."""
    import polars as pl
    from single import policy_of_rules

    from rulecore import load_policy
    from rulecore.engines.columnar.run import evaluate
    from rulecore.plugins import load_plugins

    registry, sizes, plans = load_plugins(entry_points=False), (50, 100, 200, 400, 800), []
    amounts = pl.arange(0, RECORDS_FOR_RULES, eager=True, dtype=pl.Int64()) % 10_000
    frame = pl.DataFrame({"unit": amounts.cast(pl.String), "amount": amounts})
    with tempfile.TemporaryDirectory() as place:
        for rules in sizes:
            plans.append(load_policy(policy_of_rules(Path(place), rules), registry=registry).plan)
    found = _in_turns([lambda plan=plan: evaluate(plan, frame) for plan in plans], 2 * rounds)
    rows = []
    for rules, took in zip(sizes, found, strict=True):
        note("growth", "rules", rules, took)
        ratio = took / rules / (found[0] / sizes[0])
        rows.append((f"{rules}", seconds(took), seconds(took / rules), f"{ratio:.2f}"))
    text = f"### Computing {RECORDS_FOR_RULES:,} records, by the rules of the policy\n\n"
    return text + table(("rules", "time", "per rule", "ratio to the first"), rows)
