"""rulecore: a rules engine for appraisal."""
