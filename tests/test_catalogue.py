"""Every message has its Chinese words, and the words of results depend on the policy alone."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

import rulecore
from rulecore.records.quarantine import quarantine_frame

ROOT = Path(__file__).parent.parent
FAULTY = ROOT / "policies" / "annual" / "records-2024-faulty.xlsx"
ENVIRONMENTS = ({"RULECORE_LANG": "zh"}, {"RULECORE_LANG": "en"}, {"LANG": "C"}, {"LC_ALL": "zh_CN.UTF-8"})
VARIABLES = ("RULECORE_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")


def load_tool() -> ModuleType:
    specification = importlib.util.spec_from_file_location(
        "catalogue", ROOT / "tests" / "tools" / "catalogue.py"
    )
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


catalogue = load_tool()


def test_every_message_has_a_chinese_translation_with_its_placeholders() -> None:
    # python tests/tools/catalogue.py mends everything but words that are missing.
    assert catalogue.faults() == []


def test_the_catalogue_is_written_with_the_same_bytes_every_time() -> None:
    found, known = catalogue.messages(), catalogue.translations()
    first, second = (catalogue.catalogue_of(dict(found), dict(known)) for _time in range(2))
    assert catalogue.po_bytes(first) == catalogue.po_bytes(second)
    assert catalogue.mo_bytes(first) == catalogue.mo_bytes(second)
    assert b"POT-Creation-Date" not in catalogue.po_bytes(first)


@pytest.mark.parametrize(
    ("text", "places"),
    [("{a} of {b}", {"a", "b"}), ("{{ a }}", set()), ("{name!r}", {"name!r"}), ("none", set())],
)
def test_placeholders_are_those_that_are_filled(text: str, places: set[str]) -> None:
    assert catalogue.places(text) == places


def results_in(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return everything that is written of a run: its tables, and each sheet with its name and headers."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    results = rulecore.load_policies(FAULTY.parent).evaluate(FAULTY)
    tables = (results.quarantine_table, results.text_table, results.table)
    sheets = [(sheet.name, sheet.headers, sheet.frame.write_csv()) for sheet in results.document().sheets]
    return [*(table.write_csv().encode() for table in tables), repr(sheets).encode()]


def test_results_do_not_depend_on_the_language_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    written = [results_in(environment, monkeypatch) for environment in ENVIRONMENTS]
    assert written[0][0].count(b"\n") > 5
    assert written == [written[0]] * len(written)


def test_reasons_of_the_quarantine_are_chinese_throughout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")
    results = rulecore.load_policies(FAULTY.parent).evaluate(FAULTY)
    chinese, english = (
        results.quarantine_table["reason"],
        quarantine_frame(results.quarantined, "en")["reason"],
    )
    assert (chinese != english).all()
    assert chinese.str.contains(r"\p{Han}").all()


def test_the_compiled_catalogue_holds_no_date_of_its_making() -> None:
    # Babel puts the minute into the header; the file would then be out of date a minute later.
    compiled = catalogue.mo_bytes(catalogue.catalogue_of(catalogue.messages(), catalogue.translations()))
    assert b"POT-Creation-Date: 2000-01-01" in compiled
