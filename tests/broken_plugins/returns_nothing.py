from rulecore.markers import hookimpl


@hookimpl
def rulecore_scorers():
    pass
