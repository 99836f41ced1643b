from rulecore.markers import hookimpl


@hookimpl
def rulecore_scorer():
    return []
