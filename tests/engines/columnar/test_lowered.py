from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from attrs import evolve

from rulecore.engines.columnar.lowered import MOST_PLANS, lowered_plan
from rulecore.engines.columnar.run import evaluate
from tests.engines.generated import make_case

CASES = [make_case(random.Random(seed).randint) for seed in range(15)]  # noqa: S311 - a draw of policies


def test_a_plan_is_lowered_once():
    plan = CASES[0].plan
    assert lowered_plan(plan) is lowered_plan(plan)


def test_a_plan_with_other_steps_is_lowered_by_itself():
    plan = CASES[0].plan
    fewer = evolve(plan, steps=plan.steps[:1])
    assert lowered_plan(fewer) is not lowered_plan(plan)
    assert evaluate(fewer, CASES[0].frame()).equals(
        evaluate(plan, CASES[0].frame()).select(evaluate(fewer, CASES[0].frame()).columns)
    )


def test_further_runs_give_what_the_first_gave():
    for case in CASES:
        first = evaluate(case.plan, case.frame())
        assert evaluate(case.plan, case.frame()).equals(first)
        assert evaluate(case.plan, case.frame().head(1)).columns == first.columns


def test_runs_at_the_same_time_do_not_disturb_one_another():
    cases = CASES
    assert len(cases) < MOST_PLANS
    copies = [evolve(case.plan, steps=(*case.plan.steps,)) for case in cases]
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda pair: evaluate(pair[0], pair[1].frame()), [*zip(copies, cases, strict=True)] * 3)
        )
    wanted = [evaluate(case.plan, case.frame()) for case in cases] * 3
    assert [one.equals(other) for one, other in zip(found, wanted, strict=True)] == [True] * len(wanted)
