"""Bounds hold: whatever value of its interval an input takes, every rule stays within what was said to be possible."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore import load_policy
from rulecore.contracts import Engine
from rulecore.engines.exact import ExactValue
from rulecore.engines.reference import evaluate
from rulecore.expr.ranges import Range
from rulecore.expr.types import NumberType
from rulecore.planned import PlannedRule
from rulecore.reach.columns import Columns
from rulecore.reach.possible import Anything, Flags, Nothing, Numbers, Possible, Texts
from rulecore.reach.situation import Situation
from rulecore.reals import Real
from rulecore.results import ORDER, PolicyResults, Results
from tests.engines.generated import Case, make_case

EXACT = Engine(name="exact", summary="fractions", evaluate=evaluate)


def results_of(case: Case) -> Results:
    import polars as pl

    frame = case.frame()
    part = PolicyResults(
        plan=case.plan,
        records=frame.with_columns(pl.Series(ORDER, range(frame.height), dtype=pl.Int64())),
        steps=evaluate(case.plan, frame),
        rows_in=frame.height,
        rows_scored=frame.height,
    )
    return Results(parts=(part,), rows_in=frame.height, engine="exact")


def holds(possible: Possible, value: ExactValue) -> bool:
    """Return whether a value is among those that are possible; of an irrational one only the kind is looked at."""
    if value is None:
        return possible.null
    match possible:
        case Anything():
            return True
        case Nothing():
            return False
        case Flags():
            return isinstance(value, bool) and (possible.true if value else possible.false)
        case Texts():
            return isinstance(value, str) and (possible.values is None or value in possible.values)
        case Numbers():
            if isinstance(value, Real):
                return True
            number = Fraction(value.toordinal()) if isinstance(value, date) else value
            return isinstance(number, Fraction) and possible.range.holds(number)


def check(case: Case, random: Random) -> None:
    if not case.records:
        return
    results = results_of(case)
    (part,) = results.parts
    row = random.randrange(len(case.records))
    rules = [step.name for step in case.plan.steps if isinstance(step, PlannedRule)]
    base = Situation(results=results, part=part, row=row, engine=EXACT, target="")
    situations = {target: evolve(base, target=target) for target in rules}
    for item in case.plan.fields:
        current = base.values[item.name]
        if not isinstance(item.type, NumberType) or not isinstance(current, Fraction):
            continue
        values = interval_values(case, item.name, item.type, current, random)
        value = Numbers(range=Range(min(values), max(values)))
        for target in rules:
            situation = situations[target]
            path = situation.path("", row, item.name)
            possible = situation.of_target(situation.bounds(path, value))
            if not path.tasks or target not in part.steps.columns:
                continue
            for one in values:
                outcome = situation.outcome(path, one)
                if outcome.value is None and not possible.null and undecided(case, row, item.name, one):
                    continue
                assert holds(possible, outcome.value), (
                    target,
                    item.name,
                    value,
                    one,
                    possible,
                    outcome.value,
                )


def undecided(case: Case, row: int, field: str, value: Fraction) -> bool:
    """Return whether a rounding of the record is beyond every precision: no bounds foresee that, and none need."""
    records = list(case.records)
    records[row] = {**records[row], field: value}
    steps = evaluate(case.plan, evolve(case, records=tuple(records)).frame())
    return any(steps[name][row] for name in steps.columns if name.endswith(":cannot_round"))


def interval_values(
    case: Case, name: str, type_: NumberType, current: Fraction, random: Random
) -> list[Fraction]:
    """Return some values of an interval that holds the current one: other records' among them, so that ties occur."""
    unit = Fraction(1, 10 ** (type_.scale or 0))
    assert type_.low is not None
    assert type_.high is not None
    others = [record[name] for record in case.records if isinstance(record[name], Fraction)]
    wanted = [current, current + unit, *random.sample(others, min(2, len(others)))]
    kept = {min(max(Fraction(value), type_.low), type_.high) for value in wanted}  # type: ignore[arg-type]
    return sorted(random.sample(sorted(kept), random.randint(1, len(kept))))


RANKS = """
[policy]
name = "ranks"
version = "1"
[record]
entity = "unit"
[fields]
unit = { type = "text" }
team = { type = "text", values = ["x", "y"] }
ok = { type = "flag" }
a = { type = "integer", min = 0, max = 4 }
b = { type = "integer", min = 0, max = 4, missing = "not_applicable" }
c = { type = "integer", min = 0, max = 4 }
d = { type = "integer", min = 0, max = 4, missing = "not_applicable" }
RULES
[output]
columns = ["unit"]
"""
FORMULAS = {
    "smallest": "rank(a + c, c)",
    "largest": 'rank(a, c, method = "max", by = [team])',
    "dense": 'rank(b, method = "dense")',
    "ordinal": 'rank(a, b, c, method = "ordinal")',
    "some": "rank(a, where = ok and a >= c)",
    "many": "cohort_count(where = a >= 2, by = [team])",
    "trimmed": "trimmed_mean(a, b, c, d)",
    "middle": "mean(a, b, c)",
    "nested": "rank(a + smallest)",
    "grade": "if smallest <= many then 'A' else if largest == 1 then 'B' else 'C'",
}


def test_ranks_counts_and_means_stay_within_their_bounds(tmp_path: Path) -> None:
    rules = "".join(
        f'[rules.{name}]\nscorer = "formula"\nvalue = """{text}"""\n' for name, text in FORMULAS.items()
    )
    (tmp_path / "policy.toml").write_text(RANKS.replace("RULES", rules), encoding="utf-8")
    policy = load_policy(tmp_path)
    random = Random(11)  # noqa: S311 - which records are looked at
    narrow = 0
    for _ in range(150):
        rows = [
            {
                "unit": f"U{number}",
                "team": random.choice("xy"),
                "ok": random.choice("是否"),
                **{name: str(random.randint(0, 2)) for name in "ac"},
                **{name: random.choice(["", *"012"]) for name in "bd"},
            }
            for number in range(random.randint(1, 7))
        ]
        results = policy.evaluate(rows, engine="exact")
        (part,) = results.parts
        row = random.randrange(len(rows))
        field, low = random.choice("aabcd"), random.randint(0, 2)
        interval = [Fraction(value) for value in range(low, random.randint(low, 2) + 1)]
        outcomes = {}
        for target in FORMULAS:
            situation = Situation(results=results, part=part, row=row, engine=EXACT, target=target)
            if situation.values[field] is None:
                continue
            path = situation.path("", row, field)
            value = Numbers(range=Range(interval[0], interval[-1]))
            possible = situation.of_target(situation.bounds(path, value))
            for one in interval:
                changed = situation.evaluated(path, one)
                outcomes[target, one] = Columns(part=changed).named(target)[row]
                assert situation.outcome(path, one).value == outcomes[target, one], (target, field, one, rows)
                assert holds(possible, outcomes[target, one]), (
                    target,
                    field,
                    interval,
                    rows,
                    row,
                    possible,
                )
            found = {outcomes[target, value] for value in interval}
            narrow += (
                isinstance(possible, Numbers)
                and possible.range == Range(*(2 * [*found])[:2])
                and len(found) == 1
            )
    assert narrow > 50


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.randoms(use_true_random=False).map(lambda random: (make_case(random.randint, size=8), random)))
def test_no_value_of_an_interval_leaves_the_bounds(drawn: tuple[Case, Random]) -> None:
    check(*drawn)
