import random
from pathlib import Path

import pytest

from tests.scorers.cohorts import ENGINES, given

STANDING = 'scorer = "copeland"\nof = { a = 3, b = 2, c = 2 }\nsum_of_weights = 7\nlower_is_better = ["b"]\n'
ON_BOTH = pytest.mark.parametrize("engine", ENGINES)
COUNTS = ("wins", "losses", "ties", "wins_less_losses", "wins_and_half_ties")


def by_hand(rows: list[tuple[int | str, ...]], *, leave_out: bool) -> list[tuple[int, int, int] | None]:
    """Let the criteria vote on every pair of records."""
    taking_part = [("" not in row) if leave_out else set(row) != {""} for row in rows]
    found: list[tuple[int, int, int] | None] = []
    for one, row in enumerate(rows):
        if not taking_part[one]:
            found.append(None)
            continue
        outcomes = []
        for other, opponent in enumerate(rows):
            if other == one or not taking_part[other]:
                continue
            lead = 0
            for mine, its, weight in zip(row, opponent, (3, -2, 2), strict=True):
                if mine != "" and its != "":
                    lead += weight * ((mine > its) - (mine < its))  # type: ignore[operator]
            outcomes.append(lead)
        found.append(
            (sum(x > 0 for x in outcomes), sum(x < 0 for x in outcomes), sum(x == 0 for x in outcomes))
        )
    return found


@ON_BOTH
@pytest.mark.parametrize("gives", COUNTS)
@pytest.mark.parametrize("missing", ["leave_out", "compare_the_rest"])
def test_the_count_is_that_of_a_vote_on_every_pair(
    missing: str, gives: str, engine: str, tmp_path: Path
) -> None:
    random_ = random.Random(5)  # noqa: S311 - records, not secrets
    rows = [tuple(random_.choice([1, 2, 3, 4, 5, ""]) for _ in "abc") for _ in range(50)]
    rule = f'{STANDING}gives = "{gives}"\nnot_applicable = "{missing}"'
    wanted = []
    for counts in by_hand(rows, leave_out=missing == "leave_out"):
        if counts is None:
            wanted.append("")
            continue
        wins, losses, ties = counts
        half = wins + ties / 2
        value = (wins, losses, ties, wins - losses, half)[COUNTS.index(gives)]
        wanted.append(f"{value:g}")
    assert given(tmp_path, rule, rows, engine) == wanted


@ON_BOTH
def test_a_majority_of_criteria_wins_however_far_the_others_are(engine: str, tmp_path: Path) -> None:
    # The first is better in two criteria of weight 5 by a hair, the second in one of weight 2 by far.
    assert given(tmp_path, STANDING, [("5.01", "4.99", 0), (5, 5, 100)], engine) == ["1", "-1"]


@ON_BOTH
def test_a_circle_of_wins_leaves_no_winner(engine: str, tmp_path: Path) -> None:
    rule = 'scorer = "copeland"\nof = { a = 1, b = 1, c = 1 }\n'
    assert given(tmp_path, rule, [(3, 1, 2), (2, 3, 1), (1, 2, 3)], engine) == ["0", "0", "0"]


@ON_BOTH
def test_one_record_alone_has_neither_wins_nor_losses(engine: str, tmp_path: Path) -> None:
    assert given(tmp_path, STANDING, [(3, 1, 2)], engine) == ["0"]
