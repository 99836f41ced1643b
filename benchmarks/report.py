"""Tables in Markdown, and what was measured on what."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from race import Runner


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def header() -> str:
    """Return the top of the page."""
    day = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return (
        f"# Benchmark results\n\nWritten by `uv run python benchmarks/run.py` on {day}; do not edit. Times are middles "
        "of runs that took turns, each peer in a process of its own; *ratio* is to the first line of the table. "
        "*Wrong* counts results that differ from exact arithmetic, of those checked.\n"
    )


def machine() -> str:
    """Return the machine and the versions."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    needs = sorted(
        {
            need
            for file in (Path(__file__).parent / "peers").glob("*.py")
            for need in getattr(import_module(f"peers.{file.stem}"), "NEEDS", ())
        }
    )
    return (
        f"Machine: {model}, {os.cpu_count()} cores, {memory:.0f} GiB, load {load:.1f} at the start; "
        f"Python {platform.python_version()}, rulecore {version('rulecore')}, Polars {version('polars')}; "
        f"peers {', '.join(need.replace('==', ' ') for need in needs)}.\n"
    )


def seconds(value: float) -> str:
    """Return a time in the unit that suits it."""
    if value < 1e-3:
        return f"{value * 1e6:.1f} µs"
    return f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"


def race_table(runners: Sequence[Runner], checked: int, *, per_record: bool = False) -> str:
    """Return the table of a race, the first runner being what the others are measured by."""
    ran = [runner for runner in runners if runner.seconds and not runner.reason]
    base = ran[0]
    rows = []
    for runner in ran:
        time, first = runner.time, runner.base or base.time
        if per_record:
            time, first = time / runner.rows, first / base.rows
        seen = min(runner.rows, checked)
        rows.append(
            (
                runner.title,
                seconds(time),
                f"{time / first:.2f}",
                f"{runner.peak / 2**20:.0f} MiB",
                f"{runner.wrong} of {seen}",
            )
        )
    text = table(("peer", "per record" if per_record else "time", "ratio", "peak memory", "wrong"), rows)
    missing = [f"- {runner.title}: {runner.reason}" for runner in runners if runner.reason]
    return text + ("\nNot measured:\n\n" + "\n".join(missing) + "\n" if missing else "")
