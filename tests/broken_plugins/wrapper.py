from rulecore.markers import hookimpl


@hookimpl(tryfirst=True)
def rulecore_scorers():
    return []
