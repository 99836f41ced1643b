"""What peers that take one record at a time share: the records in floats."""

from __future__ import annotations

import json
from pathlib import Path

WEIGHTS = ("0.2", "0.2", "0.15", "0.15", "0.1", "0.1", "0.05", "0.05")
PLAIN = ("unit", "organisation", "accidents")


def records(folder: Path) -> list[dict[str, object]]:
    """Return the records with amounts as floats."""
    found = json.loads((folder / "records.json").read_text(encoding="utf-8"))
    return [
        {name: value if name in PLAIN else value / 100 for name, value in record.items()} for record in found
    ]


def hundredths(values: list[float]) -> list[int]:
    """Return composites as whole hundredths."""
    return [round(value * 100) for value in values]
