"""Excel workbooks as rulecore input and output."""
