"""Records for the tests: several files, skewed cohorts, bad rows, and the same record in two files."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import polars as pl

HEADERS = (
    "人员 编码",
    "项目`名.称",
    "年度",
    "单位",
    "甲项得分",
    "甲项得分备查",
    "乙项得分",
    "资产",
    "人数",
    "入职日期",
    "一票否决",
)


def rows(count: int, first: int = 0) -> list[dict[str, object]]:
    """Return records as texts; one unit has six of ten people, and many scores are equal."""
    chance = random.Random(count * 1000 + first)  # noqa: S311 - the same records every time
    found: list[dict[str, object]] = []
    for number in range(first, first + count):
        unit = "集团本部" if chance.random() < 0.6 else chance.choice(["甲公司", "乙公司", "丙 公司", None])
        found.append(
            dict(
                zip(
                    HEADERS,
                    (
                        f"P{number:05}",
                        str(number % 3),
                        "2024" if number % 7 else "2023",
                        unit,
                        f"{chance.randrange(3000, 9900) / 100:.2f}",
                        None if number % 5 else str(number % 900),
                        None if number % 11 == 0 else str(chance.randrange(0, 101)),
                        f"{chance.randrange(0, 10**13)}.{chance.randrange(0, 10**12):012}",
                        str(chance.randrange(0, 40)),
                        None if number % 13 == 0 else str(date(2000 + number % 20, 1 + number % 12, 3)),
                        "是" if number % 17 == 0 else None,
                    ),
                    strict=True,
                )
            )
        )
    return found


def with_faults(records: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return records some of which are refused, in many ways, and a blank row."""
    changes: dict[int, dict[str, object]] = {
        3: {"甲项得分": "88.123"},
        4: {"甲项得分": "不适用", "人数": "abc"},
        5: dict.fromkeys(HEADERS),
        6: {"人员 编码": " "},
        7: {"甲项得分": "99.5"},
        8: {"甲项得分": "99.5", "乙项得分": "1"},
        9: {"年度": "二〇二四"},
        10: {"资产": "-1", "人员 编码": records[11]["人员 编码"], "项目`名.称": records[11]["项目`名.称"]},
        12: {"入职日期": "2024-02-30"},
    }
    return [row | changes.get(number, {}) for number, row in enumerate(records)]


def parquet(folder: Path, *tables: list[dict[str, object]]) -> list[str]:
    """Write each table as a file of texts and return their paths; names sort as they are given."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, table in enumerate(tables):
        path = folder / f"记录 {number}.parquet"
        schema = dict.fromkeys(HEADERS, pl.String())
        pl.DataFrame(table, schema=schema).write_parquet(path)
        paths.append(str(path))
    return paths
