from pathlib import Path

from attrs import evolve

from rulecore.api import compile_policies
from rulecore.contracts import Check
from rulecore.errors import Code, Fault
from rulecore.findings import find
from rulecore.findings.collect import settle
from rulecore.planned import Origin, Plan
from rulecore.plugins import load_plugins
from rulecore.registry import Registered, Registry
from rulecore.source import Place
from tests.checks.whole import REGISTRY, plan_of

RULE = "[rules.net]\nscorer = 'formula'\nvalue = 'party'\n"
ERROR = Code(id="RC999", message="wrong", hint="")
WARNING = evolve(ERROR, id="RC998", severity="warning")


def with_check(check: Check) -> Registry:
    origin = Origin(distribution="strange", version="1.0")
    return evolve(REGISTRY, checks={check.name: Registered(value=check, origin=origin)})


def test_a_check_that_crashes_is_a_fault_that_names_its_plugin(tmp_path: Path) -> None:
    def inspect(plan: Plan) -> list[Fault]:
        raise ValueError(plan.policy.policy.name)

    found = find([plan_of(RULE, tmp_path)], with_check(Check(name="odd", codes=(), inspect=inspect)))
    assert [fault.message("en") for fault in found] == [
        "the check odd of strange 1.0 failed on the policy appraisal: ValueError: appraisal"
    ]


def test_plans_that_find_the_same_at_one_place_say_it_once(tmp_path: Path) -> None:
    place = Place(file="base.toml", line=3)
    check = Check(name="odd", codes=(WARNING,), inspect=lambda _plan: [Fault(code=WARNING, place=place)])
    plan = plan_of(RULE, tmp_path)
    assert len(find([plan, plan], with_check(check))) == 1


def test_a_base_s_comment_is_judged_only_where_several_policies_over_it_are_checked() -> None:
    folder = Path(__file__).parents[2] / "policies" / "annual"
    registry = load_plugins()
    one, _errors = compile_policies(folder / "yunling.toml", registry)
    assert find(one.plans, registry) == []
    # Rounded in 云岭铝业: the comment that others need allows nothing in its two years.
    years = [
        compile_policies(folder / name, registry)[0].plans[0]
        for name in ("yunling.toml", "yunling-2023.toml")
    ]
    assert {fault.code.id for fault in find(years, registry)} == {"RC262"}


def test_an_error_is_never_allowed() -> None:
    text = "x = 1 # rulecore: allow RC999 理由\ny = 1 # rulecore: allow RC998 理由\n"
    places = [Place(file="policy.toml", line=line) for line in (1, 2)]
    found = settle(
        [Fault(code=ERROR, place=places[0]), Fault(code=WARNING, place=places[1])],
        {"policy.toml": text},
        {"RC998", "RC999"},
    )
    assert [fault.code.id for fault in found] == ["RC999", "RC262"]
