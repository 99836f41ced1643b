"""Scheme S20 (集团政策与所属单位办法): its eight situations as a group base and policies that extend it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rulecore.codes import families as codes
from rulecore.errors import Code, PolicyError
from rulecore.policy.load import LoadedPolicy, load_policy_document

FOLDER = Path(__file__).parent / "s20"
SCHEME = Path(__file__).parents[3] / "shared" / "schemes" / "S20_policy_overlay_expected.csv"
ADOPTED = [
    ("a-line", "云岭铝业有限公司", "A档分数线", "92"),
    ("party-full-marks", "云岭铝业有限公司", "党建考核满分", "100"),
    ("own-weight", "洛川铜加工有限公司", "自设指标权重", "20"),
    ("bonus-cap", "洛川铜加工有限公司", "党建加分上限", "2"),
]
REFUSED = [
    ("a-share", "云岭铝业有限公司", "A档名额比例", codes.ONLY_LOWER, "0.3", "高于集团值"),
    ("vetoes", "洛川铜加工有限公司", "一票否决清单", codes.ONLY_ADD, "安全|廉洁|环保", "缺少:环保"),
    ("rounding", "滇南冶金有限公司", "舍入方式", codes.LOCKED, "四舍五入", "锁定参数不得修改"),
    ("science-share", "滇南冶金有限公司", "科技奖励总额占营收比", codes.ABOVE_MAXIMUM, "0.003", "超出区间"),
]


def load(name: str) -> LoadedPolicy:
    return load_policy_document(FOLDER / f"{name}.toml", FOLDER)


@pytest.mark.parametrize(("file", "unit", "parameter", "value"), ADOPTED)
def test_a_value_within_the_limit_is_adopted(file: str, unit: str, parameter: str, value: str) -> None:
    loaded = load(file)
    assert str(loaded.policy.parameters[parameter]) == value
    assert loaded.document.place(("parameters", parameter)).file == f"{file}.toml"


@pytest.mark.parametrize(("file", "unit", "parameter", "code", "group_value", "reason"), REFUSED)
def test_a_value_beyond_the_limit_is_refused_with_both_places(
    file: str, unit: str, parameter: str, code: Code, group_value: str, reason: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        load(file)
    (fault,) = caught.value.faults
    assert fault.code is code
    assert fault.place is not None
    assert fault.place.file == f"{file}.toml"
    assert {place.file for _, place in fault.related} == {"group.toml"}
    assert fault.values["why"]


def test_the_missing_item_is_named_as_in_the_scheme() -> None:
    with pytest.raises(PolicyError) as caught:
        load("vetoes")
    assert caught.value.faults[0].values["missing"] == '"环保"'


def test_every_situation_of_the_scheme_is_here_with_its_verdict() -> None:
    if not SCHEME.exists():
        pytest.skip(f"{SCHEME} is not here: the schemes are kept outside the repository")
    with SCHEME.open(encoding="utf-8-sig", newline="") as file:
        published = {(row["单位"], row["参数"]): (row["结论"], row["理由"]) for row in csv.DictReader(file)}
    here = {(unit, parameter): ("采用", "") for _, unit, parameter, _ in ADOPTED}
    here |= {(unit, parameter): ("驳回", reason) for _, unit, parameter, _, _, reason in REFUSED}
    assert here == published
