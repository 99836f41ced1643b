"""The means of composite indices on both engines, against plain fractions and many digits."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
from mpmath import mp, mpf, workdps

from rulecore import load_policy
from rulecore.numbers import Rounding, round_to

WEIGHTS = {"a": 40, "b": 35, "c": 25}
EXPONENTS = {"geometric_mean": 0, "harmonic_mean": -1, "power_mean": Fraction(1, 2)}
POLICIES = ("poison", "re_share", "minimum_count")
HEAD = """
[policy]
name = "means"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[output]
provenance = false
columns = ["unit", "geometric_mean", { of = "bounded", header = "harmonic_mean" }, "power_mean", "weakest_link"]
[rules.bounded] # a harmonic mean that shares weights out has no largest value that rulecore could prove
scorer = "formula"
value = "clip(harmonic_mean, 0, 100)"
"""
FIELD = '[fields.{name}]\ntype = "decimal"\ndecimals = 2\nmin = 0\nmax = 100\nmissing = "not_applicable"\n'
RULE = '[rules.{name}]\nscorer = "{name}"\nof = {{ a = 40, b = 35, c = 25 }}\ndecimals = 3\n{more}'
MORE = {"power_mean": "exponent = 0.5\n", "weakest_link": 'penalty = "25%"\n'}
MISSING = {
    "poison": "",
    "re_share": 'not_applicable = "re_share"\n',
    "minimum_count": 'not_applicable = "minimum_count"\nminimum_count = 2\n',
}


def policy_text(missing: str) -> str:
    names = (*EXPONENTS, "weakest_link")
    rules = [RULE.format(name=name, more=MORE.get(name, "") + MISSING[missing]) for name in names]
    return HEAD + "".join(FIELD.format(name=name) for name in WEIGHTS) + "".join(rules)


def records() -> list[dict[str, str]]:
    random_ = random.Random(4)  # noqa: S311 - records, not secrets
    cells = ["", "0", "0.01", "50", "72.13", "100"]
    rows = []
    for number in range(400):
        kind = random_.choice(["any", "few", "same"])
        same = f"{random_.randrange(10001) / 100:.2f}"
        row = {"unit": f"U{number}"}
        for name in WEIGHTS:
            anything = f"{random_.randrange(10001) / 100:.2f}"
            row[name] = {"any": anything, "few": random_.choice(cells), "same": same}[kind]
        rows.append(row)
    return rows


def expected(row: dict[str, str], name: str, missing: str) -> str:
    present = {key: Fraction(row[key]) for key in WEIGHTS if row[key] != ""}
    least = {"poison": 3, "re_share": 1, "minimum_count": 2}[missing]
    if len(present) < least:
        return ""
    total = sum(WEIGHTS[key] for key in present)
    shares = {key: Fraction(WEIGHTS[key], total) for key in present}
    if name == "weakest_link":
        mean = sum((shares[key] * value for key, value in present.items()), Fraction(0))
        return shown(mean - (mean - min(present.values())) / 4)
    if name == "harmonic_mean":
        if 0 in present.values():
            return ""
        return shown(1 / sum((shares[key] / value for key, value in present.items()), Fraction(0)))
    if len(set(present.values())) == 1:
        return shown(next(iter(present.values())))
    with workdps(60):
        if name == "geometric_mean":
            found = mp.fprod(real(value) ** real(shares[key]) for key, value in present.items())
        else:
            found = mp.fsum(real(shares[key]) * mp.sqrt(real(value)) for key, value in present.items()) ** 2
        # Rational ones are a hair off in 60 digits; to 40 they are what they are.
        return shown(round_to(Fraction(mp.nstr(found, 50)), Fraction(1, 10**40), Rounding.HALF_EVEN))


def real(value: Fraction) -> mpf:
    return mpf(value.numerator) / value.denominator


def shown(value: Fraction) -> str:
    thousandths = int(round_to(value, Fraction(1, 1000), Rounding.HALF_UP) * 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"


@pytest.mark.parametrize("engine", ["exact", "columnar"])
@pytest.mark.parametrize("missing", POLICIES)
def test_every_mean_is_the_correctly_rounded_one(missing: str, engine: str, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(policy_text(missing), encoding="utf-8")
    rows = records()
    results = load_policy(tmp_path / "policy.toml").evaluate(rows, engine=engine)
    found = [cells[1:] for cells in results.output_rows()]
    wanted = [[expected(row, name, missing) for name in results.output_headers()[1:]] for row in rows]
    wrong = [
        (row, one, other) for row, one, other in zip(rows, found, wanted, strict=True) if [*one] != other
    ]
    assert wrong == []
