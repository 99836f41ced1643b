from rulecore.contracts import CohortFunction, Function
from rulecore.expr.nodes import NotApplicable
from rulecore.expr.types import NumberType
from rulecore.markers import hookimpl

TWICE = Function(name="twice", aliases=("两倍",), summary="", parameters=(), build=NotApplicable)
ALIAS = Function(name="两倍", summary="", parameters=(), build=NotApplicable)
COHORT = CohortFunction(
    name="twice", summary="", parameters=(), compute=lambda cohort: [], result_type=lambda *_: NumberType()
)


@hookimpl
def rulecore_functions():
    return [TWICE, ALIAS]


@hookimpl
def rulecore_cohort_functions():
    return [COHORT]
