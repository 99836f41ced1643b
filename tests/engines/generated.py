"""Generated policies and records, full of ties, near ties, missing values and wide numbers.

Everything is drawn from one source of whole numbers, so the same generator serves hypothesis (which shrinks)
and long runs with Python's own random numbers: ``python -m tests.engines.long_run 20000``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal, TypeVar

from attrs import define, evolve, field, frozen

from rulecore.contracts import Cohort, CohortFunction, FunctionParameter, Value
from rulecore.declarations import FieldDeclaration, RuleDeclaration
from rulecore.engines.decode import encode
from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.nodes import Node
from rulecore.expr.types import NumberType, Type, kind
from rulecore.numbers import Rounding
from rulecore.plan.assemble import Assembly, Draft
from rulecore.planned import Origin, Plan, PlannedField
from rulecore.policy.load import LoadedPolicy, load_policy_document
from rulecore.records.storage import DEFAULT_BOUND, field_type
from rulecore.source import Place

if TYPE_CHECKING:
    import polars as pl

Item = TypeVar("Item")
Integers = Callable[[int, int], int]
"""Gives a whole number between two, inclusive."""

NOBODY = Origin(distribution="tests", version="")
TEXTS = ("A", "B", "甲", "", "12.50", "-0.005", "A|甲", "甲|甲|")
DAYS = (date(2024, 2, 29), date(2024, 3, 1), date(1999, 12, 31))
BASE = """
[policy]
name = "generated"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[rules.one]
scorer = "formula"
value = "1"
[output]
columns = ["unit"]
"""


@frozen(kw_only=True)
class Case:
    """A plan and the exact values of its records."""

    plan: Plan
    drafts: tuple[Draft, ...]
    records: tuple[Mapping[str, Value], ...]

    def frame(self) -> pl.DataFrame:
        """Return the records as the engines receive them."""
        import polars as pl

        columns = [
            encode(planned.name, [record[planned.name] for record in self.records], planned.type)
            for planned in self.plan.fields
        ]
        return pl.DataFrame([column for column in columns if column is not None])


@cache
def base_policy() -> LoadedPolicy:
    """Return the policy document that generated rules are put into."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "policy.toml"
        path.write_text(BASE, encoding="utf-8")
        return load_policy_document(path)


def alike(cohort: Cohort) -> Sequence[Value]:
    """Return for each record how many of its cohort have its own values: a cohort function for tests."""
    rows = list(zip(*cohort.arguments, strict=True))
    counts = {row: rows.count(row) for row in rows}
    return [Fraction(counts[row]) for row in rows]


ALIKE = CohortFunction(
    name="alike",
    summary="How many records of the cohort have the same values.",
    parameters=(FunctionParameter(name="values", many=True),),
    compute=alike,
    result_type=lambda _types, _options: NumberType(scale=0, low=Fraction(1), high=Fraction(10**6)),
)


def make_case(integer: Integers, *, cohorts: bool = True, size: int = 60) -> Case:
    """Return a generated plan with records for it."""
    writer = Writer(integer=integer, cohorts=cohorts)
    fields = tuple(writer.field_declaration(index) for index in range(writer.integer(2, 6)))
    plan, drafts = writer.plan(fields)
    pools = {planned.name: writer.pool(planned) for planned in fields}
    count = writer.pick((0, 1, 2, size // 4, size))
    records = tuple(
        {name: pool[writer.integer(0, len(pool) - 1)] for name, pool in pools.items()} for _ in range(count)
    )
    return Case(plan=plan, drafts=drafts, records=records)


def planned(name: str, declared: FieldDeclaration) -> PlannedField:
    """Return a field of a plan."""
    return PlannedField(
        name=name,
        header=name,
        label=name,
        type=field_type(declared),
        declaration=declared,
        place=Place(file="test"),
    )


@define(kw_only=True)
class Writer:
    """Draws fields, expressions and rules; ``types`` are those of the names an expression may use so far."""

    integer: Integers
    cohorts: bool = True
    types: dict[str, Type] = field(factory=dict)
    fields: dict[str, PlannedField] = field(factory=dict)

    # --- drawing --------------------------------------------------------------------------------------------

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one of some items; the first is the simplest."""
        return items[self.integer(0, len(items) - 1)]

    def one_in(self, count: int) -> bool:
        """Return true about once in so many times."""
        return self.integer(1, count) == count

    # --- fields and records ---------------------------------------------------------------------------------

    def field_declaration(self, index: int) -> PlannedField:
        """Return a generated field; the first two are always numbers."""
        missing = "not_applicable" if self.one_in(2) else "refuse"
        kinds: tuple[Literal["decimal", "integer", "text", "flag", "date"], ...]
        kinds = ("decimal", "integer") if index < 2 else ("decimal", "integer", "text", "flag", "date")
        chosen = self.pick(kinds)
        bounds: tuple[tuple[int | None, int | None], ...] = (
            (0, 100), (None, None), (-50, 50), (1, 10), (0, None), (0, 0), (-(10**15), 10**15), (0, 1),
        )  # fmt: skip
        low, high = self.pick(bounds) if chosen in ("decimal", "integer") else (None, None)
        decimals = self.pick((2, 0, 1, 4, 12)) if chosen == "decimal" else 0
        found = planned(
            f"f{index}",
            FieldDeclaration(type=chosen, decimals=decimals, min=low, max=high, missing=missing),
        )
        self.fields[found.name] = found
        self.types[found.name] = found.type
        return found

    def pool(self, source: PlannedField) -> list[Value]:
        """Return the few values that a field's records have, so that ties are frequent."""
        declared, missing = source.declaration, [None] if source.type.nullable else []
        match declared.type:
            case "text":
                return [*TEXTS, *missing]
            case "flag":
                return [True, False, *missing]
            case "date":
                return [*DAYS, date(2024, 1, 1) + timedelta(days=self.integer(0, 400)), *missing]
            case _:
                return [*self.numbers(declared), *missing]

    def numbers(self, declared: FieldDeclaration) -> list[Fraction]:
        unit = Fraction(1, 10**declared.decimals)
        low = Fraction(declared.min) if isinstance(declared.min, int | Decimal) else Fraction(-DEFAULT_BOUND)
        high = Fraction(declared.max) if isinstance(declared.max, int | Decimal) else Fraction(DEFAULT_BOUND)
        wanted = [Fraction(0), Fraction(1), low, high, low + unit, high - unit]
        for _ in range(self.integer(1, 4)):
            near = Fraction(self.integer(-400, 400), self.pick((1, 2, 3, 4, 8, 100)))
            wanted += [near, near + unit]
        kept = {min(max(value // unit * unit, low), high) for value in wanted}
        return sorted(kept, key=lambda value: (abs(value), value))

    # --- plans ----------------------------------------------------------------------------------------------

    def plan(self, fields: tuple[PlannedField, ...]) -> tuple[Plan, tuple[Draft, ...]]:
        """Return a plan of a few generated rules, each of which may use the earlier ones."""
        loaded = base_policy()
        unit = planned("unit", loaded.policy.fields["unit"])
        assembly = Assembly(
            policy=evolve(loaded.policy, output=evolve(loaded.policy.output, columns=())),
            document=loaded.document,
            fields=fields,
            cohort_types={"alike": ALIKE.result_type},
        )
        drafts: list[Draft] = []
        for index in range(self.integer(1, 6)):
            draft = self.draft(f"r{index}", assembly.cohort_types)
            if draft is not None:
                drafts.append(draft)
        for draft in drafts:
            assembly.add_rule(draft)
        faults = assembly.settled_faults()
        assert faults == [], [fault.render() for fault in faults]
        plan = Plan(
            policy=assembly.policy,
            file="generated",
            fields=fields,
            refusal_rules=(),
            refusals=(),
            steps=tuple(assembly.steps),
            columns=(),
            cohort_functions={"alike": ALIKE},
        )
        assert unit.name not in self.types
        return plan, tuple(drafts)

    def draft(self, name: str, cohort_types: Mapping[str, Callable[..., Type]]) -> Draft | None:
        """Return a rule whose expression has no fault of type, or None if the one drawn has."""
        node = self.pick((self.exact, self.rounded, self.flag, self.text, self.inexact, self.day))(
            self.integer(1, 4)
        )
        inference = Inference(self.types, cohort_types)
        type_ = inference.type_of(node)
        if inference.faults:
            return None
        decimals, step = None, None
        if isinstance(type_, NumberType) and self.one_in(2):
            if self.one_in(4):
                step = self.pick((Decimal("0.5"), Decimal("0.25"), Decimal(5), Decimal("1.5")))
            else:
                decimals = self.pick((2, 1, 0, 4, 9))
        rule = RuleDeclaration(
            scorer="formula", decimals=decimals, step=step, rounding=self.pick(tuple(Rounding))
        )
        if step is not None or decimals is not None:
            unit = Fraction(step) if step is not None else Fraction(1, 10 ** (decimals or 0))
            type_ = inference.type_of(nodes.Round(node, unit, rule.rounding))
        self.types[name] = type_
        return Draft(name=name, rule=rule, node=node, origin=NOBODY)

    # --- numbers --------------------------------------------------------------------------------------------

    def named(self, wanted: str, *, exact: bool = True) -> Node | None:
        """Return a field or earlier rule of a kind, if there is one."""
        found = [
            name
            for name, type_ in self.types.items()
            if kind(type_) == wanted and (not exact or not isinstance(type_, NumberType) or type_.exact)
        ]
        if not found:
            return None
        name = self.pick(found)
        return nodes.FieldRef(name) if name in self.fields else nodes.RuleRef(name)

    def constant(self) -> Node:
        """Return a number."""
        top = self.pick((1, 0, 2, 3, 5, 7, 10, 50, 60, 100, -1, -3, 10**9, 10**20))
        return nodes.Literal(Fraction(top, self.pick((1, 1, 1, 2, 3, 8, 10, 100, 10**12))))

    def leaf(self) -> Node:
        """Return a number of a field or rule, or a constant."""
        found = self.named("number") if not self.one_in(5) else None
        if self.one_in(40):
            return self.pick((nodes.NotApplicable(), nodes.Undecided("no_row")))
        return found or self.constant()

    def exact(self, depth: int) -> Node:
        """Return an expression that is an exact number."""
        if depth <= 0:
            return self.leaf()
        makers: tuple[Callable[[int], Node], ...] = (
            self.arithmetic, self.arithmetic, self.arithmetic, self.extreme, self.listed, self.rounded, self.read,
            self.choice, self.sum_of_quotients, self.product, self.sign, self.power, self.count,
            self.variant, self.date_number,
        )  # fmt: skip
        if self.cohorts and self.one_in(6):
            return self.cohort(depth)
        return self.pick(makers)(depth - 1)

    def arithmetic(self, depth: int) -> Node:
        """Return a sum, difference, product or quotient."""
        operation = self.pick((nodes.Add, nodes.Subtract, nodes.Multiply, nodes.Divide, nodes.Divide))
        return operation(self.exact(depth), self.exact(depth - 1))

    def several(self, depth: int, make: Callable[[int], Node]) -> tuple[Node, ...]:
        """Return one to four operands."""
        return tuple(make(depth - 1) for _ in range(self.integer(1, 4)))

    def extreme(self, depth: int) -> Node:
        """Return a minimum, a maximum or both: a clip."""
        if self.one_in(2):
            bounds = (nodes.Literal(Fraction(0)), nodes.Literal(Fraction(100)))
            return nodes.Minimum((nodes.Maximum((self.exact(depth), bounds[0])), bounds[1]))
        return self.pick((nodes.Minimum, nodes.Maximum))(self.several(depth, self.exact))

    def listed(self, depth: int) -> Node:
        """Return a sum, mean, trimmed mean or first applicable value of some operands."""
        operands = self.several(depth, self.exact)
        if self.one_in(3):
            return nodes.TrimmedMean((*operands, self.leaf()), self.integer(0, 2), self.integer(0, 2))
        return self.pick((nodes.Total, nodes.Mean, nodes.Coalesce))(operands)

    def count(self, depth: int) -> Node:
        """Return how many operands are applicable."""
        return nodes.Count(self.several(depth, self.flag if self.one_in(2) else self.exact))

    def unit(self) -> Fraction:
        """Return what a value is rounded to."""
        return self.pick(
            (
                Fraction(1, 100),
                Fraction(1),
                Fraction(1, 10),
                Fraction(1, 2),
                Fraction(1, 10**6),
                Fraction(5),
                Fraction(1, 3),
            )
        )

    def rounded(self, depth: int) -> Node:
        """Return a rounded number, often one that lies on a tie or one unit beside it."""
        unit = self.unit()
        if self.one_in(3):
            return nodes.Round(self.inexact(depth - 1), unit, self.pick(tuple(Rounding)))
        operand = self.exact(depth - 1)
        if self.one_in(2):
            beside = self.pick((Fraction(0), Fraction(1, 10**6), Fraction(-1, 10**14), Fraction(1, 10**16)))
            tie = nodes.Add(nodes.Round(operand, unit), nodes.Literal(unit / self.pick((2, 2, 1)) + beside))
            operand = self.same(tie)
        return nodes.Round(operand, unit, self.pick(tuple(Rounding)))

    def choice(self, depth: int) -> Node:
        """Return a conditional number."""
        return self.conditional(depth, self.exact)

    def conditional(self, depth: int, make: Callable[[int], Node]) -> Node:
        """Return a conditional with one or two branches; its values may be constants or not applicable."""
        branches = tuple(
            nodes.Branch(self.flag(depth - 1), make(depth - 1)) for _ in range(self.integer(1, 2))
        )
        rest = (
            make(0)
            if not self.one_in(8)
            else self.pick((nodes.NotApplicable(), nodes.Undecided("several_rows")))
        )
        return nodes.Conditional(branches, rest)

    def sum_of_quotients(self, depth: int) -> Node:
        """Return a sum of unrounded quotients, too long for 128 bits."""
        total: Node = nodes.Divide(self.leaf(), self.leaf())
        for _ in range(self.integer(2, 7)):
            total = nodes.Add(total, nodes.Divide(self.exact(depth - 3), self.leaf()))
        return total

    def product(self, depth: int) -> Node:
        """Return a product of many factors, which overflows 64 and then 128 bits."""
        product = self.exact(depth - 1)
        for _ in range(self.integer(1, 6)):
            product = nodes.Multiply(product, self.leaf())
        return product

    def sign(self, depth: int) -> Node:
        """Return a number without its sign, or with it turned; now and then inside a named step."""
        found = self.pick((nodes.Negate, nodes.Absolute))(self.exact(depth))
        return nodes.Step("step", found) if self.one_in(3) else found

    def power(self, depth: int) -> Node:
        """Return a whole power."""
        return nodes.Power(self.exact(depth - 1), Fraction(self.pick((2, 3, 0, 1, -1, -2, 7))))

    def variant(self, depth: int) -> Node:
        """Return an expression and the same value written otherwise, side by side: sums that cancel."""
        found = self.exact(depth - 1)
        return nodes.Subtract(found, self.same(found))

    def same(self, node: Node) -> Node:
        """Return an expression of the same value, computed in another way."""
        three, six, seven = (nodes.Literal(Fraction(number)) for number in (3, 6, 7))
        other = self.leaf()
        ways: tuple[Node, ...] = (
            node,
            nodes.Multiply(nodes.Divide(node, three), three),
            nodes.Total((node,)),
            nodes.Mean((node, node)),
            nodes.Subtract(nodes.Add(node, other), other),
            nodes.Add(nodes.Divide(node, seven), nodes.Divide(nodes.Multiply(node, six), seven)),
            nodes.Conditional((nodes.Branch(self.flag(0), node),), node),
            nodes.Coalesce((node, other)),
            self.same_but_wide(node),
            self.same_but_wide(node),
            self.same_but_wide(node),
        )  # fmt: skip
        return self.pick(ways)

    def same_but_wide(self, node: Node) -> Node:
        """Return an expression of the same value (where nothing is zero) that needs more than 128 bits."""
        other, found = self.leaf(), node
        match self.integer(0, 4):
            case 0:
                for operation in (*[nodes.Multiply] * 6, *[nodes.Divide] * 6):
                    found = operation(found, other)
            case 1:
                share = nodes.Divide(
                    nodes.Multiply(node, other), nodes.Multiply(nodes.Literal(Fraction(8)), other)
                )
                found = share
                for _ in range(7):
                    found = nodes.Add(found, share)
            case 2:
                for _ in range(4):
                    quotient = nodes.Divide(self.leaf(), self.leaf())
                    found = nodes.Subtract(nodes.Add(found, quotient), quotient)
            case 3:
                large = nodes.Literal(Fraction(10 ** self.pick((3, 14, 15, 16, 30))))
                found = nodes.Divide(nodes.Multiply(self.same_but_wide(node), large), large)
            case _:
                power = self.pick((3, 20, 40))
                for exponent in (power, -power):
                    found = nodes.Multiply(found, nodes.Power(other, Fraction(exponent)))
        return found

    def read(self, depth: int) -> Node:
        """Return the number that a text is."""
        return nodes.ReadNumber(self.text(depth), self.pick((2, 0, 12)))

    def date_number(self, depth: int) -> Node:
        """Return a number made of dates."""
        if self.one_in(2):
            if self.one_in(3):
                return nodes.WorkdaysBetween(self.day(depth - 1), self.day(depth - 2), *self.calendar())
            return nodes.DaysBetween(self.day(depth - 1), self.day(depth - 2))
        return nodes.DatePart(self.pick(("year", "month", "day")), self.day(depth - 1))

    # --- inexact numbers ------------------------------------------------------------------------------------

    def inexact(self, depth: int) -> Node:
        """Return a number that has ln, exp or a root in it, most times."""
        operand = self.exact(depth - 1) if not self.one_in(3) or depth < 1 else self.inexact(depth - 1)
        if depth > 0 and self.one_in(3):
            operation = self.pick((nodes.Add, nodes.Subtract, nodes.Multiply, nodes.Divide))
            return operation(self.inexact(depth - 1), self.exact(depth - 1))
        known = self.named("number", exact=False) if self.one_in(4) else None
        if depth > 0 and self.one_in(6):
            return nodes.Maximum((self.inexact(depth - 1), operand))
        if depth > 0 and self.one_in(8):
            return self.pick((nodes.Total, nodes.Mean, nodes.Coalesce))((self.inexact(depth - 1), operand))
        hundredth = nodes.Divide(operand, nodes.Literal(Fraction(100)))
        return self.pick(
            (
                nodes.Power(operand, Fraction(1, 2)),
                nodes.NaturalLogarithm(operand),
                nodes.Exponential(hundredth),
                nodes.Exponential(operand),
                nodes.NormalProbability(operand),
                nodes.NormalProbability(hundredth),
                nodes.Power(
                    operand, self.pick((Fraction(3, 2), Fraction(-1, 2), Fraction(1, 3), Fraction(4, 5)))
                ),
                known or operand,
            )
        )

    # --- flags, texts, dates --------------------------------------------------------------------------------

    def flag(self, depth: int) -> Node:
        """Return a condition."""
        found = self.named("flag") if self.one_in(3) else None
        if found is not None:
            return found
        if depth <= 0:
            return self.comparison(0)
        match self.integer(0, 6):
            case 0:
                return nodes.And(tuple(self.flag(depth - 1) for _ in range(self.integer(2, 3))))
            case 1:
                return nodes.Or(tuple(self.flag(depth - 1) for _ in range(self.integer(2, 3))))
            case 2:
                return nodes.Not(self.flag(depth - 1))
            case 3:
                return nodes.IsApplicable(self.pick((self.exact, self.text, self.flag))(depth - 1))
            case 4:
                return self.membership(depth)
            case 5 if self.one_in(3):
                return nodes.Literal(self.one_in(2))
            case _:
                return self.comparison(depth)

    def comparison(self, depth: int) -> Node:
        """Return a comparison, often of values that are equal or very near."""
        operator = self.pick(("==", "!=", "<", "<=", ">", ">="))
        if self.one_in(6):
            make = self.pick((self.text, self.flag)) if depth > 0 else self.text
            return nodes.Compare(self.pick(("==", "!=")), make(depth - 1), make(depth - 2))
        if self.one_in(8):
            return nodes.Compare(operator, self.day(depth - 1), self.day(0))
        left = self.exact(depth - 1)
        if self.one_in(3):
            beside = nodes.Literal(self.pick((Fraction(0), Fraction(1, 10**15), Fraction(-1, 10**13))))
            return nodes.Compare(operator, nodes.Add(left, beside), self.same(left))
        return nodes.Compare(operator, left, self.exact(depth - 2))

    def membership(self, depth: int) -> Node:
        """Return whether a value is one of a list."""
        if self.one_in(2):
            texts = tuple(nodes.Literal(text) for text in TEXTS[: self.integer(1, 3)])
            return nodes.IsIn(self.text(depth - 1), nodes.ListLiteral(texts))
        numbers = tuple(nodes.Literal(Fraction(number)) for number in (0, 1, 60, Fraction(1, 2)))
        return nodes.IsIn(self.exact(depth - 1), nodes.ListLiteral(numbers))

    def text(self, depth: int) -> Node:
        """Return a text."""
        found = self.named("text") if self.one_in(2) else None
        if found is not None:
            return found
        if depth <= 0:
            return nodes.Literal(self.pick(TEXTS))
        match self.integer(0, 4):
            case 4:
                return nodes.MissingItems(
                    self.text(depth - 1), self.text(depth - 2), "|", self.pick(("、", ""))
                )
            case 0:
                separator = self.pick(("", "、"))
                return nodes.Concatenate(
                    tuple(self.text(depth - 1) for _ in range(self.integer(1, 3))), separator
                )
            case 1:
                return nodes.FormatNumber(self.exact(depth - 1), self.pick((2, 0, 5)))
            case 2:
                return nodes.Coalesce((self.text(depth - 1), self.text(depth - 2)))
            case _:
                return self.conditional(depth, self.text)

    def calendar(self) -> tuple[tuple[date, ...], tuple[date, ...]]:
        """Return some holidays and some weekend days that are worked."""
        first = DAYS[0].toordinal()
        days = sorted({date.fromordinal(first + self.integer(0, 400)) for _ in range(self.integer(0, 6))})
        half = self.integer(0, len(days))
        return tuple(days[:half]), tuple(days[half:])

    def day(self, depth: int) -> Node:
        """Return a date."""
        found = self.named("date") if self.one_in(2) else None
        if found is not None:
            return found
        if depth > 0 and self.one_in(3):
            return self.pick((nodes.Minimum, nodes.Maximum))((self.day(depth - 1), self.day(depth - 1)))
        if depth > 0 and self.one_in(3):
            return self.conditional(depth, self.day)
        if depth > 0 and self.one_in(3):
            whole = nodes.Round(self.exact(depth - 1), self.pick((Fraction(1), Fraction(10))))
            if self.one_in(3):
                return nodes.ShiftWorkdays(self.day(depth - 1), whole, *self.calendar())
            return nodes.ShiftDate(self.pick(("days", "months", "month_ends")), self.day(depth - 1), whole)
        return nodes.Literal(self.pick(DAYS))

    # --- cohorts --------------------------------------------------------------------------------------------

    def cohort(self, depth: int) -> Node:
        """Return a rank, a count or a cohort function."""
        where = nodes.Coalesce((self.flag(depth - 1), nodes.Literal(False))) if self.one_in(3) else None
        by = tuple(self.pick((self.text, self.exact, self.flag))(0) for _ in range(self.integer(0, 2)))
        match self.integer(0, 3):
            case 0:
                return nodes.CohortCount(by, where)
            case 1:
                return nodes.CohortCall("alike", (self.exact(depth - 1),), (), by, where)
            case _:
                keys = tuple(self.key(depth) for _ in range(self.integer(1, 3)))
                return nodes.Rank(keys, self.pick(("min", "max", "dense", "ordinal")), by, where)

    def key(self, depth: int) -> nodes.SortKey:
        """Return a value to rank by."""
        make = self.pick((self.exact, self.exact, self.near, self.near, self.text, self.day))
        return nodes.SortKey(make(depth - 1), descending=not self.one_in(2))

    def near(self, depth: int) -> Node:
        """Return a number that is another one, or very near it: ties that floats cannot tell."""
        found = self.exact(depth)
        beside = nodes.Literal(self.pick((Fraction(0), Fraction(1, 10**14), Fraction(-1, 10**17))))
        return nodes.Conditional(
            (nodes.Branch(self.comparison(0), found),), nodes.Add(self.same(found), beside)
        )
