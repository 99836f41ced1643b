"""Results reach the disk whole or not at all, and all files of a run together.

Every file is first written beside its place, under a name of its own, and synced; only when all of them are
there are they renamed, one right after the other. A program that is stopped, or a disk that is full, leaves
the old files.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from attrs import evolve, frozen

from rulecore.codes.inputs import (
    DISK_FULL,
    FOLDER_NOT_EMPTY,
    NO_OUTPUT_FOLDER,
    NOT_FOR_STDOUT,
    OUTPUT_IS_FOLDER,
    OUTPUT_NOT_ALLOWED,
    UNKNOWN_OUTPUT_SUFFIX,
    WRITE_FAILED,
)
from rulecore.contracts import Document, Writer
from rulecore.errors import Code, Fault, OutputError
from rulecore.language import N_
from rulecore.source import Place

STANDARD_OUTPUT: Final = "-"
_STDOUT_SUFFIXES = (".csv", ".jsonl", ".ndjson")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@frozen(kw_only=True)
class PlannedFile:
    """A file to write: where it belongs, and what writes its bytes to the temporary path it is given."""

    path: Path
    write: Callable[[Path], None]


Settle: TypeAlias = "Callable[[Mapping[str, Path]], None]"
"""What is done with a run's files, by name, when they are on the disk under other names and cannot be seen yet."""


@frozen(kw_only=True)
class PlannedManifest:
    """A file about the other files of a run: ``content`` gets their SHA-256 by name when they are written."""

    path: Path
    content: Callable[[Mapping[str, str]], bytes]


def write_document(
    document: Document,
    path: str | Path,
    writers: Mapping[str, Writer],
    *,
    stdout_suffix: str = ".csv",
    beside: Iterable[PlannedFile] = (),
    manifest: PlannedManifest | None = None,
    before: Settle | None = None,
) -> tuple[Path, ...]:
    """Write a document with the writer of the path's suffix and return the files that were written.

    ``writers`` gives the writer of each suffix. A format without sheets takes one file for each: the first
    sheet's is ``path``, the others' are named ``<stem>.<sheet><suffix>``; of those a sheet without rows is
    left out, unless its file exists already, which then is emptied down to its header. For ``-`` the first
    sheet goes to standard output. ``beside`` are further files of the same run, such as reports, ``manifest``
    is the one about all of them: they become visible together, after ``before`` was called with them. Raises
    :class:`OutputError`; then no file has changed.
    """
    if str(path) == STANDARD_OUTPUT:
        written = write_files(beside, manifest, before)
        _write_to_stdout(document, writers, stdout_suffix)
        return written
    target = Path(path)
    writer = writer_for(target, writers)
    return write_files((*sheet_files(document, target, writer), *beside), manifest, before)


def write_bytes_atomically(path: str | Path, data: bytes) -> None:
    """Write a whole file or nothing; raises :class:`OutputError`."""
    write_files((bytes_file(path, data),))


def writers_by_suffix(writers: Iterable[Writer]) -> dict[str, Writer]:
    """Return the writer of each suffix; where two writers share one, the later stands."""
    return {suffix.lower(): writer for writer in writers for suffix in writer.suffixes}


def writer_for(path: str | Path, writers: Mapping[str, Writer]) -> Writer:
    """Return the writer of a path's suffix.

    Raises :class:`OutputError` where there is none, the path is a folder, or its folder does not exist.

    A run calls it before it computes anything, so that a wrong name costs no time.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if target.is_dir():
        raise OutputError([_fault(OUTPUT_IS_FOLDER, target)])
    if not target.parent.is_dir():
        raise OutputError([_fault(NO_OUTPUT_FOLDER, target, folder=target.parent)])
    if suffix in writers:
        return writers[suffix]
    hint = None
    if suffix == ".xlsx":
        hint = N_("install rulecore-excel to write Excel workbooks; known are: {known}")
    values = {"suffix": suffix or "-", "known": ", ".join(sorted(writers))}
    raise OutputError([_fault(UNKNOWN_OUTPUT_SUFFIX, target, hint=hint, **values)])


def write_files(
    files: Iterable[PlannedFile], manifest: PlannedManifest | None = None, before: Settle | None = None
) -> tuple[Path, ...]:
    """Write all files under temporary names, the manifest last, sync them, then rename all.

    Each is asked for when those before it are written. ``before`` is called when all are on the disk and none can be
    seen yet: what it raises leaves everything as it was. Raises :class:`OutputError` and then has changed nothing.

    The one thing that may yet happen between two renames is the machine's stopping.
    """
    planned: list[Path] = []
    written: list[tuple[Path, Path]] = []
    try:
        for file in files:
            _stage(file, written)
            planned.append(file.path)
        if manifest is not None:
            hashes = {path.name: _sha256(new) for path, (new, _) in zip(planned, written, strict=True)}
            _stage(bytes_file(manifest.path, manifest.content(hashes)), written)
            planned.append(manifest.path)
        if before is not None:
            before({path.name: new for path, (new, _) in zip(planned, written, strict=True)})
        for temporary, final in written:
            with _naming(final):
                os.replace(temporary, final)
        for folder in {final.parent for _temporary, final in written}:
            _sync_folder(folder)
    finally:
        for temporary, _final in written:
            temporary.unlink(missing_ok=True)
    return tuple(planned)


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a folder to write files into that takes the place of ``path`` once all are written.

    ``path`` must not exist yet, or be an empty folder. Raises :class:`OutputError`; then nothing is left.
    """
    with _naming(path):
        final = Path(os.path.realpath(path))
        if final.exists() and (not final.is_dir() or any(final.iterdir())):
            raise OutputError([_fault(FOLDER_NOT_EMPTY, path)])
        if not final.parent.is_dir():
            raise OutputError([_fault(NO_OUTPUT_FOLDER, path, folder=path.parent)])
        temporary = final.with_name(f".rulecore-{secrets.token_hex(8)}.tmp")
        temporary.mkdir()
        try:
            yield temporary
            if final.exists():
                final.rmdir()
            os.replace(temporary, final)
            _sync_folder(final.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def bytes_file(path: str | Path, data: bytes) -> PlannedFile:
    """Return a file to write whose bytes are known."""
    return PlannedFile(path=Path(path), write=lambda temporary: _write_bytes(temporary, data))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stage(file: PlannedFile, written: list[tuple[Path, Path]]) -> None:
    """Write a file under a temporary name beside its place, and note both."""
    with _naming(file.path):
        # A link is followed: what it points to is replaced, not the link.
        final = Path(os.path.realpath(file.path))
        temporary = _temporary_beside(final)
        written.append((temporary, final))
        file.write(temporary)
        _sync(temporary)


def sheet_files(document: Document, target: Path, writer: Writer) -> Iterator[PlannedFile]:
    """Yield the files of a document whose results go to ``target``; see :func:`write_document`."""
    if writer.holds_sheets:
        yield PlannedFile(path=target, write=lambda temporary: writer.write(document, temporary))
        return
    for index, sheet in enumerate(document.sheets):
        path = target.with_name(f"{target.stem}.{sheet.name}{target.suffix}") if index else target
        if index and not sheet.frame.height and not path.exists():
            continue
        single = evolve(document, sheets=(sheet,))
        yield PlannedFile(path=path, write=_writing(writer, single))


def _writing(writer: Writer, document: Document) -> Callable[[Path], None]:
    return lambda temporary: writer.write(document, temporary)


def _write_to_stdout(document: Document, writers: Mapping[str, Writer], suffix: str) -> None:
    if suffix not in _STDOUT_SUFFIXES or suffix not in writers:
        raise OutputError([Fault(code=NOT_FOR_STDOUT, values={"suffix": suffix})])
    with tempfile.TemporaryDirectory() as folder, _naming(Path("<stdout>")):
        path = Path(folder) / f"stdout{suffix}"
        writers[suffix].write(evolve(document, sheets=document.sheets[:1]), path)
        with path.open("rb") as written:
            shutil.copyfileobj(written, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def _write_bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _temporary_beside(final: Path) -> Path:
    """Create an empty file beside ``final``, with the permissions that the finished one will have."""
    if final.is_dir():
        raise OutputError([_fault(OUTPUT_IS_FOLDER, final)])
    if not final.parent.is_dir():
        raise OutputError([_fault(NO_OUTPUT_FOLDER, final, folder=final.parent)])
    # The whole name might be too long for the file system with more letters added to it.
    temporary = final.with_name(f".rulecore-{secrets.token_hex(8)}.tmp")
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    if final.exists():
        shutil.copymode(final, temporary)
    return temporary


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    # The files are in place already: a file system that cannot sync folders does not make the run a failure.
    with contextlib.suppress(OSError):
        _sync(folder)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turn what the operating system says about writing ``path`` into an :class:`OutputError`."""
    try:
        yield
    except BrokenPipeError:
        raise  # the reader of standard output has gone: the command line's own matter
    except PermissionError:
        raise OutputError([_fault(OUTPUT_NOT_ALLOWED, path)]) from None
    except OSError as error:
        if error.errno in _FULL:
            raise OutputError([_fault(DISK_FULL, path)]) from None
        if error.errno == errno.EROFS:
            raise OutputError([_fault(OUTPUT_NOT_ALLOWED, path)]) from None
        reason = error.strerror or str(error)
        raise OutputError([_fault(WRITE_FAILED, path, reason=reason)]) from None


def _fault(code: Code, path: Path, *, hint: str | None = None, **values: object) -> Fault:
    return Fault(code=code, values={"file": path, **values}, place=Place(file=str(path)), hint=hint)
