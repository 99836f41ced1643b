"""The passphrase of a private key: from a file, from the environment, or typed. Never an argument, which others see."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import click

from rulecore.cli.frame import option
from rulecore.language import N_, _

P = ParamSpec("P")
R = TypeVar("R")

VARIABLE: Final = "RULECORE_PASSPHRASE"
LONGEST: Final = 1_000


def passphrase_options(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--passphrase-file`` to a command."""
    return option(
        "--passphrase-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=N_(
            "The file whose first line is the passphrase; else RULECORE_PASSPHRASE, else it is asked for."
        ),
    )(function)


def asked_passphrase(file: Path | None, *, twice: bool) -> bytes:
    """Return the passphrase; ``twice``: one that is typed is typed again. Raises UsageError where there is none."""
    from rulecore.codes.packages import PASSPHRASE_UNFIT
    from rulecore.errors import Fault, UsageError
    from rulecore.phrase import phrase

    given = os.environ.get(VARIABLE, "")
    if file is not None:
        try:
            given = file.read_bytes()[:LONGEST].decode("utf-8-sig").partition("\n")[0].rstrip("\r")
        except (OSError, ValueError) as error:
            reason = phrase(getattr(error, "strerror", None) or str(error))
            raise UsageError([Fault(code=PASSPHRASE_UNFIT, values={"reason": reason})]) from None
    if not given and file is None and sys.stdin.isatty():
        given = click.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=twice, err=True)
    if not given:
        reason = phrase(N_("it is empty, or was not given"))
        raise UsageError([Fault(code=PASSPHRASE_UNFIT, values={"reason": reason})])
    return given.encode()
