from rulecore.markers import hookimpl


@hookimpl
def rulecore_functions():
    yield from ()
