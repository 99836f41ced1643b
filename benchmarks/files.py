"""From Parquet to Parquet: the whole program against Polars by hand, each run a process, and how both grow."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from report import seconds, table

HERE = Path(__file__).parent

TELL = """
import atexit, pathlib, sys
def tell():
    status = pathlib.Path("/proc/self/status").read_text()
    sys.stderr.write("\\n" + next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
atexit.register(tell)
"""
"""What a process says last: the most memory it held, in KiB. (What its parent could ask counts the parent's.)"""

BY_HAND = """
sys.path.insert(0, sys.argv[1])
import polars as pl
from peers.{module} import steps
lazy = pl.scan_parquet(sys.argv[2])
amounts = [name for name in lazy.collect_schema().names() if name not in ("unit", "organisation", "accidents")]
lazy = lazy.with_columns({typed})
shown = steps(lazy, "w1").with_columns({shown})
shown.sink_parquet(sys.argv[3])
"""
FLOATS = TELL + BY_HAND.format(
    module="polars_float",
    typed="pl.col(amounts).cast(pl.Float64)",
    shown='pl.col("operations", "composite").cast(pl.Decimal(12, 2))',
)
RULECORE = (
    TELL
    + """
from rulecore.cli import main
sys.argv = ["rulecore", "run", sys.argv[1], "--records", sys.argv[2], "--output", sys.argv[3]]
main()
"""
)


Note = Callable[..., None]


def measured(command: list[str], place: str) -> tuple[float, int]:
    """Return a command's time and the most memory it held, in bytes; bytecode is kept in a place of its own."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": place}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = perf_counter()
    done = subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment
    )
    took = perf_counter() - start
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stderr[-2000:])
    return took, int(done.stderr.split()[-1]) * 1024


def from_file_to_file(folders: Sequence[Path], sizes: Sequence[int], rounds: int, note: Note) -> str:
    """Return the table of runs from file to file; rulecore's include typing every cell, checks and a manifest."""
    rows = []
    with tempfile.TemporaryDirectory() as place:
        policy = Path(place) / "w1s"
        policy.mkdir()
        (policy / "policy.toml").write_text(
            record_wise((HERE / "w1" / "policy.toml").read_text(encoding="utf-8")), encoding="utf-8"
        )
        for folder, size in zip(folders, sizes, strict=True):
            source, output = str(folder / "decimals.parquet"), str(Path(place) / "out.parquet")
            commands = {
                "Polars by hand, floats, streaming": [
                    sys.executable,
                    "-c",
                    FLOATS,
                    str(HERE),
                    source,
                    output,
                ],
                "rulecore run": [sys.executable, "-c", RULECORE, str(policy), source, output],
            }
            times: dict[str, list[tuple[float, int]]] = {name: [] for name in commands}
            for _ in range(rounds):
                for name, command in commands.items():
                    times[name].append(measured(command, str(Path(place) / "bytecode")))
            base = median(took for took, _ in next(iter(times.values())))
            for name, found in times.items():
                took, peak = median(one for one, _ in found), max(peak for _, peak in found)
                note("files", name, size, took, seconds=[one for one, _ in found], peak=peak)
                rows.append(
                    (
                        f"{size:,}",
                        name,
                        seconds(took),
                        f"{took / base:.2f}",
                        f"{took / size * 1e6:.2f} µs",
                        f"{peak / 2**20:.0f} MiB",
                    )
                )
    return "## W1 without rank and quota, from Parquet to Parquet, whole processes\n\n" + table(
        ("records", "program", "time", "ratio", "per record", "peak memory"), rows
    )


def record_wise(text: str) -> str:
    """Return W1's policy without its rank and quota."""
    start, end = text.index("[rules.place]"), text.index("[output]")
    return text[:start] + text[end:].replace(', "place", "best"', "")
