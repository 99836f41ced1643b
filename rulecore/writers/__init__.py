"""The built-in output formats, one a file."""
