"""The rulecore program: one small file for each command."""

from __future__ import annotations


def main() -> None:
    """Run the program with the arguments of the process, and end the process with its exit code."""
    import gc
    import sys

    # A twentieth of the start goes into looking for circles among what was just imported, and finds none.
    gc.set_threshold(50_000)
    from rulecore.cli.main import run

    sys.exit(run(sys.argv[1:]))
