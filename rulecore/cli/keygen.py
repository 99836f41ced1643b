"""``rulecore keygen``: a pair of keys to sign packages with."""

from __future__ import annotations

from pathlib import Path

import click

from rulecore.cli.frame import Invocation, command, option
from rulecore.cli.passphrase import asked_passphrase, passphrase_options
from rulecore.language import N_, _


@command(
    "keygen",
    help=N_(
        "Write a new pair of keys (Ed25519): NAME.private.pem, which signs and stays with its holder, and "
        "NAME.public.pem, which verifies and is given to everybody.\n\n"
        "The private key is protected by a passphrase, readable by its owner only, and never written over. "
        'Needs the extra "rulecore[sign]".'
    ),
)
@click.argument("name", type=click.Path(path_type=Path))
@passphrase_options
@option(
    "--no-passphrase", is_flag=True, help=N_("Write the private key unprotected, for machines that sign.")
)
@click.pass_obj
def keygen(_invocation: Invocation, *, name: Path, passphrase_file: Path | None, no_passphrase: bool) -> int:
    """Write both keys and return the exit code."""
    from rulecore.archive.signature import check_library, new_keys, write_new
    from rulecore.codes.packages import KEY_EXISTS
    from rulecore.errors import Fault, UsageError
    from rulecore.source import Place

    check_library()
    private_path, public_path = (name.with_name(f"{name.name}.{kind}.pem") for kind in ("private", "public"))
    faults = [
        Fault(code=KEY_EXISTS, values={"file": path}, place=Place(file=str(path)))
        for path in (private_path, public_path)
        if path.exists()
    ]
    if faults:
        raise UsageError(faults)
    passphrase = None if no_passphrase else asked_passphrase(passphrase_file, twice=True)
    private, public, key = new_keys(passphrase)
    write_new(private_path, private, 0o600)
    write_new(public_path, public, 0o644)
    click.echo(_("written: {file}").format(file=private_path), err=True)
    click.echo(_("written: {file}").format(file=public_path), err=True)
    click.echo(_("key: {key}").format(key=key))
    return 0


COMMAND = keygen
