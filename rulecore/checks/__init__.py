"""The built-in policy lints, one a file."""
