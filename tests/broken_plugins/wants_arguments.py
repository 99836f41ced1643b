from rulecore.markers import hookimpl


@hookimpl
def rulecore_scorers(registry):
    registry.add("mine")
