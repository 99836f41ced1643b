"""The migrations of a store's tables, run by :mod:`rulecore_store.schema`. They are never edited, only added to."""
