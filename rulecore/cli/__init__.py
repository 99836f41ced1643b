"""The rulecore program: one small file for each command."""
