"""Generated trees of the expression language, for the laws that hold of all of them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.tokens import is_plain_name
from rulecore.numbers import Rounding

NAMES = st.sampled_from(["a", "score", "党建得分", "x_1", "not_now", "inner", "或有负债"])
QUOTED = st.sampled_from(["党建 得分", "或", "1.5倍", "a", "得分（%）"])
TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("\"'“”「」 A优;、"), st.characters(exclude_categories=["Cs"])),
    max_size=6,
)
NUMBERS = st.builds(
    lambda scaled, scale: Fraction(scaled, 10**scale), st.integers(-(10**9), 10**9), st.integers(0, 6)
)
DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))
CONSTANTS = st.builds(nodes.Literal, st.one_of(NUMBERS, TEXTS, st.booleans(), DATES))

assert all(is_plain_name(name) for name in ["a", "或有负债", "not_now"])


def _several(trees: st.SearchStrategy[Node], least: int = 2) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(trees, min_size=least, max_size=3).map(tuple)


def _shared(trees: st.SearchStrategy[Node]) -> list[st.SearchStrategy[Node]]:
    """Return the constructs that are written with operators and words, not as calls."""
    arithmetic = [nodes.Add, nodes.Subtract, nodes.Multiply, nodes.Divide]
    applicable = trees.filter(lambda tree: tree != nodes.NotApplicable())
    comparison = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    return [
        *(st.builds(kind, trees, trees) for kind in arithmetic),
        st.builds(nodes.Negate, trees),
        st.builds(nodes.Not, trees),
        st.builds(nodes.Compare, comparison, applicable, applicable),
        st.builds(nodes.And, _several(trees)),
        st.builds(nodes.Or, _several(trees)),
        st.builds(
            nodes.Conditional,
            st.lists(st.builds(nodes.Branch, trees, trees), min_size=1, max_size=3).map(tuple),
            trees,
        ),
    ]


def written_trees() -> st.SearchStrategy[Node]:
    """Return trees as the parser makes them: names and calls as written."""
    leaves = st.one_of(
        CONSTANTS,
        st.just(nodes.NotApplicable()),
        st.builds(nodes.Name, NAMES),
        st.builds(nodes.Name, QUOTED, quoted=st.just(True)),
    )

    def extend(trees: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        lists = st.builds(nodes.ListLiteral, _several(trees, 1))
        named = st.lists(st.tuples(NAMES, st.one_of(trees, lists)), max_size=2).map(tuple)
        return st.one_of(
            *_shared(trees),
            st.builds(nodes.IsIn, trees, lists),
            st.builds(nodes.Call, NAMES, _several(trees, 0), named),
        )

    return st.recursive(leaves, extend, max_leaves=12)


def resolved_trees() -> st.SearchStrategy[Node]:
    """Return trees as they are after resolving, over the names of :data:`SCOPE_NAMES`."""
    leaves = st.one_of(CONSTANTS, st.just(nodes.NotApplicable()), st.sampled_from([*SCOPE_NAMES.values()]))
    decimals = st.integers(0, 6).map(lambda count: Fraction(1, 10**count))
    units = st.one_of(decimals, st.sampled_from([Fraction(1, 2), Fraction(5), Fraction(10)]))
    exponents = st.sampled_from([Fraction(1, 2), Fraction(2), Fraction(-1), Fraction(1, 3), Fraction(3, 2)])
    constants = st.builds(nodes.ListLiteral, st.lists(CONSTANTS, min_size=1, max_size=3).map(tuple))

    def extend(trees: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        many = _several(trees, 1)
        by, where = _several(trees, 0), st.none() | trees
        calendar = st.lists(DATES, max_size=3, unique=True).map(lambda days: tuple(sorted(days)))
        methods = st.sampled_from(["min", "max", "dense", "ordinal"])
        lists = [nodes.Minimum, nodes.Maximum, nodes.Total, nodes.Mean, nodes.Count, nodes.Coalesce]
        single = [nodes.Absolute, nodes.NaturalLogarithm, nodes.Exponential, nodes.NormalProbability]
        single.append(nodes.IsApplicable)
        tests = st.sampled_from(["contains", "starts_with", "ends_with"])
        keys = st.tuples(many, st.booleans()).map(
            lambda pair: tuple(nodes.SortKey(value, pair[1]) for value in pair[0])
        )
        return st.one_of(
            *_shared(trees),
            *(st.builds(kind, many) for kind in lists),
            *(st.builds(kind, trees) for kind in single),
            st.builds(nodes.IsIn, trees, constants),
            st.builds(nodes.Round, trees, units, st.sampled_from(Rounding)),
            st.builds(nodes.Power, trees, exponents),
            st.builds(nodes.TrimmedMean, many, st.integers(0, 3), st.integers(0, 3)),
            st.builds(nodes.Concatenate, many, TEXTS),
            st.builds(nodes.FormatNumber, trees, st.integers(0, 9)),
            st.builds(nodes.ReadNumber, trees, st.integers(0, 9)),
            st.builds(nodes.MissingItems, trees, trees),
            st.builds(nodes.TextTest, tests, trees, trees),
            st.builds(nodes.DatePart, st.sampled_from(["year", "month", "day"]), trees),
            st.builds(nodes.DaysBetween, trees, trees),
            st.builds(nodes.WorkdaysBetween, trees, trees, calendar, calendar.filter(lambda days: not days)),
            st.builds(nodes.ShiftWorkdays, trees, trees, calendar.filter(lambda days: not days), calendar),
            st.builds(nodes.ShiftDate, st.sampled_from(["days", "months", "month_ends"]), trees, trees),
            st.builds(nodes.Rank, keys, methods, by, where),
            st.builds(nodes.CohortCount, by, where),
        )

    return st.recursive(leaves, extend, max_leaves=12)


SCOPE_NAMES: dict[str, Node] = {
    "score": nodes.FieldRef("score"),
    "党建得分": nodes.RuleRef("党建得分"),
    "非": nodes.RuleRef("非"),
    "cap": nodes.ParameterRef("cap", nodes.Literal(Fraction(3))),
}
