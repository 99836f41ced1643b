"""A long comparison of the engines, to run by hand: ``python -m tests.engines.long_run COUNT [SEED]``."""

from __future__ import annotations

import sys
import traceback
from random import Random

from tests.engines.agreement import differences
from tests.engines.generated import make_case


def main(count: int, first: int) -> None:
    """Compare the engines on so many generated cases; print the seeds of those that differ or crash."""
    failed = 0
    for seed in range(first, first + count):
        random = Random(seed)  # noqa: S311 - test data
        try:
            case = make_case(random.randint)
            found = differences(case)
        except Exception:  # a crash is a finding like any other
            found = [traceback.format_exc().strip()[-900:]]
        if found:
            failed += 1
            sys.stdout.write(f"seed {seed}: {found[0]}\n\n")
            if failed >= 5:
                break
    sys.stdout.write(f"{failed} of {seed - first + 1} cases differ\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
