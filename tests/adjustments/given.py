"""A policy that allows every kind of adjustment, its records, and decisions about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

import rulecore
from rulecore.api import CompiledPolicy
from rulecore.errors import InputError
from rulecore.registry import Registry
from rulecore.results import Results

POLICY = Path(__file__).with_name("policy.toml").read_text(encoding="utf-8")

RECORDS = [
    {"单位": "甲", "年度": 2024, "经营": 95, "事故": False, "轻微": False},
    {"单位": "乙", "年度": 2024, "经营": 95, "事故": False, "轻微": False},
    {"单位": "丙", "年度": 2024, "经营": 90, "事故": False, "轻微": True},
    {"单位": "丁", "年度": 2024, "经营": 99, "事故": True, "轻微": False},
    {"单位": "戊", "年度": 2024, "经营": 70, "事故": False, "轻微": False},
]
VOTES = [
    {"单位": name, "年度": 2024, "评委": judge, "评分": points}
    for name, points_of in (
        ("甲", (90, 80)),
        ("乙", (90, 80)),
        ("丙", (99,)),
        ("丁", (99,)),
        ("戊", (60, 70)),
    )
    for judge, points in zip("xy", points_of, strict=False)
]
ENGINES = ("exact", "columnar")


@cache
def registry() -> Registry:
    """The plugins, loaded once."""
    from rulecore.plugins import load_plugins

    return load_plugins(None)


def loaded(folder: Path, text: str = POLICY) -> CompiledPolicy:
    """Return a policy written into a folder."""
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return rulecore.load_policy(path, registry=registry())


def decision(
    number: object, entity: str, adjustment: str, value: object = None, **more: object
) -> dict[str, object]:
    """Return one line of a file of adjustments, complete and signed twice; ``more`` are cells by heading."""
    return {
        "编号": number,
        "对象": entity,
        "期间": None,
        "明细": None,
        "调整事项": adjustment,
        "调整为": value,
        "理由": "材料补正",
        "依据": "会议纪要1号",
        "决定者": "考核委员会",
        "决定日期": "2025-01-10",
        "签字人一": "张三",
        "签字人二": "李四",
        "撤销": None,
        **more,
    }


def revocation(number: object, revokes: object, **more: object) -> dict[str, object]:
    """Return a line that takes another decision back."""
    return decision(number, "", "", 撤销=revokes, **{"决定日期": "2025-02-10", **more})


def run(
    policy: CompiledPolicy,
    decisions: Sequence[Mapping[str, object]] | None = None,
    engine: str = "exact",
    records: Sequence[Mapping[str, object]] = RECORDS,
    votes: Sequence[Mapping[str, object]] = VOTES,
) -> Results:
    """Return the results of the records under decisions; None: the run is given no file at all."""
    given = () if decisions is None else [*decisions]
    return policy.evaluate(
        list(records), tables={"votes": list(votes)}, engine=engine, adjustments=_with_text(given)
    )


def _with_text(lines: Sequence[Mapping[str, object]]) -> object:
    return () if not lines else [dict(line) for line in lines]


def column(results: Results, header: str) -> dict[str, str]:
    """Return a column of the results by entity."""
    table = results.text_table
    return dict(zip(table["单位"].to_list(), table[header].to_list(), strict=True))


def refused(policy: CompiledPolicy, *decisions: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the codes and sentences of what is wrong with some decisions."""
    with pytest.raises(InputError) as caught:
        run(policy, decisions)
    return [(fault.code.id, fault.message("en")) for fault in caught.value.faults]
