"""The fingerprint of a plan: the same policy text, plugins and rulecore give the same one, anything else another."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from rulecore.markers import API_VERSION
from rulecore.planned import Origin


def fingerprint(text: str, origins: Sequence[Origin]) -> str:
    """Return the SHA-256 of the policy's text and of who made its scorers, as hexadecimal text."""
    digest = hashlib.sha256(f"rulecore plan, contracts {API_VERSION}\n".encode())
    for origin in sorted(origins, key=lambda origin: (origin.distribution, origin.version)):
        digest.update(f"{origin.distribution} {origin.version} {origin.sha256}\n".encode())
    digest.update(text.encode())
    return digest.hexdigest()
