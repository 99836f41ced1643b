"""Many draws computed at once: the records of a run stand below one another, once for each draw, numbers in columns.

Engines compute the stack as any other records; ranks, counts and cohort functions stay within a draw. What comes out
is added up in columns, in whole numbers, and is the same as when each draw is compiled and computed on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from attrs import frozen

from rulecore.compare.factors import Factor, settings_at, values_at
from rulecore.compare.lifted import DRAW, Lifted, NotColumnsError, decimals_of, lifted
from rulecore.compare.side import Side
from rulecore.compare.tally import Outputs, Tally, is_class
from rulecore.compare.values import ComparedRule
from rulecore.compare.varied import Experiment
from rulecore.contracts import Value
from rulecore.engines.decode import decode, is_ratio
from rulecore.errors import PolicyError
from rulecore.explain.numbers import explained
from rulecore.expr.types import NumberType
from rulecore.plan.sources import sourced_fields
from rulecore.planned import Plan
from rulecore.reach.columns import Columns
from rulecore.records.storage import storage
from rulecore.results import PolicyResults

if TYPE_CHECKING:
    import polars as pl

PROBES: Final = 3
MOST_STACKED: Final = 400_000
"""How many rows are computed at once: some hundred megabytes."""
ROW: Final = "#row"
Draw = tuple[Fraction, ...]


@frozen(kw_only=True)
class _Part:
    """One policy's records to be stacked: where they stand among all, the plan with columns, and their values now."""

    part: PolicyResults
    number: int
    lifted: Lifted
    places: Sequence[int]


@frozen(kw_only=True)
class Stack:
    """The records of an experiment, ready to be computed for many draws at once."""

    experiment: Experiment
    factors: Sequence[Factor]
    rules: Sequence[ComparedRule]
    parts: Sequence[_Part]
    records: int

    def compute(self, draws: Sequence[Draw], tally: Tally | None) -> list[Outputs]:
        """Return the outputs of each draw, and add them all to the tally."""
        height = max(1, self.records)
        size = max(1, MOST_STACKED // height)
        found: list[Outputs] = []
        for start in range(0, len(draws), size):
            found += self._chunk(draws[start : start + size], tally)
        if tally is not None:
            tally.draws[0] += len(draws)
        return found

    def _chunk(self, draws: Sequence[Draw], tally: Tally | None) -> list[Outputs]:
        values = [values_at(self.factors, draw) for draw in draws]
        sums = [[Fraction(0)] * len(self.rules) for _draw in draws]
        counts = [[0] * len(self.rules) for _draw in draws]
        for part in self.parts:
            frame = self._stacked(part, values)
            for column, rule in enumerate(self.rules):
                self._rule(part, frame, (column, rule), tally, (sums, counts))
        return [
            tuple(
                sums[draw][column] / ((self.records if is_class(rule) else counts[draw][column]) or 1)
                for column, rule in enumerate(self.rules)
            )
            for draw in range(len(draws))
        ]

    def _stacked(self, part: _Part, values: Sequence[Sequence[Fraction]]) -> pl.DataFrame:
        """Return the steps of the stack, with the draw and the record of each row."""
        import polars as pl

        plan, height = part.lifted.plan, part.part.records.height
        inputs = [item.name for item in plan.inputs if item.name in part.part.records.columns]
        records = part.part.records.select(inputs)
        stack = pl.concat([records] * len(values), rechunk=True)
        numbers = {DRAW: [number for number in range(len(values)) for _row in range(height)]}
        types = {item.name: item.type for item in plan.fields}
        for name, factor in part.lifted.columns.items():
            type_ = types[name]
            assert isinstance(type_, NumberType)  # noqa: S101 - made so
            scaled = [int(one[factor] * 10 ** (type_.scale or 0)) for one in values]
            numbers[name] = [number for number in scaled for _row in range(height)]
        given = stack.with_columns(
            pl.Series(name, column, dtype=_kept(types[name])) for name, column in numbers.items()
        )
        steps = self.experiment.engine.evaluate(plan, given)
        rows = pl.arange(0, height, eager=True, dtype=pl.Int64())
        return steps.with_columns(
            given[DRAW].alias(DRAW), pl.concat([rows] * len(values), rechunk=True).alias(ROW)
        )

    def _rule(
        self,
        part: _Part,
        frame: pl.DataFrame,
        wanted: tuple[int, ComparedRule],
        tally: Tally | None,
        totals: tuple[list[list[Fraction]], list[list[int]]],
    ) -> None:
        import polars as pl

        column, rule = wanted
        types = {step.name: step.type for step in part.lifted.plan.steps}
        if rule.name not in types:
            return  # a rule of other policies: not applicable here, now as in every draw
        type_ = types[rule.name]
        if is_ratio(type_):
            self._ratios(part, decode(frame[rule.name], type_), column, tally, totals)
            return
        scale = _scale(type_)
        current = self._current(part, rule)
        now = pl.concat([current] * (frame.height // max(1, current.len())), rechunk=True)
        mine = frame.select(DRAW, ROW, pl.col(rule.name).alias("value")).with_columns(now.alias("now"))
        same = pl.col("value").eq_missing(pl.col("now"))
        sums, counts = totals
        if is_class(rule):
            per_draw = mine.group_by(DRAW).agg((~same).sum().alias("sum"), pl.lit(0).alias("count"))
        else:
            both = pl.col("value").is_not_null() & pl.col("now").is_not_null()
            wide, base = pl.col("value").cast(pl.Int128()), pl.col("now").cast(pl.Int128())
            amount = (
                pl.when(wide > base).then(wide - base).otherwise(base - wide)
                if rule.scorer == "rank"
                else wide
            )
            per_draw = (
                mine.filter(both).group_by(DRAW).agg(amount.sum().alias("sum"), pl.len().alias("count"))
            )
        for draw, total, count in per_draw.rows():
            sums[draw][column] += Fraction(int(total), 1 if is_class(rule) else scale)
            counts[draw][column] += int(count)
        if tally is not None:
            self._add(part, mine, column, (type_, scale), tally)

    def _ratios(
        self,
        part: _Part,
        values: Sequence[Value],
        column: int,
        tally: Tally | None,
        totals: tuple[list[list[Fraction]], list[list[int]]],
    ) -> None:
        """Add up a rule that no integer column holds, value by value."""
        current = Columns(part=part.part).named(self.rules[column].name)
        ranked, sums, counts = self.rules[column].scorer == "rank", *totals
        for position, value in enumerate(values):
            draw, row = divmod(position, len(current))
            now = current[row]
            number = value if isinstance(value, Fraction) else None
            if number is not None and isinstance(now, Fraction):
                sums[draw][column] += abs(number - now) if ranked else number
                counts[draw][column] += 1
            if tally is not None:
                tally.held[part.places[row]][column].add(number, number, int(value == now))

    def _current(self, part: _Part, rule: ComparedRule) -> pl.Series:
        """Return a rule's values as they are, stored as those of the stack."""
        import polars as pl

        wide = next(step.type for step in part.lifted.plan.steps if step.name == rule.name)
        if not isinstance(wide, NumberType):
            return part.part.steps[rule.name]
        scale = _scale(wide)
        scaled = [_scaled(value, scale) for value in Columns(part=part.part).named(rule.name)]
        return pl.Series(rule.name, scaled, dtype=_kept(wide))

    def _add(
        self, part: _Part, frame: pl.DataFrame, column: int, stored: tuple[object, int], tally: Tally
    ) -> None:
        """Add a rule of all draws to the tally."""
        import polars as pl

        type_, scale = stored
        number = isinstance(type_, NumberType)
        same = pl.col("value").eq_missing(pl.col("now")).sum().alias("same")
        ends = [pl.col("value").min().alias("least"), pl.col("value").max().alias("most")] if number else []
        for row, stays, *range_ in frame.group_by(ROW).agg(same, *ends).rows():
            least, most = (
                (None if end is None else Fraction(end, scale) for end in range_) if number else (None, None)
            )
            tally.held[part.places[row]][column].add(least, most, int(stays))
        if not is_class(self.rules[column]):
            return
        for row, value, count in frame.group_by(ROW, "value").agg(pl.len()).rows():
            exact = Fraction(value, scale) if number and value is not None else value
            tally.held[part.places[row]][column].counts[explained(exact)] += int(count)


def _scaled(value: object, scale: int) -> int | None:
    return int(value * scale) if isinstance(value, Fraction) else None


def _scale(type_: object) -> int:
    return 10 ** (type_.scale or 0) if isinstance(type_, NumberType) else 1


def _kept(type_: object) -> pl.DataType:
    assert isinstance(type_, NumberType)  # noqa: S101 - only numbers are encoded here
    kept = storage(type_)
    if kept is None:
        raise NotColumnsError
    return kept.dtype()


def stack_of(
    experiment: Experiment,
    factors: Sequence[Factor],
    rules: Sequence[ComparedRule],
    base: Side,
    draws: Sequence[Draw],
) -> Stack | None:
    """Return the records ready to be computed for all draws at once; None where that cannot be done."""
    try:
        return Stack(
            experiment=experiment,
            factors=factors,
            rules=rules,
            parts=tuple(_parts(experiment, factors, rules, base, draws)),
            records=len(base.keys),
        )
    except (NotColumnsError, PolicyError):
        return None


def _parts(
    experiment: Experiment,
    factors: Sequence[Factor],
    rules: Sequence[ComparedRule],
    base: Side,
    draws: Sequence[Draw],
) -> Iterator[_Part]:
    if len(draws) <= PROBES or experiment.adjustments.given:
        raise NotColumnsError
    values = [values_at(factors, draw) for draw in draws]
    now = [factor.base for factor in factors]
    columns = [[now[index], *(one[index] for one in values)] for index in range(len(factors))]
    ends = [(min(column), max(column), decimals_of(column)) for column in columns]
    probes = [experiment.with_settings(settings_at(factors, draw)) for draw in draws[:PROBES]]
    places: dict[int, dict[int, int]] = {}
    for place, key in enumerate(base.keys):
        owner, row = base.places[key]
        places.setdefault(id(owner), {})[row] = place
    for number, plan in enumerate(experiment.plans):
        part = next((one for one in base.results.parts if one.plan is plan), None)
        if part is None:  # a policy without records
            continue
        if any(True for _field in sourced_fields(plan)):
            raise NotColumnsError
        compiled = [probe.plans[number] for probe in probes]
        made = lifted(plan, compiled, now, values[:PROBES], ends, [rule.name for rule in rules])
        mine = places.get(id(part), {})
        if len(mine) != part.records.height or not _stored(made.plan, rules):
            raise NotColumnsError
        yield _Part(part=part, number=number, lifted=made, places=[mine[row] for row in range(len(mine))])


def _stored(plan: Plan, rules: Sequence[ComparedRule]) -> bool:
    """Return whether columns hold the rules that are looked at, for all draws: irrational numbers no column does."""
    types: Mapping[str, object] = {step.name: step.type for step in plan.steps}
    return all(
        not isinstance(type_, NumberType)
        or storage(type_) is not None
        or (type_.exact and not is_class(rule))
        for rule, type_ in ((rule, types.get(rule.name)) for rule in rules)
    )
