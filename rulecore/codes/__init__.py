"""Every kind of fault rulecore can report, declared once, by subject."""
