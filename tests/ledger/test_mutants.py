"""The property that ledgers add up can fail: each way of making a line, made wrong, is noticed by it.

The check that rulecore itself makes of every ledger is taken out, so that it is the test that notices.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from rulecore import Results, load_policies
from rulecore.engines.exact import Environment
from rulecore.errors import InternalError
from rulecore.ledger import choices, compiled, make, marks, products, rows, split, sums
from rulecore.ledger.scope import Writer
from rulecore.ledger.values import Entry
from tests.adjustments.given import decision, loaded, run
from tests.ledger.test_sums import check_all

POLICIES = Path(__file__).parents[2] / "policies"


def crowd(policy: str) -> Results:
    return load_policies(POLICIES / policy).evaluate(import_module(f"tests.oracles.{policy}").generate(1, 40))


def shipped(policy: str) -> Results:
    return load_policies(POLICIES / policy).evaluate(POLICIES / policy / "records.csv")


def changed(entry: Entry) -> Entry:
    return entry._replace(amount=entry.amount + Fraction(1, 1000), factor=None)  # type: ignore[operator]


def off_by_little(writer: Writer) -> Writer:
    def write(environment: Environment, factor: Fraction) -> list[Entry]:
        return [changed(entry) for entry in writer(environment, factor)]

    return write


def without_last(writer: Writer) -> Writer:
    return lambda environment, factor: writer(environment, factor)[:-1]


def wrapped(
    module: ModuleType, name: str, change: Callable[[Writer], Writer]
) -> tuple[ModuleType, str, object]:
    """Return a function that makes writers, with the writers it makes changed."""
    original = getattr(module, name)
    return module, name, lambda *arguments, **more: change(original(*arguments, **more))


MUTANTS = {
    "a leaf": (wrapped(sums, "leaf", off_by_little), "studio_members"),
    "a rounding": (wrapped(choices, "rounding", without_last), "double_hundred"),
    "a limit": (wrapped(choices, "limiting", without_last), "double_hundred"),
    "a cap": (wrapped(choices, "capped", without_last), "pay_value_equity"),
    "a choice": (wrapped(choices, "decided", off_by_little), "benefit_award"),
    "a product": (wrapped(products, "product", without_last), "benefit_award"),
    "a trimmed mean": (wrapped(sums, "trimmed", without_last), "contest"),
    "detail rows": (wrapped(rows, "rows_split", without_last), "milestone"),
    "a pool": (wrapped(split, "pool_split", without_last), "technician_ladder"),
    "a quota": (wrapped(split, "with_effects", without_last), "double_hundred"),
}


@pytest.fixture(autouse=True)
def _without_own_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "agrees", lambda *_arguments: True)


def test_as_it_is_nothing_is_noticed() -> None:
    for policy in {policy for _mutant, policy in MUTANTS.values()}:
        assert check_all(crowd(policy)) > 0


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_line_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (module, attribute, mutant), policy = MUTANTS[name]
    monkeypatch.setattr(module, attribute, mutant)
    with pytest.raises((AssertionError, InternalError)):
        check_all(crowd(policy))


def test_wrong_full_marks_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    original = marks.from_marks

    def wrong(*arguments: object, **more: object) -> object:
        found = original(*arguments, **more)  # type: ignore[arg-type]
        if found is None:
            return None
        write = found.write
        return marks.Full(
            marks=found.marks,
            write=lambda environment, factor: (
                write(environment, factor)[0] + 1,
                write(environment, factor)[1],
            ),
        )

    monkeypatch.setattr(compiled, "from_marks", wrong)
    with pytest.raises(AssertionError):
        check_all(shipped("double_hundred"))


def test_a_decision_that_is_left_out_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = run(loaded(tmp_path), [decision(1, "甲", "set_score", 93)])
    monkeypatch.setattr(compiled, "with_decision", lambda _rule, _label, _computed, write: write)
    with pytest.raises(AssertionError):
        check_all(results)
