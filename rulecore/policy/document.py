"""A policy file as read: its text, what it means, and where in it everything stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

import tomli
from attrs import field, frozen

from rulecore.codes import policy as codes
from rulecore.errors import Fault, PolicyError
from rulecore.language import N_
from rulecore.policy.labelled import moved_positions, without_labels
from rulecore.policy.limits import MAX_DEPTH, content_faults, read_decimal
from rulecore.policy.positions import Position, content_offsets, locate
from rulecore.policy.toml_faults import decode_fault, integer_fault
from rulecore.source import KeyPath, Place, format_key

MAX_BYTES: Final = 2 * 1024 * 1024
Root = Path | Mapping[Path, str]
"""The folder that shown paths are relative to, or what each file (by its absolute path) is called."""
LONGEST_EXCERPT: Final = 300
"""A line longer than this is shown up to the marked place only, or not at all where that lies further in."""


@frozen(kw_only=True, slots=False)
class Document:
    """One TOML document: ``data`` is what tomli reads from ``text``, with decimals as ``Decimal``.

    ``name`` is the path as messages show it; line ends in ``text`` are line feeds, a byte order mark is
    taken off.
    """

    path: Path
    name: str
    text: str = field(repr=False)
    data: Mapping[str, object] = field(repr=False)
    labels: Mapping[str, str] = field(factory=dict, repr=False)
    """The labels of parameters that this file gives one; ``data`` holds their values alone."""

    @property
    def parameter_labels(self) -> dict[str, str]:
        """The labels of parameters: a child that sets another value keeps the label of its base."""
        found: dict[str, str] = {}
        for layer in reversed(self.layers):
            found |= layer.labels
        return found

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text, without their ends."""
        return tuple(self.text.split("\n"))

    @property
    def layers(self) -> tuple[Document, ...]:
        """The documents this one is made of, its own first and the furthest base last: here itself alone."""
        return (self,)

    @property
    def content(self) -> str:
        """Everything this document is made of, for fingerprints."""
        return self.text

    def history(self, key: KeyPath) -> tuple[Document, ...]:
        """Return the documents that set a value at ``key``, the furthest base first."""
        return (self,) if self.value_at(key) is not None else ()

    @property
    def sources(self) -> Mapping[str, str]:
        """The text of each file it is made of, by the name that messages give it."""
        return {document.name: document.text for document in self.layers}

    @cached_property
    def positions(self) -> Mapping[KeyPath, Position]:
        """The position of every key path; computed when the first place is asked for."""
        return moved_positions(locate(self.text), self.labels)

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line) + 1
        return tuple(starts)

    def place(
        self, key: KeyPath, *, value: bool = True, start: int | None = None, end: int | None = None
    ) -> Place:
        """Return where ``key`` stands: its value, or with ``value=False`` the key itself.

        With ``start`` and ``end``: that range of characters inside the text at ``key``, an expression for
        example. A key path that is not there has the place of its nearest parent that is; the document
        itself has no line.
        """
        shown = format_key(key)
        while key and key not in self.positions:
            key, start, end = key[:-1], None, None
            value = value and bool(key) and isinstance(self.value_at(key), list)
        if not key:
            return Place(file=self.name, key=shown)
        position = self.positions[key]
        if not value:
            return self._range(position.key_start, position.key_end, shown)
        if start is not None:
            inner = self._inside(position, start, start if end is None else end)
            if inner is not None:
                return self._range(*inner, shown)
            return self._whole_line(position.value_start, shown)
        return self._range(position.value_start, position.value_end, shown)

    def value_at(self, key: KeyPath) -> object | None:
        """Return the value at a key path, or None if there is nothing (TOML itself knows no such value)."""
        value: object = self.data
        for part in key:
            if isinstance(value, Mapping):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def _inside(self, position: Position, start: int, end: int) -> tuple[int, int] | None:
        """Return the offsets in the document of a range inside a string's value, or None if it has none."""
        raw = self.text[position.value_start : position.value_end]
        if raw[:1] not in ("'", '"'):
            return position.value_start, position.value_end
        offsets = content_offsets(raw)
        if offsets is None or not 0 <= start < len(offsets):
            return None
        last = min(max(end, start), len(offsets) - 1)
        return position.value_start + offsets[start], position.value_start + offsets[last]

    def _range(self, start: int, end: int, shown: str) -> Place:
        line = self._line_of(start)
        text, column = self.lines[line], start - self._line_starts[line] + 1
        length = max(1, min(end - start, len(text) - column + 1))
        return Place(
            file=self.name,
            line=line + 1,
            column=column,
            length=length,
            key=shown,
            excerpt=shortened(text, column + length),
        )

    def _whole_line(self, start: int, shown: str) -> Place:
        line = self._line_of(start)
        return Place(file=self.name, line=line + 1, key=shown, excerpt=shortened(self.lines[line], 1))

    def _line_of(self, offset: int) -> int:
        return bisect_right(self._line_starts, offset) - 1


def shortened(line: str, needed: int) -> str:
    """Return a line as shown in messages: cut after the part up to column ``needed`` if it is very long."""
    if len(line) <= LONGEST_EXCERPT:
        return line
    return f"{line[: max(needed, LONGEST_EXCERPT // 2)]}…" if needed <= LONGEST_EXCERPT else ""


def read_document(path: Path, root: Root | None = None) -> Document:
    """Return the TOML document at ``path``; messages show it relative to ``root`` (or the working folder).

    Raises :class:`rulecore.errors.PolicyError` for a file that is missing, unreadable, too large, not
    UTF-8, empty, not TOML, nested too deep, or that holds numbers no policy can mean.
    """
    name = shown_path(path, root)
    text = _decoded(_content(path, name), name)
    if not text.strip():
        raise PolicyError([Fault(code=codes.EMPTY_FILE, place=Place(file=name))])
    try:
        data = tomli.loads(text, parse_float=read_decimal)
    except tomli.TOMLDecodeError as error:
        raise PolicyError([decode_fault(error, name)]) from None
    except RecursionError:
        raise PolicyError([_too_deep(name)]) from None
    except ValueError:  # an integer of more digits than Python reads; tomli lets that error through
        raise PolicyError([integer_fault(text, name)]) from None
    plain, labels = without_labels(data)
    document = Document(path=path, name=name, text=text, data=plain, labels=labels)
    faults = content_faults(plain, document.place, name)
    if faults:
        raise PolicyError(faults)
    if not data:
        raise PolicyError([Fault(code=codes.EMPTY_FILE, place=Place(file=name))])
    return document


def shown_path(path: Path, root: Root | None = None) -> str:
    """Return a path as messages show it: relative to ``root`` (or the working folder) if inside."""
    if isinstance(root, Mapping):
        return root.get(path.absolute()) or shown_path(path)
    base = (root if root is not None else Path()).absolute()
    absolute = path.absolute()
    return absolute.relative_to(base).as_posix() if absolute.is_relative_to(base) else path.as_posix()


def _content(path: Path, name: str) -> bytes:
    place = Place(file=name)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
            size = path.stat().st_size
    except FileNotFoundError:
        values = {"path": name, "folder": Path().absolute()}
        raise PolicyError([Fault(code=codes.FILE_MISSING, values=values, place=place)]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        values = {"path": name, "reason": reason}
        raise PolicyError([Fault(code=codes.FILE_UNREADABLE, values=values, place=place)]) from None
    if len(content) > MAX_BYTES:
        values = {"size": max(size, len(content)), "limit": MAX_BYTES}
        raise PolicyError([Fault(code=codes.FILE_TOO_LARGE, values=values, place=place)])
    return content


def _decoded(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError([_encoding_fault(content, error.start, name)]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise PolicyError([Fault(code=codes.NUL_CHARACTER, place=Place(file=name, line=line))])
    return text.replace("\r\n", "\n")


def _encoding_fault(content: bytes, start: int, name: str) -> Fault:
    hint = None
    excerpt = ""
    line = content.count(b"\n", 0, start) + 1
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        hint = N_("it looks like UTF-16 (记事本 calls it Unicode): save it again with the encoding UTF-8")
    else:
        try:
            excerpt = shortened(content.decode("gb18030").split("\n")[line - 1].rstrip("\r"), 1)
            hint = N_(
                "it looks like GB18030 (ANSI in 记事本): choose 另存为 and the encoding UTF-8, or run "
                "iconv -f GB18030 -t UTF-8"
            )
        except UnicodeDecodeError:
            pass
    place = Place(file=name, line=line, excerpt=excerpt)
    return Fault(code=codes.NOT_UTF8, values={"byte": start + 1}, place=place, hint=hint)


def _too_deep(name: str) -> Fault:
    return Fault(code=codes.NESTED_TOO_DEEP, values={"limit": MAX_DEPTH}, place=Place(file=name))
