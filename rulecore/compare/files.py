"""Two runs compared by what they wrote: their cells as a side of a comparison, without rules and so without causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from pathlib import PurePath

from attrs import frozen

from rulecore.compare.diff import compare
from rulecore.compare.side import Key
from rulecore.compare.values import ComparedRule, Difference
from rulecore.contracts import RawTable, Reader
from rulecore.engines.exact import ExactValue
from rulecore.history.sealed import Sealed, SealedPolicy, policies_of, seal_file
from rulecore.numbers import decimal_scale


def compare_files(
    old: str, new: str, readers: Mapping[str, Reader], *, money: Sequence[str] = (), encoding: str = ""
) -> Difference:
    """Return what differs between two results files, once their manifests say that they are as they were written.

    Raises :class:`rulecore.errors.InputError`.
    """
    before, after = (FileSide(sealed=seal_file(file, readers, encoding)) for file in (old, new))
    return compare(before, after, named=(PurePath(old).name, PurePath(new).name), money=money)


def compare_tables(
    old: Sealed, new: Sealed, *, named: tuple[str, str] = ("", ""), money: Sequence[str] = ()
) -> Difference:
    """Return what differs between the results tables of two runs that somebody else keeps: a store, a package.

    :func:`sealed_table` makes them of a table and its manifest; whether the table is as it was written is for the
    keeper to say. ``named`` says what the sides are called. Raises :class:`rulecore.errors.UsageError` for a rule to
    sum that is not there or is no number.
    """
    before, after = (name or side.file for name, side in zip(named, (old, new), strict=True))
    return compare(FileSide(sealed=old), FileSide(sealed=new), named=(before, after), money=money)


def sealed_table(table: RawTable, manifest: Mapping[str, object], name: str) -> Sealed:
    """Return a results table, all its cells text, with the manifest of its run; ``name`` is what messages call it.

    Raises :class:`rulecore.errors.InputError` for a manifest that names no policies.
    """
    return Sealed(file=name, table=table, policies=policies_of(manifest, name))


@frozen(kw_only=True, slots=False)
class FileSide:
    """A results file as one side: what its columns show, whole, of rules and fields."""

    sealed: Sealed

    @cached_property
    def cells(self) -> Mapping[Key, Mapping[str, str]]:
        """The text of each column by record."""
        found: dict[Key, Mapping[str, str]] = {}
        several = len(self.sealed.policies) > 1
        for policy in self.sealed.policies:
            columns = self._columns(policy)
            rows = self.sealed.rows_of(policy).to_list()
            for row, mine in enumerate(rows):
                if mine:
                    cells = {name: column[row] for name, column in columns.items()}
                    parts = [cells.get(name, "") for name in policy.identity if name != policy.period]
                    key = ("/".join(parts), cells.get(policy.period, ""), policy.name if several else "")
                    found[key] = {
                        name: cell
                        for name, cell in cells.items()
                        if name not in policy.identity and cell != policy.not_applicable.get(name, "")
                    }
        return found

    def _columns(self, policy: SealedPolicy) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, header in policy.headers.items():
            position = self.sealed.position(header)
            if position is not None:
                cells = self.sealed.table.frame.to_series(position).to_list()
                found[name] = ["" if cell is None else str(cell) for cell in cells]
        return found

    @property
    def keys(self) -> Sequence[Key]:
        """The records in the order of the file."""
        return tuple(self.cells)

    @property
    def quarantined(self) -> frozenset[str]:
        """No entity: who was refused stands in a file of its own."""
        return frozenset()

    @cached_property
    def rules(self) -> Mapping[str, ComparedRule]:
        """The columns by name; one whose every cell is a number holds numbers."""
        found: dict[str, ComparedRule] = {}
        for policy in self.sealed.policies:
            for name, header in policy.headers.items():
                if name in policy.identity:
                    continue
                texts = [cells[name] for cells in self.cells.values() if name in cells]
                numbers = [_number(text) for text in texts]
                whole = bool(numbers) and None not in numbers
                scale = max((decimal_scale(item) or 0 for item in numbers if item is not None), default=0)
                found[name] = ComparedRule(
                    name=name,
                    label=header,
                    kind="number" if whole else "text",
                    scale=scale if whole else None,
                )
        return found

    def has(self, key: Key, name: str) -> bool:
        """Return whether a record has a value in a column."""
        return name in self.cells.get(key, {})

    def value(self, key: Key, name: str) -> ExactValue:
        """Return a cell: a number in a column of numbers, else the text."""
        text = self.cells[key][name]
        return _number(text) if self.rules[name].kind == "number" else text


def _number(text: str) -> Fraction | None:
    """Return the number a results cell writes in plain digits, or None."""
    digits = text.removeprefix("-").replace(".", "", 1)
    return Fraction(text) if digits.isascii() and digits.isdecimal() else None
