"""Run the benchmarks: ``uv run python benchmarks/run.py`` (minutes), with ``--full`` for every size (an hour).

Prints tables of ratios and peak memory and writes them to ``benchmarks/results.md`` with versions and machine, and the
numbers to ``results.json``. Times of
a shared machine swing; what stands in one table was measured in turns, so its ratios hold far better than its times.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))

import sections  # noqa: E402 - it stands beside this file
from report import header, machine  # noqa: E402
from targets import targets  # noqa: E402

USUAL = (1e5, 1e6)
FULL = (1, 1e3, 1e5, 1e6, 1e7)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every size, 1 to 1e7 records, and files of 1e7")
    parser.add_argument(
        "--sizes", type=float, nargs="*", help="numbers of records in memory, such as 1e3 1e5"
    )
    parser.add_argument("--files", type=float, nargs="*", help="numbers of records from file to file")
    parser.add_argument("--rounds", type=int, default=5, help="timed runs of each peer")
    parser.add_argument("--only", nargs="*", choices=sorted(sections.SECTIONS), help="some sections only")
    parser.add_argument("--output", type=Path, default=HERE / "results.md", help="where to write the tables")
    parser.add_argument("--data", type=Path, help="keep the records here and use them again")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes or (FULL if given.full else USUAL)]
    files = [int(size) for size in given.files or ([1e5, 1e6, 1e7] if given.full else [1e5, 1e6])]
    with tempfile.TemporaryDirectory() as folder:
        setting = sections.Setting(
            data=given.data or Path(folder),
            sizes=sizes,
            files=files,
            rounds=max(given.rounds, 1),
            usual=not (given.sizes or given.full),
        )
        text: dict[str, str] = {}
        top = header(), machine()
        for name, section in sections.SECTIONS.items():
            if given.only and name not in given.only:
                continue
            text[name] = section(setting)
            print(text[name], flush=True)
            # After every section: a run that is stopped leaves what it has.
            page = "\n".join([*top, targets(setting.raw), *text.values()])
            given.output.write_text(page, encoding="utf-8")
            given.output.with_suffix(".json").write_text(_json(top, setting.raw), encoding="utf-8")
    print(targets(setting.raw))
    print(f"written: {given.output}")


def _json(top: Sequence[str], raw: Sequence[object]) -> str:
    """Return the numbers as they were measured, a line each, below what they were measured on."""
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in raw)
    return f'{{"measured": {json.dumps(top, ensure_ascii=False)}, "numbers": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    main()
