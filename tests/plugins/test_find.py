"""Finding plugins: entry points with duplicates in sight, files of a folder, and nothing of a plugin run."""

import hashlib
import sys
import zipfile
from pathlib import Path

import pytest

from rulecore.plugins import entries
from rulecore.plugins.find import find_entry_points, find_files, find_plugins


def install(folder: Path, distribution: str, version: str, *entries: str) -> None:
    metadata = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
    (metadata / "entry_points.txt").write_text("\n".join(("[rulecore]", *entries)))


def test_an_entry_point_is_found_with_its_distribution_and_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "acme-rules", "2.5", "acme = acme_rules")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    (found,) = find_entry_points()
    assert (str(found.origin), found.entry, found.module) == ("acme-rules 2.5", "acme", "acme_rules")


def test_a_module_that_two_distributions_name_is_a_fault_that_names_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "acme-rules", "2.5", "acme = acme_rules")
    install(tmp_path, "other-rules", "1.0", "acme = acme_rules")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    _, faults = find_plugins(None)
    assert [fault.code.id for fault in faults] == ["RC613"]
    assert "acme-rules 2.5 (acme) and by other-rules 1.0 (acme)" in faults[0].message("en")


def test_a_distribution_hidden_by_one_earlier_on_the_path_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "first", "acme-rules", "2.5", "acme = acme_rules")
    install(tmp_path / "second", "Acme.Rules", "1.0", "acme = acme_rules")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "first"), str(tmp_path / "second")])
    assert [found.origin.version for found in find_entry_points()] == ["2.5"]


def test_entry_points_are_those_that_the_standard_library_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "first", "acme-rules", "2.5", "acme = acme_rules", "# more", " two=acme_rules.two ")
    install(tmp_path / "first", "quiet", "1.0")
    install(tmp_path / "second", "Acme.Rules", "1.0", "old = acme_rules")
    install(tmp_path / "second", "other", "3", "b = other.b", "[console_scripts]", "rulecore = other:main")
    nameless = tmp_path / "first" / "other-0.dist-info"
    nameless.mkdir()
    (nameless / "METADATA").write_text("Version: 0\n")
    (nameless / "entry_points.txt").write_text("[rulecore]\na = other.a\n")
    folders = [tmp_path / "absent", tmp_path / "first", tmp_path / "second", tmp_path / "first"]
    monkeypatch.setattr(sys, "path", [*map(str, folders), *sys.path])
    found = entries.read_entries()
    monkeypatch.setattr(entries, "_only_folders", lambda: False)
    assert found == entries.read_entries()
    assert [entry.name for entry in found][:3] == ["acme", "two", "b"]


def test_a_plugin_in_an_archive_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "acme.zip", "w") as archive:
        archive.writestr("acme-1.dist-info/METADATA", "Name: acme\nVersion: 1\n")
        archive.writestr("acme-1.dist-info/entry_points.txt", "[rulecore]\nacme = acme\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "acme.zip")])
    assert [str(found.origin) for found in find_entry_points()] == ["acme 1"]


def test_the_built_ins_come_first_and_alone_without_entry_points() -> None:
    found, faults = find_plugins(None, entry_points=False)
    assert [plugin.module for plugin in found] == ["rulecore.builtins"]
    assert faults == ()


def test_plugin_files_are_found_by_name_with_the_hash_of_their_content(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "_helper.py", ".hidden.py", "notes.txt"):
        (tmp_path / name).write_text("raise SystemExit", encoding="utf-8")
    found, faults = find_files(tmp_path)
    assert [plugin.origin.distribution for plugin in found] == ["a.py", "b.py"]
    assert found[0].origin.sha256 == hashlib.sha256(b"raise SystemExit").hexdigest()
    assert faults == ()


def test_files_of_one_name_in_two_folders_get_modules_of_their_own(tmp_path: Path) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        (folder / "same.py").write_text("", encoding="utf-8")
    modules = {find_files(tmp_path / name)[0][0].module for name in ("one", "two")}
    assert len(modules) == 2


def test_a_folder_that_does_not_exist_is_a_fault(tmp_path: Path) -> None:
    assert [fault.code.id for fault in find_files(tmp_path / "none")[1]] == ["RC611"]


def test_a_folder_without_plugin_files_is_a_fault(tmp_path: Path) -> None:
    assert [fault.code.id for fault in find_files(tmp_path)[1]] == ["RC612"]
