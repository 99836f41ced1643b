from rulecore.contracts import Reader
from rulecore.markers import hookimpl


@hookimpl
def rulecore_scorers():
    return [str, "weighted_sum", None]


@hookimpl
def rulecore_readers():
    return [Reader]
