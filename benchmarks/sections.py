"""What is measured: each section gives a piece of the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import data
import exact
from attrs import frozen
from files import from_file_to_file
from race import race
from report import race_table
from single import one_record, start_and_compile

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


@frozen(kw_only=True)
class Setting:
    """What was asked for."""

    data: Path
    sizes: list[int]
    files: list[int]
    rounds: int

    def records(self, workload: str, size: int, *, dense: bool = False) -> Path:
        """Return the folder of the records of a workload, written if need be."""
        kind = {"w1u": "w1", "w1r": "w1"}.get(workload, workload)
        folder = self.data / f"{kind}-{size}{'-dense' if dense else ''}"
        if not (folder / "records.json").exists():
            data.write(folder, kind, size, dense=dense)
        return folder


def _wanted(folder: Path, workload: str) -> list[int]:
    import json

    records = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    records = records if workload == "w2" else records[:CHECKED]
    return exact.expected(records, "w1" if workload == "w1r" else workload)


def _columns(setting: Setting, workload: str, title: str, *, dense: bool = False) -> str:
    text = f"## {title}\n"
    for size in setting.sizes:
        folder = setting.records(workload, size, dense=dense)
        wanted = _wanted(folder, workload)
        runners = race(COLUMNS, folder, workload, rounds=setting.rounds, wanted=wanted)
        text += f"\n{size:,} records\n\n" + race_table(runners, len(wanted))
    return text


def w1(setting: Setting) -> str:
    """The record-wise steps of W1."""
    return _columns(setting, "w1", "W1 without rank and quota, from memory")


def w1_dense(setting: Setting) -> str:
    """The same on round numbers, where floats fall on the wrong side."""
    return _columns(setting, "w1", "W1 on round numbers, full of exact halves", dense=True)


def w1_ranked(setting: Setting) -> str:
    """All of W1."""
    return _columns(setting, "w1r", "W1 with rank and the best 20 % within 200 organisations")


def w1_unrounded(setting: Setting) -> str:
    """W1u."""
    return _columns(setting, "w1u", "W1u: the indicators not rounded")


def w3(setting: Setting) -> str:
    """Logarithm and geometric mean."""
    return _columns(setting, "w3", "W3: a composite of indicators, logarithm and geometric mean")


def records(setting: Setting) -> str:
    """One record at a time."""
    size = min(20_000, max(setting.sizes))
    folder = setting.records("w1", size)
    wanted = _wanted(folder, "w1")
    runners = race(ROWS, folder, "w1", rounds=setting.rounds, wanted=wanted)
    return "## W1, one record at a time\n\n" + race_table(runners, len(wanted), per_record=True)


def single(setting: Setting) -> str:
    """What one record's time is made of."""
    return one_record(setting.records("w1", 1000))


def files(setting: Setting) -> str:
    """Parquet to Parquet, and how time and memory grow."""
    return from_file_to_file([setting.records("w1", size) for size in setting.files], setting.files)


def cold(setting: Setting) -> str:
    """Starting the program, and compiling policies of many rules."""
    return start_and_compile(setting.records("w1", 1000), setting.rounds)


SECTIONS: dict[str, Callable[[Setting], str]] = {
    "w1": w1,
    "dense": w1_dense,
    "ranked": w1_ranked,
    "w1u": w1_unrounded,
    "w3": w3,
    "records": records,
    "single": single,
    "files": files,
    "cold": cold,
}
