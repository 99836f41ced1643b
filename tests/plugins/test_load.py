"""Loading plugins: entry points, single files run as they were hashed, nothing left behind."""

import sys
from pathlib import Path

from rulecore.planned import Origin
from rulecore.plugins.find import Found, find_files
from rulecore.plugins.load import load_plugin


def found_in(folder: Path, source: str) -> Found:
    (folder / "mine.py").write_text(source, encoding="utf-8")
    ((found,), _) = find_files(folder)
    return found


def test_a_plugin_file_runs_with_the_content_that_was_hashed(tmp_path: Path) -> None:
    found = found_in(tmp_path, "VALUE = 1")
    (tmp_path / "mine.py").write_text("VALUE = 2", encoding="utf-8")
    loaded, _ = load_plugin(found)
    assert loaded is not None
    assert loaded.module.VALUE == 1


def test_a_plugin_file_leaves_no_bytecode_beside_it(tmp_path: Path) -> None:
    load_plugin(found_in(tmp_path, "VALUE = 1"))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]


def test_a_plugin_file_may_state_its_version(tmp_path: Path) -> None:
    loaded, _ = load_plugin(found_in(tmp_path, "__version__ = '1.4'"))
    assert loaded is not None
    assert str(loaded.origin) == "mine.py 1.4"


def test_a_plugin_file_that_fails_is_no_module_afterwards(tmp_path: Path) -> None:
    found = found_in(tmp_path, "1 / 0")
    loaded, faults = load_plugin(found)
    assert loaded is None
    assert [fault.code.id for fault in faults] == ["RC601"]
    assert found.module not in sys.modules


def test_a_file_in_another_encoding_is_a_fault_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_bytes("名称 = '考核'".encode("gb18030"))
    ((found,), _) = find_files(tmp_path)
    assert [fault.code.id for fault in load_plugin(found)[1]] == ["RC601"]


def test_an_entry_point_with_a_colon_names_no_module() -> None:
    found = Found(origin=Origin(distribution="acme", version="1"), module="acme:plugin", entry="acme")
    assert [fault.code.id for fault in load_plugin(found)[1]] == ["RC614"]


def test_an_entry_point_whose_module_is_missing_is_a_fault_that_names_its_distribution() -> None:
    found = Found(origin=Origin(distribution="acme", version="1"), module="acme_nowhere", entry="acme")
    (fault,) = load_plugin(found)[1]
    assert "plugin acme 1: acme_nowhere cannot be imported: ModuleNotFoundError" in fault.message("en")
