"""What a policy requires is compared with what is loaded: by distribution, by range, all faults at once."""

import pytest

from rulecore.planned import Origin
from rulecore.registry import LoadedPlugin, Registry
from rulecore.requirements import check_requirements
from rulecore.source import Place

REGISTRY = Registry(
    plugins=(
        LoadedPlugin(
            origin=Origin(distribution="rulecore-sasac", version="1.4.2"), module="m", file="", hooks=()
        ),
    )
)


@pytest.mark.parametrize(
    "text", ["rulecore-sasac", "rulecore-sasac >=1,<2", "RuleCore.SASAC~=1.4", "rulecore_sasac==1.*"]
)
def test_a_requirement_that_is_met_is_no_fault(text: str) -> None:
    assert check_requirements([text], REGISTRY) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rulecore-sasac >=2", "RC618"),
        ("rulecore-nobody >=1,<2", "RC617"),
        ("rulecore-sasac version 1", "RC616"),
        ("", "RC616"),
        ("rulecore-sasac[extra]", "RC616"),
        ("rulecore-sasac; python_version > '3'", "RC616"),
        ("rulecore-sasac @ https://example.org/a.whl", "RC616"),
    ],
)
def test_a_requirement_that_is_not_met_is_a_fault(text: str, code: str) -> None:
    assert [fault.code.id for fault in check_requirements([text], REGISTRY)] == [code]


def test_all_requirements_are_checked_each_at_its_place() -> None:
    places = [Place(file="policy.toml", line=3), Place(file="policy.toml", line=4)]
    faults = check_requirements(["rulecore-sasac >=2", "rulecore-nobody"], REGISTRY, places)
    assert [fault.place for fault in faults] == places


def test_the_hint_says_what_to_install() -> None:
    (fault,) = check_requirements(["rulecore-nobody >=1,<2"], REGISTRY)
    assert 'uv pip install "rulecore-nobody<2,>=1"' in fault.advice("en")
