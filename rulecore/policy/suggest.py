"""Near misses: the known word somebody probably meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(written: str, known: Iterable[str]) -> str | None:
    """Return the known word closest to what was written, or None if none is close.

    Full-width and half-width forms, case, and ``-`` or blanks in the place of ``_`` do not count.
    """
    folded = {_folded(word): word for word in known}
    if _folded(written) in folded:
        return folded[_folded(written)]
    beginnings = [word for word in folded if len(_folded(written)) >= 3 and word.startswith(_folded(written))]
    if len(beginnings) == 1:
        return folded[beginnings[0]]
    near = get_close_matches(_folded(written), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().casefold().replace("-", "_").replace(" ", "_")
