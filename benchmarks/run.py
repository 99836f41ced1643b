"""Run the benchmarks: ``uv run python benchmarks/run.py`` (minutes), with ``--full`` for every size (an hour).

Prints tables of ratios and peak memory and writes them to ``benchmarks/results.md`` with versions and machine. Times of
a shared machine swing; what stands in one table was measured in turns, so its ratios hold far better than its times.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE.parent))

import sections  # noqa: E402 - it stands beside this file
from report import header, machine  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every size, up to 1e7 records for files")
    parser.add_argument(
        "--sizes", type=float, nargs="*", help="numbers of records in memory, such as 1e3 1e5"
    )
    parser.add_argument("--files", type=float, nargs="*", help="numbers of records from file to file")
    parser.add_argument("--rounds", type=int, default=5, help="timed runs of each peer")
    parser.add_argument("--only", nargs="*", choices=sorted(sections.SECTIONS), help="some sections only")
    parser.add_argument("--output", type=Path, default=HERE / "results.md", help="where to write the tables")
    parser.add_argument("--data", type=Path, help="keep the records here and use them again")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes or ([1e3, 1e5, 1e6] if given.full else [1e3, 1e5])]
    files = [int(size) for size in given.files or ([1e5, 1e6, 1e7] if given.full else [1e5, 1e6])]
    with tempfile.TemporaryDirectory() as folder:
        setting = sections.Setting(
            data=given.data or Path(folder), sizes=sizes, files=files, rounds=given.rounds
        )
        text = [header(), machine()]
        for name, section in sections.SECTIONS.items():
            if given.only and name not in given.only:
                continue
            found = section(setting)
            print(found, flush=True)
            text.append(found)
            # After every section: a run that is stopped leaves what it has.
            given.output.write_text("\n".join(text), encoding="utf-8")
    print(f"written: {given.output}")


if __name__ == "__main__":
    main()
