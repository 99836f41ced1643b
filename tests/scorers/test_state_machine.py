"""State machines: which state follows from which, and machines that cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.history.policies import column, issues, load, policy_text, records
from tests.scorers.policies import codes

MACHINE = """
[rules.status]
scorer = "state_machine"
states = ["在培", "通过", "风险提示", "终止"]
initial = "在培"
terminal = ["终止"]
{more}
transitions = [
    {{ from = "风险提示", when = "score < 60", to = "终止", reason = "连续两期低于60分" }},
    {{ when = "score < 60", to = "风险提示", reason = "低于60分" }},
    {{ from = ["在培", "风险提示"], when = "score >= 80", to = "通过", reason = "达到80分" }},
]
[rules.reason]
scorer = "state_reason"
of = "status"
none = "不变"
"""


def states(folder: Path, more: str, *rows: tuple[str, str, object], engine: str = "columnar") -> list[str]:
    text = policy_text({}, ["status", "reason"]).replace("[output]", MACHINE.format(more=more) + "[output]")
    results = load(text, folder).evaluate(records(*rows), history=(), engine=engine)
    return results.text_table["status"].to_list()


def years(*scores: object) -> list[tuple[str, str, object]]:
    return [("甲", str(2020 + number), score) for number, score in enumerate(scores)]


STAY = 'no_transition = "stay"'


@pytest.mark.parametrize("engine", ["columnar", "exact"])
@pytest.mark.parametrize(
    ("scores", "wanted"),
    [
        ((70,), ["在培"]),
        ((50,), ["风险提示"]),
        ((80,), ["通过"]),
        ((50, 59), ["风险提示", "终止"]),
        ((50, 60, 59), ["风险提示", "风险提示", "终止"]),
        ((50, 80, 50), ["风险提示", "通过", "风险提示"]),
        ((50, 50, 100, 100), ["风险提示", "终止", "终止", "终止"]),
        ((80, 80), ["通过", "通过"]),
    ],
)
def test_each_state_follows_from_the_one_before(
    tmp_path: Path, engine: str, scores: tuple[int, ...], wanted: list[str]
) -> None:
    assert states(tmp_path, STAY, *years(*scores), engine=engine) == wanted


def test_the_first_period_may_be_without_assessment(tmp_path: Path) -> None:
    more = f'{STAY}\nfirst_period = "stays"'
    assert states(tmp_path, more, *years(50, 50, 50)) == ["在培", "风险提示", "终止"]


def test_the_reason_is_that_of_the_transition_taken(tmp_path: Path) -> None:
    text = policy_text({}, ["status", "reason"]).replace("[output]", MACHINE.format(more=STAY) + "[output]")
    results = load(text, tmp_path).evaluate(records(*years(50, 70, 50, 50)), history=())
    assert results.text_table["reason"].to_list() == ["低于60分", "不变", "连续两期低于60分", "不变"]


@pytest.mark.parametrize("engine", ["columnar", "exact"])
def test_nothing_is_guessed(tmp_path: Path, engine: str) -> None:
    text = policy_text({}, ["status", "reason"]).replace("[output]", MACHINE.format(more="") + "[output]")
    rows = [
        ("缺期", "2022", 80),
        ("无转移", "2023", 80),
        ("未知", "2023", None),
        *((unit, "2024", 85) for unit in ("缺期", "无转移", "未知")),
    ]
    policy = load(text, tmp_path)
    before = [policy.evaluate([row], history=(), engine=engine) for row in records(*rows[:3])]
    now = policy.evaluate(records(*rows[3:]), history=before, engine=engine)
    assert column(now, "status") == {"缺期": "", "无转移": "", "未知": ""}
    assert issues(now) == {"缺期": {"RC725"}, "无转移": {"RC723"}, "未知": {"RC724"}}


def test_a_gap_may_be_a_new_beginning(tmp_path: Path) -> None:
    more = f'{STAY}\ngap = "initial"'
    assert states(tmp_path, more, ("甲", "2020", 50), ("甲", "2022", 50)) == ["风险提示", "风险提示"]


def test_a_condition_that_is_not_applicable_makes_the_state_so(tmp_path: Path) -> None:
    assert states(tmp_path, STAY, *years(None)) == [""]


def machine(**keys: str) -> str:
    known = {
        "states": '["a", "b"]',
        "initial": '"a"',
        "terminal": '["b"]',
        "transitions": '[{ when = "x > 1", to = "b" }]',
        **keys,
    }
    return 'scorer = "state_machine"\n' + "\n".join(f"{key} = {value}" for key, value in known.items())


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({}, []),
        ({"terminal": "[]", "transitions": '[{ from = "a", when = "x > 1", to = "b" }]'}, ["RC184"]),
        ({"states": '["a", "b", "c"]'}, ["RC183"]),
        ({"states": '["a", "b", "b"]'}, ["RC165"]),
        ({"initial": '"c"'}, ["RC185"]),
        ({"transitions": '[{ when = "x > 1", to = "c" }]'}, ["RC185"]),
        ({"transitions": '[{ from = ["a", "c"], when = "x > 1", to = "b" }]'}, ["RC185"]),
        (
            {"transitions": '[{ when = "x > 1", to = "b" }, { from = "b", when = "x > 1", to = "a" }]'},
            ["RC139"],
        ),
    ],
)
def test_machines_that_cannot_work_are_refused(keys: dict[str, str], wanted: list[str]) -> None:
    assert codes(machine(**keys)) == wanted


def test_a_reason_needs_a_machine(tmp_path: Path) -> None:
    from rulecore.errors import PolicyError

    text = policy_text({"a": "1"}, ["reason"]).replace(
        "[output]", '[rules.reason]\nscorer = "state_reason"\nof = "a"\n[output]'
    )
    with pytest.raises(PolicyError) as error:
        load(text, tmp_path)
    assert [fault.code.id for fault in error.value.faults] == ["RC347"]
