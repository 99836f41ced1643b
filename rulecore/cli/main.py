"""The program: one place that turns errors into words and exit codes.

Exit codes: 0 done; 1 done, with records quarantined; 2 wrong policy, plugin, input or arguments; 70 a bug in
rulecore; 130 interrupted; 141 the reader of standard output went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from rulecore.cli.words import speak

EXIT_USAGE: Final = 2
EXIT_BUG: Final = 70
EXIT_INTERRUPTED: Final = 130
EXIT_BROKEN_PIPE: Final = 141


def run(arguments: Sequence[str]) -> int:
    """Run the program with some arguments and return its exit code. Errors are worded on standard error."""
    for stream in (sys.stdout, sys.stderr):
        # Consoles that cannot show Chinese print question marks instead of failing.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    speak()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_standard_output()
        return EXIT_BROKEN_PIPE
    except OSError as error:
        # Without a file name it is standard output that cannot be written, because its disk is full.
        if error.filename is None:
            _close_standard_output()
        return report(error)
    return code


def _close_standard_output() -> None:
    # What is left to write cannot be written; Python would complain once more when it flushes at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _run(arguments: Sequence[str]) -> int:
    try:
        from rulecore.cli.group import program

        result = program.main(list(arguments), prog_name="rulecore", standalone_mode=False)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except OSError:
        raise
    except Exception as error:
        return report(error)
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def report(error: Exception) -> int:
    """Write an error to standard error and return the exit code that belongs to it."""
    from rulecore.errors import FaultsError, InternalError, RulecoreError, ordered, summary
    from rulecore.language import _

    if isinstance(error, FaultsError):
        faults = ordered(error.faults)
        click.echo("\n\n".join(fault.render() for fault in faults) + f"\n\n{summary(faults)}", err=True)
        return EXIT_USAGE
    if isinstance(error, OSError) or (
        isinstance(error, RulecoreError) and not isinstance(error, InternalError)
    ):
        click.echo(_("error: {message}").format(message=error), err=True)
        return EXIT_USAGE
    if os.environ.get("RULECORE_DEBUG"):
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True)
    click.echo(
        _("This is a bug in rulecore or in one of its plugins ({where}): {kind}: {message}").format(
            where=_where(error), kind=type(error).__name__, message=error
        ),
        err=True,
    )
    click.echo(_("RULECORE_DEBUG=1 shows the traceback; please report it."), err=True)
    return EXIT_BUG


def _where(error: Exception) -> str:
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame is not None else "-"
