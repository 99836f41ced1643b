"""The folders that ``rulecore new`` writes: the files of ``rulecore/templates`` filled in, all or none."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Final

from rulecore.codes.starting import NO_SUCH_FOLDER, NOT_WRITTEN, PLACE_TAKEN
from rulecore.errors import Fault, UsageError

TEMPLATES: Final = Path(__file__).parent.parent / "templates"
SUFFIX: Final = ".template"
MODULE: Final = "MODULE"
"""The part of a template's path that stands for the value ``module``."""


def filled(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the files of a kind of template by path inside the new folder, ``${name}`` in them filled."""
    folder = TEMPLATES / kind
    found = {}
    for template in sorted(folder.rglob(f"*{SUFFIX}")):
        path = template.relative_to(folder).as_posix().removesuffix(SUFFIX)
        text = Template(template.read_text(encoding="utf-8")).substitute(values)
        found[path.replace(MODULE, values.get("module", ""))] = text
    return found


def place_faults(target: Path) -> tuple[Fault, ...]:
    """Return why a new folder cannot stand at ``target``: no folder above it, or something is there."""
    if not target.parent.is_dir():
        return (Fault(code=NO_SUCH_FOLDER, values={"folder": target.parent}),)
    if os.path.lexists(target):
        return (Fault(code=PLACE_TAKEN, values={"path": target}),)
    return ()


def write_folder(target: Path, files: Mapping[str, str]) -> None:
    """Write a folder with all its files, or nothing. Raises UsageError.

    It is written beside its place and then renamed, so that nobody ever sees a part of it.
    """
    temporary = target.with_name(f".rulecore-{secrets.token_hex(8)}.tmp")
    try:
        for path, text in files.items():
            file = temporary / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        # Renaming replaces an empty folder without a word.
        if os.path.lexists(target):
            raise UsageError([Fault(code=PLACE_TAKEN, values={"path": target})])
        temporary.rename(target)
    except OSError as error:
        values = {"path": target, "reason": error.strerror or error}
        raise UsageError([Fault(code=NOT_WRITTEN, values=values)]) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def shell_path(path: Path) -> str:
    """Return a path as it is typed in a shell, for the commands in the new files."""
    text = path.as_posix()
    # A line break would end the comment it stands in.
    text = text if text.isprintable() else path.name
    # shlex would put quotes around Chinese too, which no shell needs.
    return text if re.fullmatch(r"[\w@%+=:,./-]+", text) else shlex.quote(text)
