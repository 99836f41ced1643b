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


def one_record(folder: Path) -> str:
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
    rows = [(name, seconds(median(found)), f"{median(found) / base:.2f}") for name, found in times.items()]
    return "## One record: what its time is made of (W1 without rank and quota)\n\n" + table(
        ("part", "per record", "ratio"), rows
    )


def start_and_compile(folder: Path, rounds: int) -> str:
    """Return the times of starting the program, of a small run and of compiling policies of many rules."""
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
        rows = []
        # As installed: with compiled bytecode, which the first run, not counted, leaves behind.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(place) / "bytecode")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for name, command in commands.items():
            times = []
            for _ in range(rounds + 1):
                start = perf_counter()
                done = subprocess.run(command, capture_output=True, text=True, env=environment)
                times.append(perf_counter() - start)
                assert done.returncode in (0, 1), done.stderr
            rows.append((name, seconds(median(times[1:]))))
    for rules in (50, 100, 200, 400, 800):
        rows.append((f"compiling {rules} rules", seconds(_compiling(rules))))
    return "## Start and compile\n\n" + table(("what", "time"), rows)


def _compiling(rules: int) -> float:
    import rulecore
    from rulecore.plugins import load_plugins

    registry = load_plugins()
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
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "policy.toml"
        path.write_text("\n".join(lines), encoding="utf-8")
        return _middle(lambda: rulecore.load_policy(path, registry=registry), 3)
