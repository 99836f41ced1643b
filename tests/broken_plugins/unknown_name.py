from rulecore.markers import hookimpl

rulecore_verbose = True


@hookimpl
def rulecore_scorers():
    return []
