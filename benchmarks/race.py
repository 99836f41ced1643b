"""Peers side by side: each in its process, one run at a time, taking turns; results are checked."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median

from attrs import define, field
from environments import python_of

HERE = Path(__file__).parent


@define
class Runner:
    """A peer that takes part: its process, its times and what went wrong, if anything."""

    peer: str
    title: str
    process: subprocess.Popen[str] | None = None
    seconds: list[float] = field(factory=list)
    peak: int = 0
    base: float = 0.0
    """The time of the first peer beside it, where not all ran together."""
    rows: int = 0
    wrong: int = 0
    reason: str = ""

    @property
    def time(self) -> float:
        """The middle of the times."""
        return median(self.seconds)

    def ask(self, **order: object) -> dict[str, object]:
        """Return the process's answer to an order; a fault is kept as the reason for not taking part."""
        if self.process is None or self.reason:
            return {}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        answer = json.loads(line) if line else {"error": "its process ended"}
        if "error" in answer:
            self.reason = str(answer["error"])
        return answer


def start(peer: str) -> Runner:
    """Return a peer ready for orders, or with the reason why it is not."""
    module = import_module(f"peers.{peer}")
    python, reason = python_of(peer)
    if reason:
        return Runner(peer=peer, title=module.TITLE, reason=reason)
    process = subprocess.Popen(
        [python, str(HERE / "worker.py"), peer],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return Runner(peer=peer, title=module.TITLE, process=process)


@contextmanager
def together(peers: Sequence[str], folder: Path, workload: str) -> Iterator[list[Runner]]:
    """Start peers on a workload; end their processes afterwards."""
    runners = [start(peer) for peer in peers if workload in import_module(f"peers.{peer}").WORKLOADS]
    try:
        for runner in runners:
            runner.ask(do="prepare", folder=str(folder), workload=workload)
        yield runners
    finally:
        for runner in runners:
            if runner.process is not None:
                runner.process.kill()
                runner.process.wait()


def race_in_pairs(
    peers: Sequence[str], folder: Path, workload: str, *, rounds: int, wanted: Sequence[int]
) -> list[Runner]:
    """Return what :func:`race` returns, each peer beside the first alone: all together do not fit into memory."""
    able = [peer for peer in peers if workload in import_module(f"peers.{peer}").WORKLOADS]
    found: list[Runner] = []
    for peer in able[1:]:
        first, other = race([able[0], peer], folder, workload, rounds=rounds, wanted=wanted)
        found += [other] if found else [first, other]
        other.base = first.time if first.seconds else 0.0
    return found


def race(
    peers: Sequence[str], folder: Path, workload: str, *, rounds: int, wanted: Sequence[int]
) -> list[Runner]:
    """Return the peers with their times: one untimed run each, then rounds in which each runs once.

    ``wanted`` are the right results of the first records; results beyond them are not looked at.
    """
    with together(peers, folder, workload) as runners:
        for runner in runners:
            runner.ask(do="run")
            answer = runner.ask(do="results")
            found = answer.get("results")
            if isinstance(found, list):
                runner.rows = int(str(answer["rows"]))
                runner.wrong = sum(one != other for one, other in zip(found, wanted, strict=False))
        for _ in range(rounds):
            for runner in runners:
                answer = runner.ask(do="run")
                if answer and not runner.reason:
                    runner.seconds.append(float(str(answer["seconds"])))
                    runner.peak = max(runner.peak, int(str(answer["peak"])))
        return runners
