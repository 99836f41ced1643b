"""What readers share that take a file part by part: its hash, and that it must not change meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Final

from attrs import frozen

from rulecore.contracts import NotInPartsError

BLOCK: Final = 2**22
"""Bytes that are read at one time."""


@frozen
class FileState:
    """What tells whether a file changed: its identity, size and time of change."""

    device: int
    inode: int
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> FileState:
        """Return the state of a file now. Raises :class:`NotInPartsError` for what is no ordinary file."""
        with readable():
            found = path.stat()
        if not path.is_file():
            raise NotInPartsError
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


class FileHash:
    """The SHA-256 of a file, made in a thread of its own while the file is read otherwise."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = FileState.of(path)
        self._digest = hashlib.sha256()
        self._failed = False
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def hexdigest(self) -> str:
        """Return the hash. Raises :class:`NotInPartsError` if the file changed since, or could not be read."""
        self._thread.join()
        if self._failed or FileState.of(self._path) != self._state:
            raise NotInPartsError
        return self._digest.hexdigest()

    def _read(self) -> None:
        try:
            with self._path.open("rb") as file:
                while block := file.read(BLOCK):
                    self._digest.update(block)
        except OSError:
            self._failed = True


@contextmanager
def readable() -> Iterator[None]:
    """Turn what the operating system says about reading into :class:`NotInPartsError`."""
    try:
        yield
    except (OSError, ValueError):  # ValueError: a NUL in the name
        raise NotInPartsError from None
