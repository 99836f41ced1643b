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


STATES = ("在培", "通过", "风险提示", "终止")


def one_number(score: int, part: int, status: str) -> int:
    """Return a record's W2 results as one number: its part of the pool and its score in hundredths, its status."""
    return (part * 100_000 + score) * 10 + STATES.index(status)


def two_years(years: Mapping[str, Sequence[Mapping[str, object]]]) -> list[int]:
    """Return the W2 results of this year's records, as :func:`one_number` writes them."""
    before = {record["unit"]: _next(None, _score(record)) for record in years["2023"]}
    records = years["2024"]
    scores = [_score(record) for record in records]
    pools: dict[object, list[int]] = {}
    for place, record in enumerate(records):
        pools.setdefault(record["organisation"], []).append(place)
    parts: dict[int, int] = {}
    for places in pools.values():
        parts |= _shared(places, scores, int(str(records[places[0]]["budget"])))
    return [
        one_number(score, parts[place], _next(before.get(record["unit"]), score))
        for place, (record, score) in enumerate(zip(records, scores, strict=True))
    ]


def _score(record: Mapping[str, object]) -> int:
    rows = record["indicators"]
    assert isinstance(rows, list)
    done = [half_up(min(Fraction(row["actual"], row["target"]) * 100, Fraction(120))) for row in rows]
    weights = [row["weight"] for row in rows]
    points = sum(mark * weight for mark, weight in zip(done, weights, strict=True))
    return int(half_up(Fraction(points, sum(weights))) * 100)


def _next(before: str | None, score: int) -> str:
    if before == "终止":
        return before
    if score < 8000:
        return "终止" if before == "风险提示" else "风险提示"
    return "通过" if score >= 9000 else before or "在培"


def _shared(places: Sequence[int], scores: Sequence[int], budget: int) -> dict[int, int]:
    """Return the parts of a pool in cents, by largest remainders; of equal ones the larger weight, then the earlier."""
    weights = {place: scores[place] if scores[place] >= 6000 else 0 for place in places}
    total = sum(weights.values())
    parts = {place: budget * weight // total for place, weight in weights.items()}
    order = sorted(places, key=lambda place: (-(budget * weights[place] % total), -weights[place], place))
    for place in order[: budget - sum(parts.values())]:
        parts[place] += 1
    return parts


def expected(records: Sequence[Mapping[str, int]], workload: str) -> list[int]:
    """Return what each record's result must be."""
    if workload == "w2":
        return two_years(records)  # type: ignore[arg-type]
    if workload == "w3":
        return [human_development(record) for record in records]
    return [composite(record, rounded=workload == "w1") for record in records]
