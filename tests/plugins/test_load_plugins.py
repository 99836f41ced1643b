"""The four steps together: a frozen registry with the origin of everything, or one report."""

from pathlib import Path

import attrs
import pytest

from rulecore.errors import PluginError
from rulecore.plugins import load_plugins

FUNCTION = """
from rulecore.contracts import Function
from rulecore.expr.nodes import NotApplicable
from rulecore.markers import hookimpl

@hookimpl
def rulecore_functions():
    return [Function(name={name!r}, aliases={aliases!r}, summary="", parameters=(), build=NotApplicable)]
"""


def write_function(folder: Path, file: str, name: str, *aliases: str) -> None:
    (folder / file).write_text(FUNCTION.format(name=name, aliases=aliases), encoding="utf-8")


def test_the_built_ins_come_through_the_hooks_with_rulecore_as_origin() -> None:
    registry = load_plugins(entry_points=False)
    assert registry.scorers["weighted_sum"].origin.distribution == "rulecore"
    assert "csv" in registry.readers
    assert "plugins" in registry.commands


def test_a_function_is_found_by_its_own_name_and_its_aliases(tmp_path: Path) -> None:
    write_function(tmp_path, "mine.py", "mine", "我的")
    registry = load_plugins(tmp_path, entry_points=False)
    assert registry.functions["我的"].value is registry.functions["mine"].value
    assert registry.functions["mine"].origin.distribution == "mine.py"
    assert registry.functions["mine"].origin.sha256


def test_a_name_of_a_built_in_cannot_be_taken(tmp_path: Path) -> None:
    write_function(tmp_path, "mine.py", "clip")
    with pytest.raises(PluginError) as raised:
        load_plugins(tmp_path, entry_points=False)
    (fault,) = raised.value.faults
    assert fault.code.id == "RC608"
    assert "by rulecore " in fault.message("en")
    assert "by mine.py" in fault.message("en")


def test_an_alias_of_a_built_in_cannot_be_taken_as_an_alias(tmp_path: Path) -> None:
    alias = load_plugins(entry_points=False).functions["clip"].value.aliases[0]
    write_function(tmp_path, "mine.py", "mine", alias)
    with pytest.raises(PluginError) as raised:
        load_plugins(tmp_path, entry_points=False)
    assert [fault.values["name"] for fault in raised.value.faults] == [alias]


def test_two_files_that_give_one_name_are_both_named(tmp_path: Path) -> None:
    write_function(tmp_path, "first.py", "mine")
    write_function(tmp_path, "second.py", "mine")
    with pytest.raises(PluginError, match=r"by first\.py and by second\.py"):
        load_plugins(tmp_path, entry_points=False)


def test_the_registry_cannot_be_changed() -> None:
    registry = load_plugins(entry_points=False)
    with pytest.raises(TypeError):
        registry.scorers["mine"] = registry.scorers["weighted_sum"]  # type: ignore[index]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        registry.scorers = {}  # type: ignore[misc]


def test_loading_twice_gives_the_same_names_and_keeps_nothing_between(tmp_path: Path) -> None:
    write_function(tmp_path, "mine.py", "mine")
    assert "mine" in load_plugins(tmp_path, entry_points=False).functions
    assert "mine" not in load_plugins(entry_points=False).functions
    assert "mine" in load_plugins(tmp_path, entry_points=False).functions


def test_readers_are_found_by_suffix_in_any_case() -> None:
    registry = load_plugins(entry_points=False)
    found = registry.reader_for(".CSV")
    assert found is not None
    assert found.value.name == "csv"
    assert registry.reader_for(".nothing") is None
