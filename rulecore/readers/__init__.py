"""The built-in input formats, one a file."""
