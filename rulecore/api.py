"""The Python interface: load a policy or a policy set, evaluate records, look at the results.

>>> import rulecore
>>> policy = rulecore.load_policy("policies/double_hundred")
>>> results = policy.evaluate("policies/double_hundred/records.csv")
>>> results.rows_scored
5
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from rulecore.codes import engines as engine_codes
from rulecore.codes import usage as codes
from rulecore.codes.families import NOTHING_EXTENDS
from rulecore.codes.tables import TABLE_FILE_TWICE, TABLES_BY_NAME
from rulecore.contracts import Engine, RawTable, ReadOptions, WholeResults, WholeRun
from rulecore.errors import Fault, PolicyError, UsageError, ordered
from rulecore.language import N_
from rulecore.nested import raw_rows, split_nested
from rulecore.plan.compile import compile_policy, further_faults
from rulecore.plan.sources import source_faults
from rulecore.planned import Plan
from rulecore.plugins import load_plugins
from rulecore.policy.against import Trial, base_chain, try_against
from rulecore.policy.chain import policy_folder, read_chain
from rulecore.policy.folder import check_set, policy_files
from rulecore.policy.load import DocumentError, LoadedBase, LoadedPolicy, load_chain, load_member, only_a_base
from rulecore.registry import Registry
from rulecore.single import RecordResult, SingleRecords, WholeRecords

if TYPE_CHECKING:
    from rulecore.adjustments.given import Adjustments
    from rulecore.history.run import History
    from rulecore.results import Results
    from rulecore.streaming import PartsRun, RunOutcome

DEFAULT_ENGINE = "columnar"
WORKBOOKS = (".xlsx", ".xlsm")
"""The formats whose files hold several sheets."""


@frozen(kw_only=True, slots=False)
class PolicySet:
    """Policies that are applied together: every record goes to the one that fits it.

    ``plans`` are the compiled policies in the order of their files; ``registry`` the plugins they were compiled with;
    ``bases`` the abstract policies of the set, which are only there to be extended.
    """

    plans: tuple[Plan, ...]
    loaded: tuple[LoadedPolicy, ...] = field(repr=False)
    registry: Registry = field(repr=False)
    bases: tuple[LoadedBase, ...] = field(default=(), repr=False)

    def evaluate(
        self,
        records: object,
        *,
        engine: str = DEFAULT_ENGINE,
        as_of: date | None = None,
        sheet: str = "",
        encoding: str = "",
        tables: Mapping[str, object] | None = None,
        history: object = None,
        mapping: object = (),
        results: object = (),
        adjustments: object = (),
    ) -> Results:
        """Return the results of applying the policies to records.

        ``records``: a path or several (CSV, JSON Lines, Parquet, Excel with its plugin), a Polars, pandas or
        Arrow frame, a mapping of columns, or a list of mappings. ``engine`` is the name of an engine: columnar
        or exact. ``as_of`` is the day that decides which version is in force, for policies without a period.
        ``sheet`` and ``encoding`` are for files. ``tables`` gives the rows of detail tables by the tables'
        names or labels, in any of these forms; in a list of mappings they may also stand in each record, as a
        list under the table's name or label. ``history`` are the results of earlier periods: paths of files
        that a run wrote (their manifests are checked), results at hand, or a store, of which what is sealed counts;
        ``()`` says that there are none.
        ``mapping`` are tables of renamed entities, ``results`` the results of other policies that fields come
        from. ``adjustments`` are tables of what a committee decided on top (docs/adjustments.md). Raises
        :class:`rulecore.errors.InputError` if an input cannot be read at all or lacks columns, and if anything that was
        decided cannot be applied; rows that cannot be used are in ``results.quarantined``.

        Records that an engine recognises as its own (a Spark DataFrame, with rulecore-spark) go to that engine, and
        what comes back is what :meth:`evaluate_whole` returns.
        """
        from rulecore.evaluation import evaluate

        own = self.engine_of(records)
        if own is not None or self.engine(engine).whole is not None:
            given = {"sheet": sheet, "encoding": encoding, "tables": tables, "history": history}
            given |= {"mapping": mapping, "results": results, "adjustments": adjustments}
            chosen = engine if own is None or engine != DEFAULT_ENGINE else own.name
            refuse_options(chosen, [name for name, value in given.items() if not _is_empty(value)])
            return self.evaluate_whole(records, engine=chosen, as_of=as_of)  # type: ignore[return-value]
        options = ReadOptions(sheet=sheet, encoding=encoding)
        read, details = self.read(records, tables or {}, options)
        return evaluate(
            self.plans,
            read,
            self.engine(engine),
            as_of=as_of,
            origins=self.registry.origins(),
            details=details,
            history=self.history(history, mapping, results, encoding),
            adjustments=self.adjustments(adjustments, encoding),
        )

    def evaluate_to_file(
        self,
        records: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        output: str | os.PathLike[str],
        *,
        engine: str = DEFAULT_ENGINE,
        as_of: date | None = None,
        sheet: str = "",
        encoding: str = "",
        manifest: bool = True,
    ) -> RunOutcome:
        """Write the results of applying the policies to the records of files, and return what came of it.

        The format is that of the suffix of ``output``; beside it come the quarantine, if any row was refused, and the
        manifest. Large files are read, computed and written part by part where the policies compare no records and the
        formats allow it (docs/formats.md), with the same results. Raises :class:`rulecore.errors.InputError`,
        UsageError or OutputError; then no file has changed.
        """
        from rulecore.streaming.to_file import evaluate_to_file

        run = self.in_parts(records, engine=engine, as_of=as_of, sheet=sheet, encoding=encoding)
        return evaluate_to_file(
            run,
            lambda: self.evaluate(records, engine=engine, as_of=as_of, sheet=sheet, encoding=encoding),
            Path(output),
            self.registry,
            reads=_paths(records) or (),
            manifest=manifest,
        )

    def in_parts(
        self, records: object, *, engine: str, as_of: date | None, sheet: str, encoding: str
    ) -> PartsRun | None:
        """Return the run of these policies over files part by part; None where it does not apply or would not help."""
        from rulecore.streaming.to_file import parts_run

        options = ReadOptions(sheet=sheet, encoding=encoding)
        chosen = self.engine(engine)
        return parts_run(
            self.plans, self.registry, chosen, _paths(records) or (), options=options, as_of=as_of
        )

    def evaluate_whole(self, records: object, *, engine: str = "", as_of: date | None = None) -> WholeResults:
        """Return the results of an engine that takes a run as a whole; nothing is computed before it is asked for.

        ``records`` are paths, or records of the engine's own kind, which then need not be named. Raises
        :class:`rulecore.errors.InputError` for what it cannot run, UsageError for an engine that takes no whole runs.
        """
        own = self.engine_of(records)
        if own is not None and engine not in ("", own.name):
            values = {"engine": own.name, "asked": engine}
            raise UsageError([Fault(code=engine_codes.RECORDS_OF_ENGINE, values=values)])
        chosen = own or self.engine(engine)
        if chosen.whole is None:
            known = (found.value for found in self.registry.engines.values())
            whole = ", ".join(sorted(found.name for found in known if found.whole is not None))
            values = {"engine": engine or "—", "known": whole or "—"}
            raise UsageError([Fault(code=codes.UNKNOWN_ENGINE, values=values)])
        return chosen.whole(WholeRun(policies=self, records=records, as_of=as_of))

    def engine_of(self, records: object) -> Engine | None:
        """Return the engine that recognises records as its own, if there is one."""
        for found in self.registry.engines.values():
            if found.value.recognises is not None and found.value.recognises(records):
                return found.value
        return None

    def history(self, history: object, mapping: object, results: object, encoding: str = "") -> History:
        """Return what a run is given from elsewhere, once the manifests of all files are checked.

        ``history`` is None where nobody says whether there is any. Raises :class:`rulecore.errors.InputError`.
        """
        from rulecore.history.mapping import entity_mapping
        from rulecore.history.run import History
        from rulecore.history.sealed import seal
        from rulecore.history.stored import read_across, read_back, without_stores
        from rulecore.sources import readers_by_suffix

        readers = readers_by_suffix(found.value for found in self.registry.readers.values())
        names = [mapping] if isinstance(mapping, str | os.PathLike) else mapping
        given = isinstance(names, Sequence) and not names
        tables = () if given else read_records(names, self.registry, ReadOptions(encoding=encoding))
        with TemporaryDirectory(prefix="rulecore-") as temporary:
            folder = Path(temporary)
            back, stored = without_stores(
                self.registry, history, read_back(self.plans), folder / "history", backwards=True
            )
            across, _stored = without_stores(
                self.registry, results, read_across(self.plans), folder / "results", backwards=False
            )
            return History(
                sealed=seal(back if history is not None else (), readers, encoding),
                mapping=entity_mapping(tables),
                others=seal(across, readers, encoding),
                stated=history is not None,
                mapping_tables=tables,
                remarks=stored.notes,
            )

    def adjustments(self, given: object, encoding: str = "") -> Adjustments:
        """Return what a committee decided, as tables (paths, or rows from Python) state it.

        Raises :class:`rulecore.errors.InputError` for a table that cannot be read; what is wrong with the decisions is
        told when they are applied.
        """
        from rulecore.adjustments.given import NO_ADJUSTMENTS, Adjustments

        if isinstance(given, Adjustments):
            return given
        if isinstance(given, Sequence) and not isinstance(given, str | bytes) and not given:
            return NO_ADJUSTMENTS
        tables = read_records(given, self.registry, ReadOptions(encoding=encoding))
        return Adjustments.read(tables, self.plans)

    def read(
        self, records: object, tables: Mapping[str, object], options: ReadOptions
    ) -> tuple[tuple[RawTable, ...], dict[str, tuple[RawTable, ...]]]:
        """Return records and the detail tables that have sources of their own, as they stand in their sources."""
        records, nested = split_nested(records, self.plans)
        read = read_records(records, self.registry, options)
        given: dict[str, tuple[RawTable, ...]] = {
            name: (raw_rows(rows, name, self.plans),) for name, rows in nested.items()
        }
        if not isinstance(tables, Mapping):
            raise UsageError([Fault(code=TABLES_BY_NAME, values={"found": type(tables).__name__})])
        names = {table.label: table.name for plan in self.plans for table in plan.tables}
        names |= {table.name: table.name for plan in self.plans for table in plan.tables}
        for key, rows in tables.items():
            name = names.get(key, key)
            given[name] = (*given.get(name, ()), *self.rows_apart(name, rows, options))
        return read, given | self.sheets(records, given, options)

    def rows_apart(self, name: str, rows: object, options: ReadOptions) -> tuple[RawTable, ...]:
        """Return the rows of a detail table that are given by themselves; raises UsageError for a file given twice."""
        if isinstance(rows, Sequence) and not isinstance(rows, str | bytes) and not rows:
            return (raw_rows([], name, self.plans),)
        paths = [os.path.realpath(path) for path in _paths(rows) or ()]
        twice = [path for path in dict.fromkeys(paths) if paths.count(path) > 1]
        if twice:
            values = {"table": name, "file": ", ".join(os.path.relpath(path) for path in twice)}
            raise UsageError([Fault(code=TABLE_FILE_TWICE, values=values)])
        return read_records(rows, self.registry, ReadOptions(encoding=options.encoding))

    def sheets(
        self, records: object, given: Mapping[str, object], options: ReadOptions
    ) -> dict[str, tuple[RawTable, ...]]:
        """Return the detail tables that stand in sheets of the records' own workbooks and are not given otherwise."""
        wanted = {
            table.name: table.declaration.sheet
            for plan in self.plans
            for table in plan.tables
            if table.declaration.sheet and table.name not in given
        }
        paths = [path for path in _paths(records) or () if Path(path).suffix.lower() in WORKBOOKS]
        if not wanted or not paths:
            return {}
        return {
            name: read_records(paths, self.registry, ReadOptions(sheet=sheet, encoding=options.encoding))
            for name, sheet in wanted.items()
        }

    def engine(self, name: str) -> Engine:
        """Return the engine of that name. Raises :class:`rulecore.errors.UsageError` if there is none."""
        found = self.registry.engines.get(name)
        if found is None:
            values = {"engine": name, "known": ", ".join(sorted(self.registry.engines))}
            lacking = N_("install rulecore-spark to run on Spark (docs/scale.md); known engines: {known}")
            hint = lacking if name == "spark" else None
            raise UsageError([Fault(code=codes.UNKNOWN_ENGINE, values=values, hint=hint)])
        return found.value


@frozen(kw_only=True, slots=False)
class CompiledPolicy(PolicySet):
    """One policy, compiled: a policy set of one, which can also evaluate a single record without columns."""

    @property
    def plan(self) -> Plan:
        """The compiled policy."""
        return self.plans[0]

    @cached_property
    def _single(self) -> SingleRecords:
        return WholeRecords(plan=self.plan) if self.plan.tables else SingleRecords(plan=self.plan)

    def evaluate_one(self, record: Mapping[str, object]) -> RecordResult:
        """Return the result of one record, a mapping from headers or field names to cells.

        The rows of detail tables stand in it as lists under the tables' names or labels. Rules that compare records
        with each other (ranks, quotas) are not applicable, with the issue ``needs_cohort``.
        """
        return self._single.evaluate(record)


def _is_empty(value: object) -> bool:
    """Whether an argument was left out, or holds nothing."""
    return value is None or (isinstance(value, str | Sequence | Mapping) and not value)


def refuse_options(engine: str, given: Sequence[str]) -> None:
    """Raise UsageError for each option that was given to an engine that reads the records itself."""
    if given:
        raise UsageError(
            Fault(code=engine_codes.OPTION_NOT_FOR_ENGINE, values={"option": option, "engine": engine})
            for option in given
        )


def load_policy(
    path: str | os.PathLike[str],
    *,
    plugins_dir: str | os.PathLike[str] | None = None,
    registry: Registry | None = None,
) -> CompiledPolicy:
    """Return the policy in a TOML file, or in the ``policy.toml`` of a folder, compiled.

    ``plugins_dir`` is a folder with plugin files; installed plugins are always loaded, unless a ``registry`` is given.
    Raises :class:`rulecore.errors.PolicyError` with every fault, or :class:`rulecore.errors.PluginError`.
    """
    found = load_policies(path, plugins_dir=plugins_dir, registry=registry)
    if len(found.plans) != 1:
        values = {"path": str(path), "count": len(found.plans)}
        raise UsageError([Fault(code=codes.NOT_ONE_POLICY, values=values)])
    return CompiledPolicy(plans=found.plans, loaded=found.loaded, registry=found.registry)


def load_policies(
    path: str | os.PathLike[str],
    *,
    plugins_dir: str | os.PathLike[str] | None = None,
    registry: Registry | None = None,
) -> PolicySet:
    """Return the policies of a folder (or the one of a file), compiled together.

    Raises :class:`rulecore.errors.PolicyError` with every fault of every policy.
    """
    loaded_plugins = registry or load_plugins(Path(plugins_dir) if plugins_dir is not None else None)
    found, faults = compile_policies(path, loaded_plugins)
    if not faults and not found.plans:
        faults = tuple(only_a_base(base) for base in found.bases)
    if faults:
        raise PolicyError(faults)
    return found


def compile_policies(
    path: str | os.PathLike[str], registry: Registry, names: Mapping[Path, str] | None = None
) -> tuple[PolicySet, tuple[Fault, ...]]:
    """Return the policies of a path that can be compiled, and the faults of the others, in reading order.

    Abstract policies are checked and kept as ``bases``: no record is routed to them. ``names`` are what files are
    called, by their absolute paths, where they are copies.
    """
    faults: list[Fault] = []
    loaded: list[LoadedPolicy] = []
    bases: list[LoadedBase] = []
    plans: list[Plan] = []
    inside = policy_folder(Path(path))
    try:
        for file in policy_files(Path(path)):
            try:
                document = load_member(file, names, inside=inside)
                if isinstance(document, LoadedBase):
                    bases.append(document)
                    continue
                plans.append(compile_policy(document, registry))
                loaded.append(document)
            except DocumentError as error:
                faults += error.faults
                faults += further_faults(error.partial, registry) if error.partial is not None else ()
            except PolicyError as error:
                faults += error.faults
        check_set(loaded)
        faults += source_faults(plans)
    except PolicyError as error:
        faults += error.faults
    # A fault of a base is found again with every policy that extends it.
    distinct = {(fault.code.id, fault.place, fault.message("en")): fault for fault in faults}
    found = PolicySet(plans=tuple(plans), loaded=tuple(loaded), registry=registry, bases=tuple(bases))
    return found, ordered(distinct.values())


@frozen(kw_only=True)
class AgainstReport:
    """What a changed base would do: a trial of each policy that extends it, and the files that do not extend it."""

    base: str
    trials: tuple[Trial, ...]
    unaffected: tuple[str, ...] = ()

    @property
    def broken(self) -> tuple[Trial, ...]:
        """The policies that could no longer be issued as they are: in breach of a guardrail, or with other faults."""
        return tuple(trial for trial in self.trials if trial.faults)


def check_against(
    new_base: str | os.PathLike[str],
    *paths: str | os.PathLike[str],
    plugins_dir: str | os.PathLike[str] | None = None,
    registry: Registry | None = None,
) -> AgainstReport:
    """Return which of the policies at ``paths`` a changed base would put in breach, without touching any file.

    The base is recognised by its file or, for a draft elsewhere, by its ``policy.name``. Only policies are read, no
    records. Raises :class:`rulecore.errors.PolicyError` if the new base itself has faults, a policy cannot be read, or
    none extends it.
    """
    plugins = registry or load_plugins(Path(plugins_dir) if plugins_dir is not None else None)
    base = base_chain(Path(new_base))
    load_chain(base)
    trials: list[Trial] = []
    unaffected: list[str] = []
    bases: set[str] = set()
    for path in map(Path, paths):
        inside = policy_folder(path)
        for file in policy_files(path):
            trial = try_against(base, file, inside=inside)
            if trial is not None:
                trials.append(_compiled(trial, plugins))
                continue
            own, *layers = read_chain(file, None, inside)
            bases |= {str(layer.value_at(("policy", "name"))) for layer in layers}
            if own.value_at(("policy", "name")) != base[0].value_at(
                ("policy", "name")
            ):  # not the old base itself
                unaffected.append(file.as_posix())
    if not trials:
        values = {"name": base[0].value_at(("policy", "name")), "known": ", ".join(sorted(bases)) or "—"}
        raise PolicyError(
            [Fault(code=NOTHING_EXTENDS, values=values, place=base[0].place(("policy", "name")))]
        )
    return AgainstReport(base=base[0].name, trials=tuple(trials), unaffected=tuple(unaffected))


def _compiled(trial: Trial, registry: Registry) -> Trial:
    """Return the trial with the faults that show only when rules are compiled."""
    if isinstance(trial.loaded, LoadedPolicy):
        try:
            compile_policy(trial.loaded, registry)
        except PolicyError as error:
            return evolve(trial, faults=error.faults)
    return trial


def read_records(records: object, registry: Registry, options: ReadOptions) -> tuple[RawTable, ...]:
    """Return records as raw tables: files read by their readers, everything else taken from Python."""
    if isinstance(records, RawTable):
        return (records,)
    paths = _paths(records)
    if paths is None:
        from rulecore.records.frames import raw_table

        return (raw_table(records),)
    from rulecore.sources import read_sources, readers_by_suffix

    readers = readers_by_suffix(found.value for found in registry.readers.values())
    return read_sources(paths, readers, options)


def _paths(records: object) -> Sequence[str] | None:
    """Return the paths, if records are given as one or several."""
    if isinstance(records, str | os.PathLike):
        return [os.fspath(records)]
    if not isinstance(records, Sequence) or not records:
        return None
    paths = [os.fspath(item) for item in records if isinstance(item, str | os.PathLike)]
    return paths if len(paths) == len(records) else None
