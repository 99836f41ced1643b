"""Every ledger adds up, exactly, to the value that the engine gave, whatever the policy."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

from rulecore import load_policies
from rulecore.evaluation import evaluate
from rulecore.expr.types import NumberType
from rulecore.language import Language
from rulecore.ledger import LedgerBook
from rulecore.ledger.document import ledgers_document
from rulecore.ledger.make import leaves_of
from rulecore.ledger.write import all_ledgers
from rulecore.planned import PlannedRule
from rulecore.plugins import load_plugins
from rulecore.registry import Registry
from rulecore.results import PolicyResults, Results
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


def check_all(results: Results) -> int:
    """Check the ledgers of every record and return how many were checked."""
    return sum(check_part(LedgerBook.of(results, part)) for part in results.parts)


def check_part(book: LedgerBook) -> int:
    part, checked = book.part, 0
    wanted = numeric_rules(part)
    for row in range(part.records.height):
        stored = book.results.values_of(part, row)
        ledgers = book.ledgers(row)
        assert [ledger.name for ledger in ledgers.rules] == wanted
        leaves = leaves_of((ledger.name, ledger.entries) for ledger in ledgers.rules)
        for ledger in ledgers.rules:
            if ledger.name in stored:
                assert ledger.value == stored[ledger.name]
            if ledger.value is None:
                assert ledger.entries == ()
                continue
            assert sum((entry.amount for entry in ledger.entries), start=Fraction(0)) == ledger.value
            assert (
                sum((amount for _rule, _entry, amount in leaves[ledger.name]), start=Fraction(0))
                == ledger.value
            )
            checked += 1
            for entry in ledger.entries:
                if entry.factor is not None and isinstance(entry.value, Fraction):
                    assert entry.amount == (entry.value - (entry.marks or 0)) * entry.factor
    return checked


def numeric_rules(part: PolicyResults) -> list[str]:
    return [
        step.name
        for step in part.plan.steps
        if isinstance(step, PlannedRule)
        and not step.hidden
        and isinstance(step.type, NumberType)
        and step.type.exact
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


@pytest.mark.parametrize("file", sorted(DATA.glob("*/input.csv")), ids=lambda file: file.parent.name)
def test_ledgers_of_published_records_add_up(file: Path) -> None:
    folder = POLICIES / "published" / file.parent.name
    if not folder.exists():
        pytest.skip("no policy for these data is shipped")
    policies = load_policies(folder)
    if any(plan.tables for plan in policies.plans):
        pytest.skip("their detail tables are files of their own; the cases of the policy hold some")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert check_all(policies.evaluate(rows[:: max(len(rows) // 200, 1)])) >= 0
