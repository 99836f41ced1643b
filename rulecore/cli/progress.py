"""What a long command says while it works: one line on a terminal's standard error, after a second."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.status import Status

PATIENCE: Final = 1.0
"""Seconds of work before anything is shown: what is quick needs no progress."""


class Progress:
    """Shows the stage a command is at, where standard error is a terminal and the work takes long."""

    def __init__(self, *, enabled: bool = True) -> None:
        self._text = ""
        self._status: Status | None = None
        self._ended = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(PATIENCE, self._show) if enabled and sys.stderr.isatty() else None

    def __enter__(self) -> Progress:
        """Start waiting."""
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the line away again."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._status is not None:
                self._status.stop()

    def stage(self, text: str) -> None:
        """Say what is being done from now on."""
        with self._lock:
            self._text = text
            if self._status is not None:
                self._status.update(text)

    def _show(self) -> None:
        # rich is imported here, because most runs end before anything is to be shown.
        from rich.console import Console
        from rich.status import Status

        with self._lock:
            if not self._ended:
                self._status = Status(self._text, console=Console(stderr=True))
                self._status.start()
