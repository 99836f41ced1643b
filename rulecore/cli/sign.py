"""``rulecore sign``: a detached signature under a package."""

from __future__ import annotations

from pathlib import Path

import click

from rulecore.cli.frame import Invocation, command, option
from rulecore.cli.passphrase import asked_passphrase, passphrase_options
from rulecore.language import N_, _


@command(
    "sign",
    help=N_(
        "Sign the package of a run with a private key (Ed25519) and write the signature beside it, as PACKAGE.sig.\n\n"
        "rulecore verify --key checks it. Nothing is computed: verify a package before you sign it. "
        'Needs the extra "rulecore[sign]".'
    ),
)
@click.argument("package", type=click.Path(path_type=Path))
@option(
    "--key",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("The private key (PEM, PKCS#8), such as rulecore keygen writes."),
)
@option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=N_("Where the signature goes; PACKAGE.sig if left out."),
)
@passphrase_options
@click.pass_obj
def sign(
    _invocation: Invocation, *, package: Path, key: Path, output: Path | None, passphrase_file: Path | None
) -> int:
    """Sign, write the signature, and return the exit code."""
    from rulecore.archive.package import not_a_package, open_package, read_file
    from rulecore.archive.signature import (
        SUFFIX,
        check_library,
        fingerprint,
        is_encrypted,
        private_key,
        write_new,
    )
    from rulecore.archive.signature import sign as signature_under
    from rulecore.phrase import phrase

    check_library()
    found = open_package(read_file(package), str(package))
    if found.differences:
        reason = phrase(N_("{members} changed since it was packed"), members=", ".join(found.changed) or "-")
        raise not_a_package(str(package), reason)
    passphrase = asked_passphrase(passphrase_file, twice=False) if is_encrypted(key) else None
    signature = signature_under(found.identifier, private_key(key, passphrase))
    target = output if output is not None else package.with_name(f"{package.name}{SUFFIX}")
    write_new(target, signature.to_json(), 0o644)
    click.echo(_("written: {file}").format(file=target), err=True)
    click.echo(_("identifier: {identifier}").format(identifier=found.identifier))
    click.echo(_("signed with the key {key}").format(key=fingerprint(signature.key)))
    return 0


COMMAND = sign
