"""Work that is done in a thread of its own beside the main work, one piece after the other."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread


class Beside:
    """Does one piece of work at a time; the next waits for the last."""

    def __init__(self) -> None:
        self._thread: Thread | None = None
        self._error: BaseException | None = None

    def take(self, work: Callable[[], object]) -> None:
        """Begin a piece of work once the last is done. Raises what went wrong with that."""
        self.wait()
        self._thread = Thread(target=self._do, args=(work,), daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Wait until all is done. Raises what went wrong."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._error is not None:
            raise self._error

    def _do(self, work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:  # raised where the work was asked for
            self._error = error
