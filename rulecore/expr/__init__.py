"""The expression language: grammar, nodes, types and ranges, words. It knows no policy."""
