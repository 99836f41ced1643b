"""A Parquet file that frames are added to, one after the other: its bytes do not tell how the rows were parted."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Thread
from typing import IO, TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    import polars as pl

ROWS_OF_A_GROUP: Final = 250_000
"""Rows that stand together in the file. Without it Polars chooses by how many processors there are."""

_WAITING: Final = 1
"""Frames that may wait to be written, so that no more than a few are held."""

_PATIENCE: Final = 0.05
"""Seconds after which it is looked whether the other side is still there."""


class ParquetFile:
    """A file that takes frames; they are compressed and written in a thread of their own."""

    def __init__(self, path: Path, schema: Mapping[str, pl.DataType]) -> None:
        self._path = path
        self._schema = dict(schema)
        self._frames: Queue[pl.DataFrame | None] = Queue(_WAITING)
        self._error: BaseException | None = None
        self._given_up = False
        self._target = _Target(path)
        self._thread = Thread(target=self._write, daemon=True)
        self._thread.start()

    def add(self, frame: pl.DataFrame) -> None:
        """Add rows. Raises what went wrong with those before, an OSError for example."""
        self._put(frame)

    def close(self) -> None:
        """Write the end of the file. Raises what went wrong."""
        if self._thread.is_alive():
            self._put(None)
        self._thread.join()
        self._target.close()
        self._raise()

    def abandon(self) -> None:
        """Stop writing, if the file is not closed yet; what is there is no whole file."""
        self._given_up = True
        self._thread.join()
        self._target.close()

    @contextmanager
    def set_aside(self) -> Iterator[Path]:
        """Give the closed file under another name, which is gone afterwards; its own name is free again."""
        other = self._path.with_name(f"{self._path.name}.old")
        # Not a rename: the file at its own name keeps the permissions that were given to it.
        other.write_bytes(b"")
        try:
            with self._path.open("rb") as source, other.open("wb") as target:
                while block := source.read(2**22):
                    target.write(block)
            yield other
        finally:
            other.unlink(missing_ok=True)

    def _put(self, frame: pl.DataFrame | None) -> None:
        while True:
            self._raise()
            try:
                return self._frames.put(frame, timeout=_PATIENCE)
            except Full:
                continue

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _taken(self) -> Iterator[pl.DataFrame]:
        while not self._given_up:
            try:
                frame = self._frames.get(timeout=_PATIENCE)
            except Empty:
                continue
            if frame is None:
                return
            yield frame

    def _write(self) -> None:
        from polars.io.plugins import register_io_source

        try:
            rows = register_io_source(lambda *_wanted: self._taken(), schema=self._schema)
            target = cast("IO[bytes]", self._target)
            rows.sink_parquet(target, row_group_size=ROWS_OF_A_GROUP, compression_level=1)
        except BaseException as error:  # raised again where frames are added
            self._error = self._target.error or error


class _Target(io.RawIOBase):
    """The file as Polars writes it: of its errors Polars keeps only the words."""

    def __init__(self, path: Path) -> None:
        self.error: OSError | None = None
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        try:
            return os.write(self._file, data)
        except OSError as error:
            self.error = error
            raise

    def close(self) -> None:
        if not self.closed:
            os.close(self._file)
        super().close()


def parts_of(path: Path) -> Iterator[pl.DataFrame]:
    """Yield the rows of a Parquet file that was written here, some at a time."""
    import polars as pl

    lazy, position = pl.scan_parquet(path, glob=False), 0
    while (part := lazy.slice(position, ROWS_OF_A_GROUP).collect()).height:
        yield part
        position += part.height
