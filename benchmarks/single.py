"""One record's time in its parts, the program's start, and compiling policies of many rules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from report import seconds, table

HERE = Path(__file__).parent


def _middle(function: Callable[[], object], runs: int = 7) -> float:
    times = []
    function()
    for _ in range(runs):
        start = perf_counter()
        function()
        times.append(perf_counter() - start)
    return median(times)


Note = Callable[..., None]


def one_record(folder: Path, note: Note) -> str:
    """Return the parts of ``evaluate_one`` on W1's record-wise steps, beside plain Python in the same process."""
    from peers import python_exact, python_float
    from peers.rulecore_columnar import plan_of
    from peers.rulecore_one import cell

    from rulecore.single import SingleRecords

    given = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    policy = SingleRecords(plan=plan_of("w1"))
    floats = [{name: cell(name, value) for name, value in record.items()} for record in given]
    texts = [
        {name: f"{value:.2f}" if isinstance(value, float) else str(value) for name, value in record.items()}
        for record in floats
    ]
    scaled = [policy.stored(record) for record in floats]
    run = policy.program.kernel
    parts: dict[str, Callable[[], object]] = {
        "plain Python, floats": lambda: [python_float.composite(record, True) for record in floats],
        "plain Python, exact integers": lambda: [python_exact.composite(record) for record in given],
        "rulecore, kernel (inputs scaled)": lambda: [run([], *record) for record in scaled],
        "rulecore, typing of numbers": lambda: [policy.stored(record) for record in floats],
        "rulecore, typing of texts": lambda: [policy.stored(record) for record in texts],
        "rulecore, evaluate_one of numbers": lambda: [policy.evaluate(record) for record in floats],
        "rulecore, evaluate_one of texts": lambda: [policy.evaluate(record) for record in texts],
    }
    times: dict[str, list[float]] = {name: [] for name in parts}
    for function in parts.values():
        function()
    for _ in range(9):
        for name, function in parts.items():
            start = perf_counter()
            function()
            times[name].append((perf_counter() - start) / len(given))
    base = median(times["plain Python, floats"])
    for name, found in times.items():
        note("single", name, 1, median(found))
    rows = [(name, seconds(median(found)), f"{median(found) / base:.2f}") for name, found in times.items()]
    return "## One record: what its time is made of (W1 without rank and quota)\n\n" + table(
        ("part", "per record", "ratio"), rows
    )


def start_up(folder: Path, rounds: int, note: Note) -> str:
    """Return the times of starting the program and of a small run, in turns."""
    with tempfile.TemporaryDirectory() as place:
        output = Path(place) / "out.parquet"
        program = [sys.executable, "-m", "rulecore.cli"]
        script = Path(sys.executable).parent / "rulecore"
        program = [str(script)] if script.exists() else program
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "rulecore --help": [*program, "--help"],
            "rulecore run, 1,000 records": [
                *program, "run", str(HERE / "w1"),
                "--records", str(folder / "decimals.parquet"), "--output", str(output),
            ],
        }  # fmt: skip
        # As installed: with compiled bytecode, which the first run, not counted, leaves behind.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(place) / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(2 * rounds + 1):
            for name, command in commands.items():
                start = perf_counter()
                done = subprocess.run(command, capture_output=True, text=True, env=environment)
                times[name].append(perf_counter() - start)
                assert done.returncode in (0, 1), done.stderr
    rows = []
    for name, found in times.items():
        note("cold", name, 1, median(found[1:]))
        rows.append((name, seconds(median(found[1:])), seconds(min(found[1:]))))
    return "## Start\n\n" + table(("what", "time", "shortest"), rows)


def compiling(note: Note) -> str:
    """Return the times of compiling policies of many rules."""
    rows, each = [], 0.0
    for rules in (50, 100, 200, 400, 800):
        took = _compiling(rules)
        note("compile", "rules", rules, took)
        each = each or took / rules
        rows.append((f"{rules}", seconds(took), seconds(took / rules), f"{took / rules / each:.2f}"))
    return "### Compiling a policy, by its rules\n\n" + table(
        ("rules", "time", "per rule", "ratio to the first"), rows
    )


def policy_of_rules(folder: Path, rules: int) -> Path:
    """Write a policy of so many rules, each on the one before it, and return its path."""
    lines = [
        '[policy]\nname = "many"\ntitle = "Many"\nversion = "1"\n[record]\nentity = "unit"\n'
        '[fields.unit]\ntype = "text"\n'
        '[fields.amount]\ntype = "decimal"\ndecimals = 2\nmin = 0\nmax = 100\n'
    ]
    for number in range(rules):
        before = "amount" if number % 10 == 0 else f"rule_{number - 1}"
        lines.append(
            f'[rules.rule_{number}]\nscorer = "formula"\n'
            f'value = "if {before} < {number % 90 + 5} then min({before} * 0.9, 90) '
            f'else {before} - {number % 7} / 3"\ndecimals = 2\n'
        )
    lines.append(f'[output]\ncolumns = ["unit", "rule_{rules - 1}"]\n')
    path = folder / "policy.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _compiling(rules: int) -> float:
    import rulecore
    from rulecore.plugins import load_plugins

    registry = load_plugins(entry_points=False)
    with tempfile.TemporaryDirectory() as place:
        path = policy_of_rules(Path(place), rules)
        return _middle(lambda: rulecore.load_policy(path, registry=registry), 5)
