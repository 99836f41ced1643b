"""Make the workbooks of ``policies/annual``: the same bytes every time.

Run as ``uv run python tests/tools/make_annual_records.py``. ``units()`` and ``units_2023()`` give the plain
values, which the oracle of the tests reads; ``disguised`` dresses some of them as people type them (thousands
separators, full-width digits, per cent signs, trailing blanks), which rulecore has to read as the same numbers.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import xlsxwriter

FOLDER = Path(__file__).parents[2] / "policies" / "annual"
FIRST_YEAR_OF = {"中原轻金属研究院": "2024", "滇南冶金": "2024"}
"""Subsidiaries that have no policy of 2023."""

SUBSIDIARY, CODE, NAME, YEAR = "所属单位", "单位编码", "单位名称", "年度"
BASIC, BONUS, DEDUCTION = "党建基本分", "党建加分", "党建扣分"
PROFIT = ("利润总额目标（万元）", "利润总额完成（万元）")
COST = ("单位成本目标（元/t）", "单位成本完成（元/t）")
RESEARCH = ("研发投入强度目标（%）", "研发投入强度完成（%）")
PRODUCTIVITY = ("劳动生产率目标（万元/人）", "劳动生产率完成（万元/人）")
CONTRACTS = ("成果转化合同额目标（万元）", "成果转化合同额完成（万元）")
METAL_IN, METAL_OUT = "投入铜金属量（t）", "产出铜金属量（t）"
METAL_STOCK, METAL_QUOTA = "在制品铜金属增减（t）", "铜回收率定额（%）"
SATISFACTION, ACCIDENTS, VETO, LAST_STAR = "职工满意度", "安全事故起数", "一票否决事项", "上年星级"

HEADERS = [
    *(SUBSIDIARY, CODE, NAME, YEAR, BASIC, BONUS, DEDUCTION),
    *(*PROFIT, *COST, *RESEARCH, *PRODUCTIVITY, *CONTRACTS),
    *(METAL_IN, METAL_OUT, METAL_STOCK, METAL_QUOTA),
    *(SATISFACTION, ACCIDENTS, VETO, LAST_STAR),
]
NONE = "不适用"

UNITS = {
    "河东氧化铝": (
        "HD",
        "原料车间 溶出车间 沉降车间 分解车间 焙烧车间 蒸发车间 热电厂 循环水车间 矿山一分厂 矿山二分厂 "
        "赤泥综合利用分厂 物流运输部 检修中心 质检中心",
    ),
    "云岭铝业": (
        "YL",
        "电解一车间 电解二车间 电解三车间 电解四车间 铸造一车间 铸造二车间 阳极组装车间 碳素厂 动力厂 "
        "净化车间 检测中心 仓储物流部 检修分公司",
    ),
    "洛川铜加工": (
        "LC",
        "熔铸车间 热轧车间 冷轧车间 铜管一车间 铜管二车间 铜棒车间 铜箔车间 退火车间 精整车间 废杂铜再生车间 "
        "导体材料分厂",
    ),
    "中原轻金属研究院": (
        "ZY",
        "氧化铝研究所 铝电解研究所 合金材料研究所 环保研究所 自动化研究所 分析测试中心 中试基地 工程设计所 "
        "信息中心 期刊编辑部",
    ),
    "滇南冶金": (
        "DN",
        "采矿一工区 采矿二工区 选矿厂 冶炼一厂 冶炼二厂 烟化炉车间 制酸车间 电锌车间 余热发电厂 尾矿库管理部 "
        "机修厂 运输公司",
    ),
}

Row = dict[str, str]


def units() -> list[Row]:
    """Return the sixty units with plain values: decimal text, ``不适用`` and blanks."""
    source = random.Random(2024)  # noqa: S311 - test data
    rows = []
    for subsidiary, (prefix, names) in UNITS.items():
        for number, name in enumerate(names.split(), start=1):
            row = dict.fromkeys(HEADERS, "")
            row |= {SUBSIDIARY: subsidiary, CODE: f"{prefix}{number:02d}", NAME: name, YEAR: "2024"}
            row |= _party(source) | _operations(source, subsidiary)
            row[ACCIDENTS] = "1" if source.random() < 0.08 else "0"
            rows.append(row)
    _special_cases({row[CODE]: row for row in rows})
    return rows


def units_2023() -> list[Row]:
    """Return the units of the three subsidiaries that had a policy in 2023, with what they reached then."""
    source = random.Random(2023)  # noqa: S311 - test data
    rows = []
    for unit in units():
        subsidiary = unit[SUBSIDIARY]
        if FIRST_YEAR_OF.get(subsidiary, "2023") > "2023":
            continue
        row = dict.fromkeys(HEADERS, "") | {key: unit[key] for key in (SUBSIDIARY, CODE, NAME)}
        row |= {YEAR: "2023"} | _party(source) | _operations(source, subsidiary)
        row[ACCIDENTS] = "1" if source.random() < 0.08 else "0"
        rows.append(row)
    named = {row[CODE]: row for row in rows}
    named["HD12"][VETO] = "发生重大交通责任事故"
    named["YL09"][VETO] = "发生重大环境污染责任事件"
    # The bonus of 4 counts as 3 in 2023 and whole in 2024, where the group lets it; the line of A was lower.
    named["YL01"] |= {BASIC: "94.0", BONUS: "4", DEDUCTION: "0"}
    return rows


def _party(source: random.Random) -> Row:
    return {
        BASIC: _text(source.randint(905, 985), 1),
        BONUS: source.choice(["0", "0", "0.5", "1", "2", "2.5", "4"]),
        DEDUCTION: source.choice(["0", "0", "0.5", "1", "1.5", "3"]),
    }


def _operations(source: random.Random, subsidiary: str) -> Row:
    row = {}
    row |= _against(source, PROFIT, source.randint(600, 24000), 0, worst=-12, best=18)
    row |= _against(source, COST, source.randint(1800, 14200), 0, worst=-5, best=3)
    row |= _against(source, RESEARCH, source.randint(150, 520), 2, worst=-8, best=15)
    row |= _against(source, PRODUCTIVITY, source.randint(280, 960), 1, worst=-6, best=10)
    others = (*CONTRACTS, METAL_IN, METAL_OUT, METAL_STOCK, METAL_QUOTA, SATISFACTION, LAST_STAR)
    row |= dict.fromkeys(others, NONE)
    if subsidiary == "洛川铜加工":
        put_in = source.randint(800_00, 5200_00)
        quota = source.choice([9650, 9720, 9780, 9800])
        recovered = put_in * (quota + source.randint(-35, 60)) // 10000
        stock = source.randint(-1200, 1500)
        row |= {METAL_IN: _text(put_in, 2), METAL_OUT: _text(recovered - stock, 2)}
        row |= {METAL_STOCK: _text(stock, 2), METAL_QUOTA: _text(quota, 2)}
    if subsidiary == "中原轻金属研究院":
        row |= _against(source, CONTRACTS, source.randint(200, 1800), 0, worst=-15, best=25)
        row[SATISFACTION] = _text(source.randint(880, 985), 1) + "%"
    if subsidiary == "滇南冶金":
        row[LAST_STAR] = str(source.choice([2, 3, 4, 4, 5]))
    return row


def _against(
    source: random.Random, columns: tuple[str, str], target: int, places: int, *, worst: int, best: int
) -> Row:
    """Return a target and what was reached: between ``worst`` and ``best`` per cent away from it."""
    away = Fraction(source.randint(worst * 100, best * 100), 10000)
    return {columns[0]: _text(target, places), columns[1]: _text(int(target * (1 + away)), places)}


def _special_cases(rows: dict[str, Row]) -> None:
    """Put the cases in that an appraisal always has: vetoes, losses, targets that do not exist, full ties."""
    rows["HD09"][VETO] = "发生生产安全责任事故且负主要责任"
    rows["HD09"][ACCIDENTS] = "2"
    rows["YL04"][VETO] = "发生重大环境污染责任事件"
    rows["DN05"][VETO] = "领导班子成员受到党纪处分"
    rows["ZY02"][VETO] = "科研诚信问题查实"
    # Support units of the institute have no profit target, or one of zero: the other weights are re-shared.
    for code in ("ZY06", "ZY09", "ZY10"):
        rows[code] |= dict.fromkeys((*PROFIT, *CONTRACTS), NONE)
    rows["ZY08"][CONTRACTS[0]] = "0"
    rows["ZY10"] |= dict.fromkeys(PRODUCTIVITY, "")
    # Targets reached exactly, and a step reached exactly.
    rows["HD02"] |= {PROFIT[0]: "12000", PROFIT[1]: "12360", COST[0]: "2150", COST[1]: "2150"}
    # The head of one subsidiary is a full tie: same inputs, the committee decides if the places do not reach.
    for code in ("YL01", "YL02", "YL03"):
        rows[code] |= {BASIC: "98.0", BONUS: "2", DEDUCTION: "0", ACCIDENTS: "0"}
    for column in (*PROFIT, *COST, *RESEARCH, *PRODUCTIVITY):
        rows["YL03"][column] = rows["YL02"][column]
    rows["YL02"] |= {PROFIT[0]: "18000", PROFIT[1]: "20160"}
    rows["YL03"] |= {PROFIT[0]: "18000", PROFIT[1]: "20160"}


def disguised(rows: Iterable[Row]) -> list[dict[str, str | float]]:
    """Return the rows as people type them: most numbers as numbers, some as texts that mean the same."""
    source = random.Random(7)  # noqa: S311 - test data
    return [{header: _disguise(source, header, row[header]) for header in HEADERS} for row in rows]


def _disguise(source: random.Random, header: str, value: str) -> str | float:
    if header in (SUBSIDIARY, CODE, NAME, VETO) or value in ("", NONE):
        return source.choice([value, value, value + "  "]) if header == NAME else value
    if value.endswith("%"):
        return value
    kind = source.random()
    if kind < 0.80 or header == YEAR:
        return float(value) if "." in value else int(value)
    if kind < 0.88:
        return f"{int(value):,}" if "." not in value else value + " "
    if kind < 0.94:
        return "".join(_full_width(character) for character in value)
    if header in (*RESEARCH, METAL_QUOTA):
        return value + "%"
    return value + " "


def _full_width(character: str) -> str:
    wide = chr(ord(character) + 0xFEE0)
    return wide if unicodedata.normalize("NFKC", wide) == character else character


def faulty() -> list[dict[str, str | float]]:
    """Return a few units with every kind of fault a row can have, among units without any."""
    rows = {row[CODE]: dict(row) for row in units()}
    unknown = rows["HD01"] | {SUBSIDIARY: "河西氧化铝", CODE: "HX01"}  # no policy applies
    digits = rows["HD03"] | {BASIC: "96.25"}  # more decimals than the policy allows
    double_reason = rows["YL05"] | {BASIC: "105", PROFIT[1]: "约一万二"}  # two reasons at once
    missing = rows["LC04"] | {METAL_IN: ""}
    other_year = rows["DN02"] | {YEAR: "2023"}  # before the policy holds
    good = [rows[code] for code in ("HD01", "HD04", "YL01", "LC01", "ZY01", "DN01")]
    twice = rows["HD04"] | {DEDUCTION: "3"}  # the same unit again, with another number
    return [dict(row) for row in (*good, unknown, digits, double_reason, missing, other_year, twice)]


def write(path: Path, rows: Iterable[dict[str, str | float]]) -> None:
    """Write a workbook of one sheet; dates inside are fixed so that the bytes are always the same."""
    year = path.name.split("-")[1][:4]
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(int(year), 12, 31), "title": f"{year}年度双百分考核数据"})
        sheet = book.add_worksheet(f"{year}年度")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 3)
        sheet.set_column(0, len(HEADERS) - 1, 14)
        for column, header in enumerate(HEADERS):
            sheet.write_string(0, column, header, bold)
        for number, row in enumerate(rows, start=1):
            for column, header in enumerate(HEADERS):
                value = row[header]
                if isinstance(value, str):
                    sheet.write_string(number, column, value) if value else None
                else:
                    sheet.write_number(number, column, value)


def _text(scaled: int, places: int) -> str:
    if not places:
        return str(scaled)
    digits = str(abs(scaled)).rjust(places + 1, "0")
    return f"{'-' if scaled < 0 else ''}{digits[:-places]}.{digits[-places:]}"


if __name__ == "__main__":
    write(FOLDER / "records-2023.xlsx", disguised(units_2023()))
    write(FOLDER / "records-2024.xlsx", disguised(units()))
    write(FOLDER / "records-2024-faulty.xlsx", faulty())
