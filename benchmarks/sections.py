"""What is measured: each section gives a piece of the page, and its numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import data
import exact
from attrs import field, frozen
from files import from_file_to_file
from growth import growth_of_columns, growth_of_rules
from profiled import profile_of_engine, profile_of_run
from race import Runner, race, race_in_pairs
from report import race_table
from single import compiling, one_record, start_up

COLUMNS = (
    "polars_float",
    "polars_exact",
    "rulecore_columnar",
    "duckdb_sql",
    "numpy_float",
    "pandas_float",
    "openfisca",
    "policyengine",
)
DETAILS = (
    "polars_w2_float",
    "polars_w2_exact",
    "rulecore_w2",
    "rulecore_w2_whole",
    "duckdb_w2",
    "pandas_w2",
)
ROWS = (
    "rulecore_one",
    "python_float",
    "python_exact",
    "zen_expressions",
    "zen_graph",
    "cel_rust",
    "rule_engine_rules",
    "json_logic_rules",
    "rego",
)
CHECKED = 20_000
FEW = 1_000
"""Runs of fewer records are over at once and swing: they are repeated three times as often."""
MANY = 5_000_000
"""From so many records on not all peers fit into memory together: each runs beside the first alone."""
MOST_DETAILS, USUAL_DETAILS = 1_000_000, 100_000
"""The most records of W2, which have five times as many rows: where sizes are asked for, and where none are."""


@frozen(kw_only=True)
class Setting:
    """What was asked for; ``usual``: no sizes were named. ``raw`` collects the numbers of all sections."""

    data: Path
    sizes: list[int]
    files: list[int]
    rounds: int
    usual: bool = False
    raw: list[dict[str, object]] = field(factory=list)

    def records(self, workload: str, size: int, *, dense: bool = False) -> Path:
        """Return the folder of the records of a workload, written if need be."""
        kind = {"w1u": "w1", "w1r": "w1", "csv": "w1"}.get(workload, workload)
        folder = self.data / f"{kind}-{size}{'-dense' if dense else ''}"
        if not (folder / "records.json").exists():
            data.write(folder, kind, size, dense=dense)
        return folder

    def note(self, section: str, what: str, size: int, value: float, **more: object) -> None:
        """Keep a number: seconds, unless ``more`` says otherwise."""
        self.raw.append({"section": section, "what": what, "size": size, "value": value, **more})

    def note_race(self, section: str, size: int, runners: list[Runner], checked: int) -> None:
        """Keep the numbers of a race."""
        for runner in runners:
            more = {"seconds": runner.seconds, "peak": runner.peak, "base": runner.base}
            more |= {"wrong": runner.wrong, "checked": min(runner.rows, checked), "reason": runner.reason}
            value = runner.time if runner.seconds else 0.0
            self.note(section, runner.peer, size, value, rows=runner.rows, **more)


def _wanted(folder: Path, workload: str) -> list[int]:
    records = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    records = records if workload == "w2" else records[:CHECKED]
    return exact.expected(records, "w1" if workload == "w1r" else workload)


def _columns(
    setting: Setting,
    section: str,
    workload: str,
    title: str,
    *,
    dense: bool = False,
    peers: tuple[str, ...] = COLUMNS,
    most: int = 10**9,
) -> str:
    text = f"## {title}\n"
    for size in (size for size in setting.sizes if size <= most):
        folder = setting.records(workload, size, dense=dense)
        wanted = _wanted(folder, workload)
        rounds = setting.rounds * (3 if size <= FEW else 1)
        run = race_in_pairs if size >= MANY else race
        runners = run(peers, folder, workload, rounds=rounds, wanted=wanted)
        setting.note_race(section, size, runners, len(wanted))
        text += f"\n{size:,} records\n\n" + race_table(runners, len(wanted))
    return text


def w1(setting: Setting) -> str:
    """The record-wise steps of W1."""
    return _columns(setting, "w1", "w1", "W1 without rank and quota, from memory")


def w1_dense(setting: Setting) -> str:
    """The same on round numbers, where floats fall on the wrong side."""
    return _columns(setting, "dense", "w1", "W1 on round numbers, full of exact halves", dense=True)


def w1_ranked(setting: Setting) -> str:
    """All of W1."""
    return _columns(setting, "ranked", "w1r", "W1 with rank and the best 20 % within 200 organisations")


def w1_unrounded(setting: Setting) -> str:
    """W1u."""
    return _columns(setting, "w1u", "w1u", "W1u: the indicators not rounded")


def w2(setting: Setting) -> str:
    """Detail rows, a pool, a status of two years."""
    title = "W2: detail rows, a pool within organisations, a status that goes on from last year's"
    most = USUAL_DETAILS if setting.usual else MOST_DETAILS
    return _columns(setting, "w2", "w2", title, peers=DETAILS, most=most)


def w3(setting: Setting) -> str:
    """Logarithm and geometric mean."""
    return _columns(setting, "w3", "w3", "W3: a composite of indicators, logarithm and geometric mean")


def records(setting: Setting) -> str:
    """One record at a time."""
    size = min(20_000, max(setting.sizes))
    folder = setting.records("w1", size)
    wanted = _wanted(folder, "w1")
    runners = race(ROWS, folder, "w1", rounds=setting.rounds, wanted=wanted)
    setting.note_race("records", size, runners, len(wanted))
    return "## W1, one record at a time\n\n" + race_table(runners, len(wanted), per_record=True)


def single(setting: Setting) -> str:
    """What one record's time is made of."""
    return one_record(setting.records("w1", 1000), setting.note)


def files(setting: Setting) -> str:
    """Parquet to Parquet, and how time and memory grow."""
    folders = [setting.records("w1", size) for size in setting.files]
    return from_file_to_file(folders, setting.files, setting.rounds, setting.note)


def csv(setting: Setting) -> str:
    """A CSV file read with strict typing."""
    text = "## CSV of W1's records: read with strict typing\n"
    for size in (size for size in setting.files if size <= 10**6):
        folder = setting.records("csv", size)
        records = json.loads((folder / "records.json").read_text(encoding="utf-8"))
        wanted = [record["party"] for record in records]
        runners = race(("polars_csv", "rulecore_csv"), folder, "csv", rounds=setting.rounds, wanted=wanted)
        setting.note_race("csv", size, runners, len(wanted))
        text += f"\n{size:,} records\n\n" + race_table(runners, len(wanted))
    return text


def cold(setting: Setting) -> str:
    """Starting the program."""
    return start_up(setting.records("w1", 1000), setting.rounds, setting.note)


def growth(setting: Setting) -> str:
    """That cost grows with the records, and with the rules, and no faster."""
    sizes = [10**3, 10**4, 10**5, 10**6] + ([10**7] if 10**7 in setting.sizes else [])
    folders = {size: setting.records("w1", size) for size in sizes}
    text = growth_of_columns(folders, setting.rounds, setting.note)
    return text + "\n" + growth_of_rules(setting.rounds, setting.note) + "\n" + compiling(setting.note)


def profile(setting: Setting) -> str:
    """What share of a run goes to what."""
    folder = setting.records("w1", max(size for size in (*setting.sizes, *setting.files) if size <= 10**6))
    return profile_of_engine(folder, setting.rounds) + "\n" + profile_of_run(folder)


SECTIONS: dict[str, Callable[[Setting], str]] = {
    "w1": w1,
    "dense": w1_dense,
    "ranked": w1_ranked,
    "w1u": w1_unrounded,
    "w2": w2,
    "w3": w3,
    "records": records,
    "single": single,
    "files": files,
    "csv": csv,
    "cold": cold,
    "growth": growth,
    "profile": profile,
}
