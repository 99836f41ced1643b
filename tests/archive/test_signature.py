"""Signatures: made by the private key only, under these bytes only."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest
from attrs import evolve

from rulecore.archive.signature import (
    Signature,
    check_signature,
    is_encrypted,
    new_keys,
    private_key,
    public_key,
    sign,
    write_new,
)
from rulecore.errors import UsageError

PACKAGE = "0" * 64


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    private, public, _name = new_keys(b"a good passphrase")
    write_new(tmp_path / "a.private.pem", private, 0o600)
    write_new(tmp_path / "a.public.pem", public, 0o644)
    return tmp_path / "a.private.pem", tmp_path / "a.public.pem"


def test_a_signature_is_the_same_every_time_and_holds_for_its_bytes_only(keys: tuple[Path, Path]) -> None:
    key, public = private_key(keys[0], b"a good passphrase"), public_key(keys[1])
    first, again = (sign(PACKAGE, key).to_json() for _time in range(2))
    assert first == again
    signer, wrong = check_signature(PACKAGE, first, public)
    assert (len(signer), wrong) == (32, ())
    assert check_signature("0" * 63 + "1", first, public) != (signer, ())
    assert check_signature(PACKAGE, None, public)[1][0].kind == "signature"


def test_every_changed_byte_of_a_signature_is_noticed(keys: tuple[Path, Path]) -> None:
    key, public = private_key(keys[0], b"a good passphrase"), public_key(keys[1])
    text = sign(PACKAGE, key).to_json()
    unnoticed = []
    for at in range(len(text)):
        changed = text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :]
        if check_signature(PACKAGE, changed, public)[1] == ():
            unnoticed.append(at)
    # Blanks and the ends of lines may be written otherwise: the same signature in other words.
    assert {text[at : at + 1] for at in unnoticed} <= {b" ", b"\n"}


def test_a_signature_by_another_key_is_told(keys: tuple[Path, Path], tmp_path: Path) -> None:
    private, _public, _name = new_keys(None)
    write_new(tmp_path / "b.pem", private, 0o600)
    signature = sign(PACKAGE, private_key(tmp_path / "b.pem", None))
    public = public_key(keys[1])
    assert "is by the key" in check_signature(PACKAGE, signature.to_json(), public)[1][0].text("en")
    # Saying that it is by the right key does not help.
    forged = evolve(signature, key=public.public_bytes_raw())
    assert "is not under this package" in check_signature(PACKAGE, forged.to_json(), public)[1][0].text("en")


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[", b"[]", b"null", b'{"signature": 1}', b"[" * 9_000, b"x" * 20_000]
)
def test_what_is_no_signature_is_told(keys: tuple[Path, Path], text: bytes) -> None:
    assert check_signature(PACKAGE, text, public_key(keys[1]))[1][0].kind == "signature"


def test_a_signature_of_wrong_length_is_none() -> None:
    found = json.loads(Signature(key=b"k" * 32, value=b"v" * 64, identifier="0").to_json())
    found["value"] = base64.b64encode(b"v" * 63).decode()
    with pytest.raises(ValueError, match="no signature"):
        Signature.from_json(json.dumps(found).encode())


def test_a_private_key_is_protected_and_never_written_over(keys: tuple[Path, Path]) -> None:
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    assert is_encrypted(keys[0])
    with pytest.raises(UsageError, match="RC013"):
        write_new(keys[0], b"", 0o600)
    for passphrase in (b"wrong passphrase", b"", None):
        with pytest.raises(UsageError, match="RC019"):
            private_key(keys[0], passphrase)
    with pytest.raises(UsageError, match="RC019"):
        new_keys(b"short")


def test_what_is_no_key_is_refused_with_a_reason(keys: tuple[Path, Path], tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    other = X25519PrivateKey.generate()
    (tmp_path / "other.pem").write_bytes(
        other.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (tmp_path / "none.pem").write_bytes(b"nothing")
    for path in (tmp_path / "other.pem", tmp_path / "none.pem", tmp_path / "missing.pem", tmp_path, keys[1]):
        with pytest.raises(UsageError, match="RC098"):
            private_key(path, None)
    for path in (keys[0], tmp_path / "none.pem", tmp_path / "missing.pem"):
        with pytest.raises(UsageError, match="RC098"):
            public_key(path)
