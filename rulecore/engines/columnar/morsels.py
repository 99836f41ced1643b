"""How many records go through a pass at a time: so few that what stands between inputs and results stays in cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

import polars as pl

MORSEL: Final = 50_000
"""Records at a time. Polars' own 100,000 take 10 % longer for W1 of the benchmarks, 25,000 a few per cent, each on a
processor with 2 MiB of second-level cache a core; results are the same with any."""

_SETTING: Final = "POLARS_IDEAL_MORSEL_SIZE"
_LOCK: Final = Lock()
_running = 0


@contextmanager
def small_morsels() -> Iterator[None]:
    """Within the block Polars' streaming engine takes :data:`MORSEL` records at a time.

    The setting belongs to the whole process. It is set back when the last block ends, and where the user has made it
    nothing is changed.
    """
    global _running
    with _LOCK:
        mine = _running > 0 or _SETTING not in os.environ
        if mine:
            _running += 1
            if _running == 1:
                pl.Config.set_streaming_chunk_size(MORSEL)
    try:
        yield
    finally:
        if mine:
            with _LOCK:
                _running -= 1
                if _running == 0:
                    pl.Config.set_streaming_chunk_size(None)
