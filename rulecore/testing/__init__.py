"""The test kit for policies and plugins."""
