"""What the results must be: by exact fractions, and for logarithms and roots by decimals with 60 digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

WEIGHTS = [Fraction(weight, 100) for weight in (20, 20, 15, 15, 10, 10, 5, 5)]
HUNDREDTH = Fraction(1, 100)


def half_up(value: Fraction) -> Fraction:
    """Return a number that is not negative with two decimals, half up."""
    return Fraction((200 * value.numerator + value.denominator) // (2 * value.denominator), 100)


def signed_half_up(value: Fraction) -> Fraction:
    """Return a number with two decimals, half up by its size."""
    return half_up(value) if value >= 0 else -half_up(-value)


def composite(record: Mapping[str, int], *, rounded: bool = True) -> int:
    """Return a record's composite in hundredths: W1, or W1u without rounding the indicators."""
    total = Fraction(0)
    for number, weight in enumerate(WEIGHTS, 1):
        done = min(Fraction(record[f"actual_{number}"], record[f"target_{number}"]) * 100, Fraction(120))
        if done < 60:
            mark = Fraction(0)
        elif done <= 100:
            mark = (done - 60) * Fraction(5, 2)
        else:
            mark = 100 + (done - 100) / 2
        total += weight * (half_up(mark) if rounded else mark)
    total += min(Fraction(record["bonus"], 100), Fraction(5)) - Fraction(record["deduction"], 100)
    most = Fraction(60) if record["accidents"] >= 2 else Fraction(100)
    operations = signed_half_up(min(max(total, Fraction(0)), most))
    return int(half_up(Fraction(record["party"], 100) * operations / 100) * 100)


def human_development(record: Mapping[str, int]) -> int:
    """Return a record's W3 composite in thousandths, from 60 digits."""
    with localcontext() as context:
        context.prec = 60
        life = (Decimal(record["life"]) / 100 - 20) / 65
        expected, schooling = Decimal(record["expected"]) / 1800, Decimal(record["schooling"]) / 1500
        low, high = Decimal(100).ln(), Decimal(75000).ln()
        income = ((Decimal(record["income"]) / 100).ln() - low) / (high - low)
        product = life * (expected + schooling) / 2 * max(income, Decimal(0))
        root = Decimal(0) if product == 0 else (product.ln() / 3).exp()
        return int((root * 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def expected(records: Sequence[Mapping[str, int]], workload: str) -> list[int]:
    """Return what each record's result must be."""
    if workload == "w3":
        return [human_development(record) for record in records]
    return [composite(record, rounded=workload == "w1") for record in records]
