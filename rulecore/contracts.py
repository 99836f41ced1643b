"""What plugins return: scorers, functions, checks, readers, writers, reports, engines, stores, commands.

Everything here is a value or a small class to subclass. Built-ins and strangers use the same contracts; see
``rulecore/hookspecs.py`` for the hook that hands each of them over.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, Protocol

from attrs import field, frozen

from rulecore.errors import Code, Fault
from rulecore.expr.nodes import Literal as LiteralNode
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import TableCall
from rulecore.expr.types import Type
from rulecore.planned import Claim, FullMarks, Plan, RuleTable, TableRow
from rulecore.source import KeyPath, Span

if TYPE_CHECKING:
    import click
    import polars as pl

    from rulecore.api import PolicySet
    from rulecore.archive.contents import RunArchive
    from rulecore.summary import Summary

Value = Fraction | str | bool | date | None
"""An exact value of a record; None is *not applicable* and nothing else."""


# --- scorers --------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Constant:
    """A number a policy writes as a number or as the name of a parameter (or a constant expression of parameters).

    ``value`` is the exact number, for checks; ``node`` is what to put into an expression, so that explanations name the
    parameter.
    """

    value: Fraction
    node: Node


def parameter(description: str, **options: Any) -> Any:
    """Declare a scorer's TOML parameter: an attrs field with a one-sentence description for its pages and schema."""
    return field(metadata={"description": description}, **options)


@frozen(kw_only=True)
class Problem:
    """A fault a scorer finds in its own parameters; ``key`` leads from the rule's table to the offending value.

    ``span`` is the stretch of that value's own text where the fault stands, where a text is wrong in itself
    (its ``key`` is not looked at).
    """

    code: Code
    key: KeyPath = ()
    values: Mapping[str, object] = field(factory=dict)
    hint: str | None = None
    span: Span | None = None


@frozen(kw_only=True)
class Ground:
    """A condition under which a rule takes something away, such as a veto: its reason, and when it holds.

    ``unwaivable``: no adjustment may lift it. ``decides``: the first ground that holds is the one that counts; else
    each one counts by itself.
    """

    reason: str
    when: Node
    unwaivable: bool = False
    decides: bool = True


@frozen(kw_only=True)
class Scorer(ABC):
    """The method of a rule. Subclass it as ``@frozen(kw_only=True)``; the attributes are the rule's TOML parameters.

    Attribute types and what TOML may hold for them:

    ==========================  ==========================================================================
    ``Node``                    an expression as text (``"a + b"``), or a number
    ``Constant``                a number, or the name of a parameter
    ``Literal`` (the node)      a constant text, number, flag or date, taken as it is
    ``SortKey``                 a name (descending), or ``{ by = "name", order = "ascending" }``
    ``int str bool date``       just that; no coercion
    ``Rounding``, ``Literal[…]``  one of the words
    ``tuple[X, ...]``           an array of X
    ``Mapping[str, X]``         a table whose values are X
    an attrs class              a table with the class's attributes as keys
    ``X | None``                X, or the key left out
    ==========================  ==========================================================================

    A trailing underscore is dropped from the TOML key (``is_`` is ``is``).
    """

    name: ClassVar[str]

    def beside(self, scorer_of: Callable[[str], Scorer | None]) -> Scorer:
        """Return the scorer to ask instead, where it needs what another rule of the policy says.

        ``scorer_of`` gives the scorer of a rule by its name, None where there is none or it is broken. A scorer that
        stands alone, as almost all do, is returned as it is.
        """
        return self

    def grounds(self) -> tuple[Ground, ...]:
        """Return what the rule takes something away for, in order: what exemptions may name, and what they may not."""
        return ()

    def without(self, reason: str, waived: Node) -> Scorer:
        """Return the scorer whose ground of that reason does not hold where ``waived`` is true.

        Called for reasons among :meth:`grounds` only; ``waived`` is a flag that is never not applicable.
        """
        return self

    @abstractmethod
    def expression(self) -> Node:
        """Return the rule's value as an expression. Called once, when the policy is compiled."""

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the parameters beyond their types; if anything is, nothing is computed."""
        yield from ()

    def claims(self) -> Iterator[Claim]:
        """Yield what the parameters say about values beyond the expression; only the checks of policies read it.

        A table of rows (:class:`~rulecore.planned.RuleTable`) is looked at for gaps and overlaps, full marks
        (:class:`~rulecore.planned.FullMarks`) for being reached and not exceeded. Keys are relative to the rule.
        """
        yield from ()


# --- the expression language -----------------------------------------------------------------------------------------


@frozen(kw_only=True)
class FunctionParameter:
    """One parameter of a function.

    ``kind``: ``expression`` is handed over as a node; ``number`` and ``text`` must be constant and are handed over as
    a Fraction or str; ``dates`` is a list of constant dates (a parameter of the policy, or written out), handed over
    as a sorted tuple, empty if left out; cohort functions do not have it. ``many``: takes all remaining positional
    arguments (parameters after it are given by name).
    It must be given unless it has a ``default`` or is not ``required``; one left out without default is None.

    What a constant may be: ``whole`` (a whole number), ``low`` and ``high`` (inclusive), ``above`` (more than),
    ``choices`` (one of these texts).
    """

    name: str
    kind: Literal["expression", "number", "text", "dates"] = "expression"
    many: bool = False
    default: Fraction | str | None = None
    required: bool = True
    whole: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    above: Fraction | None = None
    choices: tuple[str, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether a call may leave it out."""
        return self.default is not None or not self.required


@frozen(kw_only=True)
class Function:
    """A function of the expression language, built from other expressions.

    ``build`` is called with the arguments in the order of ``parameters`` (those with ``many`` as a tuple of nodes) and
    returns a node; it may raise ValueError with a sentence where the arguments do not fit together. One that is
    ``over_cohort`` is built of cohort functions: its calls take ``by`` and ``where`` too, and ``build`` gets
    them as keyword arguments (a tuple of nodes; a node or None).
    ``aliases`` are further names, Chinese ones for example. ``example`` is an expression that compiles
    over no fields at all, ``result`` its value as text: the documentation shows both and a test runs them.
    """

    name: str
    summary: str
    parameters: tuple[FunctionParameter, ...]
    build: Callable[..., Node]
    aliases: tuple[str, ...] = ()
    example: str = ""
    result: str = ""
    over_cohort: bool = False


@frozen(kw_only=True)
class Cohort:
    """The records a cohort function sees: for each argument the exact values, one per record, in input order."""

    arguments: tuple[tuple[Value, ...], ...]
    options: Mapping[str, Fraction | str | bool]
    size: int


@frozen
class Unsettled:
    """What a cohort function gives a record it cannot settle: not applicable, with an issue on the record.

    ``reason`` is a short stable word, such as ``division_by_zero``; the function lists its reasons in ``issues``.
    """

    reason: str


@frozen(kw_only=True)
class CohortFunction:
    """A pure function over one cohort, for what cannot be written as an expression.

    ``compute`` returns one value for each record, of the type that ``result_type`` gives for the arguments' types;
    numbers must have at most the scale of that type (any, if that is None), and lie in its bounds. ``result_type`` may
    raise ValueError with a sentence where the arguments do not fit. ``parameters`` of kind ``number`` and ``text``
    arrive as options. ``issues`` are the reasons of the :class:`Unsettled` values that it may give.

    ``aggregate``: with its options at their defaults the function gives every record the sum, smallest, largest or mean
    of the applicable values of its one argument. An engine may then compute it in its own way.

    ``parts`` is for ledgers: it gives for each record the named amounts that its value consists of, which add up to it
    exactly, or None for a record without a value. A name is that of an argument, whose own lines then stand there, or
    a word marked with ``N_``: ``(("share by weight", Fraction(30)), ("cut off at the cap", Fraction(-5)))``.
    """

    name: str
    summary: str
    parameters: tuple[FunctionParameter, ...]
    compute: Callable[[Cohort], Sequence[Value | Unsettled]]
    result_type: Callable[[tuple[Type, ...], Mapping[str, Fraction | str | bool]], Type]
    aliases: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    aggregate: Literal["", "sum", "min", "max", "mean"] = ""
    parts: Callable[[Cohort], Sequence[tuple[tuple[str, Fraction], ...] | None]] | None = None


# --- policies ---------------------------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Check:
    """A policy lint: ``inspect`` yields faults whose code is among ``codes``."""

    name: str
    codes: tuple[Code, ...]
    inspect: Callable[[Plan], Iterable[Fault]]


# --- input and output ------------------------------------------------------------------------------


@frozen(kw_only=True)
class BrokenRow:
    """A row of an input that could not be taken apart into cells: its number in the file and why."""

    row: int
    text: str
    code: Code
    values: Mapping[str, object] = field(factory=dict)


@frozen(kw_only=True)
class RawTable:
    """A table as read, before typing: headers as written, cells as they stand in the source.

    ``frame`` has one column per header (named by position: ``"0"``, ``"1"``, …), of any dtype; null is a blank cell.
    ``rows`` are the row numbers in the source (the header is row 1 of a CSV file), one for each row of the frame.
    """

    file: str
    sheet: str = ""
    headers: tuple[str, ...]
    frame: pl.DataFrame
    rows: pl.Series
    broken: tuple[BrokenRow, ...] = ()
    sha256: str = ""
    notes: tuple[Fault, ...] = ()
    """What the reader decided and a person should know, of severity note: the separator, for example."""


@frozen(kw_only=True)
class ReadOptions:
    """What a person may say about an input: the sheet's name and the encoding, where the format has them."""

    sheet: str = ""
    encoding: str = ""


class NotInPartsError(Exception):
    """Raised by what reads or writes part by part, where only the whole will do: it is then taken as a whole."""


@frozen(kw_only=True)
class Stream:
    """A file that is read part by part.

    ``parts`` yields tables with the headers of the whole; their rows, blank and broken ones included, are in order
    those that :class:`Reader` ``read`` gives of the whole file, with the same numbers. ``sha256`` is called when all of
    them were taken.
    """

    headers: tuple[str, ...]
    parts: Iterator[RawTable]
    sha256: Callable[[], str]
    notes: tuple[Fault, ...] = ()


@frozen(kw_only=True)
class Reader:
    """An input format, chosen by suffix. ``read`` takes the whole content and the name to show in messages.

    It raises :class:`rulecore.errors.InputError` where the content is not of the format at all. ``stream`` may open a
    large file part by part: it gets the path, the name to show, the options, and about how many rows a part should
    have. It raises :class:`NotInPartsError` (at once or while it reads) for any file that it cannot give in this way,
    one with faults included: ``read`` then says what is wrong with it.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, str, ReadOptions], RawTable]
    stream: Callable[[Path, str, ReadOptions, int], Stream] | None = None


@frozen(kw_only=True)
class Sheet:
    """One table to write: headers, and for each column its cells.

    ``kinds`` says per column how a spreadsheet should hold it: ``number`` cells are plain decimal text such as
    ``88.99``, ``date`` cells ISO text, blank cells are empty strings. Text columns must never be written as formulas.
    """

    name: str
    headers: tuple[str, ...]
    kinds: tuple[Literal["number", "text", "flag", "date"], ...]
    frame: pl.DataFrame


@frozen(kw_only=True)
class Document:
    """What a writer writes: the result table first, then quarantine, summary and the like."""

    title: str
    sheets: tuple[Sheet, ...]


@frozen(kw_only=True)
class Writer:
    """An output format, chosen by suffix.

    ``holds_sheets``: one file takes all sheets (xlsx); otherwise ``write`` is called once for each sheet, each
    with its own file. The path given is a temporary one: rulecore itself syncs and renames it. Bytes must
    depend on the document alone. ``stream`` may write a large table part by part: it gets a document whose one sheet
    has no rows yet, and returns a context in which the function it gives takes frames of cells, like the sheet's own.
    When the context ends, the file has the bytes that ``write`` makes of all rows at once.
    """

    name: str
    suffixes: tuple[str, ...]
    write: Callable[[Document, Path], None]
    holds_sheets: bool = False
    stream: Callable[[Document, Path], AbstractContextManager[Callable[[pl.DataFrame], None]]] | None = None


@frozen(kw_only=True)
class Report:
    """A rendering of a run's document, such as a summary in Markdown; ``render`` returns the file's bytes."""

    name: str
    suffix: str
    render: Callable[[Document], bytes]


if TYPE_CHECKING:
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


# --- stores -----------------------------------------------------------------------------------------

RunState = Literal["draft", "reviewed", "published", "sealed"]
"""How far a stored run has come; only forward, one step at a time."""

RUN_STATES: Final[tuple[RunState, ...]] = ("draft", "reviewed", "published", "sealed")


@frozen(kw_only=True)
class RunEvent:
    """A stored run was brought into a state: by whom, when (UTC, ``2024-12-31T08:00:00Z``) and why.

    ``number`` counts the events of the whole store. ``supersedes`` are the sealed runs in whose place this one stands
    from now on. ``sha256`` is the store's proof of the event, empty where it keeps none.
    """

    number: int
    state: RunState
    who: str
    when: str
    why: str = ""
    supersedes: tuple[int, ...] = ()
    sha256: str = ""


@frozen(kw_only=True)
class StoredPolicy:
    """A policy of a stored run: its name, version and title, and how many records it scored."""

    name: str
    version: str
    title: str = ""
    records: int = 0


@frozen(kw_only=True)
class StoredRun:
    """What a store says of a run without reading its files: its number there, its archive's identifier, its events."""

    number: int
    identifier: str
    policies: tuple[StoredPolicy, ...]
    events: tuple[RunEvent, ...]

    @property
    def state(self) -> RunState:
        """How far the run has come."""
        return self.events[-1].state


class RunStore(ABC):
    """An opened store of runs. What is in it never changes: runs are added, and brought forward from state to state.

    ``name`` says in messages which store it is, without any password. Every method raises a
    :class:`rulecore.errors.FaultsError` where the store cannot do it, and then has done nothing.
    """

    name: str

    @abstractmethod
    def add(self, archive: RunArchive, *, who: str, when: str, why: str = "") -> tuple[StoredRun, bool]:
        """Keep a run as a draft; return it, and whether it is new: the same archive is kept once."""

    @abstractmethod
    def move(
        self,
        number: int,
        state: RunState,
        *,
        who: str,
        when: str,
        why: str = "",
        supersedes: Sequence[int] = (),
    ) -> StoredRun:
        """Bring a run into the next state and return it as it is then."""

    @abstractmethod
    def runs(self) -> tuple[StoredRun, ...]:
        """Return every run in the order of their numbers."""

    @abstractmethod
    def archive(self, number: int) -> RunArchive:
        """Return everything that one run was made of and gave, each file proved against its hash."""

    def close(self) -> None:
        """Let go of files and connections."""
        return

    def __enter__(self) -> RunStore:
        """Use the store in a ``with`` statement, which closes it."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the store."""
        self.close()


@frozen(kw_only=True)
class Store:
    """A kind of store, chosen by the scheme of its URL (``postgresql``) or the suffix of its file (``.db``).

    ``open`` takes the location, and whether a store that is not there yet is to be made. It raises a
    :class:`rulecore.errors.FaultsError` where there is none, or none that can be used.
    """

    name: str
    summary: str
    open: Callable[[str, bool], RunStore]
    schemes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()


@frozen(kw_only=True)
class Command:
    """A command of the ``rulecore`` program; ``load`` returns it when it is asked for, so that others start fast."""

    name: str
    summary: str
    load: Callable[[], click.Command]


__all__ = [
    "RUN_STATES",
    "BrokenRow",
    "Check",
    "Claim",
    "Code",
    "Cohort",
    "CohortFunction",
    "Command",
    "Constant",
    "Document",
    "Engine",
    "Fault",
    "FullMarks",
    "Function",
    "FunctionParameter",
    "Ground",
    "LiteralNode",
    "Node",
    "NotInPartsError",
    "Problem",
    "RawTable",
    "ReadOptions",
    "Reader",
    "Report",
    "RuleTable",
    "RunEvent",
    "RunState",
    "RunStore",
    "Scorer",
    "Sheet",
    "Store",
    "StoredPolicy",
    "StoredRun",
    "TableRow",
    "Unsettled",
    "Value",
    "WholeResults",
    "WholeRun",
    "Writer",
    "parameter",
]
