"""What the search finds impossible is impossible: held against every record there can be, on the exact engine."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulecore.checks.world import FALSE, NOT_FALSE, NOT_TRUE, TRUE, TooManyCases, World
from rulecore.engines.exact import evaluate_node
from rulecore.expr import nodes
from rulecore.expr.nodes import FieldRef, Node
from tests.checks.whole import plan_of

FIELDS = """
[fields.a]
type = "integer"
min = 0
max = 4

[fields.b]
type = "decimal"
decimals = 1
min = 0
max = 0.6
missing = "not_applicable"

[fields.c]
type = "text"
values = ["甲", "乙", "丙"]
missing = "not_applicable"

[fields.d]
type = "flag"

[rules.net]
scorer = "formula"
value = "a"
"""
VALUES = {
    "a": [Fraction(number) for number in range(5)],
    "b": [*(Fraction(number, 10) for number in range(7)), None],
    "c": ["甲", "乙", "丙", None],
    "d": [True, False],
}


def number(value: object) -> nodes.Literal:
    return nodes.Literal(Fraction(str(value)))


OPERATORS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
ATOMS = st.one_of(
    st.builds(nodes.Compare, OPERATORS, st.just(FieldRef("a")), st.integers(-1, 5).map(number)),
    st.builds(
        nodes.Compare,
        OPERATORS,
        st.just(FieldRef("b")),
        st.sampled_from(["-1", "0", "0.25", "0.3", "0.6"]).map(number),
    ),
    st.builds(
        nodes.Compare,
        st.sampled_from(["==", "!="]),
        st.just(FieldRef("c")),
        st.sampled_from(["甲", "乙", "丁"]).map(nodes.Literal),
    ),
    st.just(FieldRef("d")),
    st.sampled_from("abc").map(lambda name: nodes.IsApplicable(FieldRef(name))),
    st.just(nodes.IsIn(FieldRef("c"), nodes.ListLiteral((nodes.Literal("甲"), nodes.Literal("丙"))))),
)


def larger(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    two = st.tuples(parts, parts)
    return st.one_of(
        two.map(nodes.And),
        two.map(nodes.Or),
        parts.map(nodes.Not),
        two.map(nodes.Coalesce),
        st.builds(
            lambda condition, value, otherwise: nodes.Conditional(
                (nodes.Branch(condition, value),), otherwise
            ),
            parts,
            parts,
            parts,
        ),
    )


CONDITIONS = st.recursive(ATOMS, larger, max_leaves=6)
WISHES = st.lists(
    st.tuples(CONDITIONS, st.sampled_from([TRUE, FALSE, NOT_TRUE, NOT_FALSE, frozenset((None,))])),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World.of(plan_of(FIELDS, tmp_path_factory.mktemp("world")))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wanted=WISHES)
def test_the_search_finds_a_record_exactly_where_there_is_one(
    world: World, wanted: list[tuple[Node, frozenset[bool | None]]]
) -> None:
    def holds(values: dict[str, object]) -> bool:
        return all(evaluate_node(node, values)[0] in outcomes for node, outcomes in wanted)  # type: ignore[arg-type]

    exists = any(holds(dict(zip("abcd", values, strict=True))) for values in product(*VALUES.values()))
    found = world.find(wanted)
    assert (found is not None) == exists
    if found is not None:
        values = {name: found.get(FieldRef(name), VALUES[name][0]) for name in "abcd"}
        assert holds(values)


def test_a_question_with_too_many_cases_is_given_up(tmp_path: Path) -> None:
    # Eight units for seven places, no two in one: impossible, and known to be laborious to find out.
    fields = "".join(f"[fields.u{unit}p{place}]\ntype = 'flag'\n" for unit in range(8) for place in range(7))
    world = World.of(plan_of(fields + "[rules.net]\nscorer = 'formula'\nvalue = 'party'\n", tmp_path))
    somewhere = [nodes.Or(tuple(FieldRef(f"u{unit}p{place}") for place in range(7))) for unit in range(8)]
    alone = [
        nodes.Not(nodes.And((FieldRef(f"u{one}p{place}"), FieldRef(f"u{other}p{place}"))))
        for place in range(7)
        for one, other in combinations(range(8), 2)
    ]
    wanted = [(condition, TRUE) for condition in (*somewhere, *alone)]
    with pytest.raises(TooManyCases):
        world.find(wanted)
    assert world.possible(wanted)


def test_a_tree_that_shares_its_parts_is_judged_in_no_time(tmp_path: Path) -> None:
    world = World.of(plan_of("[rules.net]\nscorer = 'formula'\nvalue = 'party'\n", tmp_path))
    node: Node = nodes.Compare(">", FieldRef("party"), number(50))
    for _ in range(200):
        node = nodes.And((node, node))
    assert world.find([(node, TRUE)]) is not None
