"""A lint: blanks that become numbers, values that are shown blank, and divisors that may be 0."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from rulecore.checks.absence import Absence, may_be_zero
from rulecore.checks.levels import every_level
from rulecore.checks.paths import owner, reached, rules_of
from rulecore.checks.places import place_of, place_of_key
from rulecore.checks.uses import names_in
from rulecore.checks.wording import shown
from rulecore.checks.world import World
from rulecore.codes.checks import DIVISOR_MAY_BE_ZERO, MISSING_BECOMES_VALUE, SHOWN_BLANK
from rulecore.contracts import Check, Fault
from rulecore.expr.nodes import Divide, FieldRef, RuleRef
from rulecore.planned import Plan


def inspect(plan: Plan) -> Iterator[Fault]:
    """Yield the findings on fields, then on quotients, then on output columns."""
    world = World.of(plan)
    yield from _defaults(plan)
    yield from _divisors(world)
    yield from _blanks(world)


def _defaults(plan: Plan) -> Iterator[Fault]:
    """Yield a warning for each number or flag that a blank cell becomes and that a rule reads."""
    read = names_in(step.node for step in rules_of(plan))
    for planned in plan.fields:
        default = planned.declaration.missing
        if planned.name in read and isinstance(default, bool | int | Decimal):
            values = {"field": planned.name, "value": str(default).lower()}
            place = place_of_key(plan, ("fields", planned.name, "missing"))
            yield Fault(code=MISSING_BECOMES_VALUE, values=values, place=place)


def _divisors(world: World) -> Iterator[Fault]:
    """Yield a note for each divisor that may be 0 where the conditions around it hold."""
    for step in rules_of(world.plan):
        here, rule = world.at(step), owner(world.plan, step) or step
        for node, path in reached(step.node):
            if isinstance(node, Divide) and may_be_zero(here, node.right, path):
                values = {"divisor": shown(node.right)}
                yield Fault(
                    code=DIVISOR_MAY_BE_ZERO, values=values, place=place_of(world.plan, rule, node.right)
                )


def _blanks(world: World) -> Iterator[Fault]:
    """Yield one note on the columns that may be not applicable without the policy saying what is shown."""
    absence = Absence(world)
    fields = {planned.name for planned in world.plan.fields}
    found = [
        index
        for index, column in enumerate(world.plan.columns)
        if not column.not_applicable
        and absence.of(FieldRef(column.of) if column.of in fields else RuleRef(column.of))
    ]
    if found:
        names = [world.plan.columns[index].of for index in found]
        place = place_of_key(world.plan, ("output", "columns", found[0]))
        yield Fault(code=SHOWN_BLANK, values={"columns": ", ".join(names), "column": names[0]}, place=place)


MISSING: Final = Check(
    name="missing_values",
    codes=(DIVISOR_MAY_BE_ZERO, MISSING_BECOMES_VALUE, SHOWN_BLANK),
    inspect=every_level(inspect),
)
