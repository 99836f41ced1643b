"""Where a record stands among the others: its rank, among how many, next to whom, and the edge of a quota.

Who takes part is counted over stored columns; values of the few rivals that are named are recomputed exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from attrs import define, field

from rulecore.engines.decode import issue_column
from rulecore.engines.exact import ExactValue
from rulecore.errors import InternalError
from rulecore.explain.numbers import explained
from rulecore.explain.recompute import Recomputed, Trace, recompute
from rulecore.explain.values import ExplainedValue, Rival, Standing, Words
from rulecore.explain.wording import Wording
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import OWN_RECORD, SuppliedRef
from rulecore.plan.references import parts
from rulecore.planned import CohortStep
from rulecore.results import PolicyResults, Results

if TYPE_CHECKING:
    import polars as pl

MOST_RIVALS: Final = 3
"""The most records that are named at one place; a tie may be shared by many more."""


@define
class Cohorts:
    """The records of one policy's results, asked about one of them."""

    results: Results
    part: PolicyResults
    row: int
    record: Recomputed
    _known: dict[int, Recomputed] = field(factory=dict)

    def standing(self, reference: nodes.CohortRef, wording: Wording, edge: Fraction | None) -> Standing:
        """Return the record's standing in a cohort step; ``edge`` is what its rank was compared with."""
        step = self._step(reference.name)
        group = self._group(step)
        words = wording.short(reference.node)
        value = explained(self.record.values[step.name])
        written = reference.node
        by = written.by if isinstance(written, nodes.COHORT_NODES) else ()
        shared = tuple(self._worded_values(step.node.by, by, wording))
        match step.node:
            case nodes.Rank():
                return self._rank(step, step.node, reference.node, wording, group, edge)
            case nodes.CohortCount():
                among = int(self._meets(step, group).sum())
                return Standing(formula=words, value=value, among=among, group=shared)
            case nodes.CohortCall():
                meets = self._meets(step, group)
                return Standing(
                    formula=words,
                    value=value,
                    among=int(meets.sum()),
                    takes_part=bool(meets[self.row]),
                    group=shared,
                    counts=True,
                )

    def _rank(
        self,
        step: CohortStep,
        node: nodes.Rank,
        written: Node,
        wording: Wording,
        group: pl.Series,
        edge: Fraction | None,
    ) -> Standing:
        import polars as pl

        assert isinstance(written, nodes.Rank)  # noqa: S101 - a rank is lifted from a rank
        ranks = self.part.steps[step.name]
        ranked = ranks.is_not_null() & group
        if step.issues:
            ranked = ranked | (self.part.steps[issue_column(step.name, "full_tie")] & group)
        own = ranks[self.row]
        operands = tuple(key.operand for key in node.keys)
        keys = tuple(self._worded_values(operands, tuple(key.operand for key in written.keys), wording))
        standing: dict[str, Any] = {
            "formula": wording.short(written),
            "value": explained(self.record.values[step.name]),
            "among": int(ranked.sum()),
            "takes_part": bool(ranked[self.row]),
            "keys": keys,
            "group": tuple(self._worded_values(node.by, written.by, wording)),
        }
        frame = pl.DataFrame({"rank": ranks, "ranked": ranked}).with_row_index("row")
        others = frame.filter(pl.col("ranked") & pl.col("rank").is_not_null() & (pl.col("row") != self.row))
        if own is not None:
            same = others.filter(pl.col("rank") == own)
            standing["tied"], standing["tied_count"] = self._rivals(same, operands), same.height
            standing["before"] = self._rivals(_last(others.filter(pl.col("rank") < own)), operands)
            standing["after"] = self._rivals(_first(others.filter(pl.col("rank") > own)), operands)
        if edge is not None and edge.denominator == 1:
            everyone = frame.filter(pl.col("ranked") & pl.col("rank").is_not_null())
            standing["edge"] = edge.numerator
            standing["last_in"] = self._rivals(
                _last(everyone.filter(pl.col("rank") <= edge.numerator)), operands
            )
            standing["first_out"] = self._rivals(
                _first(everyone.filter(pl.col("rank") > edge.numerator)), operands
            )
        return Standing(**standing)

    def _rivals(self, frame: pl.DataFrame, operands: tuple[Node, ...]) -> tuple[Rival, ...]:
        return tuple(
            self._rival(row, rank, operands)
            for row, rank in frame.select("row", "rank").head(MOST_RIVALS).rows()
        )

    def _rival(self, row: int, rank: int, operands: tuple[Node, ...]) -> Rival:
        named = self.part.plan.policy.record.entity
        source = self.results.source(self.part, row)
        # A row of a table that has no name is called by its place.
        entity = (
            self.part.field_at(named, row) if named else str(source.line if source is not None else row + 1)
        )
        values = self._values(row)
        keys = tuple(explained(_operand_value(operand, values)) for operand in operands)
        return Rival(entity=entity, rank=rank, keys=keys)

    def _values(self, row: int) -> Mapping[str, ExactValue]:
        if row == self.row:
            return self.record.values
        if row not in self._known:
            self._known[row] = recompute(self.results, self.part, row)
        return self._known[row].values

    def _worded_values(
        self, operands: tuple[Node, ...], written: tuple[Node, ...], wording: Wording
    ) -> Iterator[tuple[Words, ExplainedValue]]:
        """Yield the words of each operand as it was written, with this record's value of it."""
        for index, operand in enumerate(operands):
            if operand == OWN_RECORD:
                continue  # rows of a table are compared within their record unless the policy says otherwise
            # The period that the plan adds to every cohort was not written anywhere.
            words = wording.short(written[index] if index < len(written) else operand)
            yield words, explained(_operand_value(operand, self.record.values))

    def _step(self, name: str) -> CohortStep:
        for step in self.part.plan.steps:
            if isinstance(step, CohortStep) and step.name == name:
                return step
        raise InternalError(f"the plan has no cohort step {name}")

    def _group(self, step: CohortStep) -> pl.Series:
        """Return which records share the group of this one."""
        import polars as pl

        group = pl.repeat(True, self.part.records.height, dtype=pl.Boolean(), eager=True)
        for operand in step.node.by:
            column = self._column(operand)
            group = group & (column == column[self.row]).fill_null(False)
        return group

    def _meets(self, step: CohortStep, group: pl.Series) -> pl.Series:
        """Return which records of the group meet the step's condition."""
        if step.node.where is None:
            return group
        return group & self._column(step.node.where).fill_null(False)

    def _column(self, operand: Node) -> pl.Series:
        """Return an operand for all records, as stored; one that is not stored is recomputed row by row."""
        import polars as pl

        height = self.part.records.height
        match operand:
            case nodes.FieldRef(name=name) | SuppliedRef(name=name) if name in self.part.records.columns:
                return self.part.records[name]
            case nodes.RuleRef(name=name) | nodes.CohortRef(name=name) if name in self.part.steps.columns:
                return self.part.steps[name]
            case nodes.Literal() | nodes.ParameterRef():
                text = str(_operand_value(operand, {}))
                return pl.repeat(text, height, dtype=pl.String(), eager=True)
            case _:
                # Exact values as text compare as the values do: this is for equality only.
                texts = [str(_operand_value(operand, self._values(row))) for row in range(height)]
                return pl.Series(texts, dtype=pl.String())


def _last(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the records of the last rank."""
    return frame.filter(frame["rank"] == frame["rank"].max()) if frame.height else frame


def _first(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the records of the first rank."""
    return frame.filter(frame["rank"] == frame["rank"].min()) if frame.height else frame


def _operand_value(operand: Node, values: Mapping[str, ExactValue]) -> ExactValue:
    match operand:
        case (
            nodes.FieldRef(name=name)
            | nodes.RuleRef(name=name)
            | nodes.CohortRef(name=name)
            | SuppliedRef(name=name)
        ):
            return values[name]
        case nodes.Literal(value=value) | nodes.ParameterRef(value=nodes.Literal(value=value)):
            return value
        case _:
            raise InternalError(f"a cohort step has the operand {type(operand).__name__}")


def edges(trace: Trace) -> dict[str, Fraction]:
    """Return, by the cohort step's name, the number that a rank is compared with: the places of a quota."""
    found: dict[str, Fraction] = {}
    for part in parts(trace.node):
        if not isinstance(part, nodes.Compare):
            continue
        inner = part.left
        while isinstance(inner, nodes.Step):
            inner = inner.operand
        limit = trace.value_of(part.right)
        if (
            isinstance(inner, nodes.CohortRef)
            and isinstance(inner.node, nodes.Rank)
            and isinstance(limit, Fraction)
        ):
            found.setdefault(inner.name, limit)
    return found
