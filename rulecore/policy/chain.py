"""The files a policy is made of: itself, the base it extends, the base's base, and so on."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from rulecore.codes import families as codes
from rulecore.errors import Code, Fault, PolicyError
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.document import Document, Root, read_document, shown_path
from rulecore.policy.suggest import suggestion
from rulecore.policy.words import listed, shown
from rulecore.source import KeyPath

POLICY_FILE: Final = "policy.toml"
POLICY_FOLDER: Final = "policies"
EXTENDS: Final[KeyPath] = ("policy", "extends")


def policy_folder(path: Path) -> Path:
    """Return the folder that the bases of the policies at ``path`` must lie in.

    The nearest folder called ``policies`` that holds ``path``; without one the folder given, if it is a
    policy set, and for a single policy the folder above its own, so that ``../group/annual.toml`` can be
    reached.
    """
    absolute = _absolute(path)
    is_folder = absolute.is_dir()
    for folder in (absolute, *absolute.parents) if is_folder else absolute.parents:
        if folder.name == POLICY_FOLDER:
            return folder
    if is_folder and not (absolute / POLICY_FILE).is_file():
        return absolute
    return absolute.parent if is_folder else absolute.parent.parent


def read_chain(path: Path, root: Root | None = None, inside: Path | None = None) -> tuple[Document, ...]:
    """Return the documents of the policy at ``path``: its own first, then each base, the furthest last.

    ``inside`` is the folder that bases must lie in (:func:`policy_folder` of ``path`` if not given);
    messages show paths relative to ``root``. Raises :class:`rulecore.errors.PolicyError` for a file that
    cannot be read, a base that is missing or lies outside, and for a circle.
    """
    folder = _absolute(inside) if inside is not None else policy_folder(path)
    chain = [read_document(path, root)]
    while True:
        base = base_path(chain[-1], folder)
        if base is None:
            return tuple(chain)
        files = [document.path.resolve() for document in chain]
        if base.resolve() in files:
            circle = [*chain[files.index(base.resolve()) :], chain[files.index(base.resolve())]]
            names = " → ".join(document.name for document in circle)
            raise _refused(codes.EXTENDS_LOOP, chain[-1], {"circle": names})
        chain.append(read_document(base, root))


def base_path(document: Document, folder: Path) -> Path | None:
    """Return the file of the base that a document extends, or None if it extends none.

    A value that is no text is left to the structuring of ``[policy]``. Whether the path leaves ``folder``
    is decided before the file system is asked, so that no message tells what lies outside.
    """
    written = document.value_at(EXTENDS)
    if not isinstance(written, str):
        return None
    reason = _unusable(written)
    if reason is not None:
        values = {"path": shown(written), "reason": phrase(reason)}
        raise _refused(codes.EXTENDS_UNUSABLE, document, values)
    target = _absolute(document.path.parent / written)
    leaves = {"folder": shown_path(folder), "target": written}
    if not target.is_relative_to(folder):
        raise _refused(codes.EXTENDS_LEAVES, document, leaves)
    if not target.resolve().is_relative_to(folder.resolve()):
        hint = N_("{target} is a link that leads out of the folder: copy the base into it")
        raise _refused(codes.EXTENDS_LEAVES, document, leaves, hint)
    if not target.is_file():
        raise _missing(document, written, target)
    return target


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _unusable(written: str) -> str | None:
    if not written.strip():
        return N_("it is empty")
    if (
        PurePosixPath(written).is_absolute()
        or PureWindowsPath(written).drive
        or written.startswith(("\\", "~"))
    ):
        return N_("it must be relative to this file")
    if "://" in written:
        return N_("a base is a file, not an address")
    if "\\" in written:
        return N_("folders are separated by /")
    if "\0" in written:
        return N_("it holds a NUL character")
    if not written.lower().endswith(".toml"):
        return N_("a base is a file that ends in .toml")
    return None


def _missing(document: Document, written: str, target: Path) -> PolicyError:
    """Return the fault for a base that is not there, with the file probably meant."""
    place = _nearest_folder(target)
    found = sorted(place.glob("*.toml")) + sorted(place.glob("*/*.toml"))
    here = [os.path.relpath(file, document.path.parent).replace(os.sep, "/") for file in found[:200]]
    here = [name for name in here if (document.path.parent / name).resolve() != document.path.resolve()]
    near = suggestion(written, here)
    values: Mapping[str, object] = {
        "path": written,
        "folder": shown_path(document.path.parent),
        "known": listed(here, 8) or "—",
        "suggestion": near or "",
    }
    hint = N_('did you mean "{suggestion}"?') if near is not None else None
    return _refused(codes.BASE_MISSING, document, values, hint)


def _nearest_folder(target: Path) -> Path:
    return next(folder for folder in target.parents if folder.is_dir())


def _refused(
    code: Code, document: Document, values: Mapping[str, object], hint: str | None = None
) -> PolicyError:
    return PolicyError([Fault(code=code, values=values, place=document.place(EXTENDS), hint=hint)])
