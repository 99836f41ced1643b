"""Runs a plan in columns: statements in layers, cohort steps between them, doubtful rows exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import nan
from typing import Final

import polars as pl

from rulecore.contracts import Value
from rulecore.engines.columnar import arithmetic as _arithmetic  # noqa: F401 - fills the table of lowerings
from rulecore.engines.columnar import cohorts
from rulecore.engines.columnar import distributions as _distributions  # noqa: F401
from rulecore.engines.columnar import lists as _lists  # noqa: F401
from rulecore.engines.columnar import logic as _logic  # noqa: F401
from rulecore.engines.columnar import powers as _powers  # noqa: F401
from rulecore.engines.columnar import texts as _texts  # noqa: F401
from rulecore.engines.columnar import workdays as _workdays  # noqa: F401
from rulecore.engines.columnar.aggregates import aggregated
from rulecore.engines.columnar.cohorts import Coded
from rulecore.engines.columnar.lower import TINY, float_column
from rulecore.engines.columnar.lowered import NAMED, LoweredRule, lowered_plan
from rulecore.engines.columnar.statements import Statements
from rulecore.engines.decode import decode, encode, encode_any, is_ratio, issue_column, nearest_float
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.engines.groups import call_rows, grouped
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.planned import CohortStep, Plan, PlannedRule

FEWEST_COMPARED: Final = 256
"""From how many rows on equal ones are looked for before they are computed exactly."""


def evaluate(plan: Plan, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the values of every step of a plan for typed records; see :class:`rulecore.contracts.Engine`."""
    return _Run(plan, frame).result()


class _Run:
    """One evaluation. Rules are noted until somebody needs their columns; then one pass computes all that were noted.

    Where floats left a rule in doubt on some rows, these rows are gone through once more, rule by rule, and put into
    their places (``settle``): what the pass made of a doubtful value there does not matter.
    """

    def __init__(self, plan: Plan, frame: pl.DataFrame) -> None:
        self.plan = plan
        self.frame = frame
        self.lowered = lowered_plan(plan)
        self.types = self.lowered.types
        self.lowering = self.lowered.lowering
        self.rules = {step.name: step for step in plan.steps if isinstance(step, PlannedRule)}
        self.compiled: dict[str, Callable[[Environment], ExactValue]] = {}
        self.kept: list[str] = []
        self.statements = Statements()
        self.pending: list[tuple[str, pl.Expr]] = []
        self.waiting: list[tuple[int, PlannedRule, LoweredRule]] = []
        self.doubts: list[str] = []
        self.whole: set[str] = set()
        self.step = 0
        self.by_rule = False
        for supplied in plan.supplied:
            if is_ratio(supplied.type) and float_column(supplied.name) not in frame.columns:
                self.add_floats(supplied.name, decode(frame[supplied.name], supplied.type))

    def add_floats(self, name: str, exact: Sequence[Value]) -> None:
        """Add the floats nearest to a column of ratios."""
        floats = [_guardable(value) for value in exact]
        column = pl.Series(float_column(name), floats, dtype=pl.Float64())
        self.frame = self.frame.with_columns(column)

    def result(self) -> pl.DataFrame:
        for number, step in enumerate(self.plan.steps):
            self.step = number
            if isinstance(step, PlannedRule):
                self.add_rule(step)
            else:
                self.add_cohort_step(step)
        self.step = len(self.plan.steps)
        self.flush()
        self.keep_ratios()
        # Not a selection: Polars copies every column where one of them is in several pieces.
        return pl.DataFrame([self.frame[name] for name in self.kept])

    def keep_ratios(self) -> None:
        """Add the exact values of rules that other rows need though no integer column holds them."""
        for step in self.plan.steps:
            if step.name in self.plan.ratios and isinstance(step, PlannedRule):
                every = pl.arange(0, self.frame.height, eager=True, dtype=pl.UInt32())
                found, _issues, places = self.exactly_distinct(nodes.RuleRef(step.name), every)
                column = encode_any(step.name, [_settled(value) for value in found], step.type)
                self.frame = self.frame.with_columns(column if places is None else column.gather(places))
                self.kept.append(step.name)

    # --- statements -----------------------------------------------------------------------------------------

    def flush(self, *names: str) -> None:
        """Compute the columns noted so far that are results or will be used again, and the ones named."""
        wanted = {*names, *self.kept, *self.doubts, *self.lowered.reused(self.step)}
        pending = [name for name, _expr in self.pending if name in wanted]
        if not self.by_rule:
            for name, expr in self.pending:
                whole = name in self.whole or name in self.lowering.whole
                self.statements.note(name, expr, whole=whole)
        self.pending.clear()
        pending += [name for name in names if name not in pending and name not in self.frame.columns]
        before, rules, doubts = self.frame, tuple(self.waiting), tuple(self.doubts)
        self.waiting.clear()
        self.doubts.clear()
        if pending:
            self.frame = self.frame.hstack(self.statements.compute(self.frame, pending))
        if doubts:
            doubt = self.frame[doubts[0]]
            for name in doubts[1:]:
                doubt = doubt | self.frame[name]
            rows = doubt.arg_true()
            if rows.len() > 0:
                self.settle(before[rows], rules, rows, pending)

    def settle(
        self,
        part: pl.DataFrame,
        rules: Sequence[tuple[int, PlannedRule, LoweredRule]],
        rows: pl.Series,
        names: Sequence[str],
    ) -> None:
        """Go through rules one by one for the rows where any is in doubt, and put the columns into their places."""
        run = _Run(self.plan, part)
        run.statements, run.compiled, run.by_rule = self.statements, self.compiled, True
        for step, rule, lowered in rules:
            run.step = step
            run.add_lowered(rule, lowered)
        run.flush(*names)
        changed = [
            self.frame[name].scatter(rows, run.frame[name])
            for name in names
            if not self.frame[name].gather(rows).equals(run.frame[name])
        ]
        self.frame = self.frame.with_columns(changed)

    def keep(self, name: str, expr: pl.Expr, *, whole: bool = False) -> None:
        """Note a column of the result; ``whole``: it is made from all records at once."""
        self.pending.append((name, expr))
        self.kept.append(name)
        if whole:
            self.whole.add(name)

    # --- rules ----------------------------------------------------------------------------------------------

    def add_rule(self, rule: PlannedRule) -> None:
        """Note the columns of a rule: its value, its issues, and where it is in doubt."""
        found = self.lowered.rule(self.step, rule)
        if found.doubt and self.whole.intersection(name for name, _expr in self.pending):
            self.flush()  # what is made from all records must not be gone through for some of them
        self.add_lowered(rule, found)

    def add_lowered(self, rule: PlannedRule, found: LoweredRule) -> None:
        """Note the columns of a lowered rule."""
        self.pending += found.statements
        self.kept += found.kept
        if self.by_rule and found.doubt:
            self.recompute(rule, found.doubt)
        elif not self.by_rule:
            self.waiting.append((self.step, rule, found))
            self.doubts += [found.doubt] if found.doubt else []

    # --- rows in doubt --------------------------------------------------------------------------------------

    def recompute(self, rule: PlannedRule, doubt: str) -> None:
        """Compute a rule's doubtful rows with the exact engine and put the results in their places."""
        self.flush(doubt)
        rows = self.frame[doubt].arg_true()
        if rows.len() == 0:
            return
        found, issues = self.exactly(rule.node, rows)
        column = encode(rule.name, found, rule.type)
        if column is not None:
            self.frame = self.frame.with_columns(self.frame[rule.name].scatter(rows, column))
        for reason in rule.issues:
            name = issue_column(rule.name, reason)
            flags = pl.Series(name, [reason in met for met in issues], dtype=pl.Boolean())
            self.frame = self.frame.with_columns(self.frame[name].scatter(rows, flags))

    def exactly(self, node: nodes.Node, rows: pl.Series) -> tuple[list[ExactValue], list[set[str]]]:
        """Return an expression's exact values on some rows, and the issues met on each."""
        found, issues, places = self.exactly_distinct(node, rows)
        if places is None:
            return found, issues
        return [found[place] for place in places], [issues[place] for place in places]

    def exactly_distinct(
        self, node: nodes.Node, rows: pl.Series
    ) -> tuple[list[ExactValue], list[set[str]], pl.Series | None]:
        """Return an expression's exact values and issues, once for rows that are equal in all it reads.

        The places say which of them each row has; None: each its own.
        """
        names = sorted(self.needed(node))
        part = self.frame.select(names)[rows] if names else pl.DataFrame()
        count, places = rows.len(), None
        if names and count >= FEWEST_COMPARED:
            distinct = part.unique(maintain_order=True)
            if 2 * distinct.height <= count:
                numbered = distinct.with_row_index("#place")
                joined = part.join(numbered, on=names, how="left", maintain_order="left", nulls_equal=True)
                part, count, places = distinct, distinct.height, joined["#place"]
        columns = {name: decode(part[name], self.types[name]) for name in names}
        evaluate_one = compile_node(node)
        found: list[ExactValue] = []
        issues: list[set[str]] = []
        for index in range(count):
            known = {name: column[index] for name, column in columns.items()}
            environment = Environment(_Unfolding(known, self))
            found.append(evaluate_one(environment))
            issues.append(environment.issues)
        return found, issues, places

    def needed(self, node: nodes.Node) -> set[str]:
        """Return the columns an expression reads, also through rules that have none of their own."""
        found: set[str] = set()
        seen: set[int | str] = set()
        waiting = [node]
        while waiting:
            part = waiting.pop()
            name = part.name if isinstance(part, NAMED) else None
            key = id(part) if name is None else name
            if key in seen:
                continue
            seen.add(key)
            if name is None:
                waiting += part.children()
            elif name in self.lowering.unstored:
                waiting.append(self.rules[name].node)
            else:
                found.add(name)
        return found

    # --- cohorts --------------------------------------------------------------------------------------------

    def add_cohort_step(self, step: CohortStep) -> None:
        """Compute a step that compares records with each other."""
        lowering, node = self.lowering, step.node
        if isinstance(node, nodes.CohortCall):
            self.call(step, node)
            return
        if self.doubts:
            self.flush()  # records are compared by what they are, not by what is in doubt
        found = self.lowered.cohort(self.step, node)
        self.pending += found.statements
        scope = [self.coded(item) for item in found.groups]
        known = zip(node.by, scope, strict=True)
        present = [group.is_not_null() for part, group in known if lowering.type_of(part).nullable]
        if isinstance(node, nodes.Rank):
            self.add_rank(step, node, [self.coded(item) for item in found.keys], scope, found.holds, present)
        else:
            self.keep(step.name, cohorts.count(scope, found.holds, present), whole=True)

    def add_rank(
        self,
        step: CohortStep,
        node: nodes.Rank,
        keys: Sequence[pl.Expr],
        scope: Sequence[pl.Expr],
        holds: pl.Expr | None,
        present: Sequence[pl.Expr],
    ) -> None:
        """Note the column of a rank and the one that says where it could not be decided."""
        conditions = [*present] if holds is None else [*present, holds]
        if self.lowering.type_of(node.keys[0].operand).nullable:
            conditions.append(keys[0].is_not_null())
        column, tied = cohorts.rank(node, keys, scope, conditions)
        self.keep(step.name, column, whole=True)
        for reason in step.issues:
            self.keep(issue_column(step.name, reason), tied.fill_null(value=False), whole=True)

    def coded(self, item: pl.Expr | Coded) -> pl.Expr:
        """Return a column in the order of a key; numbers known as floats are put in order first."""
        if isinstance(item, pl.Expr):
            return item

        def exactly(rows: Sequence[int]) -> list[Fraction | None]:
            found, _issues = self.exactly(item.node, pl.Series(rows, dtype=pl.UInt32()))
            return [value if isinstance(value, Fraction) else None for value in found]

        name = f"#code{len(self.statements.exprs)}"
        parts = [f"{name}:{part}" for part in ("value", "error", "doubt")]
        for part, expr in zip(parts, (item.value, item.error, item.doubt), strict=True):
            self.pending.append((part, expr))
        self.flush(*parts)
        floats, errors, doubts = (self.frame[part] for part in parts)
        codes = cohorts.order_codes(floats, errors, doubts, exactly)
        self.frame = self.frame.with_columns(codes.alias(name))
        return pl.col(name)

    def call(self, step: CohortStep, node: nodes.CohortCall) -> None:
        """Call a cohort function with exact values, once for each group."""
        self.flush()
        if self.aggregate(step, node):
            return
        size = self.frame.height
        met = [True] * size if node.where is None else [value is True for value in self.column(node.where)]
        groups = grouped([self.key_column(part) for part in node.by], size)
        arguments = [self.column(part) for part in node.arguments]
        results, reasons = call_rows(node, self.plan.cohort_functions, arguments, groups, met, size)
        self.frame = self.frame.with_columns(encode_any(step.name, results, step.type))
        if is_ratio(step.type):
            self.add_floats(step.name, results)
        for reason in step.issues:
            flags = pl.Series(
                issue_column(step.name, reason), [given == reason for given in reasons], dtype=pl.Boolean()
            )
            self.frame = self.frame.with_columns(flags)
            self.kept.append(flags.name)
        self.kept.append(step.name)

    def aggregate(self, step: CohortStep, node: nodes.CohortCall) -> bool:
        """Compute a sum, an extreme or a mean in columns and return true, if that can be done."""
        function = self.plan.cohort_functions[node.function]
        found = aggregated(self.frame, node, function, self.types, step.type, _guardable)
        if found is None:
            return False
        values_found, floats = found
        self.frame = self.frame.with_columns(values_found.alias(step.name))
        if floats is not None:
            self.frame = self.frame.with_columns(floats.alias(float_column(step.name)))
        self.kept.append(step.name)
        return True

    def column(self, part: nodes.Node) -> list[Value]:
        """Return the exact values of an operand of a cohort step for all records."""
        stored = self.stored(part)
        if stored is not None:
            return decode(stored, self.types[stored.name])
        if isinstance(part, nodes.Literal | nodes.ParameterRef):
            constant = part if isinstance(part, nodes.Literal) else part.value
            return [constant.value] * self.frame.height
        every = pl.arange(0, self.frame.height, eager=True, dtype=pl.UInt32())
        found, _issues = self.exactly(part, every)
        return [_settled(value) for value in found]

    def key_column(self, part: nodes.Node) -> Sequence[Value]:
        """Return values that are equal where an operand's are: those of the column itself, if it has one."""
        stored = self.stored(part)
        return stored.to_list() if stored is not None else self.column(part)

    def stored(self, part: nodes.Node) -> pl.Series | None:
        """Return the column that holds an operand, or None if it has none of its own."""
        if not isinstance(part, NAMED):
            return None
        return self.frame[part.name] if part.name in self.frame.columns else None


def _guardable(value: Value) -> float | None:
    """Return the nearest float; NaN, which counts as infinitely wrong, where floats lose digits."""
    found = nearest_float(value if isinstance(value, Fraction) else None)
    return nan if value and found is not None and abs(found) < TINY else found


def _settled(value: ExactValue) -> Value:
    if value is None or isinstance(value, Fraction | str | bool) or not hasattr(value, "interval"):
        return value
    raise InternalError("an inexact value reached a cohort function")


class _Unfolding(dict[str, ExactValue]):
    """A row's values by name; rules without a column are computed when they are first asked for."""

    def __init__(self, known: dict[str, Value], run: _Run) -> None:
        super().__init__(known)
        self._run = run

    def __missing__(self, name: str) -> ExactValue:
        compiled = self._run.compiled.get(name)
        if compiled is None:
            compiled = self._run.compiled[name] = compile_node(self._run.rules[name].node)
        value = self[name] = compiled(Environment(self))
        return value
