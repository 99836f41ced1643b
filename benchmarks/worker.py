"""One peer in a process of its own, which waits for its turn: lines of JSON in, lines of JSON out.

A process each keeps the peers' libraries apart, lets peak memory be read of each, and lets the runs be interleaved.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).parent
MOST_CHECKED = 20_000


def peak() -> int:
    """Return the most memory this process has held, in bytes, since it was last forgotten."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def main() -> None:
    # What libraries print must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    sys.path.insert(0, str(HERE))
    from importlib import import_module

    peer = import_module(f"peers.{sys.argv[1]}")
    run = results = outcome = None
    for line in sys.stdin:
        order = json.loads(line)
        answer: dict[str, object] = {}
        try:
            if order["do"] == "prepare":
                run, results = peer.prepare(Path(order["folder"]), order["workload"])
            elif order["do"] == "run":
                outcome = None
                forget_peak()
                start = perf_counter()
                outcome = run()
                answer = {"seconds": perf_counter() - start, "peak": peak()}
            elif order["do"] == "results":
                found = results(outcome)
                answer = {"results": found[:MOST_CHECKED], "rows": len(found)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
