from rulecore.markers import hookimpl

def rulecore_scorers(:
    return []
