"""Every ledger adds up, exactly, to the value that the engine gave, whatever the policy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

from rulecore import load_policies
from rulecore.evaluation import evaluate
from rulecore.expr.types import NumberType
from rulecore.language import Language
from rulecore.ledger import LedgerBook, RuleLedger
from rulecore.ledger.document import ledgers_document
from rulecore.ledger.make import leaves_of
from rulecore.ledger.totals import equal, total
from rulecore.ledger.values import TableLedgers
from rulecore.ledger.write import all_ledgers
from rulecore.planned import PlannedRule
from rulecore.plugins import load_plugins
from rulecore.policy_results import TableResults
from rulecore.reals import Number
from rulecore.registry import Registry
from rulecore.results import PolicyResults, Results
from rulecore.source import Place
from rulecore.testing.bind import load_suite
from rulecore.testing.files import find_cases

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
DATA = ROOT.parent / "shared" / "cases"
ORACLES = sorted(
    file.stem
    for file in (ROOT / "tests" / "oracles").glob("*.py")
    if (POLICIES / file.stem / "policy.toml").exists()
)
SHIPPED = sorted(
    (folder, records)
    for folder in {file.parent for file in POLICIES.rglob("policy.toml")} | {POLICIES / "annual"}
    for records in [*folder.glob("records*.csv"), *folder.glob("records*.xlsx")]
)


def check_all(results: Results, at_most: int = 1000) -> int:
    """Check the ledgers of records and their detail rows, and return how many were checked.

    Of very many records some are taken, evenly.
    """
    return sum(check_part(LedgerBook.of(results, part), at_most) for part in results.parts)


def check_part(book: LedgerBook, at_most: int) -> int:
    part, checked = book.part, 0
    places = {name: places_of(book.results, found.part) for name, found in part.tables.items()}
    for row in range(0, part.records.height, max(part.records.height // at_most, 1)):
        stored = book.results.values_of(part, row)
        ledgers = book.page(row, 1).ledgers(0)
        checked += check_rules(ledgers.rules, numeric_rules(part), stored)
        checked += check_tables(book, ledgers.tables, part.tables, places, "")
    return checked


def places_of(results: Results, part: PolicyResults) -> dict[Place | None, int]:
    return {results.source(part, row): row for row in range(part.records.height)}


def check_tables(
    book: LedgerBook,
    tables: Sequence[TableLedgers],
    every: Mapping[str, TableResults],
    places: Mapping[str, Mapping[Place | None, int]],
    above: str,
) -> int:
    """Check the ledgers of the rows of one record, each found among all rows by where it was read."""
    checked = 0
    wanted = [name for name, found in every.items() if found.table.declaration.parent == above]
    assert [table.name for table in tables] == [name for name in wanted if has_numbers(every, name)]
    for table in tables:
        level = every[table.name].part
        for row in table.rows:
            stored = book.results.values_of(level, places[table.name][row.source])
            checked += check_rules(row.rules, numeric_rules(level), stored)
            checked += check_tables(book, row.tables, every, places, table.name)
    return checked


def has_numbers(every: Mapping[str, TableResults], name: str) -> bool:
    below = [one for one, found in every.items() if found.table.declaration.parent == name]
    return bool(numeric_rules(every[name].part)) or any(has_numbers(every, one) for one in below)


def check_rules(ledgers: Sequence[RuleLedger], wanted: list[str], stored: Mapping[str, object]) -> int:
    assert [ledger.name for ledger in ledgers] == wanted
    leaves = leaves_of((ledger.name, ledger.entries) for ledger in ledgers)
    checked = 0
    for ledger in ledgers:
        if ledger.name in stored:
            assert ledger.value == stored[ledger.name]
        if ledger.value is None:
            assert ledger.entries == ()
            continue
        assert_sum([entry.amount for entry in ledger.entries], ledger.value)
        assert_sum([amount for _rule, _entry, amount in leaves[ledger.name]], ledger.value)
        checked += 1
        for entry in ledger.entries:
            if entry.factor is not None and isinstance(entry.value, Fraction):
                assert entry.amount == (entry.value - (entry.marks or 0)) * entry.factor
    return checked


def assert_sum(amounts: Sequence[Number], value: Number) -> None:
    """Assert that amounts add up: fractions exactly, irrational ones so far as they can be told apart."""
    rational = [amount for amount in amounts if isinstance(amount, Fraction)]
    if isinstance(value, Fraction):
        # Summed as plain fractions: the quicker ones of ledgers are what is tested.
        assert len(rational) == len(amounts)
        plain = (Fraction(amount.numerator, amount.denominator) for amount in rational)
        assert sum(plain, start=Fraction(0)) == Fraction(value.numerator, value.denominator)
    else:
        assert equal(total(amounts), value)


def numeric_rules(part: PolicyResults) -> list[str]:
    return [
        step.name
        for step in part.plan.steps
        if isinstance(step, PlannedRule) and not step.hidden and isinstance(step.type, NumberType)
    ]


def test_there_are_policies_to_test() -> None:
    assert len(ORACLES) > 12
    assert len(SHIPPED) > 12


@pytest.mark.parametrize("engine", ["columnar", "exact"])
@pytest.mark.parametrize("policy", ORACLES)
def test_ledgers_of_generated_records_add_up(policy: str, engine: str) -> None:
    oracle = import_module(f"tests.oracles.{policy}")
    policies = load_policies(POLICIES / policy)
    for seed in (1, 2):
        check_all(policies.evaluate(oracle.generate(seed, 60), engine=engine))


@pytest.mark.parametrize(
    ("folder", "records"), SHIPPED, ids=[f"{folder.name}-{records.name}" for folder, records in SHIPPED]
)
def test_ledgers_of_shipped_records_add_up(folder: Path, records: Path) -> None:
    assert check_all(load_policies(folder).evaluate(records)) >= 0


def test_ledgers_of_the_main_job_add_up() -> None:
    oracle = import_module("tests.oracles.annual")
    results = load_policies(POLICIES / "annual").evaluate(POLICIES / "annual" / "records-2024.xlsx")
    assert oracle is not None
    assert check_all(results) > 400


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("records", ["records-2024.xlsx", "records-2024-faulty.xlsx"])
def test_what_is_written_for_all_is_what_is_shown_for_one(records: str, language: Language) -> None:
    results = load_policies(POLICIES / "annual").evaluate(POLICIES / "annual" / records)
    written = [json.loads(text) for _name, text in all_ledgers(results, language)]
    assert len(written) == results.rows_in - results.rows_blank
    scored = iter(document for document in written if document["status"] == "scored")
    for part in results.parts:
        book = LedgerBook.of(results, part)
        for row in range(part.records.height):
            assert next(scored) == ledgers_document(book.ledgers(row), language)
    assert next(scored, None) is None


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins()


@pytest.mark.parametrize("file", find_cases([POLICIES])[0], ids=lambda file: file.parent.name)
def test_ledgers_of_every_shipped_case_add_up(file: Path, registry: Registry) -> None:
    suite = load_suite(file, registry)
    for case in suite.cases:
        results = evaluate(
            [suite.policies.plans[number] for number in case.plans],
            [case.table],
            suite.policies.engine("columnar"),
            as_of=case.case.as_of,
            details=case.details,
            history=case.history,
        )
        check_all(results)


PUBLISHED = {
    "cms_hospital_vbp_fy2024": ("input_combined_ssi.csv", {"measures": "input.csv"}),
    "figure_skating_olympics_2018": ("input_performances.csv", {"aspects": "input.csv"}),
}
"""Published systems whose detail rows are a file of their own: the records, and the files of tables."""


@pytest.mark.parametrize("folder", sorted((POLICIES / "published").iterdir()), ids=lambda folder: folder.name)
def test_ledgers_of_published_records_add_up(folder: Path, tmp_path: Path) -> None:
    data = DATA / folder.name
    if not data.exists():
        pytest.skip(f"the published data are kept outside the repository, in {DATA}")
    records, tables = PUBLISHED.get(folder.name, ("input.csv", {}))
    # Seats and ranks depend on all records, so all are computed; ledgers are asked for some.
    results = load_policies(folder).evaluate(
        data / records, tables={name: data / file for name, file in tables.items()}
    )
    assert check_all(results, at_most=300) > 150
