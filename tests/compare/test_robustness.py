"""Varied weights and thresholds: the same seed is the same bytes, sums stay, estimates are the published formulas."""

from __future__ import annotations

import random
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulecore.cli.compared import experiment_of, json_text
from rulecore.compare.boundaries import near_misses
from rulecore.compare.factors import Factor, draws, factors_of, settings_at, variation
from rulecore.compare.robustness import Robustness, estimates, robustness
from rulecore.compare.robustness_shown import robustness_document, robustness_text
from rulecore.compare.side import Side
from rulecore.compare.stacked import Draw, Stack, stack_of
from rulecore.compare.tally import Tally
from rulecore.compare.varied import Experiment
from rulecore.errors import InternalError, UsageError
from rulecore.plugins import load_plugins

module = import_module("rulecore.compare.robustness")
POLICIES = Path(__file__).parents[2] / "policies"


def experiment(policy: Path, records: Path, engine: str = "exact") -> Experiment:
    return experiment_of(
        load_plugins(),
        policy,
        {
            "records": (str(records),),
            "table": (),
            "history": (),
            "mapping": (),
            "results": (),
            "adjustments": (),
            "engine": engine,
            "sheet": "",
            "encoding": "",
            "as_of": None,
        },
    )


@pytest.fixture(scope="module")
def ladder() -> Experiment:
    folder = POLICIES / "technician_ladder"
    return experiment(folder, folder / "records.csv")


@pytest.fixture(scope="module")
def found(ladder: Experiment) -> Robustness:
    variations = [variation("weights=10%"), variation("thresholds=3")]
    return robustness(ladder, variations, runs=12, seed=7, show=["score", "grade"])


def test_the_same_seed_gives_the_same_bytes(ladder: Experiment, found: Robustness) -> None:
    variations = [variation("weights=10%"), variation("thresholds=3")]
    again = robustness(ladder, variations, runs=12, seed=7, show=["score", "grade"])
    other = robustness(ladder, variations, runs=12, seed=8, show=["score", "grade"])
    assert json_text(robustness_document(again, "zh")) == json_text(robustness_document(found, "zh"))
    assert robustness_text(again, "en") == robustness_text(found, "en")
    assert robustness_document(other, "zh") != robustness_document(found, "zh")


def test_what_is_varied_is_found_and_thresholds_by_parameters_vary_the_parameters(found: Robustness) -> None:
    assert [factor.name for factor in found.factors] == [
        "rules.score.of.exam",
        "rules.score.of.tackling",
        "rules.score.of.apprentices",
        "rules.score.of.post",
        "parameters.excellent",
        "parameters.competent",
        "parameters.basic",
    ]
    assert found.evaluations == 12 + 6 * 7


def test_numbers_of_several_policies_are_named_after_theirs() -> None:
    annual = experiment(POLICIES / "annual", POLICIES / "annual" / "records-2024.xlsx")
    used = [number for number, loaded in enumerate(annual.loaded) if loaded.policy.policy.version == "2024.1"]
    names = [factor.name for factor in factors_of(annual, [variation("a_line=1")], used)]
    assert len(names) == len(set(names)) == len(used) > 1
    assert all(name.endswith(": parameters.a_line") for name in names)


def test_intervals_hold_and_shares_count_every_draw(found: Robustness) -> None:
    for record in found.records:
        score, grade = record.held
        assert score.least is not None
        assert score.most is not None
        assert score.least <= score.most
        assert sum(count for _value, count in grade.counts) == found.draws - found.refused == 12
        assert grade.stays == Fraction(dict(grade.counts).get(grade.current, 0), 12)


def test_thresholds_do_not_matter_for_the_score(found: Robustness) -> None:
    totals = {(item.factor.name, item.rule.name): (item.first, item.total) for item in found.sensitivities}
    assert totals["parameters.excellent", "score"] == (0, 0)
    exam = totals["rules.score.of.exam", "score"][1]
    assert exam is not None
    assert exam > 0


def test_without_sensitivity_only_the_draws_are_computed(ladder: Experiment) -> None:
    plain = robustness(ladder, [variation("thresholds=3")], runs=4, seed=7, sensitivity=False)
    assert (plain.evaluations, plain.sensitivities) == (4, ())


def test_draws_that_make_no_policy_are_counted_apart(ladder: Experiment) -> None:
    wild = robustness(
        ladder, [variation("thresholds=30")], runs=12, seed=1, show=["grade"], sensitivity=False
    )
    assert 0 < wild.refused < 12
    assert sum(count for _value, count in wild.records[0].held[0].counts) == 12 - wild.refused


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.integers(1, 99))
def test_varied_weights_sum_to_what_they_did(ladder: Experiment, seed: int, share: int) -> None:
    factors = factors_of(ladder, [variation(f"weights={share}%")], [0])
    (draw,) = draws(factors, 1, random.Random(seed))  # noqa: S311
    values = settings_at(factors, draw)[0].values()
    assert sum(Fraction(str(value)) for value in values) == sum(factor.base for factor in factors) == 1


@given(draw=st.integers(0, 10**6))
def test_a_draw_stays_within_its_reach(draw: int) -> None:
    factor = Factor(policy=0, key=("parameters", "a"), base=Fraction(3), reach=Fraction(1, 2))
    value = factor.at(Fraction(draw, 10**6))
    assert Fraction(5, 2) <= value <= Fraction(7, 2)


FRACTIONS = st.fractions(min_value=-10, max_value=10, max_denominator=20)


@given(rows=st.lists(st.tuples(FRACTIONS, FRACTIONS), min_size=1, max_size=10))
def test_a_factor_that_does_nothing_has_no_effect_and_one_that_does_all_has_all(
    rows: list[tuple[Fraction, Fraction]],
) -> None:
    idle = estimates([(a, b, a) for a, b in rows])
    assert idle in ((0, 0), (None, None))
    whole = estimates([(a, b, b) for a, b in rows])
    if whole != (None, None):
        mean = sum(a + b for a, b in rows) / (2 * len(rows))
        variance = sum((a - mean) ** 2 + (b - mean) ** 2 for a, b in rows) / (2 * len(rows))
        assert whole[1] == sum((a - b) ** 2 for a, b in rows) / (2 * len(rows)) / variance
        assert whole[0] == sum((b - mean) * (b - a) for a, b in rows) / len(rows) / variance


def test_the_estimates_of_a_sum_of_two_numbers_come_near_their_variances() -> None:
    """For f = 2x + y with x and y uniform the true values are 4/5 and 1/5, first order and total alike."""
    generator = random.Random(3)  # noqa: S311

    def uniform() -> Fraction:
        return Fraction(generator.randrange(1001), 1000)

    pairs = [((uniform(), uniform()), (uniform(), uniform())) for _number in range(2000)]

    def f(point: tuple[Fraction, Fraction]) -> Fraction:
        return 2 * point[0] + point[1]

    first, total = estimates([(f(a), f(b), f((b[0], a[1]))) for a, b in pairs])
    assert first is not None
    assert total is not None
    assert abs(first - Fraction(4, 5)) < Fraction(1, 20)
    assert abs(total - Fraction(4, 5)) < Fraction(1, 20)


def test_a_record_on_or_just_below_a_line_is_a_near_miss(tmp_path: Path) -> None:
    header = "单位编码,党建基本分,党建加分,党建扣分,经营得分,一票否决事项\n"
    rows = ["甲,90,0,0,100,", "乙,89.99,0,0,100,", "丙,89.98,0,0,100,", "丁,94.73,0,0,95,"]
    records = tmp_path / "records.csv"
    records.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
    side = Side(results=experiment(POLICIES / "double_hundred", records).run())
    near = [item for item in near_misses(side) if item.rule == "band"]
    assert [(item.entity, item.distance, item.before_rounding) for item in near] == [
        ("甲", 0, 90),
        ("丁", Fraction("-0.01"), Fraction("89.9935")),
        ("乙", Fraction("-0.01"), Fraction("89.99")),
    ]


@pytest.mark.parametrize(
    "text", ["weights", "weights=", "=1", "weights=0", "weights=-1", "weights=100%", "a=x"]
)
def test_what_is_no_variation_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="RC090"):
        variation(text)


def test_a_variation_that_finds_nothing_is_refused(ladder: Experiment) -> None:
    with pytest.raises(UsageError, match="RC091"):
        robustness(ladder, [variation("bonus_cap=1")], runs=2, seed=1)


FAST = [
    ("double_hundred", "thresholds=1"),
    ("double_hundred", "bonus_cap=20%"),
    ("double_hundred", "share_of_a=20%"),
    ("milestone", "excellent=20%"),
    ("contest", "final_weight=20%"),
    ("benefit_award", "first_prize=20%"),
]


@pytest.mark.parametrize(("policy", "vary"), FAST, ids=[f"{policy}-{vary}" for policy, vary in FAST])
def test_draws_computed_together_are_those_computed_one_by_one(
    policy: str, vary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = experiment(POLICIES / policy, POLICIES / policy / "records.csv", "columnar")
    together: list[bool] = []

    def stack(*given: object) -> object:
        found = stack_of(*given)  # type: ignore[arg-type]
        together.append(found is not None)
        return found

    monkeypatch.setattr(module, "stack_of", stack)
    found = robustness(looked_at, [variation(vary)], runs=10, seed=4)
    monkeypatch.setattr(module, "stack_of", lambda *_given: None)
    assert found == robustness(looked_at, [variation(vary)], runs=10, seed=4)
    assert together == [True]


def test_draws_that_put_lines_in_another_order_are_compiled_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = POLICIES / "double_hundred"
    looked_at = experiment(folder, folder / "records.csv", "columnar")
    found = robustness(looked_at, [variation("thresholds=8")], runs=40, seed=1)
    assert 0 < found.refused < found.draws
    monkeypatch.setattr(module, "stack_of", lambda *_given: None)
    assert found == robustness(looked_at, [variation("thresholds=8")], runs=40, seed=1)


def test_a_draw_that_comes_out_otherwise_alone_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = POLICIES / "double_hundred"
    looked_at = experiment(folder, folder / "records.csv", "columnar")
    compute = Stack.compute

    def wrong(stack: Stack, draws: list[Draw], tally: Tally | None) -> list[tuple[Fraction, ...]]:
        return [tuple(number + 1 for number in one) for one in compute(stack, draws, tally)]

    monkeypatch.setattr(Stack, "compute", wrong)
    with pytest.raises(InternalError, match="computed alone"):
        robustness(looked_at, [variation("bonus_cap=20%")], runs=10, seed=1)


ANALYTIC = """
[policy]
name = "analytic"
version = "1"
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.x]
type = "integer"
min = 0
max = 9
[parameters]
p = 0
q = 0
r = 0
[rules.sum]
scorer = "formula"
value = "x * (p + q)"
decimals = 9
[rules.product]
scorer = "formula"
value = "x * p * q"
decimals = 9
[output]
columns = ["unit", "sum", "product"]
"""


def test_sensitivities_come_near_those_of_functions_whose_are_known(tmp_path: Path) -> None:
    """Of p + q, p within ±1, q within ±2, the shares are 1/5 and 4/5, alone and in all; of p × q 0 alone, 1 in all."""
    (tmp_path / "policy.toml").write_text(ANALYTIC, encoding="utf-8")
    (tmp_path / "records.csv").write_text("unit,x\na,3\n", encoding="utf-8")
    looked_at = experiment(tmp_path / "policy.toml", tmp_path / "records.csv", "columnar")
    variations = [variation("p=1"), variation("q=2"), variation("r=1")]
    found = robustness(looked_at, variations, runs=6000, seed=5)
    estimated = {
        (item.factor.key[-1], item.rule.name): (item.first, item.total) for item in found.sensitivities
    }
    known = {
        ("p", "sum"): (0.2, 0.2),
        ("q", "sum"): (0.8, 0.8),
        ("r", "sum"): (0, 0),
        ("p", "product"): (0, 1),
        ("q", "product"): (0, 1),
        ("r", "product"): (0, 0),
    }
    for key, (first, total) in known.items():
        assert estimated[key] == (pytest.approx(first, abs=0.06), pytest.approx(total, abs=0.06)), key
