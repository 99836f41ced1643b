"""A run as one file: a zip whose every byte follows from its contents, so that nothing in it can change unnoticed.

The members are stored, not compressed: compressed bytes depend on the library that made them, and a package must come
out the same on every machine. ``package.json`` lists every member with its role, size and SHA-256; ``pins.json`` holds
hashes of single lines, rows and columns, which tell where a member was changed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, get_args

from attrs import field, frozen

from rulecore.archive.contents import Content, Role, RunArchive
from rulecore.archive.differences import Difference, difference
from rulecore.archive.gather import fit_name
from rulecore.codes import packages as codes
from rulecore.codes.inputs import NO_FILE
from rulecore.errors import Fault, InputError
from rulecore.language import N_
from rulecore.output import write_bytes_atomically
from rulecore.phrase import Phrase, phrase
from rulecore.source import Place

PACKAGE_VERSION: Final = 1
INDEX: Final = "package.json"
PINS: Final = "pins.json"
SUFFIX: Final = ".zip"
MAX_BYTES: Final = 2**31 - 1
"""The largest package, in bytes; beyond it a zip needs another form."""
MAX_MEMBERS: Final = 10_000
MAX_INDEX: Final = 16 * 1024 * 1024
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
_ROLES: Final = frozenset(get_args(Role))


@frozen(kw_only=True)
class Package:
    """A package as read: its archive, the pins, and what does not agree with its index.

    ``pins`` are the hashes of lines, rows and columns as they were packed (see :mod:`rulecore.archive.pins`);
    ``changed`` the names of members that are not what the index says.
    """

    archive: RunArchive
    identifier: str
    pins: bytes = field(default=b"", repr=False)
    changed: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


def package_bytes(archive: RunArchive, pins: bytes) -> bytes:
    """Return the package of an archive: the same bytes for the same contents, on every machine."""
    index = _index_of(archive, pins)
    members = [(INDEX, index), (PINS, pins), *((content.name, content.data) for content in archive.contents)]
    data = _zip(members)
    if len(data) > MAX_BYTES or len(members) > MAX_MEMBERS:
        reason = phrase(N_("it would be larger than packages can be"))
        raise InputError([Fault(code=codes.NOT_A_PACKAGE, values={"file": "-", "reason": reason})])
    return data


def write_package(archive: RunArchive, path: str | Path) -> str:
    """Write the package of an archive, whole or not at all, and return the archive's identifier.

    Raises :class:`rulecore.errors.OutputError`.
    """
    from rulecore.archive.pins import pins_of

    write_bytes_atomically(path, package_bytes(archive, pins_of(archive)))
    return archive.identifier


def read_package(path: str | Path) -> RunArchive:
    """Return the archive in a package; nothing in it is run or computed.

    Raises :class:`rulecore.errors.InputError` for a file that is no package, and for a member that is not what the
    package's own index says: see :func:`rulecore.archive.verify_package` for what to do then.
    """
    found = open_package(read_file(path), str(path))
    if found.differences:
        shown = ", ".join(found.changed) or INDEX
        raise not_a_package(str(path), phrase(N_("{members} changed since it was packed"), members=shown))
    return found.archive


def read_file(path: str | Path) -> bytes:
    """Return the bytes of a package; raises InputError where there is no such file, or it is too large."""
    name = str(path)
    try:
        with Path(path).open("rb") as stream:
            # Asked first, so that nothing too large is read into the memory.
            too_large = os.fstat(stream.fileno()).st_size > MAX_BYTES
            data = stream.read(0 if too_large else MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError([Fault(code=NO_FILE, values={"file": name}, place=Place(file=name))]) from None
    except (OSError, ValueError) as error:
        raise not_a_package(name, phrase(getattr(error, "strerror", None) or str(error))) from None
    if too_large or len(data) > MAX_BYTES:
        raise not_a_package(name, phrase(N_("it is larger than packages can be")))
    return data


def open_package(data: bytes, name: str) -> Package:
    """Return what a package holds, and every member that is not what its index says.

    Raises :class:`rulecore.errors.InputError` where it is no package, or has what no package has: compressed or
    encrypted members, links, names that lead out of their folder, two members of one name.
    """
    members = _members(data, name)
    index = _read_index(members, name)
    archive, changed, differences = _compared(members, index)
    pins = members.get(PINS, b"")
    if not differences and package_bytes(archive, pins) != data:
        differences = (
            difference(
                "package",
                N_(
                    "the package holds bytes that no package has: between or behind its members, or in its index"
                ),
                member=INDEX,
            ),
        )
    return Package(
        archive=archive,
        identifier=archive.identifier,
        pins=pins,
        changed=changed,
        differences=differences,
    )


def not_a_package(name: str, reason: Phrase) -> InputError:
    """Return the error for a file that is no package."""
    values = {"file": name, "reason": reason}
    return InputError([Fault(code=codes.NOT_A_PACKAGE, values=values, place=Place(file=name))])


# --- the zip ---------------------------------------------------------------------------------------------------------


def _zip(members: Iterable[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as package:
        for name, data in members:
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.create_system = 3  # as on Linux, wherever it is written
            info.external_attr = 0o100644 << 16
            package.writestr(info, data)
    return stream.getvalue()


def _members(data: bytes, name: str) -> dict[str, bytes]:
    """Return the members of a zip by name, in its order, once all of it is known to be harmless."""
    if not data:
        raise not_a_package(name, phrase(N_("it is empty")))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
        reason = _unsafe(infos, len(data))
        if reason is not None:
            raise not_a_package(name, reason)
        return {info.filename: _stored(data, info) for info in infos}
    # zipfile raises all of these for zips that are cut off or made up.
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        ValueError,
        EOFError,
        OSError,
        struct.error,
    ):
        raise not_a_package(name, phrase(N_("it is no zip file, or was cut off"))) from None


def _unsafe(infos: Sequence[zipfile.ZipInfo], size: int) -> Phrase | None:
    """Return why a zip is not even opened, None if it may be."""
    if len(infos) > MAX_MEMBERS:
        return phrase(N_("it has more members than packages can have"))
    if sum(info.file_size for info in infos) > size:
        return phrase(N_("its members would be larger than the file itself"))
    names = set()
    for info in infos:
        shown = repr(info.filename[:80])
        if not all(fit_name(part) for part in info.filename.split("/")):
            return phrase(N_("the name {name} may lead out of its folder"), name=shown)
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            return phrase(N_("{name} is compressed; members of packages are stored as they are"), name=shown)
        if info.flag_bits & 1:
            return phrase(N_("{name} is encrypted"), name=shown)
        if info.external_attr >> 16 & 0o170000 not in (0, 0o100000):
            return phrase(N_("{name} is a link or a folder"), name=shown)
        if info.filename.casefold() in names:
            return phrase(N_("{name} stands in it twice"), name=shown)
        names.add(info.filename.casefold())
    return None


def _stored(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes, whether or not its checksum fits: the index says by SHA-256 whether it is right."""
    header = _LOCAL_HEADER.unpack_from(data, info.header_offset)
    start = info.header_offset + _LOCAL_HEADER.size + header[-2] + header[-1]
    found = data[start : start + info.file_size]
    if header[0] != b"PK\x03\x04" or len(found) != info.file_size:
        raise zipfile.BadZipFile
    return found


# --- the index -------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class _Listed:
    role: str
    sha256: str


def _index_of(archive: RunArchive, pins: bytes) -> bytes:
    members = [
        {"name": content.name, "role": content.role, "size": len(content.data), "sha256": content.sha256}
        for content in archive.contents
    ]
    index = {
        "package": PACKAGE_VERSION,
        "identifier": archive.identifier,
        "pins": {"size": len(pins), "sha256": hashlib.sha256(pins).hexdigest()},
        "members": members,
    }
    return (json.dumps(index, ensure_ascii=False, indent=2) + "\n").encode()


def _read_index(members: Mapping[str, bytes], name: str) -> dict[str, _Listed]:
    """Return what the index says of each member, the pins among them; raises InputError."""
    text = members.get(INDEX)
    if text is None:
        raise not_a_package(name, phrase(N_("it has no package.json")))
    try:
        if len(text) > MAX_INDEX:
            raise ValueError
        found = json.loads(text)
        version = found["package"]
        listed = {
            str(item["name"]): _Listed(role=str(item["role"]), sha256=str(item["sha256"]))
            for item in found["members"]
        }
        listed[PINS] = _Listed(role="pins", sha256=str(found["pins"]["sha256"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise not_a_package(name, phrase(N_("its package.json cannot be read"))) from None
    if version != PACKAGE_VERSION:
        known = str(PACKAGE_VERSION)
        reason = phrase(
            N_("it is of version {version}, and this rulecore reads {known}"),
            version=str(version),
            known=known,
        )
        raise not_a_package(name, reason)
    if any(item.role not in _ROLES for key, item in listed.items() if key != PINS):
        raise not_a_package(name, phrase(N_("its package.json cannot be read")))
    return listed


def _compared(
    members: Mapping[str, bytes], index: Mapping[str, _Listed]
) -> tuple[RunArchive, tuple[str, ...], tuple[Difference, ...]]:
    """Return the archive of the members that the index lists, which of them changed, and what does not agree."""
    changed: list[str] = []
    differences: list[Difference] = []
    contents: list[Content] = []
    for name, listed in index.items():
        data = members.get(name)
        if data is None:
            differences.append(difference("missing", N_("{member} is missing from the package"), member=name))
            continue
        if hashlib.sha256(data).hexdigest() != listed.sha256:
            changed.append(name)
            differences.append(
                difference(
                    "changed", N_("{member} is not what was packed: its SHA-256 is another"), member=name
                )
            )
        if name != PINS:
            contents.append(Content(role=listed.role, name=name, data=data))  # type: ignore[arg-type]
    for name in members:
        if name not in index and name != INDEX:
            differences.append(
                difference(
                    "unexpected", N_("{member} stands in the package, but not in its index"), member=name
                )
            )
    return RunArchive(contents=tuple(contents)), tuple(changed), tuple(differences)
