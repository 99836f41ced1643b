"""Star ratings with reward factors and hold-harmless, written from the documentation alone."""

from __future__ import annotations

import random
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest

import rulecore

POLICY = Path(__file__).parent / "star_ratings" / "policy.toml"
MEASURES = {  # weight, direction, cut points for 2 to 5 stars
    "screening": (1, 1, (50, 60, 70, 80)),
    "vaccination": (1, 1, (60, 70, 75, 81)),
    "readmission": (3, -1, (14, 11, 9, 7)),
    "complaints": (2, -1, ("1.5", "0.8", "0.4", "0.1")),
    "access": (2, 1, (60, 70, 80, 90)),
    "improvement": (5, 1, (-40, 0, 20, 40)),
}
NOT_THERE = "Not enough data available"
Contract = dict[str, str]
Ratings = tuple[Fraction | None, Fraction | None]

SMALL: dict[str, tuple[Contract, tuple[str, ...]]] = {
    # all 5, improvement 4: base 45/9, full 65/14; nothing is lost by the improvement measure
    "A": (
        dict(zip(MEASURES, ("85", "81", "7.00", "0.10", "90", "20"), strict=True)),
        ("5.000000", "0.000000", "0.3", "4.642857", "0.3", "5.300000", "5.0"),
    ),
    # 4 4 3 4 4: base 33/9, variance 2/9 × 5/4; improvement 5: full 58/14, which is the rating, as base is below 4 stars
    "B": (
        dict(zip(MEASURES, ("75", "75", "9.01", "0.40", "80", "40"), strict=True)),
        ("3.666667", "0.277778", "0.0", "4.142857", "0.0", "4.142857", "4.0"),
    ),
    # 1 2 1 2 and no access: base 10/7; full 15/12 = 1.25, which rounds to 1.5
    "C": (
        dict(zip(MEASURES, ("49.99", "60", "14.01", "1.50", NOT_THERE, "-50"), strict=True)),
        ("1.428571", "0.326531", "0.0", "1.250000", "0.0", "1.250000", "1.5"),
    ),
    "D": (
        dict(zip(MEASURES, ("80", "81", "5", NOT_THERE, "-", "40"), strict=True)),
        ("", "", "", "", "", "", NOT_THERE),
    ),
    # four stars throughout, no improvement measure
    "E": (
        dict(zip(MEASURES, ("70", "75", "9", "0.4", "80", ""), strict=True)),
        ("4.000000", "0.000000", "0.1", "", "", "4.100000", "4.0"),
    ),
    # the same with an improvement of one star: held at four, though full is 41/14
    "F": (
        dict(zip(MEASURES, ("70", "75", "9", "0.4", "80", "-41"), strict=True)),
        ("4.000000", "0.000000", "0.1", "2.928571", "0.0", "4.100000", "4.0"),
    ),
}


def rows_of(contracts: dict[str, Contract], adjustments: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"contract": name, "adjustment": adjustments.get(name, ""), "measure": measure, "value": value}
        for name, values in contracts.items()
        for measure, value in values.items()
    ]


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_means_rewards_and_stars_are_those_worked_out_by_hand(engine: str) -> None:
    rows = rows_of({name: values for name, (values, _rated) in SMALL.items()}, {})
    results = rulecore.load_policy(POLICY).evaluate(rows, engine=engine)
    assert {name: tuple(rest) for name, *rest in results.output_rows()} == {
        name: rated for name, (_values, rated) in SMALL.items()
    }


def star_of(measure: str, value: str) -> int | None:
    if value in ("", "-", NOT_THERE):
        return None
    _weight, sign, cuts = MEASURES[measure]
    return 1 + sum(Fraction(value) * sign >= Fraction(cut) * sign for cut in cuts)


def quantile(values: list[Fraction], part: Fraction) -> Fraction:
    """SAS definition 5: midway between two values where the position is whole."""
    ordered = sorted(values)
    position = len(ordered) * part
    below = floor(position)
    if position == below:
        return (ordered[max(below - 1, 0)] + ordered[min(below, len(ordered) - 1)]) / 2
    return ordered[below]


def moments(stars: list[tuple[int, int]]) -> tuple[Fraction, Fraction]:
    weight, count = sum(weight for _star, weight in stars), len(stars)
    mean = Fraction(sum(star * weight for star, weight in stars), weight)
    spread = sum((weight * (star - mean) ** 2 for star, weight in stars), Fraction(0)) / weight
    return mean, spread * Fraction(count, count - 1)


def rewarded(found: dict[str, tuple[Fraction, Fraction]]) -> dict[str, Fraction]:
    means, variances = ([values[index] for values in found.values()] for index in (0, 1))
    high, fair = quantile(means, Fraction("0.85")), quantile(means, Fraction("0.65"))
    low, large = quantile(variances, Fraction("0.30")), quantile(variances, Fraction("0.70"))
    ratings = {}
    for name, (mean, variance) in found.items():
        column = 0 if variance < low else 1 if variance < large else 2
        row = 0 if mean >= high else 1 if mean >= fair else 2
        ratings[name] = mean + Fraction(
            (("0.4", "0.3", "0"), ("0.2", "0.1", "0"), ("0", "0", "0"))[row][column]
        )
    return ratings


def half_stars(rating: Fraction) -> Fraction:
    return Fraction(floor(min(max(rating, Fraction(1)), Fraction(5)) * 2 + Fraction(1, 2)), 2)


def rated(contracts: dict[str, Contract], adjustments: dict[str, str]) -> dict[str, Fraction | None]:
    base: dict[str, tuple[Fraction, Fraction]] = {}
    full: dict[str, tuple[Fraction, Fraction]] = {}
    for name, values in contracts.items():
        stars = {measure: star_of(measure, value) for measure, value in values.items()}
        there = [
            (star, MEASURES[measure][0])
            for measure, star in stars.items()
            if star and measure != "improvement"
        ]
        if len(there) >= 4:
            base[name] = moments(there)
            if stars.get("improvement"):
                full[name] = moments([*there, (stars["improvement"] or 0, 5)])
    without, whole = rewarded(base), rewarded(full)
    ratings: dict[str, Fraction | None] = dict.fromkeys(contracts)
    for name, rating in without.items():
        adjustment = Fraction(adjustments.get(name) or 0)
        final = rating + adjustment
        if name in whole:
            other = whole[name] + adjustment
            final = max(final, other) if half_stars(final) >= 4 else other
        ratings[name] = half_stars(final)
    return ratings


@pytest.mark.parametrize("engine", ["exact", "columnar"])
def test_three_hundred_contracts_have_the_stars_that_plain_fractions_give(engine: str) -> None:
    random_ = random.Random(4)  # noqa: S311 - records, not secrets
    contracts, adjustments = {}, {}
    for number in range(300):
        values = {}
        good = random_.random()
        for measure, (_weight, sign, cuts) in MEASURES.items():
            ends = sorted(Fraction(cut) for cut in cuts)
            at = good * 0.7 + random_.random() * 0.5
            value = float(ends[0]) * 0.9 + (float(ends[-1]) * 1.1 - float(ends[0]) * 0.9) * (
                at if sign > 0 else 1 - at
            )
            edge = random_.choice(cuts) if random_.random() < 0.3 else f"{value:.2f}"
            values[measure] = NOT_THERE if random_.random() < 0.12 else str(edge)
        contracts[f"H{number:03d}"] = values
        adjustments[f"H{number:03d}"] = f"{random_.uniform(-0.05, 0.05):.6f}" if number % 3 else ""
    results = rulecore.load_policy(POLICY).evaluate(rows_of(contracts, adjustments), engine=engine)
    expected = rated(contracts, adjustments)
    found = {row[0]: row[-1] for row in results.output_rows()}
    assert found == {
        name: NOT_THERE if stars is None else f"{float(stars):.1f}" for name, stars in expected.items()
    }
    assert len({*found.values()}) >= 7
