"""Two versions of a file that a run wrote, packed and computed: which record and column differs, or which line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from attrs import frozen

from rulecore.archive.contents import Content
from rulecore.archive.differences import Difference, difference
from rulecore.archive.pins import WORKBOOKS
from rulecore.contracts import Reader, ReadOptions
from rulecore.errors import InputError
from rulecore.language import N_, translate
from rulecore.records.characters import fold_header

if TYPE_CHECKING:
    from rulecore.contracts import RawTable

MOST_SHOWN: Final = 20
"""How many differences of one file are told one by one."""
LONGEST_SHOWN: Final = 200
SHEETS: Final = (N_("results"), N_("quarantined"), N_("summary"))

_NOTHING: Final = object()
"""Stands for a key that is not there."""

Row = tuple[str, ...]


@frozen(kw_only=True)
class Compared:
    """What comparing two versions of a file came to; ``only_bytes``: every cell is the same."""

    differences: tuple[Difference, ...] = ()
    only_bytes: bool = False


def compare(
    packed: Content, computed: Content, manifest: Mapping[str, object], readers: Mapping[str, Reader]
) -> Compared:
    """Return where a packed file and the computed one differ; ``manifest`` says which columns name a record."""
    if packed.data == computed.data:
        return Compared()
    suffix = PurePosixPath(packed.name).suffix.lower()
    if packed.role == "output" and suffix in readers:
        pairs = list(_tables(packed, computed, readers[suffix], workbook=suffix in WORKBOOKS))
        found = [item for pair in pairs for item in _cells(packed.name, *pair, _identity(manifest))]
        if found:
            return Compared(differences=_limited(packed.name, found))
        if pairs:
            bytes_only = difference(
                "computed",
                N_(
                    "{member}: every cell is the same, but the packed file has other bytes than the computed one"
                ),
                member=packed.name,
            )
            return Compared(differences=(bytes_only,), only_bytes=True)
    if suffix == ".json":
        keys = list(_keys(packed.name, json_table(packed.data), json_table(computed.data), ""))
        if keys:
            return Compared(differences=_limited(packed.name, keys))
    return Compared(differences=_limited(packed.name, list(_lines(packed, computed))))


def _limited(member: str, found: Sequence[Difference]) -> tuple[Difference, ...]:
    if len(found) <= MOST_SHOWN:
        return tuple(found)
    more = len(found) - MOST_SHOWN
    rest = difference("computed", N_("{member}: and {count} more differences"), member=member, count=more)
    return (*found[:MOST_SHOWN], rest)


# --- tables ----------------------------------------------------------------------------------------------------------


def _tables(
    packed: Content, computed: Content, reader: Reader, *, workbook: bool
) -> Iterator[tuple[RawTable, RawTable]]:
    names = (
        [translate(sheet, language) for sheet in SHEETS for language in ("zh", "en")] if workbook else [""]
    )
    for sheet in dict.fromkeys(names):
        try:
            options = ReadOptions(sheet=sheet)
            yield (
                reader.read(packed.data, packed.name, options),
                reader.read(computed.data, computed.name, options),
            )
        except InputError:
            continue


def _identity(manifest: Mapping[str, object]) -> tuple[str, ...]:
    """Return the headers of the columns that say who a record is."""
    found: list[str] = []
    policies = manifest.get("policies")
    for policy in policies if isinstance(policies, list) else ():
        try:
            found += [str(policy["columns"].get(name, "")) for name in policy["identity"]]
        except (KeyError, TypeError, AttributeError):
            continue
    return tuple(dict.fromkeys(header for header in found if header))


def _cells(
    member: str, packed: RawTable, computed: RawTable, identity: Sequence[str]
) -> Iterator[Difference]:
    if packed.headers != computed.headers:
        yield difference(
            "computed",
            N_("{member}: the packed columns are {packed}, the computed ones {computed}"),
            member=member,
            packed=", ".join(packed.headers),
            computed=", ".join(computed.headers),
        )
        return
    headers = packed.headers
    folded = [fold_header(header) for header in headers]
    at = [folded.index(fold_header(name)) for name in identity if fold_header(name) in folded]
    before, after = _rows(packed), _rows(computed)
    if len(before) == len(after):
        pairs = [(number, *both) for number, both in enumerate(zip(before, after, strict=True), start=2)]
    else:
        yield from _surplus(member, before, after, at)
        named = {_named(row, at, 0): row for row in after}
        pairs = [
            (number, row, named[_named(row, at, 0)])
            for number, row in enumerate(before, start=2)
            if at and _named(row, at, 0) in named
        ]
    for number, old, new in pairs:
        for header, was, comes in zip(headers, old, new, strict=True):
            if was != comes:
                yield difference(
                    "computed",
                    N_("{member}: {record}, {column}: {packed} is packed, {computed} is computed"),
                    member=member,
                    record=_named(new, at, number),
                    column=header,
                    packed=was or "—",
                    computed=comes or "—",
                )


def _surplus(member: str, packed: list[Row], computed: list[Row], at: Sequence[int]) -> Iterator[Difference]:
    then, now = ({_named(row, at, 0) for row in rows} if at else set() for rows in (packed, computed))
    yield difference(
        "computed",
        N_(
            "{member}: {packed} rows are packed, {computed} are computed; only packed: {gone}; only computed: {new}"
        ),
        member=member,
        packed=len(packed),
        computed=len(computed),
        gone=", ".join(sorted(then - now)[:MOST_SHOWN]) or "—",
        new=", ".join(sorted(now - then)[:MOST_SHOWN]) or "—",
    )


def _named(row: Row, at: Sequence[int], number: int) -> str:
    """Return who a row is about: the cells that identify it, else its number."""
    return " / ".join(row[position] for position in at) if at else str(number)


def _rows(table: RawTable) -> list[Row]:
    rows = [tuple("" if cell is None else str(cell) for cell in row) for row in table.frame.rows()]
    return rows + [(item.text, *([""] * (len(table.headers) - 1))) for item in table.broken]


# --- texts -----------------------------------------------------------------------------------------------------------


def _lines(packed: Content, computed: Content) -> Iterator[Difference]:
    before, after = (_texts(content.data) for content in (packed, computed))
    for number in range(max(len(before), len(after))):
        was = before[number] if number < len(before) else None
        comes = after[number] if number < len(after) else None
        if was != comes:
            yield difference(
                "computed",
                N_("{member}: line {line}: {packed} is packed, {computed} is computed"),
                member=packed.name,
                line=number + 1,
                packed=_shown(was),
                computed=_shown(comes),
            )


def _keys(member: str, packed: object, computed: object, path: str) -> Iterator[Difference]:
    """Yield the values of two JSON documents that differ, with the path of keys that leads to each."""
    if isinstance(packed, dict) and isinstance(computed, dict):
        for key in (*computed, *(key for key in packed if key not in computed)):
            inner = f"{path}.{key}" if path else str(key)
            yield from _keys(member, packed.get(key, _NOTHING), computed.get(key, _NOTHING), inner)
    elif isinstance(packed, list) and isinstance(computed, list) and len(packed) == len(computed):
        for number, (was, comes) in enumerate(zip(packed, computed, strict=True)):
            yield from _keys(member, was, comes, f"{path}[{number}]")
    elif (type(packed), packed) != (type(computed), computed):
        yield difference(
            "computed",
            N_("{member}: {key}: {packed} is packed, {computed} is computed"),
            member=member,
            key=path,
            packed=_json(packed),
            computed=_json(computed),
        )


def _json(value: object) -> str:
    text = "—" if value is _NOTHING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _texts(data: bytes) -> list[bytes]:
    return data.split(b"\n")


def _shown(line: bytes | None) -> str:
    if line is None:
        return "—"
    text = line.decode("utf-8", "replace").strip()
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def json_table(data: bytes) -> Mapping[str, object]:
    """Return a JSON object, empty where there is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
