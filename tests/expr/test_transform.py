from __future__ import annotations

from attrs import evolve
from hypothesis import given

from rulecore.expr.nodes import Add, Call, FieldRef, Name, Node
from rulecore.expr.parser import parse_expression
from rulecore.expr.transform import depth, transform
from tests.expr.trees import written_trees


@given(written_trees())
def test_a_rewrite_that_changes_nothing_returns_the_same_tree(tree: Node) -> None:
    assert transform(tree, lambda node: node) is tree


def test_nodes_inside_named_arguments_are_rewritten_and_spans_kept() -> None:
    tree = parse_expression("f(1, by = (a, b)) + c")

    def to_field(node: Node) -> Node:
        return FieldRef(node.name, span=node.span) if isinstance(node, Name) else node

    rewritten = transform(tree, to_field)
    assert isinstance(rewritten, Add)
    assert rewritten.span == tree.span
    assert isinstance(rewritten.left, Call)
    (named,) = rewritten.left.named
    assert list(named[1].children()) == [FieldRef("a"), FieldRef("b")]


def test_children_come_before_their_parent() -> None:
    seen: list[str] = []

    def note(node: Node) -> Node:
        seen.append(type(node).__name__)
        return evolve(node)

    transform(parse_expression("-a * 2"), note)
    assert seen == ["Name", "Negate", "Literal", "Multiply"]


def test_a_node_at_several_places_is_rewritten_once() -> None:
    seen: list[Node] = []

    def note(node: Node) -> Node:
        seen.append(node)
        return FieldRef("b") if isinstance(node, Name) else node

    shared: Node = Name("a")
    for _ in range(100):
        shared = Add(shared, shared)
    rewritten = transform(shared, note)
    assert len(seen) == 101
    assert isinstance(rewritten, Add)
    assert rewritten.left is rewritten.right


def test_depth_counts_nodes_one_inside_the_other() -> None:
    assert depth(parse_expression("a")) == 1
    assert depth(parse_expression("a + b * -c")) == 4
