from attrs import frozen

from rulecore.contracts import Node, Scorer, parameter
from rulecore.expr.nodes import NotApplicable
from rulecore.markers import hookimpl


class Undecorated(Scorer):
    name = "undecorated"

    def expression(self) -> Node:
        return NotApplicable()


@frozen(kw_only=True)
class Unnamed(Scorer):
    def expression(self) -> Node:
        return NotApplicable()


@frozen(kw_only=True)
class Unfinished(Scorer):
    name = "unfinished"


@frozen(kw_only=True)
class Overlapping(Scorer):
    name = "overlapping"
    decimals: int = parameter("A key every rule has.")

    def expression(self) -> Node:
        return NotApplicable()


@frozen(kw_only=True)
class Blank(Scorer):
    name = "two words"

    def expression(self) -> Node:
        return NotApplicable()


@hookimpl
def rulecore_scorers():
    return [Undecorated, Unnamed, Unfinished, Overlapping, Blank]
