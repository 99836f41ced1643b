"""Every scheme with an oracle comes out as its text says, on both engines.

A scheme is a folder ``policies/NAME`` with an oracle ``tests/oracles/NAME.py`` beside it (``rows_out``, ``generate``);
putting both there is all it takes to be tested here.
"""

from __future__ import annotations

import csv
import io
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from rulecore import load_policy

ROOT = Path(__file__).parents[1]
POLICIES = ROOT / "policies"
SCHEMES = ROOT.parent / "shared" / "schemes"
ORACLES = ROOT / "tests" / "oracles"
ENGINES = ("exact", "columnar")
# These two have their own tests, in test_policies.py.
ELSEWHERE = {"double_hundred", "party_branch_star"}

Row = dict[str, str]
NAMES = sorted(
    file.stem
    for file in ORACLES.glob("*.py")
    if (POLICIES / file.stem / "policy.toml").exists() and file.stem not in ELSEWHERE
)


@pytest.fixture(params=NAMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def oracle(scheme: str) -> ModuleType:
    return import_module(f"tests.oracles.{scheme}")


def evaluate(name: str, rows: list[Row], engine: str) -> list[Row]:
    results = load_policy(POLICIES / name).evaluate(rows, engine=engine)
    headers = results.output_headers()
    return [dict(zip(headers, cells, strict=True)) for cells in results.output_rows()]


def read(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def published(name: str) -> tuple[list[Row], list[Row]]:
    """Return the scheme's own records and results."""
    found = sorted(SCHEMES.glob(f"S??_{name}_expected.csv"))
    if not found:
        pytest.skip(f"{name} is not in {SCHEMES}: the schemes are kept outside the repository")
    return read(found[0].with_name(found[0].name.replace("_expected", ""))), read(found[0])


def test_there_are_schemes_to_test() -> None:
    assert NAMES


@pytest.mark.parametrize("engine", ENGINES)
def test_the_published_records_come_out_as_published(scheme: str, engine: str) -> None:
    records, expected = published(scheme)
    assert evaluate(scheme, records, engine) == expected


def test_the_oracle_gives_what_is_published(scheme: str, oracle: ModuleType) -> None:
    records, expected = published(scheme)
    assert oracle.rows_out(records) == expected


def test_the_generator_gives_the_same_records_for_the_same_seed(oracle: ModuleType) -> None:
    assert oracle.generate(7, 40) == oracle.generate(7, 40)
    assert oracle.generate(7, 40) != oracle.generate(8, 40)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [1, 3, 40, 2000])
def test_records_that_crowd_the_edges_come_out_as_the_oracle_says(
    scheme: str, oracle: ModuleType, count: int, engine: str
) -> None:
    for seed in range(5 if count < 1000 else 1):
        records = oracle.generate(seed + count, count)
        assert evaluate(scheme, records, engine) == oracle.rows_out(records)
