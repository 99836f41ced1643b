"""Hashes of single lines, rows and columns of an archive's files, which tell later where a file was changed.

What was there before is not kept, only its hash: enough to say *line 7* or *row 12, column 得分*. Whether a file is
what was packed is decided by its SHA-256, never by these.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from rulecore.archive.contents import Content, RunArchive
from rulecore.archive.differences import Difference, difference
from rulecore.archive.request import RunRequest
from rulecore.contracts import Reader, ReadOptions
from rulecore.errors import InputError
from rulecore.language import N_, translate

if TYPE_CHECKING:
    from rulecore.contracts import RawTable

PINS_VERSION: Final = 1
LETTERS: Final = 16
"""How many letters of a SHA-256 a pin keeps."""
MOST_PINS: Final = 100_000
"""A longer file has a pin for several rows or lines together."""
MOST_SHOWN: Final = 20
"""How many places of one file are named."""
TABLE_ROLES: Final = ("records", "table", "history", "mapping", "results", "adjustments", "output")
ROWS_AT_ONCE: Final = 50_000
WORKBOOKS: Final = (".xlsx", ".xlsm")
MOST_ALIGNED: Final = 5_000
"""Files of more pins are not searched for rows that were put in or taken out."""


def pins_of(archive: RunArchive, readers: Mapping[str, Reader] | None = None) -> bytes:
    """Return the pins of all files of an archive as JSON; ``readers`` by suffix, the installed ones if not given."""
    known = installed_readers() if readers is None else readers
    request = _request(archive)
    pins = {content.name: _pins(content, archive, request, known) for content in archive.contents}
    found = {"pins": PINS_VERSION, "members": pins}
    return (json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def installed_readers() -> dict[str, Reader]:
    """Return the readers of everything that is installed, by suffix."""
    from rulecore.plugins import load_plugins
    from rulecore.sources import readers_by_suffix

    return readers_by_suffix(found.value for found in load_plugins().readers.values())


def changed_places(
    content: Content, archive: RunArchive, pins: bytes, readers: Mapping[str, Reader]
) -> Iterator[Difference]:
    """Yield where a file is not what it was when the pins were taken: its lines, or its rows and columns."""
    try:
        stated = json.loads(pins)
        if stated["pins"] != PINS_VERSION:
            return
        then = stated["members"][content.name]
        now = _pins(content, archive, _request(archive), readers)
        if "lines" in then and "lines" in now:
            yield from _changed_lines(content, then, now)
        elif "tables" in then and "tables" in now:
            for before, after in zip(_tables(then), _tables(now), strict=True):
                yield from _changed_cells(content, before, after)
            if then["tables"] == now["tables"]:
                yield difference(
                    "bytes",
                    N_(
                        "{member}: every cell is as it was; quotes, line ends, formats or what no cell holds differ"
                    ),
                    member=content.name,
                )
    # Pins that cannot be read are told by their own hash; here they are only of no help.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return


def _request(archive: RunArchive) -> RunRequest | None:
    try:
        return RunRequest.from_json(archive.of("request")[0].data)
    except (ValueError, IndexError):
        return None


# --- taking pins -----------------------------------------------------------------------------------------------------


def _pins(
    content: Content, archive: RunArchive, request: RunRequest | None, readers: Mapping[str, Reader]
) -> dict[str, object]:
    suffix = PurePosixPath(content.name).suffix.lower()
    # A manifest beside a file of results is no table, and neither is what no reader reads.
    if content.role in TABLE_ROLES and suffix in readers and request is not None:
        tables = [
            _table_pins(table)
            for options in _options(content, archive, request)
            if (table := _read(readers[suffix], content, options)) is not None
        ]
        if tables:
            return {"tables": tables}
    lines = content.data.split(b"\n")
    step = _step(len(lines))
    return {
        "step": step,
        "lines": [_short(b"\n".join(lines[at : at + step])) for at in range(0, len(lines), step)],
    }


def _options(content: Content, archive: RunArchive, request: RunRequest) -> list[ReadOptions]:
    """Return how a file was read: each sheet of a workbook that the run read, else what the request says."""
    encoding = request.encoding
    if PurePosixPath(content.name).suffix.lower() not in WORKBOOKS:
        return [ReadOptions(encoding=encoding if content.role != "output" else "")]
    if content.role in ("output", "history", "results"):
        return [ReadOptions(sheet=translate(N_("results"), language)) for language in ("zh", "en")]
    shown = {file.file for file in request.inputs if file.content == content.name}
    sheets: list[str] = []
    for manifest in archive.of("manifest"):
        try:
            inputs = json.loads(manifest.data)["inputs"]
            sheets = [str(item["sheet"]) for item in inputs if item["file"] in shown]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return [ReadOptions(sheet=sheet) for sheet in dict.fromkeys(sheets)] or [ReadOptions(sheet=request.sheet)]


def _read(reader: Reader, content: Content, options: ReadOptions) -> RawTable | None:
    try:
        return reader.read(content.data, content.name, options)
    except InputError:
        return None


def _table_pins(table: RawTable) -> dict[str, object]:
    columns = [hashlib.sha256() for _header in table.headers]
    rows = {item.row: _short(f"broken {item.text}".encode()) for item in table.broken}
    at = 0
    # Slice by slice, so that not every cell of a large table is an object of Python's at the same time.
    for part in table.frame.iter_slices(ROWS_AT_ONCE):
        cells = [[_cell(cell) for cell in column.to_list()] for column in part.get_columns()]
        for column, texts in zip(columns, cells, strict=True):
            column.update("".join(texts).encode())
        numbers = table.rows.slice(at, part.height).to_list()
        for number, row in zip(numbers, zip(*cells, strict=True), strict=True):
            rows[number] = _short("".join(row).encode())
        at += part.height
    numbers = sorted(rows)
    step = _step(len(numbers))
    return {
        "sheet": table.sheet,
        "headers": list(table.headers),
        "step": step,
        "numbers": numbers[::step],
        "rows": [
            _short("".join(rows[number] for number in numbers[first : first + step]).encode())
            for first in range(0, len(numbers), step)
        ],
        "columns": [column.hexdigest()[:LETTERS] for column in columns],
    }


def _cell(cell: object) -> str:
    """Return a cell as text that no other cell has: with its length, and its kind where it is no text."""
    if cell is None:
        return "-"
    text = cell if isinstance(cell, str) else f"{type(cell).__name__} {cell}"
    return f"{len(text)}:{text}" if isinstance(cell, str) else f"{len(text)}!{text}"


def _step(count: int) -> int:
    return max(1, -(-count // MOST_PINS))


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:LETTERS]


# --- comparing with pins ---------------------------------------------------------------------------------------------


def _changed_lines(
    content: Content, then: Mapping[str, object], now: Mapping[str, object]
) -> Iterator[Difference]:
    before, after = _texts(then["lines"]), _texts(now["lines"])
    step = then["step"]
    if step != now["step"] or not isinstance(step, int):
        return
    lines = content.data.split(b"\n")
    for at, gone in _aligned(before, after):
        if gone:
            yield difference(
                "line",
                N_("{member}: {count} line(s) are missing after line {line}"),
                member=content.name,
                line=at * step,
                count=gone * step,
            )
            continue
        shown = lines[at * step].decode("utf-8", "replace").strip()[:200]
        yield difference(
            "line",
            N_("{member}: line {line} is not what was packed; it now reads {text}"),
            member=content.name,
            line=_span(range(1, len(lines) + 1, step), at, step),
            text=shown,
        )


def _changed_cells(
    content: Content, then: Mapping[str, object], now: Mapping[str, object]
) -> Iterator[Difference]:
    headers, step = _texts(now["headers"]), then["step"]
    member: dict[str, object] = {"member": content.name}
    if then["sheet"]:
        member["member"] = f"{content.name} [{then['sheet']}]"
    if then["headers"] != now["headers"]:
        names = [name for name in headers if name not in _texts(then["headers"])]
        gone = [name for name in _texts(then["headers"]) if name not in headers]
        yield difference(
            "cell",
            N_("{member}: the headers are not what was packed; gone: {gone}; new: {new}"),
            **member,
            gone=", ".join(gone) or "—",
            new=", ".join(names) or "—",
        )
        return
    columns = [
        name for name, old, new in zip(headers, _texts(then["columns"]), _texts(now["columns"]), strict=True)
        if old != new
    ]  # fmt: skip
    if step != now["step"] or not isinstance(step, int):
        return
    numbers = now["numbers"]
    assert isinstance(numbers, list)  # noqa: S101 - made above
    rows = _texts(now["rows"])
    for at, gone_rows in _aligned(_texts(then["rows"]), rows):
        if gone_rows:
            above = numbers[at - 1] if 0 < at <= len(numbers) else 1
            yield difference(
                "row",
                N_("{member}: {count} row(s) are missing after row {row}"),
                **member,
                row=above,
                count=gone_rows * step,
            )
        elif len(rows) == len(_texts(then["rows"])):
            yield difference(
                "cell",
                N_("{member}: row {row}, column {column} is not what was packed"),
                **member,
                row=_span(numbers, at, step),
                column=", ".join(columns),
            )
        else:
            yield difference(
                "row",
                N_("{member}: row {row} was not packed, or not like this"),
                **member,
                row=_span(numbers, at, step),
            )


def _span(numbers: Sequence[object], at: int, step: int) -> str:
    """Return which row a pin is of, or which rows where one pin is of several."""
    if step == 1:
        return str(numbers[at])
    after = numbers[at + 1] if at + 1 < len(numbers) else None
    return f"{numbers[at]}–{after - 1 if isinstance(after, int) else ''}"


def _aligned(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield each changed or new position of ``after`` with 0, and each gap with how many are missing there."""
    found: list[tuple[int, int]] = []
    if len(before) == len(after):
        found = [(at, 0) for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
    elif max(len(before), len(after)) <= MOST_ALIGNED:
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
            if kind == "equal":
                continue
            found += [(at, 0) for at in range(new_from, new_to)]
            less = (old_to - old_from) - (new_to - new_from)
            if less > 0:
                found.append((new_to, less))
    yield from found[:MOST_SHOWN]


def _tables(pins: Mapping[str, object]) -> list[Mapping[str, object]]:
    tables = pins["tables"]
    if not isinstance(tables, list):
        raise TypeError
    return tables


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        raise TypeError
    return [str(item) for item in value]
