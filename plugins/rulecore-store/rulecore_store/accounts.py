"""Accounts: what a store says of a run and of its chain's end, written down to be kept where the store is not.

Whoever may write to a database can write all of it anew, every hash included; nothing inside it can show that. What was
written down elsewhere can: an account names the hashes of events, and a later check holds the store to them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import asdict

from rulecore.errors import Fault, InputError
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore_store import codes
from rulecore_store.checking import Account
from rulecore_store.reading import Snapshot

ACCOUNT_VERSION: Final = 1


def account_bytes(snapshot: Snapshot, run: int) -> bytes:
    """Return the account of a run: its events, each with all that its hash is taken over, and the last event's hash."""
    events = snapshot.events()
    head = events[-1]
    said = {
        "account": ACCOUNT_VERSION,
        "run": run,
        "identifier": snapshot.run(run).identifier,
        "events": [asdict(event) for event in events if event.run == run],
        "head": {"number": head.number, "sha256": head.sha256},
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")


def read_accounts(files: Sequence[Path]) -> tuple[Account, ...]:
    """Return what accounts and packages of runs say. Raises InputError with every file that is neither."""
    from rulecore.archive.package import SUFFIX, read_package

    found: list[Account] = []
    faults: list[Fault] = []
    for file in files:
        try:
            if file.suffix.lower() == SUFFIX:
                found.append(Account(file=str(file), identifier=read_package(file).identifier))
            else:
                found.append(_read(str(file), file.read_bytes()))
        except InputError as error:
            faults += error.faults
        except (OSError, ValueError, RecursionError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            values = {"file": str(file), "reason": phrase(reason)}
            faults.append(Fault(code=codes.UNFIT_ANCHOR, values=values))
    if faults:
        raise InputError(faults)
    return tuple(found)


def _read(file: str, data: bytes) -> Account:
    """Return the account in a file. Raises ValueError with a sentence where it holds none."""
    found = json.loads(data)
    events = found.get("events") if isinstance(found, Mapping) else None
    if not isinstance(events, list):
        raise ValueError(N_("it lists no events"))
    hashes: dict[int, str] = {}
    for item in events:
        number, sha256 = (
            (item.get("number"), item.get("sha256")) if isinstance(item, Mapping) else (None, None)
        )
        if not isinstance(number, int) or not isinstance(sha256, str):
            raise ValueError(N_("an event in it has no number or hash"))
        hashes[number] = sha256
    head = found.get("head")
    if not isinstance(head, Mapping) or not isinstance(head.get("sha256"), str):
        raise ValueError(N_("it does not say where the chain ended"))
    if isinstance(head.get("number"), int) and head["number"]:
        hashes[head["number"]] = head["sha256"]
    return Account(file=file, events=hashes)
