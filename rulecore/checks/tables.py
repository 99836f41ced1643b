"""A lint: decision tables with gaps, overlaps, masked rows and rows that cannot be hit.

The rows' tests are read over the inputs' values: each input is split where a test tells values apart, and the
combinations are looked through (with what is excluded not followed). That is complete for inputs that do not
depend on each other; where there are too many combinations the check says so instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from attrs import define

from rulecore.checks.levels import every_level
from rulecore.checks.places import place_of_key
from rulecore.checks.world import FALSE, TRUE, TooManyCases, Wanted, World, described, is_certain, written
from rulecore.codes.checks import (
    TABLE_DISAGREES,
    TABLE_GAP,
    TABLE_MASKED,
    TABLE_OVERLAP,
    TABLE_ROW_IMPOSSIBLE,
    TABLE_ROW_TWICE,
    TABLE_TOO_LARGE,
)
from rulecore.contracts import Check, Code, Fault, RuleTable, TableRow
from rulecore.language import N_
from rulecore.planned import Plan, PlannedRule

MOST_ROWS: Final = 150
"""Every pair of rows is looked at, so the work grows with the square of their number."""


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield the findings on every rule that is a table."""
    world = World.of(plan)
    for step in plan.steps:
        if isinstance(step, PlannedRule) and not step.hidden:
            for claim in step.claims:
                if isinstance(claim, RuleTable):
                    yield from _Table(world, step, claim).findings()


@define
class _Table:
    world: World
    rule: PlannedRule
    table: RuleTable
    too_large: bool = False

    def findings(self) -> Iterator[Fault]:
        """Yield what is wrong with one table; each row is blamed once."""
        dead: set[int] = set()
        for index, row in enumerate(self.table.rows):
            if not self.possible([(row.hit, TRUE)]):
                dead.add(index)
                yield self.fault(TABLE_ROW_IMPOSSIBLE, index, row=index + 1)
        if len(self.table.rows) > MOST_ROWS:
            self.too_large = True
        else:
            twice = [*self.twice(dead)]
            dead |= {second for _first, second in twice}
            for first, second in twice:
                yield self.fault(TABLE_ROW_TWICE, second, first, first=first + 1, second=second + 1)
            yield from self.masked(dead) if self.table.hits == "first" else self.overlaps(dead)
            yield from self.gap()
        if self.too_large:
            yield self.fault(TABLE_TOO_LARGE, None)

    def twice(self, dead: set[int]) -> Iterator[tuple[int, int]]:
        """Yield pairs of rows with the same tests."""
        first: dict[object, int] = {}
        for index, row in enumerate(self.table.rows):
            if index not in dead and row.hit in first:
                yield first[row.hit], index
            first.setdefault(row.hit, index)

    def masked(self, dead: set[int]) -> Iterator[Fault]:
        """Yield the rows that never decide because the rows before them take every case."""
        for index, row in enumerate(self.table.rows):
            before: list[Wanted] = [(other.hit, FALSE) for other in self.table.rows[:index]]
            if index not in dead and not self.possible([*before, (row.hit, TRUE)]):
                yield self.fault(TABLE_MASKED, index, row=index + 1)

    def overlaps(self, dead: set[int]) -> Iterator[Fault]:
        """Yield pairs of rows that can both be hit, where that is not meant."""
        if self.table.hits == "several":
            return
        rows = [(index, row) for index, row in enumerate(self.table.rows) if index not in dead]
        for (first, one), (second, other) in combinations(rows, 2):
            if self.table.hits == "agreeing" and _agree(one, other):
                continue
            example = self.example([(one.hit, TRUE), (other.hit, TRUE)])
            if example is None:
                continue
            values: dict[str, object] = {"first": first + 1, "second": second + 1, "example": example}
            if self.table.hits == "one":
                yield self.fault(TABLE_OVERLAP, second, first, **values)
            else:
                outputs = {"one": written(one.output.value), "other": written(other.output.value)}
                yield self.fault(TABLE_DISAGREES, second, first, **values, **outputs)

    def gap(self) -> Iterator[Fault]:
        """Yield an example that hits no row, where the table does not say what then."""
        if not self.table.complete:
            example = self.example([(row.hit, FALSE) for row in self.table.rows])
            if example is not None:
                yield self.fault(TABLE_GAP, None, example=example)

    def possible(self, wanted: list[Wanted]) -> bool:
        if self.too_large:
            return True
        try:
            return self.world.find(wanted) is not None
        except TooManyCases:
            self.too_large = True
            return True

    def example(self, wanted: list[Wanted]) -> str | None:
        if self.too_large:
            return None
        try:
            witness = self.world.find(wanted)
        except TooManyCases:
            self.too_large = True
            return None
        # A gap at "any other text" is no news where a field takes any text: only values that are known count.
        if witness is None or (wanted[0][1] is FALSE and not is_certain(witness)):
            return None
        return described(witness)

    def fault(self, code: Code, index: int | None, beside: int | None = None, /, **values: object) -> Fault:
        rows, plan = self.table.rows, self.world.plan
        place = self.rule.place if index is None else place_of_key(plan, rows[index].key)
        related = () if beside is None else ((N_("the other row"), place_of_key(plan, rows[beside].key)),)
        return Fault(code=code, values={"rule": self.rule.name, **values}, place=place, related=related)


def _agree(one: TableRow, other: TableRow) -> bool:
    return type(one.output.value) is type(other.output.value) and one.output.value == other.output.value


TABLES: Final = Check(
    name="tables",
    codes=(
        TABLE_GAP,
        TABLE_OVERLAP,
        TABLE_MASKED,
        TABLE_DISAGREES,
        TABLE_ROW_TWICE,
        TABLE_ROW_IMPOSSIBLE,
        TABLE_TOO_LARGE,
    ),
    inspect=every_level(inspect),
)
