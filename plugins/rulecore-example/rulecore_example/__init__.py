"""One rulecore plugin of every kind, to copy from."""
