"""The built-in reports, one a file."""
