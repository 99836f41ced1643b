"""Each file of tests/broken_plugins is a broken plugin; the .txt beside it is the report for its author."""

from pathlib import Path

import pytest

from rulecore.errors import PluginError
from rulecore.plugins import load_found
from rulecore.plugins.find import find_files

FOLDER = Path(__file__).parent.parent / "broken_plugins"
FOUND = {plugin.path.stem: plugin for plugin in find_files(FOLDER)[0] if plugin.path is not None}


def report_of(case: str) -> str:
    with pytest.raises(PluginError) as raised:
        load_found((FOUND[case],))
    return raised.value.render("en").replace(f"{FOLDER}/", "") + "\n"


@pytest.mark.parametrize("case", sorted(FOUND))
def test_a_broken_plugin_is_refused_with_its_report(case: str) -> None:
    assert report_of(case) == (FOLDER / f"{case}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", sorted(FOUND))
def test_a_report_names_the_plugin_and_shows_no_traceback(case: str) -> None:
    report = report_of(case)
    assert f"{case}.py" in report
    assert "Traceback" not in report


def test_the_faults_of_all_plugins_come_in_one_report() -> None:
    with pytest.raises(PluginError) as raised:
        load_found(tuple(FOUND.values()))
    named = {
        case
        for case in FOUND
        if any(f"{case}.py" in str(fault.render("en")) for fault in raised.value.faults)
    }
    assert named == set(FOUND)
