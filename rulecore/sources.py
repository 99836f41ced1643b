"""Where inputs come from: files and standard input, each handed to the reader of its suffix."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from rulecore.codes.inputs import IS_FOLDER, NO_FILE, NOT_ALLOWED, READ_FAILED, UNKNOWN_INPUT_SUFFIX
from rulecore.contracts import RawTable, Reader, ReadOptions
from rulecore.errors import Code, Fault, InputError
from rulecore.language import N_
from rulecore.signatures import ENCRYPTED_XLSX, PARQUET, XLSX, recognise
from rulecore.source import Place

STANDARD_INPUT: Final = "-"
STANDARD_INPUT_NAME: Final = "<stdin>"


class NamedFile(str):
    """The path of a file that messages and results call by another name.

    A run computed again from copies of its inputs names them as the first one did.
    """

    shown: str

    def __new__(cls, path: str, shown: str) -> NamedFile:
        """Return the path of a file and what it is called."""
        found = super().__new__(cls, path)
        found.shown = shown
        return found


def shown_name(location: str) -> str:
    """Return what an input is called in messages and results: its path, unless it has a name of its own."""
    return location.shown if isinstance(location, NamedFile) else location


_JSON_OBJECT = re.compile(rb'(\xef\xbb\xbf)?\s*\{\s*"')
_EXCEL_SUFFIXES = (".xlsx", ".xlsm")
_OLD_EXCEL_SUFFIXES = (".xls", ".et", ".xlsb")


def read_sources(
    locations: Iterable[str],
    readers: Mapping[str, Reader],
    options: ReadOptions | None = None,
    *,
    stdin_suffix: str = "",
) -> tuple[RawTable, ...]:
    """Read several inputs; see :func:`read_source`. The faults of all of them are raised at once."""
    tables: list[RawTable] = []
    faults: list[Fault] = []
    for location in locations:
        try:
            tables.append(read_source(location, readers, options, stdin_suffix=stdin_suffix))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(tables)


def read_source(
    location: str,
    readers: Mapping[str, Reader],
    options: ReadOptions | None = None,
    *,
    stdin_suffix: str = "",
) -> RawTable:
    """Read one input: a file, or standard input for ``-``.

    ``readers`` gives the reader of each suffix, such as ``.csv``. Standard input is taken as
    ``stdin_suffix``; without it as Parquet, Excel or JSON Lines where its first bytes say so, else as
    CSV. Raises
    :class:`InputError`.
    """
    options = options or ReadOptions()
    if location == STANDARD_INPUT:
        content = sys.stdin.buffer.read()
        suffix = stdin_suffix.lower() or suffix_of(content)
        return _reader(STANDARD_INPUT_NAME, suffix, readers).read(content, STANDARD_INPUT_NAME, options)
    path = Path(location)
    # The file before its suffix: a misspelt name is the likelier mistake.
    content = _content(path)
    name = shown_name(location)
    return _reader(name, path.suffix.lower(), readers).read(content, name, options)


def readers_by_suffix(readers: Iterable[Reader]) -> dict[str, Reader]:
    """Return the reader of each suffix; where two readers share one, the later stands."""
    return {suffix.lower(): reader for reader in readers for suffix in reader.suffixes}


def suffix_of(content: bytes) -> str:
    """Return the suffix of the format that standard input is taken for, by its first bytes."""
    signature = recognise(content)
    if signature == PARQUET:
        return ".parquet"
    if signature in (XLSX, ENCRYPTED_XLSX):
        return ".xlsx"
    # No header of a CSV file starts with a brace and a quote.
    return ".jsonl" if _JSON_OBJECT.match(content) else ".csv"


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError([_missing(path)]) from None
    except IsADirectoryError:
        raise InputError([_fault(IS_FOLDER, path, hint=_files_hint(path))]) from None
    except PermissionError:
        raise InputError([_fault(NOT_ALLOWED, path)]) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError([_fault(READ_FAILED, path, reason=reason)]) from None


def _reader(file: str, suffix: str, readers: Mapping[str, Reader]) -> Reader:
    if suffix in readers:
        return readers[suffix]
    values = {"file": file, "suffix": suffix or "-", "known": ", ".join(sorted(readers))}
    hint = None
    if suffix in _EXCEL_SUFFIXES:
        hint = N_("install rulecore-excel to read Excel workbooks; known are: {known}")
    elif suffix in _OLD_EXCEL_SUFFIXES:
        hint = N_("open it in Excel or WPS and save it as .xlsx; known are: {known}")
    elif not suffix:
        hint = N_("give the file a suffix that says what it is; known are: {known}")
    raise InputError([Fault(code=UNKNOWN_INPUT_SUFFIX, values=values, place=Place(file=file), hint=hint)])


def _missing(path: Path) -> Fault:
    folder = path.parent
    if not folder.is_dir():
        missing = next((part for part in reversed(path.parents) if not part.exists()), folder)
        return _fault(NO_FILE, path, hint=N_("the folder {folder} does not exist"), folder=missing)
    near = _near_names(folder, path.name)
    hint = N_("did you mean {near}?") if near else None
    return _fault(NO_FILE, path, hint=hint, near=", ".join(str(folder / name) for name in near))


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError:
        return []


def _near_names(folder: Path, name: str) -> list[str]:
    names = _names(folder)
    by_folded = {candidate.casefold(): candidate for candidate in names}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.6)
    return [by_folded[folded] for folded in close]


def _files_hint(folder: Path) -> str | None:
    files = [str(folder / name) for name in _names(folder) if (folder / name).is_file()][:5]
    # Names may hold braces, which a hint's template would take for places of values.
    shown = ", ".join(files).replace("{", "{{").replace("}", "}}")
    return N_("name the file in it, for example:") + f" {shown}" if shown else None


def _fault(code: Code, path: Path, *, hint: str | None = None, **values: object) -> Fault:
    return Fault(code=code, values={"file": path, **values}, place=Place(file=str(path)), hint=hint)
