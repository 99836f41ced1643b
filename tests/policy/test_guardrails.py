"""Guardrails bind: no policy loads with a value outside one, and none within them is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rulecore.errors import PolicyError
from rulecore.policy.document import read_document
from rulecore.policy.keys import key_pattern, matches
from rulecore.policy.load import LoadedPolicy, load_chain
from tests.policy.families import toml

BODY = """
[record]
entity = "unit"
[fields.unit]
type = "text"
[fields.basic]
type = "decimal"
min = 0
max = 100
[rules.score]
scorer = "formula"
value = "basic"
decimals = 2
[output]
columns = ["unit", "score"]
"""
GENERATED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200
)
NUMBERS = st.decimals(-3, 3, places=1)
ITEMS = st.lists(st.sampled_from(["安全", "廉洁", "环保", "保密"]), max_size=4)


def loaded(folder: Path, *layers: str) -> LoadedPolicy:
    """Return the policy of some documents, its own first; the last one, the group's, gets the common body."""
    chain = []
    for number, text in enumerate(layers):
        path = folder / f"layer{number}.toml"
        abstract = "abstract = true\n" if number else ""
        header = f'[policy]\nname = "n{number}"\nversion = "1"\n{abstract}'
        path.write_text(header + (BODY if number == len(layers) - 1 else "") + text, encoding="utf-8")
        chain.append(read_document(path, folder))
    policy = load_chain(chain)
    assert isinstance(policy, LoadedPolicy)
    return policy


def faults(folder: Path, *layers: str) -> list[str]:
    try:
        loaded(folder, *layers)
    except PolicyError as error:
        return [fault.code.id for fault in error.faults]
    return []


@GENERATED
@given(
    group=NUMBERS,
    low=NUMBERS,
    high=NUMBERS,
    company=NUMBERS | st.none(),
    own=NUMBERS | st.none(),
    data=st.data(),
)
def test_no_effective_number_lies_outside_its_guardrail(
    tmp_path: Path,
    group: Decimal,
    low: Decimal,
    high: Decimal,
    company: Decimal | None,
    own: Decimal | None,
    data: st.DataObject,
) -> None:
    kind = data.draw(st.sampled_from(["bounds", "only_raise", "only_lower", "locked"]))
    limit = f"min = {low}\nmax = {high}" if kind == "bounds" else f"{kind} = true"
    layers = [f"[parameters]\np = {value}\n" if value is not None else "" for value in (own, company)]
    value = next(one for one in (own, company, group) if one is not None)
    allowed = {
        "bounds": low <= value <= high,
        "only_raise": value >= group,
        "only_lower": value <= group,
        "locked": value == group,
    }[kind]
    found = faults(tmp_path, *layers, f'[parameters]\np = {group}\n[guardrails."parameters.p"]\n{limit}\n')
    if kind == "bounds" and low > high:
        assert found == ["RC195"]
    else:
        assert (found == []) is allowed


@GENERATED
@given(group=ITEMS, own=ITEMS)
def test_a_list_that_may_only_be_added_to_keeps_every_item(
    tmp_path: Path, group: list[str], own: list[str]
) -> None:
    found = faults(
        tmp_path,
        f"[parameters]\np = {toml(own)}\n",
        f'[parameters]\np = {toml(group)}\n[guardrails."parameters.p"]\nonly_add = true\n',
    )
    assert (found == []) is (set(group) <= set(own))


@GENERATED
@given(weights=st.lists(st.integers(1, 60), min_size=3, max_size=3), own=st.integers(1, 60) | st.none())
def test_weights_sum_exactly(tmp_path: Path, weights: list[int], own: int | None) -> None:
    table = ", ".join(f"w{index} = 0.{weight:02}" for index, weight in enumerate(weights))
    effective = [own if own is not None else weights[0], *weights[1:]]
    found = faults(
        tmp_path,
        f"[rules.x.of]\nw0 = 0.{own:02}\n" if own is not None else "",
        f'[rules.x]\nscorer = "weighted_sum"\nof = {{ {table} }}\n[guardrails."rules.x.of"]\nsum = 1\n',
    )
    assert (found == []) is (sum(Fraction(weight, 100) for weight in effective) == 1)


@pytest.mark.parametrize(
    ("own", "codes"),
    [
        ("[parameters]\np = 3.0\n", []),
        ("[parameters]\np = true\n", ["RC801"]),
        ('[parameters]\np = "3"\n', ["RC801"]),
        ("[parameters]\np = [3]\n", ["RC801"]),
    ],
)
def test_locked_numbers_compare_by_value_and_never_with_another_kind(
    tmp_path: Path, own: str, codes: list[str]
) -> None:
    assert faults(tmp_path, own, '[parameters]\np = 3\n[guardrails."parameters.p"]\nlocked = true\n') == codes


def test_a_limit_reads_what_a_rule_reads(tmp_path: Path) -> None:
    base = (
        '[parameters]\nshare = 0.3\n[rules.x]\nscorer = "quota"\nof = "a"\nby = "score"\n'
        'limits = [{ grade = "A", share = "share" }]\n[guardrails."rules.x.limits[*].share"]\nmax = 0.30\n'
    )
    assert faults(tmp_path, "", base) == []
    assert faults(tmp_path, '[rules.x]\nlimits = [{ grade = "A", share = "30%" }]\n', base) == []
    assert faults(tmp_path, '[rules.x]\nlimits = [{ grade = "A", share = "share + 1%" }]\n', base) == [
        "RC803"
    ]
    assert faults(tmp_path, "[parameters]\nshare = 0.31\n", base) == ["RC803"]
    assert faults(tmp_path, '[rules.x]\nlimits = [{ grade = "A", share = "basic" }]\n', base) == ["RC811"]


def test_a_longer_list_does_not_lead_around_a_guardrail(tmp_path: Path) -> None:
    base = (
        '[rules.x]\nscorer = "quota"\nlimits = [{ grade = "A", share = 0.3 }]\n'
        '[guardrails."rules.x.limits[*].share"]\nonly_lower = true\n'
    )
    longer = '[rules.x]\nlimits = [{ grade = "A", share = 0.3 }, { grade = "A+", share = 0.9 }]\n'
    assert faults(tmp_path, longer, base) == ["RC811"]
    assert faults(tmp_path, "[rules.x]\nlimits = []\n", base) == ["RC812"]


def test_dated_values_are_compared_day_by_day(tmp_path: Path) -> None:
    base = (
        "[parameters]\np = [{ value = 3 }, { from = 2024-01-01, value = 5 }]\n"
        '[guardrails."parameters.p"]\nonly_lower = true\n'
    )
    days = "effective = { from = 2023-01-01, until = 2024-12-31 }\n"
    period = '[fields.year]\ntype = "integer"\nmin = 2000\nmax = 2100\n[record]\nperiod = "year"\n'
    assert faults(tmp_path, days + period + "[parameters]\np = 3\n", base) == []
    assert faults(tmp_path, days + period + "[parameters]\np = 4\n", base) == ["RC805"]
    later = "[parameters]\np = [{ value = 3 }, { from = 2024-01-01, value = 4 }]\n"
    assert faults(tmp_path, days + period + later, base) == []


@pytest.mark.parametrize(("year", "found"), [(2023, ["RC805"]), (2024, [])])
def test_a_policy_is_held_against_the_base_s_value_on_its_own_days_only(
    tmp_path: Path, year: int, found: list[str]
) -> None:
    base = (
        "[parameters]\np = [{ value = 3 }, { from = 2024-01-01, value = 5 }]\n"
        '[guardrails."parameters.p"]\nonly_lower = true\n'
    )
    days = f"effective = {{ from = {year}-01-01, until = {year}-12-31 }}\n"
    assert faults(tmp_path, days + "[parameters]\np = 4\n", base) == found


def test_added_rules_and_fields_carry_no_more_than_their_share(tmp_path: Path) -> None:
    base = (
        '[rules.x]\nscorer = "weighted_mean"\nof = { score = 80 }\n[guardrails.rules]\nweight_at_most = 0.2\n'
    )
    own = '[fields.extra]\ntype = "integer"\n[rules.x]\nof = { %s }\n'
    assert faults(tmp_path, own % "extra = 20", base) == []
    assert faults(tmp_path, own % "extra = 21", base) == ["RC809"]
    assert faults(tmp_path, own % '"extra × 2" = "20% + 1"', base) == []
    assert faults(tmp_path, own % '"extra × 2" = 21', base) == ["RC809"]
    assert faults(tmp_path, own % "basic = 90", base) == []


@pytest.mark.parametrize(
    ("own", "codes"),
    [
        ("max = 4", []),
        ("max = 5.0", []),
        ("max = 6", ["RC196"]),
        ("min = 2", []),
        ("min = 0", ["RC196"]),
        ("max = 2024-01-01", ["RC196", "RC811"]),
    ],
)
def test_a_guardrail_may_only_be_tightened(tmp_path: Path, own: str, codes: list[str]) -> None:
    guardrail = '[guardrails."parameters.p"]\n'
    base = f"[parameters]\np = 3\n{guardrail}min = 1\nmax = 5\n"
    assert faults(tmp_path, guardrail + own + "\n", base) == codes


def test_a_guardrail_may_wait_for_a_value_that_each_policy_sets(tmp_path: Path) -> None:
    base = '[guardrails."parameters.own_weight"]\nmax = 20\n'
    assert faults(tmp_path, "[parameters]\nown_weight = 20\n", base) == []
    assert faults(tmp_path, "[parameters]\nown_weight = 21\n", base) == ["RC803"]
    assert faults(tmp_path, "", base) == ["RC194"]


@pytest.mark.parametrize(
    ("written", "pattern"),
    [
        ("parameters.bonus_cap", ("parameters", "bonus_cap")),
        ("rules.*.rounding", ("rules", "*", "rounding")),
        ("rules.grade.limits[0].share", ("rules", "grade", "limits", 0, "share")),
        ("参数.「x", ("参数", "「x")),
        ("a..b", None),
        ("a.", None),
        ("", None),
        ("a b", None),
    ],
)
def test_a_key_is_read_in_parts(written: str, pattern: tuple[str | int, ...] | None) -> None:
    assert key_pattern(written) == pattern


def test_a_star_is_any_one_part() -> None:
    data = {"rules": {"a": {"of": [{"x": 1}, {"y": 2}]}, "b": {}}}
    assert list(matches(("rules", "*", "of", "*", "x"), data)) == [("rules", "a", "of", 0, "x")]
