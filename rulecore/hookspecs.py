"""The hooks of rulecore, one page: what a plugin may give and when it is asked.

A plugin is a module with one or more of these functions, marked with ``rulecore.markers.hookimpl``. It is
named by an entry point of group ``rulecore``, or is a single ``.py`` file in the folder given as
``--plugins-dir``. Hooks take no arguments and return a list or tuple of values of ``rulecore.contracts``;
they register nothing themselves. All of them are called once, when plugins are loaded: never for a policy,
never for a record. ``docs/plugins.md`` is the guide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rulecore.markers import hookspec

if TYPE_CHECKING:
    from rulecore.contracts import (
        Check,
        CohortFunction,
        Command,
        Engine,
        Function,
        Reader,
        Report,
        Scorer,
        Store,
        Writer,
    )


@hookspec
def rulecore_scorers() -> Sequence[type[Scorer]]:  # type: ignore[empty-body]
    """Return scorer classes: the methods a rule may name as its ``scorer``.

    An instance is made for each rule when a policy is compiled, and asked once for its expression. A whole
    plugin::

        from attrs import frozen
        from rulecore.contracts import Node, Scorer, parameter
        from rulecore.expr.nodes import Subtract
        from rulecore.markers import hookimpl

        @frozen(kw_only=True)
        class Shortfall(Scorer):
            '''How far a value stays below its target.'''
            name = "shortfall"
            of: Node = parameter("The value reached.")
            target: Node = parameter("The value aimed at.")

            def expression(self) -> Node:
                return Subtract(self.target, self.of)

        @hookimpl
        def rulecore_scorers():
            return [Shortfall]
    """


@hookspec
def rulecore_functions() -> Sequence[Function]:  # type: ignore[empty-body]
    """Return functions of the expression language, built from other expressions.

    ``build`` is called wherever a policy's expression calls the function, when the policy is compiled. A
    whole plugin::

        from rulecore.contracts import Function, FunctionParameter
        from rulecore.expr.nodes import Multiply
        from rulecore.markers import hookimpl

        SQUARE = Function(
            name="square",
            aliases=("平方",),
            summary="A number times itself.",
            parameters=(FunctionParameter(name="number"),),
            build=lambda number: Multiply(number, number),
            example="square(1.5)",
            result="2.25",
        )

        @hookimpl
        def rulecore_functions():
            return [SQUARE]
    """


@hookspec
def rulecore_cohort_functions() -> Sequence[CohortFunction]:  # type: ignore[empty-body]
    """Return pure functions over one cohort, for what cannot be written as an expression.

    ``compute`` is called once for each cohort of a run, with exact values. A whole plugin::

        from fractions import Fraction
        from rulecore.contracts import CohortFunction, FunctionParameter
        from rulecore.expr.types import NumberType
        from rulecore.markers import hookimpl

        def position(cohort):
            return [Fraction(number) for number in range(1, cohort.size + 1)]

        POSITION = CohortFunction(
            name="position",
            summary="The position of a record in the input.",
            parameters=(FunctionParameter(name="of"),),
            compute=position,
            result_type=lambda types, options: NumberType(low=Fraction(1), high=Fraction(10**9)),
        )

        @hookimpl
        def rulecore_cohort_functions():
            return [POSITION]
    """


@hookspec
def rulecore_checks() -> Sequence[Check]:  # type: ignore[empty-body]
    """Return policy lints.

    ``inspect`` is called with each compiled policy by ``rulecore check``. A whole plugin::

        from rulecore.contracts import Check, Code, Fault
        from rulecore.markers import hookimpl

        NO_TITLE = Code(id="SC001", message="the policy has no title", hint="add title", severity="warning")

        def inspect(plan):
            if not plan.policy.policy.title:
                yield Fault(code=NO_TITLE)

        @hookimpl
        def rulecore_checks():
            return [Check(name="title", codes=(NO_TITLE,), inspect=inspect)]
    """


@hookspec
def rulecore_readers() -> Sequence[Reader]:  # type: ignore[empty-body]
    """Return input formats, chosen by suffix.

    ``read`` is called once for each input file of that suffix, or ``stream``, if there is one, for a large file that a
    run takes part by part. A whole plugin::

        from rulecore.contracts import RawTable, Reader
        from rulecore.markers import hookimpl

        def read_lines(content, name, options):
            import polars as pl
            lines = content.decode().splitlines()
            frame = pl.DataFrame({"0": lines})
            rows = pl.Series(range(1, frame.height + 1))
            return RawTable(file=name, headers=("line",), frame=frame, rows=rows)

        @hookimpl
        def rulecore_readers():
            return [Reader(name="lines", suffixes=(".lines",), read=read_lines)]
    """


@hookspec
def rulecore_writers() -> Sequence[Writer]:  # type: ignore[empty-body]
    r"""Return output formats, chosen by suffix.

    ``write`` is called once for each sheet, or once for all of them; ``stream``, if there is one, for results that are
    written part by part. A whole plugin::

        from rulecore.contracts import Writer
        from rulecore.markers import hookimpl

        def write_markdown(document, path):
            rows = [row for sheet in document.sheets for row in (sheet.headers, *sheet.frame.iter_rows())]
            path.write_text("".join(f"| {' | '.join(row)} |\n" for row in rows), encoding="utf-8")

        @hookimpl
        def rulecore_writers():
            return [Writer(name="markdown", suffixes=(".md",), write=write_markdown)]
    """


@hookspec
def rulecore_reports() -> Sequence[Report]:  # type: ignore[empty-body]
    r"""Return renderings of a run's document.

    ``render`` is called for each report a run is asked for. A whole plugin::

        from rulecore.contracts import Report
        from rulecore.markers import hookimpl

        def render(document):
            return "\n".join(f"{sheet.name}: {sheet.frame.height}" for sheet in document.sheets).encode()

        @hookimpl
        def rulecore_reports():
            return [Report(name="counts", suffix=".txt", render=render)]
    """


@hookspec
def rulecore_engines() -> Sequence[Engine]:  # type: ignore[empty-body]
    """Return engines: where a plan runs.

    ``evaluate`` is called with a plan and the typed records of one cohort scope. One with ``whole`` gets whole runs.
    A whole plugin::

        import sys
        from rulecore.contracts import Engine
        from rulecore.markers import hookimpl

        def evaluate(plan, records):
            from rulecore.engines import ENGINES
            exact = next(engine for engine in ENGINES if engine.name == "exact")
            print(f"{plan.policy.policy.name}: {records.height} records", file=sys.stderr)
            return exact.evaluate(plan, records)

        @hookimpl
        def rulecore_engines():
            return [Engine(name="chatty", summary="The exact engine, aloud.", evaluate=evaluate)]
    """


@hookspec
def rulecore_stores() -> Sequence[Store]:  # type: ignore[empty-body]
    """Return stores: where runs are kept.

    ``open`` is called when a store is named: by its URL's scheme, or its file's suffix. A whole plugin::

        from rulecore.contracts import RunEvent, RunStore, Store, StoredRun
        from rulecore.markers import hookimpl

        class Memory(RunStore):
            '''Runs kept for as long as the program lives.'''

            def __init__(self, name):
                self.name, self.kept = name, []

            def add(self, archive, *, who, when, why=""):
                event = RunEvent(number=len(self.kept) + 1, state="draft", who=who, when=when, why=why)
                number = len(self.kept) + 1
                run = StoredRun(number=number, identifier=archive.identifier, policies=(), events=(event,))
                self.kept.append((run, archive))
                return run, True

            def move(self, number, state, *, who, when, why="", supersedes=()):
                raise NotImplementedError("runs stay drafts here")

            def runs(self):
                return tuple(run for run, _archive in self.kept)

            def archive(self, number):
                return self.kept[number - 1][1]

        def open_memory(location, create):
            return Memory(location)

        @hookimpl
        def rulecore_stores():
            return [Store(name="memory", summary="Runs in memory.", open=open_memory, schemes=("memory",))]
    """


@hookspec
def rulecore_commands() -> Sequence[Command]:  # type: ignore[empty-body]
    """Return commands of the ``rulecore`` program.

    ``load`` is called when the command is used. A whole plugin::

        import click
        from rulecore.contracts import Command
        from rulecore.markers import hookimpl

        @click.command()
        def hello():
            '''Greet.'''
            click.echo("你好")

        @hookimpl
        def rulecore_commands():
            return [Command(name="hello", summary="Greet.", load=lambda: hello)]
    """
