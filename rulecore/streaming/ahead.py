"""What comes next is made in a thread of its own while the last is being used."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import suppress
from queue import Full, Queue
from threading import Event, Thread
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_PATIENCE: Final = 0.05
"""Seconds after which it is looked whether the other side is still there."""


class _End:
    """Stands behind the last item; ``error`` is what ended the items early."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Maker(Generic[T]):
    """Makes items in a thread, one more than was asked for."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = items
        self._made: Queue[T | _End] = Queue(1)
        self._stopped = Event()
        self._thread = Thread(target=self._make, daemon=True)
        self._thread.start()

    def next(self) -> T | _End:
        """Return the next item as soon as it is made."""
        return self._made.get()

    def stop(self) -> None:
        """Make no more."""
        self._stopped.set()
        self._thread.join()

    def _make(self) -> None:
        try:
            for item in self._items:
                self._put(item)
                if self._stopped.is_set():
                    return
        except BaseException as error:  # raised where the items are used
            self._put(_End(error))
        else:
            self._put(_End())

    def _put(self, item: T | _End) -> None:
        while not self._stopped.is_set():
            with suppress(Full):
                self._made.put(item, timeout=_PATIENCE)
                return


def ahead(items: Iterable[T]) -> Generator[T, None, None]:
    """Yield items that are made one ahead; what goes wrong while they are made is raised in its place."""
    maker = _Maker(items)
    try:
        while True:
            item = maker.next()
            if not isinstance(item, _End):
                yield item
            elif item.error is not None:
                raise item.error
            else:
                return
    finally:
        maker.stop()
