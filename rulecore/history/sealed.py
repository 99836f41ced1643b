"""Results as a later run reads them: a file whose manifest was checked, or the results of a run at hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from rulecore.codes import history as codes
from rulecore.contracts import RawTable, Reader, ReadOptions
from rulecore.errors import Fault, InputError
from rulecore.language import N_, Language, translate
from rulecore.phrase import phrase
from rulecore.records.characters import fold_header
from rulecore.signatures import XLSX, recognise
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

    from rulecore.results import PolicyResults, Results

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


@frozen(kw_only=True)
class SealedPolicy:
    """What the manifest of a run says of one policy.

    ``headers`` gives the header that shows a field or rule whole, by its name; ``not_applicable`` the text that stands
    there for not applicable; ``refused`` the cells of refused records that stay in the results.
    """

    name: str
    version: str = ""
    title: str = ""
    headers: Mapping[str, str] = field(factory=dict)
    not_applicable: Mapping[str, str] = field(factory=dict)
    refused: Mapping[str, str] = field(factory=dict)
    identity: tuple[str, ...] = ()
    period: str = ""


@frozen(kw_only=True)
class Sealed:
    """The results of a run: the table as text, and the policies that gave it."""

    file: str
    table: RawTable = field(eq=False, repr=False)
    policies: tuple[SealedPolicy, ...]

    @property
    def place(self) -> Place:
        """The file, for messages."""
        return Place(file=self.file)

    def position(self, header: str) -> int | None:
        """Return which column has a header, or None."""
        wanted = fold_header(header)
        folded = [fold_header(name) for name in self.table.headers]
        return folded.index(wanted) if wanted in folded else None

    def rows_of(self, policy: SealedPolicy) -> pl.Series:
        """Return which rows are those of one policy. Raises InputError where the results do not say."""
        import polars as pl

        every = pl.repeat(True, self.table.rows.len(), dtype=pl.Boolean, eager=True)
        if len(self.policies) == 1:
            return every
        for language in LANGUAGES:
            policies = self.position(translate("policy", language))
            versions = self.position(translate("version", language))
            if policies is not None and versions is not None:
                names, numbers = (
                    self.table.frame.to_series(position).cast(pl.String) for position in (policies, versions)
                )
                mine = (names == (policy.title or policy.name)) & (numbers == policy.version)
                return mine.fill_null(False)
        known = ", ".join(self.table.headers)
        values = {"file": self.file, "column": translate("policy"), "name": policy.name, "columns": known}
        raise InputError([Fault(code=codes.HISTORY_COLUMN, values=values, place=self.place)])


def seal_file(location: str, readers: Mapping[str, Reader], encoding: str = "") -> Sealed:
    """Return the results in a file, once its manifest says that they are as they were written.

    The manifest stands beside the file: ``results.csv`` has ``results.manifest.json``. Raises
    :class:`rulecore.errors.InputError`.
    """
    from rulecore.sources import shown_name

    path, name = Path(location), shown_name(location)
    first = _read(location, readers, encoding)
    manifest_path = path.with_name(f"{path.stem}.manifest.json")
    place = Place(file=name)
    values: dict[str, object] = {"file": name, "manifest": str(manifest_path)}
    try:
        text = manifest_path.read_bytes()
    except OSError:
        raise InputError([Fault(code=codes.NO_MANIFEST, values=values, place=place)]) from None
    manifest = _manifest(text, values)
    files = manifest.get("files")
    hashes = files if isinstance(files, Mapping) else {}
    if path.name not in hashes:
        known = ", ".join(sorted(map(str, hashes))) or "—"
        raise InputError([Fault(code=codes.NOT_IN_MANIFEST, values={**values, "known": known}, place=place)])
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != hashes[path.name]:
        shown = {**values, "found": found, "sealed": hashes[path.name]}
        raise InputError([Fault(code=codes.CHANGED_SINCE, values=shown, place=place)])
    return Sealed(file=name, table=first, policies=_policies(manifest))


def _read(location: str, readers: Mapping[str, Reader], encoding: str) -> RawTable:
    """Read a results file; of a workbook the sheet with the results, whatever its language."""
    from rulecore.sources import read_source

    path = Path(location)
    sheets = [""]
    if path.is_file():
        with path.open("rb") as stream:
            start = stream.read(4)
        if start == b"PK\x03\x04" and recognise(path.read_bytes()) == XLSX:
            sheets = [translate(N_("results"), language) for language in LANGUAGES]
    last: InputError | None = None
    for sheet in sheets:
        try:
            return read_source(location, readers, ReadOptions(sheet=sheet, encoding=encoding))
        except InputError as error:
            last = last or error
    assert last is not None  # noqa: S101 - there is at least one sheet to try
    raise last


def _manifest(text: bytes, values: Mapping[str, object]) -> Mapping[str, object]:
    place = Place(file=str(values["manifest"]))
    try:
        found = json.loads(text)
    except ValueError as error:
        broken = Fault(code=codes.BROKEN_MANIFEST, values={**values, "reason": str(error)}, place=place)
        raise InputError([broken]) from None
    manifest: Mapping[str, object] = found if isinstance(found, dict) else {}
    _check_policies(manifest, values)
    return manifest


def _check_policies(manifest: Mapping[str, object], values: Mapping[str, object]) -> None:
    policies = manifest.get("policies")
    if not isinstance(policies, list) or not all(
        isinstance(item, dict) and isinstance(item.get("name"), str) for item in policies
    ):
        reason, place = phrase(N_("it names no policies")), Place(file=str(values["manifest"]))
        raise InputError(
            [Fault(code=codes.BROKEN_MANIFEST, values={**values, "reason": reason}, place=place)]
        )


def policies_of(manifest: Mapping[str, object], name: str) -> tuple[SealedPolicy, ...]:
    """Return what the manifest of a run says of its policies; ``name`` is what messages call it.

    Raises :class:`rulecore.errors.InputError` where it names none.
    """
    _check_policies(manifest, {"file": name, "manifest": name})
    return _policies(manifest)


def _policies(manifest: Mapping[str, object]) -> tuple[SealedPolicy, ...]:
    items = manifest["policies"]
    assert isinstance(items, list)  # noqa: S101 - checked when it was read
    return tuple(
        SealedPolicy(
            name=item["name"],
            version=str(item.get("version", "")),
            title=str(item.get("title", "")),
            headers=_texts(item.get("columns")),
            not_applicable=_texts(item.get("not_applicable")),
            refused=_texts(item.get("refused")),
            identity=tuple(map(str, item.get("identity") or ())),
            period=str(item.get("period", "")),
        )
        for item in items
    )


def _texts(value: object) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, Mapping) else {}


def sealed_results(results: Results, file: str) -> Sealed:
    """Return the results of a run at hand as what a later run reads."""
    from rulecore.manifest import manifest_of
    from rulecore.records.frames import raw_table

    return Sealed(
        file=file, table=raw_table(results.text_table, file), policies=_policies(manifest_of(results))
    )


def sealed_part(part: PolicyResults) -> Sealed:
    """Return what one policy gave in the run at hand as what a later policy of the same run reads."""
    from rulecore.results import Results

    header = part.plan.policy.policy
    results = Results(parts=(part,), rows_in=part.rows_scored)
    return sealed_results(results, f"{header.name} {header.version}")


def seal(given: object, readers: Mapping[str, Reader], encoding: str = "") -> tuple[Sealed, ...]:
    """Return results given as a path, as the results of a run, or as several of these; all faults come at once."""
    import os

    from rulecore.results import Results

    items: Iterable[object] = [given]
    if isinstance(given, Sequence) and not isinstance(given, str | bytes):
        items = given
    found: list[Sealed] = []
    faults: list[Fault] = []
    for number, item in enumerate(items, start=1):
        try:
            if isinstance(item, Sealed):
                found.append(item)
            elif isinstance(item, Results):
                found.append(sealed_results(item, f"results {number}"))
            elif isinstance(item, str | os.PathLike):
                found.append(seal_file(os.fspath(item), readers, encoding))
            else:
                raise TypeError(f"history is given as paths or results, not as {type(item).__name__}")
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tuple(found)
