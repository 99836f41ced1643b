"""``rulecore history``: one file a command."""
