"""The rulecore program: one small file for each command."""

from __future__ import annotations


def main() -> None:
    """Run the program with the arguments of the process, and end the process with its exit code."""
    import sys

    from rulecore.cli.main import run

    sys.exit(run(sys.argv[1:]))
