"""An index of four levels with missing values: the Gender Inequality Index, against its note worked through."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from mpmath import mp, mpf, workdps

from rulecore import load_policy

FOLDER = Path(__file__).parent / "gender_inequality"
DECIMALS = {
    "maternal_mortality": 1,
    "adolescent_births": 3,
    "seats_female": 2,
    "schooling_female": 2,
    "schooling_male": 2,
    "labour_female": 2,
    "labour_male": 2,
}
HIGHEST = {"maternal_mortality": 1300, "adolescent_births": 150}
OPTIONAL = ("maternal_mortality", "adolescent_births", "schooling_female", "schooling_male")


def records() -> list[dict[str, str]]:
    random_ = random.Random(20)  # noqa: S311 - records, not secrets
    rows = []
    for number in range(300):
        row = {"country": f"C{number:03d}"}
        for name, decimals in DECIMALS.items():
            value = random_.uniform(0.5, HIGHEST.get(name, 100))
            row[name] = f"{value:.{decimals}f}"
            if random_.random() < 0.02:
                row[name] = "" if name in OPTIONAL else "1"
        if random_.random() < 0.05:
            row["seats_female"] = "0"
        if random_.random() < 0.05:  # no difference at all
            row |= {"maternal_mortality": "10", "adolescent_births": "1", "seats_female": "50"}
            row |= {"schooling_male": row["schooling_female"], "labour_male": row["labour_female"]}
        rows.append(row)
    return rows


def by_the_note(row: dict[str, str]) -> str:
    """Work through steps 1 to 5 of the technical note with 50 digits."""
    if "" in row.values():
        return ""
    with workdps(50):
        cell = {name: mpf(row[name]) for name in DECIMALS}
        mortality = min(max(cell["maternal_mortality"], 10), 1000)
        women, men = max(cell["seats_female"], mpf("0.1")) / 100, (100 - cell["seats_female"]) / 100
        health = mp.sqrt(10 / mortality / cell["adolescent_births"])
        power_women = mp.sqrt(women * cell["schooling_female"] / 100)
        power_men = mp.sqrt(men * cell["schooling_male"] / 100)
        female = mp.cbrt(health * power_women * cell["labour_female"] / 100)
        male = mp.cbrt(power_men * cell["labour_male"] / 100)
        between = 1 / ((1 / female + 1 / male) / 2)
        labour = (cell["labour_female"] + cell["labour_male"]) / 200
        reference = mp.cbrt((health + 1) / 2 * (power_women + power_men) / 2 * labour)
        inequality = 1 - between / reference
        # What is a hair off a tie in 50 digits is on it.
        thousandths = int(mp.floor(inequality * 1000 + mpf("0.5") + mpf("1e-30")))
    return f"{thousandths / 1000:.3f}"


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_every_value_and_rank_is_that_of_the_technical_note(engine: str) -> None:
    rows = records()
    results = load_policy(FOLDER).evaluate(rows, engine=engine)
    found = [dict(zip(results.output_headers(), cells, strict=True)) for cells in results.output_rows()]
    values = [by_the_note(row) for row in rows]
    assert [row["gii"] for row in found] == values
    known = [value for value in values if value]
    ranks = ["" if not value else str(1 + sum(other < value for other in known)) for value in values]
    assert [row["rank"] for row in found] == ranks
    assert 0 < values.count("") < 60
    assert "0.000" in values
