"""Named columns that a plan computes, and the passes over the records that compute those that are wanted.

A statement is computed only if a column that is kept needs it, and what is wanted at one time is computed in one pass:
in Polars' streaming engine, part by part, so that what stands between inputs and results never leaves the processor's
caches. Ranks and counts look at all records at once and have a pass of their own behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from rulecore.engines.columnar.morsels import small_morsels


class Statements:
    """The columns noted so far by name; each needs only earlier ones and the columns of the frame.

    ``passes`` counts the passes over the records, ``computed`` the columns asked for, ``made`` all the columns
    made on the way.
    """

    def __init__(self) -> None:
        self.exprs: dict[str, pl.Expr] = {}
        self.passes = 0
        self.computed = 0
        self.made = 0
        self._roots: dict[str, list[str]] = {}
        self._order: dict[str, int] = {}
        self._whole: set[str] = set()

    def note(self, name: str, expr: pl.Expr, *, whole: bool = False) -> None:
        """Note a column; ``whole``: it is made from all records at once."""
        self.exprs[name] = expr
        self._order[name] = len(self._order)
        self._roots[name] = expr.meta.root_names()
        if whole:
            self._whole.add(name)

    def compute(self, frame: pl.DataFrame, wanted: Sequence[str]) -> pl.DataFrame:
        """Return some columns, computed from those that a frame has."""
        needed = self._needed(set(frame.columns), wanted)
        behind = self._behind(needed)
        before = [name for name in needed if name not in behind]
        if not behind:
            return self._pass(frame, before, wanted)
        asked = set(wanted)
        read = {root for name in behind for root in self._roots[name]}
        first = [name for name in before if name in asked or name in read]
        done = self._pass(frame, before, first)
        # One column at least: without any a frame does not know how many records there are.
        known = [name for name in frame.columns if name in read] or frame.columns[:1]
        rest = self._pass(frame.select(known).hstack(done), list(behind), [n for n in wanted if n in behind])
        both = {column.name: column for column in (*done.get_columns(), *rest.get_columns())}
        return pl.DataFrame([both[name] for name in wanted])

    def _needed(self, known: set[str], wanted: Iterable[str]) -> list[str]:
        """Return the statements to compute, in order."""
        found: set[str] = set()
        waiting = list(wanted)
        while waiting:
            name = waiting.pop()
            if name in found or name in known or name not in self.exprs:
                continue
            found.add(name)
            waiting += self._roots[name]
        return sorted(found, key=self._order.__getitem__)

    def _behind(self, needed: Sequence[str]) -> dict[str, None]:
        """Return those of the statements that look at all records, and those that need them."""
        found: dict[str, None] = {}
        for name in needed:
            if name in self._whole or any(root in found for root in self._roots[name]):
                found[name] = None
        return found

    def _pass(self, frame: pl.DataFrame, names: Sequence[str], wanted: Sequence[str]) -> pl.DataFrame:
        """Compute statements in layers of columns that do not need one another."""
        if not wanted:
            return pl.DataFrame()
        layers: dict[str, int] = {}
        ordered: list[list[pl.Expr]] = []
        for name in names:
            layer = max((layers[root] + 1 for root in self._roots[name] if root in layers), default=0)
            layers[name] = layer
            if layer == len(ordered):
                ordered.append([])
            ordered[layer].append(self.exprs[name].alias(name))
        lazy = frame.lazy()
        for exprs in ordered:
            lazy = lazy.with_columns(exprs)
        self.passes += 1
        self.computed += len(wanted)
        self.made += len(names)
        # Not in memory: there some expressions over columns that are constants give one row instead of one a record.
        with small_morsels():
            return lazy.select(wanted).collect(engine="streaming")
