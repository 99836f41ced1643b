"""The built-in cohort functions, one a file."""
