"""How values of other records are written: of a cohort, of detail rows, of earlier periods."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from rulecore.expr import nodes
from rulecore.expr.adjusted import AdjustedValue
from rulecore.expr.earlier import EarlierStanding, EarlierValue, Previous, PreviousRecord, PreviousState
from rulecore.expr.levels import ATOM, CHOICE, DISJUNCTION, NEGATION
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import PARENT_MARK, ParentValue, RowPart, SuppliedRef, TableCall
from rulecore.expr.transform import transform
from rulecore.expr.unparse.writing import Written, at_level, call, constant, listed, number, write, write_name


def _scope(by: tuple[Node, ...], where: Node | None) -> tuple[str, str]:
    groups = f"by = [{listed(by)}]" if by else ""
    return groups, f"where = {at_level(where, CHOICE)}" if where is not None else ""


@write.register
def _(node: nodes.SortKey) -> Written:
    return write(node.operand)


@write.register
def _(node: nodes.Rank) -> Written:
    descending = all(key.descending for key in node.keys)
    order = "" if descending else 'order = "ascending"'
    method = "" if node.method == "min" else f'method = "{node.method}"'
    return call("rank", listed(node.keys), order, method, *_scope(node.by, node.where))


@write.register
def _(node: nodes.CohortCount) -> Written:
    return call("cohort_count", *_scope(node.by, node.where))


@write.register
def _(node: nodes.CohortCall) -> Written:
    options = (f"{name} = {constant(value)[0]}" for name, value in node.options)
    return call(node.function, listed(node.arguments), *options, *_scope(node.by, node.where))


@write.register
def _(node: nodes.CohortRef) -> Written:
    return write(node.node)


@write.register
def _(node: nodes.Step) -> Written:
    return write(node.operand)


@write.register
def _(node: SuppliedRef) -> Written:
    return write(node.node)


@write.register
def _(node: ParentValue) -> Written:
    return write_name(node.name.lstrip(PARENT_MARK)), ATOM


_DEFAULTS: Final = {"low": Fraction(1), "high": Fraction(1), "separator": "、"}


@write.register
def _(node: TableCall) -> Written:
    value = write_name(node.table) if node.argument is None else _of_row(node.argument, node.table)
    if node.where is not None:
        value = f"{value} where {_of_row(node.where, node.table)}"
    options = (
        f"{name} = {constant(option)[0]}" for name, option in node.options if _DEFAULTS.get(name) != option
    )
    keys = [_of_row(RowPart(key.node), node.table) for key in node.order]
    order = f"order = {keys[0]}" if len(keys) == 1 else f"order = [{', '.join(keys)}]" if keys else ""
    return call(node.function, value, *options, order)


def _of_row(part: RowPart, table: str) -> str:
    """Return an expression over the rows of a table: what is the table's own is written with its name."""

    def qualified(node: Node) -> Node:
        if isinstance(node, nodes.FieldRef | nodes.RuleRef) and "@" not in node.name:
            return nodes.Name(node.name, of=table)
        return node

    return at_level(transform(part.node, qualified), DISJUNCTION)


# --- earlier periods


@write.register
def _(node: Previous) -> Written:
    periods = f"periods = {node.periods}" if node.periods != 1 else ""
    bounds = {"low": node.low, "high": node.high}
    stated = [f"{name} = {number(bound)[0]}" for name, bound in bounds.items() if bound is not None]
    decimals = f"decimals = {node.decimals}" if node.decimals is not None else ""
    return call("previous", write_name(node.name), periods, *stated, decimals)


@write.register
def _(node: PreviousRecord) -> Written:
    if node.periods == 0:
        return "not is_first_period()", NEGATION
    return call("has_previous", f"periods = {node.periods}" if node.periods != 1 else "")


@write.register
def _(node: PreviousState) -> Written:
    return write(Previous(node.name))


@write.register
def _(node: EarlierStanding) -> Written:
    return write(PreviousRecord(node.periods))


@write.register
def _(node: EarlierValue) -> Written:
    return write(Previous(node.name, node.periods))


# --- decisions of a committee


@write.register
def _(node: AdjustedValue) -> Written:
    return write_name(node.column), ATOM
