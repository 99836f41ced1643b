"""Sealing: a record has one sealed result for each policy and period, or the later one says whose place it takes."""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path
from tempfile import TemporaryDirectory

from rulecore.contracts import Reader, StoredRun
from rulecore.errors import Fault, UsageError
from rulecore.history.sealed import Sealed, SealedPolicy, seal_file
from rulecore.history.stored import results_of
from rulecore.sources import NamedFile
from rulecore_store import codes
from rulecore_store.reading import Snapshot
from rulecore_store.store import superseded

Keys = dict[str, frozenset[tuple[str, ...]]]


def refuse_overlap(
    snapshot: Snapshot, number: int, supersedes: Set[int], readers: Mapping[str, Reader]
) -> None:
    """Raise UsageError where sealed runs have results of the same policy for records of a run that is to be sealed."""
    runs = snapshot.runs()
    gone = superseded(runs) | supersedes
    mine = next(run for run in runs if run.number == number)
    others = [run for run in runs if run.state == "sealed" and run.number not in gone and _related(run, mine)]
    if not others:
        return
    own = _keys(results_in(snapshot, number, readers))
    faults = []
    for other in others:
        theirs = _keys(results_in(snapshot, other.number, readers))
        for policy, keys in own.items():
            common = sorted(keys & theirs.get(policy, frozenset()))
            if common:
                values = {
                    "run": number,
                    "other": other.number,
                    "policy": policy,
                    "count": len(common),
                    "example": " ".join(common[0]),
                }
                faults.append(Fault(code=codes.ALREADY_SEALED, values=values))
    if faults:
        raise UsageError(faults)


def _related(one: StoredRun, other: StoredRun) -> bool:
    return bool({policy.name for policy in one.policies} & {policy.name for policy in other.policies})


def results_in(snapshot: Snapshot, number: int, readers: Mapping[str, Reader]) -> Sealed:
    """Return the results of a stored run as a later run would read them. Raises InputError."""
    with TemporaryDirectory(prefix="rulecore-") as temporary:
        named: NamedFile | None = None
        for name, data in results_of(snapshot.archive(number)):
            path = Path(temporary, name)
            path.write_bytes(data)
            if not name.endswith(".manifest.json"):
                named = NamedFile(
                    str(path), str(Path(f"{snapshot.shown.replace('://', ':')}#{number}", name))
                )
        assert named is not None  # noqa: S101 - archives hold the results that their manifest is about
        return seal_file(named, readers)


def _keys(sealed: Sealed) -> Keys:
    """Return who has a result, and for which period, by policy."""
    found: Keys = {}
    for policy in sealed.policies:
        found[policy.name] = found.get(policy.name, frozenset()) | _keys_of(sealed, policy)
    return found


def _keys_of(sealed: Sealed, policy: SealedPolicy) -> frozenset[tuple[str, ...]]:
    import polars as pl

    positions = [sealed.position(policy.headers.get(name, name)) for name in policy.identity]
    if not positions or None in positions:
        return frozenset()  # the results do not show who they are about: nothing can look back at them either
    columns = [
        sealed.table.frame.to_series(position).cast(pl.String)
        for position in positions
        if position is not None
    ]
    mine = sealed.rows_of(policy)
    rows = pl.DataFrame({str(index): column for index, column in enumerate(columns)}).filter(mine)
    return frozenset(tuple("" if cell is None else cell for cell in row) for row in rows.iter_rows())
