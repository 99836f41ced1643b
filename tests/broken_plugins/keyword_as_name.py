from rulecore.contracts import Function
from rulecore.expr.nodes import NotApplicable
from rulecore.markers import hookimpl


@hookimpl
def rulecore_functions():
    return [Function(name="且", summary="", parameters=(), build=NotApplicable)]
