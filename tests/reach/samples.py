"""Records of every shipped policy, as rows that a single cell can be changed of: the samples, and generated ones."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import tomli
from attrs import evolve, frozen

from rulecore import PolicySet, load_policies
from rulecore.numbers import format_number
from rulecore.planned import PlannedField
from rulecore.reach import InputAnswer
from rulecore.reach.make import OTHER_TEXT
from rulecore.reach.world import World
from rulecore.results import PolicyResults, Results

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
Row = dict[str, str]


@frozen(kw_only=True)
class Sample:
    """A policy set with records, and rows of tables that have a file of their own."""

    policies: PolicySet
    rows: list[Row]
    tables: dict[str, list[Row]]

    def results(self) -> Results:
        return self.policies.evaluate(self.rows, tables=self.tables, history=())

    def applied(
        self, results: Results, part: PolicyResults, row: int, answer: InputAnswer, value: object
    ) -> Sample:
        """Return the records with one cell changed, found by the lines that the record or its row was read from."""
        (item,) = (one for one in part.plan.level(answer.table).fields if one.name == answer.field)
        text = written(item, value)
        if answer.table and part.tables[answer.table].table.declaration.source == "table":
            assert answer.source is not None
            table = {
                answer.table: changed(self.tables[answer.table], [answer.source.line], answer.header, text)
            }
            return evolve(self, tables={**self.tables, **table})
        if answer.table:
            assert answer.source is not None
            return evolve(self, rows=changed(self.rows, [answer.source.line], answer.header, text))
        return evolve(self, rows=changed(self.rows, lines_of(results, part, row), answer.header, text))


def lines_of(results: Results, part: PolicyResults, row: int) -> list[int | None]:
    """Return the lines that a record was read from: where rows stand in its file, it is in each of them."""
    places = [results.source(part, row)]
    world = World(results=results, part=part, row=row, target="")
    for name, table in part.tables.items():
        if table.table.declaration.source == "records":
            places += [results.source(table.part, one) for one in world.own_rows[name]]
    return [place.line for place in places if place is not None]


def changed(rows: list[Row], lines: list[int | None], header: str, text: str) -> list[Row]:
    return [
        {**record, header: text} if number in lines else record for number, record in enumerate(rows, start=1)
    ]


def written(item: PlannedField, value: object) -> str:
    """Return a value as the field's column has it."""
    match value:
        case None:
            return ""
        case bool():
            return (item.declaration.true if value else item.declaration.false)[0]
        case Fraction():
            return f"{format_number(value * 100)}%" if item.declaration.percent else format_number(value)
        case date():
            return value.isoformat()
        case _:
            return "未列出的文字" if value == OTHER_TEXT else str(value)


def read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def samples(folder: str) -> Iterator[Sample]:
    """Yield the samples of a policy: shipped records, generated ones, and those of its cases."""
    policies = load_policies(POLICIES / folder)
    files = sorted((POLICIES / folder).glob("records*.csv"))
    for file in files:
        yield Sample(policies=policies, rows=read(file), tables={})
    if folder == "annual":
        yield Sample(
            policies=policies, rows=workbook(POLICIES / "annual" / "records-2024.xlsx", policies), tables={}
        )
    elif (ROOT / "tests" / "oracles" / f"{folder}.py").exists():
        oracle = import_module(f"tests.oracles.{folder}")
        for seed in (1, 2):
            yield Sample(policies=policies, rows=oracle.generate(seed, 14), tables={})
    if folder.endswith("cms_hospital_vbp_fy2024"):
        rows, table = (read(POLICIES / folder / name) for name in ("facilities.csv", "measures.csv"))
        yield Sample(policies=policies, rows=rows, tables={"measures": table})
    elif folder.endswith("figure_skating_olympics_2018"):
        rows, table = (read(POLICIES / folder / name) for name in ("performances.csv", "aspects.csv"))
        yield Sample(policies=policies, rows=rows, tables={"aspects": table})
    elif folder.startswith("published/"):
        yield from of_cases(folder, policies)


def of_cases(folder: str, policies: PolicySet) -> Iterator[Sample]:
    """Yield the records of the cases beside a policy, by its columns."""
    suite = tomli.loads((POLICIES / folder / "cases.toml").read_text(encoding="utf-8"))
    headers = {item.name: item.header for plan in policies.plans for item in plan.fields}
    for case in suite["cases"][: 1 if folder.endswith("seat_apportionment") else 3]:
        records = [{**suite.get("defaults", {}), **record} for record in case.get("records", [])]
        names = dict.fromkeys(name for record in records for name in record)
        rows = [
            {headers.get(name, name): case_text(record.get(name, "")) for name in names} for record in records
        ]
        if rows:
            yield Sample(policies=policies, rows=rows, tables={})


def case_text(value: object) -> str:
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def workbook(file: Path, policies: PolicySet) -> list[Row]:
    from rulecore.api import read_records
    from rulecore.contracts import ReadOptions

    (table, *_others) = read_records(file, policies.registry, ReadOptions())
    headers = list(table.headers)
    return [
        {header: str(cell) for header, cell in zip(headers, row, strict=False) if cell is not None}
        for row in table.frame.rows()
    ]


def folders() -> list[str]:
    """Return every folder with policies that evaluate records."""
    return sorted(file.parent.relative_to(POLICIES).as_posix() for file in POLICIES.rglob("cases.toml"))
