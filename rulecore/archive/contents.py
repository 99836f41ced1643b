"""What a run was made of, as bytes with names: the one form that packages and stores share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from attrs import field, frozen

from rulecore.errors import InternalError

Role = Literal[
    "request",
    "policy",
    "plugin",
    "records",
    "table",
    "history",
    "mapping",
    "results",
    "adjustments",
    "output",
    "explanation",
    "manifest",
    "environment",
]
"""What a content was to its run.

``request`` is what was asked for (JSON), ``environment`` with which rulecore and which plugins it was computed (JSON);
``policy`` is a file of the policies and their bases, ``plugin`` a plugin file of ``--plugins-dir``;
``records table history mapping results adjustments`` are inputs, under the option that named them (results of other
runs with their manifests); ``output`` is a file the run wrote, ``explanation`` one that explains it, ``manifest`` the
manifest of the run.
"""


@frozen(kw_only=True, slots=False)
class Content:
    """One file of a run: its role, its name within the archive (relative, ``/`` between folders) and its bytes."""

    role: Role
    name: str
    data: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def _by_name(contents: Iterable[Content]) -> tuple[Content, ...]:
    return tuple(sorted(contents, key=lambda content: content.name))


@frozen(kw_only=True, slots=False)
class RunArchive:
    """All files of one run, in the order of their names, each name once.

    It holds what is needed to compute the run again on a machine that never saw the original, and what came of it.
    """

    contents: tuple[Content, ...] = field(converter=_by_name)

    def __attrs_post_init__(self) -> None:
        """Refuse two contents of one name."""
        names = [content.name for content in self.contents]
        if len(set(names)) != len(names):
            raise InternalError(f"an archive holds two contents of one name: {names}")

    def of(self, *roles: Role) -> tuple[Content, ...]:
        """Return the contents of some roles."""
        return tuple(content for content in self.contents if content.role in roles)

    @property
    def manifest(self) -> bytes:
        """The manifest of the run as it was written."""
        return next(content.data for content in self.contents if content.role == "manifest")

    @cached_property
    def identifier(self) -> str:
        """The SHA-256 over all roles, names and hashes: two archives share it only if every byte is the same."""
        digest = hashlib.sha256()
        for content in self.contents:
            digest.update(f"{content.role}\n{content.name}\n{content.sha256}\n".encode())
        return digest.hexdigest()
