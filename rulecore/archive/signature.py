"""Detached signatures under packages (Ed25519): who vouches for a package, besides that it agrees with itself.

Everybody can pack other records and get a package that verifies. What only the holder of a private key can make is a
signature under it. What is signed is the identifier, which no two archives share, after a line that says what the
signature is for; so a run that a store exports again years later is still the one that was signed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

from rulecore.archive.differences import Difference, difference
from rulecore.codes import packages as codes
from rulecore.errors import Code, Fault, UsageError
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.source import Place

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE_VERSION: Final = 1
SUFFIX: Final = ".sig"
PURPOSE: Final = b"rulecore run, signature 1\n"
"""Stands before what is signed, so that the signature can never be taken for one under something else."""
MAX_BYTES: Final = 10_000
"""No signature and no key is larger."""
SHORTEST_PASSPHRASE: Final = 8


@frozen(kw_only=True)
class Signature:
    """A signature: the public key it says it is by, its value, and the identifier it says it is under.

    None of them is to be believed before it is checked.
    """

    key: bytes
    value: bytes
    identifier: str

    def to_json(self) -> bytes:
        """Return the signature as the text of its file."""
        found = {
            "signature": SIGNATURE_VERSION,
            "algorithm": "Ed25519",
            "identifier": self.identifier,
            "key": base64.b64encode(self.key).decode(),
            "value": base64.b64encode(self.value).decode(),
        }
        return (json.dumps(found, indent=2) + "\n").encode()

    @classmethod
    def from_json(cls, text: bytes) -> Signature:
        """Return the signature in a file; raises ValueError where there is none."""
        found = json.loads(text) if len(text) <= MAX_BYTES else None
        keys = {"signature", "algorithm", "identifier", "key", "value"}
        if not isinstance(found, dict) or {*found} != keys or found["algorithm"] != "Ed25519":
            raise ValueError("no signature")
        key, value = (_decoded(found[name]) for name in ("key", "value"))
        if found["signature"] != SIGNATURE_VERSION or len(key) != 32 or len(value) != 64:
            raise ValueError("no signature")
        return cls(key=key, value=value, identifier=str(found["identifier"]))


def _decoded(text: str) -> bytes:
    """Return what base64 text says; raises ValueError for text that another one is the usual way to write."""
    found = base64.b64decode(text, validate=True)
    if base64.b64encode(found).decode() != text:
        raise ValueError("no signature")
    return found


def sign(identifier: str, key: Ed25519PrivateKey) -> Signature:
    """Return the signature under the archive of an identifier; the same for the same archive and key."""
    return Signature(
        key=key.public_key().public_bytes_raw(),
        value=key.sign(PURPOSE + identifier.encode()),
        identifier=identifier,
    )


def check_signature(
    identifier: str, signature: bytes | None, key: Ed25519PublicKey
) -> tuple[str, tuple[Difference, ...]]:
    """Return the fingerprint of the key that signed an archive, and what is wrong with the signature.

    ``signature`` are the bytes of its file, None where there is no such file.
    """
    from cryptography.exceptions import InvalidSignature

    own = fingerprint(key.public_bytes_raw())
    if signature is None:
        return "", (
            difference("signature", N_("there is no signature, though one by {key} is asked for"), key=own),
        )
    try:
        found = Signature.from_json(signature)
    except (ValueError, TypeError, RecursionError):
        return "", (difference("signature", N_("the signature is no signature of rulecore")),)
    if found.key != key.public_bytes_raw():
        message = N_("the signature is by the key {found}, not by {key}")
        return "", (difference("signature", message, found=fingerprint(found.key), key=own),)
    try:
        key.verify(found.value, PURPOSE + identifier.encode())
    except InvalidSignature:
        return "", (difference("signature", N_("the signature by {key} is not under this package"), key=own),)
    if found.identifier != identifier:
        return "", (difference("signature", N_("the signature names another package than it signs")),)
    return own, ()


def fingerprint(key: bytes) -> str:
    """Return what a public key is called: the first half of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(key).hexdigest()[:32]


# --- keys ------------------------------------------------------------------------------------------------------------


def new_keys(passphrase: bytes | None) -> tuple[bytes, bytes, str]:
    """Return a new private and public key as PEM text, and the fingerprint; raises UsageError."""
    check_library()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if passphrase is not None and len(passphrase) < SHORTEST_PASSPHRASE:
        raise _unfit_passphrase(
            phrase(N_("it is shorter than {count} characters"), count=str(SHORTEST_PASSPHRASE))
        )
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase)
        if passphrase is not None
        else serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public, fingerprint(key.public_key().public_bytes_raw())


def write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that was not there, with permissions from the first byte on; raises UsageError if it was."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    except FileExistsError:
        raise _fault(codes.KEY_EXISTS, path) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def is_encrypted(path: Path) -> bool:
    """Return whether a private key is one that needs a passphrase."""
    return b"ENCRYPTED" in _key_bytes(path)


def private_key(path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    """Return the private key in a PEM file (PKCS#8); raises UsageError for what is none, and a wrong passphrase."""
    check_library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    data = _key_bytes(path)
    try:
        key = load_pem_private_key(data, passphrase if b"ENCRYPTED" in data else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if b"ENCRYPTED" in data:
            raise _unfit_passphrase(phrase(N_("it does not open {file}"), file=str(path))) from None
        raise _fault(codes.UNFIT_KEY, path, reason=phrase(N_("it is no private key in PEM"))) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _fault(codes.UNFIT_KEY, path, reason=phrase(N_("it is of another kind")))
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """Return the public key in a PEM file; raises UsageError for what is none, a private key among it."""
    check_library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    data = _key_bytes(path)
    if b"PRIVATE KEY" in data:
        raise _fault(
            codes.UNFIT_KEY, path, reason=phrase(N_("it is a private key; verifying needs the public one"))
        )
    try:
        key = load_pem_public_key(data)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _fault(codes.UNFIT_KEY, path, reason=phrase(N_("it is no public key in PEM"))) from None
    if not isinstance(key, Ed25519PublicKey):
        raise _fault(codes.UNFIT_KEY, path, reason=phrase(N_("it is of another kind")))
    return key


def _key_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except (OSError, ValueError) as error:
        reason = phrase(getattr(error, "strerror", None) or str(error))
        raise _fault(codes.UNFIT_KEY, path, reason=reason) from None


def check_library() -> None:
    """Raise UsageError where the library for signatures is not installed."""
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise UsageError([Fault(code=codes.NO_CRYPTOGRAPHY)]) from None


def _unfit_passphrase(reason: Phrase) -> UsageError:
    return UsageError([Fault(code=codes.PASSPHRASE_UNFIT, values={"reason": reason})])


def _fault(code: Code, path: Path, **values: object) -> UsageError:
    return UsageError([Fault(code=code, values={"file": path, **values}, place=Place(file=str(path)))])
