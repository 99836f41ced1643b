def rulecore_scorers():
    return []
