"""``rulecore verify``: is this package what its policies give for its records, and who vouches for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.frame import Invocation, command, format_option, option, plugins_dir_option
from rulecore.language import N_, current_language

if TYPE_CHECKING:
    from rulecore.archive.differences import Difference

EXIT_DIFFERS = 1


@command(
    "verify",
    help=N_(
        "Check the package of a run: its hashes, its signature, the plugins; then compute everything again and "
        "compare it byte for byte.\n\n"
        "Says which cell, line, plugin or result differs. Nothing but the package is read, and nothing in it is run: "
        "plugin files only with --trust-plugins. Ends with 0 if nothing differs, 1 if something does, 2 if it is no "
        "package or the arguments are wrong."
    ),
)
@click.argument("package", type=click.Path(path_type=Path))
@option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("The public key (PEM) whose signature must be under the package."),
)
@option(
    "--signature",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("The signature, if it is not called PACKAGE.sig."),
)
@option(
    "--identifier",
    default="",
    metavar="HEX",
    help=N_("The identifier that was published, or at least its first 16 characters."),
)
@option("--engine", default="", metavar="NAME", help=N_("Compute with another engine than the run did."))
@option("--no-recompute", is_flag=True, help=N_("Check hashes and the signature only."))
@option("--trust-plugins", is_flag=True, help=N_("Run the plugin files of the package: they are programs."))
@plugins_dir_option
@format_option
@click.pass_obj
def verify(
    invocation: Invocation,
    *,
    package: Path,
    key: Path | None,
    signature: Path | None,
    identifier: str,
    engine: str,
    no_recompute: bool,
    trust_plugins: bool,
    output_format: str,
) -> int:
    """Verify, report on standard output, and return the exit code."""
    from attrs import evolve

    from rulecore.archive.package import open_package, read_file
    from rulecore.archive.verify import VerifyOptions, verify_package

    refuse_short(identifier)
    data = read_file(package)
    opened = open_package(data, str(package))
    signer, wrong, notes = signature_report(opened.identifier, package, key, signature)
    # Programs of a package are not run where the signature that was asked for is wrong.
    trusted = trust_plugins and not wrong
    options = VerifyOptions(
        recompute=not no_recompute and (trusted or not trust_plugins),
        trust_plugins=trusted,
        plugins_dir=invocation.plugins_dir,
        engine=engine,
        identifier=identifier,
    )
    report = verify_package(data, str(package), options)
    report = evolve(
        report,
        differences=(*wrong, *report.differences),
        notes=(*notes, *report.notes),
        signature=signer,
    )
    if output_format == "json":
        click.echo(json.dumps(report.document(current_language()), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(report.lines()))
    return 0 if report.verified else EXIT_DIFFERS


def refuse_short(identifier: str) -> None:
    """Raise a usage error for an identifier that is none, or too short to tell packages apart."""
    from rulecore.archive.verify import SHORTEST_IDENTIFIER
    from rulecore.language import _

    letters = set(identifier.lower()) <= set("0123456789abcdef")
    if identifier and (not letters or not SHORTEST_IDENTIFIER <= len(identifier) <= 64):
        raise click.BadParameter(
            _("{identifier} is no identifier: {least} to 64 of the characters 0–9 and a–f").format(
                identifier=identifier, least=SHORTEST_IDENTIFIER
            ),
            param_hint="--identifier",
        )


def signature_report(
    identifier: str, package: Path, key: Path | None, signature: Path | None
) -> tuple[str, tuple[Difference, ...], tuple[Difference, ...]]:
    """Return who signed a package, what is wrong with the signature, and what to know about it."""
    from rulecore.archive.differences import difference
    from rulecore.archive.signature import SUFFIX, check_signature, public_key

    beside = signature if signature is not None else package.with_name(f"{package.name}{SUFFIX}")
    if key is not None:
        public = public_key(key)
        signer, wrong = check_signature(identifier, read_signature(beside), public)
        return signer, wrong, ()
    if signature is not None or beside.exists():
        message = N_("{file} was not checked: --key says whose signature it must be")
        return "", (), (difference("signature", message, file=str(beside)),)
    return "", (), ()


def read_signature(path: Path) -> bytes | None:
    """Return the bytes of a signature, None if there is none."""
    from rulecore.archive.signature import MAX_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        return None


COMMAND = verify
