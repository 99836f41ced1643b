"""Equal trees have equal keys, wherever they were written."""

from fractions import Fraction

from rulecore.expr.nodes import Add, FieldRef, Literal, Node, Subtract
from rulecore.plan.structure_keys import StructureKeys
from rulecore.source import Span


def test_equal_trees_written_at_different_places_have_the_same_key() -> None:
    first = Add(FieldRef("a", span=Span(start=0, end=1)), Literal(Fraction(1)))
    second = Add(FieldRef("a", span=Span(start=7, end=8)), Literal(Fraction(1)))
    keys = StructureKeys()
    assert keys.key(first) == keys.key(second)


def test_different_trees_have_different_keys() -> None:
    keys = StructureKeys()
    trees = [
        FieldRef("a"),
        FieldRef("b"),
        Literal(Fraction(1)),
        Literal(value=True),
        Literal("1"),
        Add(FieldRef("a"), FieldRef("b")),
        Add(FieldRef("b"), FieldRef("a")),
        Subtract(FieldRef("a"), FieldRef("b")),
    ]
    assert len({keys.key(tree) for tree in trees}) == len(trees)


def test_a_graph_whose_tree_is_astronomical_has_its_key_at_once() -> None:
    def doubled(times: int) -> Node:
        node: Node = FieldRef("a")
        for _ in range(times):
            node = Add(node, node)
        return node

    keys = StructureKeys()
    assert keys.key(doubled(300)) == keys.key(doubled(300))
    assert keys.key(doubled(300)) != keys.key(doubled(299))
