"""What plugins that compute return: engines for typed records, and engines that take a run as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from rulecore.errors import Fault
from rulecore.expr.supplied import TableCall
from rulecore.expr.types import Type
from rulecore.planned import Plan

if TYPE_CHECKING:
    import polars as pl

    from rulecore.api import PolicySet
    from rulecore.summary import Summary

    OverRows = Callable[
        [TableCall, tuple[pl.Series, Type] | None, pl.Series | None, pl.Series, int, Type], pl.Series | None
    ]


@frozen(kw_only=True)
class WholeRun:
    """What an engine is given that takes a run as a whole.

    ``policies`` holds the compiled plans, what they were compiled from (to compile them again on other machines) and
    the plugins. ``records`` is a path, several, or an object that the engine recognises; ``as_of`` the day that decides
    which version is in force for policies without a period.
    """

    policies: PolicySet
    records: object
    as_of: date | None = None


class WholeResults(Protocol):
    """What an engine gives that takes a run as a whole; nothing need be computed before it is asked for.

    ``rows_in`` = ``rows_scored`` + ``rows_quarantined`` + ``rows_blank``, always. ``notes`` are what a person should
    know of the inputs. All of it raises :class:`rulecore.errors.InputError` for what can no longer be computed.
    """

    @property
    def rows_in(self) -> int:
        """How many rows the inputs have."""
        ...

    @property
    def rows_scored(self) -> int:
        """How many rows have results."""
        ...

    @property
    def rows_quarantined(self) -> int:
        """How many rows were refused."""
        ...

    @property
    def rows_blank(self) -> int:
        """How many rows have only blank cells."""
        ...

    @property
    def notes(self) -> tuple[Fault, ...]:
        """What a person should know of the inputs, of severity note or warning."""
        ...

    def summary(self) -> Summary:
        """Return what the run came to, policy by policy."""
        ...

    def reasons(self, most: int) -> tuple[Fault, ...]:
        """Return why rows were refused, in input order, at most so many."""
        ...

    def write(self, output: str, *, manifest: bool = True) -> tuple[Path, ...]:
        """Write results, quarantine and manifest, all or nothing, and return what was written.

        Raises :class:`rulecore.errors.OutputError`.
        """
        ...


@frozen(kw_only=True)
class Engine:
    """Where a plan runs.

    ``evaluate`` takes the plan and one cohort scope of typed records (see ``rulecore.records.storage``) and
    returns a frame of the same height, in the same order, with one column per step that has a storage, and one
    flag column ``#issue:STEP:REASON`` for each issue of each step. ``over_rows``, if there is one, makes what it can of
    detail rows in columns (see ``rulecore.engines.columnar.rows``), None for what it leaves to the reference.

    ``whole``, if there is one, makes the engine take a run as a whole: it reads the records itself, wherever they
    are, and ``PolicySet.evaluate`` and ``rulecore run`` hand it a :class:`WholeRun`. ``recognises`` says of an object
    given as records whether it is of this engine's own kind (a Spark DataFrame): such records go to it without being
    asked for. It is asked before every run and must not import anything large.

    ``in_parts``: where no step compares records with each other, it may be given them part by part.
    """

    name: str
    summary: str
    evaluate: Callable[[Plan, pl.DataFrame], pl.DataFrame]
    over_rows: OverRows | None = None
    whole: Callable[[WholeRun], WholeResults] | None = None
    recognises: Callable[[object], bool] | None = None
    in_parts: bool = False
