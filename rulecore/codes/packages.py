"""Faults of keeping runs: what cannot be packed, what is no package, keys (RC013, RC019, RC092–RC099)."""

from rulecore.errors import Code
from rulecore.language import N_

KEY_EXISTS = Code(
    id="RC013",
    message=N_("{file} is there already; keys and signatures are never written over"),
    hint=N_("Give another name, or move the old file to where it is kept."),
)
PASSPHRASE_UNFIT = Code(
    id="RC019",
    message=N_("the passphrase cannot be used: {reason}"),
    hint=N_("Set RULECORE_PASSPHRASE, name a file with --passphrase-file, or type it when asked."),
)
CHANGED_MEANWHILE = Code(
    id="RC092",
    message=N_("{file} was changed after the run had read or written it"),
    hint=N_("Run again, and leave the files alone until it is done."),
)
UNFIT_NAME = Code(
    id="RC093",
    message=N_("{file} cannot stand in a package under its name"),
    hint=N_(
        'Rename the file: no control characters and none of \\ : * ? " < > |, at most 120 characters, and not '
        "like another one but for capital letters."
    ),
)
NOT_A_PACKAGE = Code(
    id="RC094",
    message=N_("{file} is no package of a run: {reason}"),
    hint=N_("rulecore pack writes packages; check that this one was copied whole."),
)
UNTRUSTED_PLUGINS = Code(
    id="RC095",
    message=N_(
        "the run used plugin files, which are programs: {plugins}. Nothing of a package is run unasked"
    ),
    hint=N_(
        "Read them; then say --trust-plugins, or --plugins-dir with your own copies, or --no-recompute to check "
        "hashes only."
    ),
)
PUBLISHED_DIFFERS = Code(
    id="RC096",
    message=N_("{file} is not what the policies give for these records"),
    hint=N_(
        "Pack with the policies, records and options of the run that wrote it; the differences are above."
    ),
)
NO_CRYPTOGRAPHY = Code(
    id="RC097",
    message=N_("signatures need the library cryptography, which is not installed"),
    hint=N_('Install it: pip install "rulecore[sign]".'),
)
UNFIT_KEY = Code(
    id="RC098",
    message=N_("{file} is no Ed25519 key that can be used here: {reason}"),
    hint=N_("rulecore keygen writes a pair of keys: the private one signs, the public one verifies."),
)
NOT_AT_HAND = Code(
    id="RC099",
    message=N_("{file} cannot be kept with the run: {reason}"),
    hint=N_("Give records and tables as files, and leave them where they are until the run is kept."),
)
