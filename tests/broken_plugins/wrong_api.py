from rulecore.markers import hookimpl

RULECORE_API = 2


@hookimpl
def rulecore_scorers():
    return []
