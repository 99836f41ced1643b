"""Verifying: what was not touched comes out the same, and of what was it is said what and where."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
from attrs import evolve

from rulecore.archive import InputFile, RunArchive, RunRequest, archive_of, request_of
from rulecore.archive.contents import Content
from rulecore.archive.verify import VerifyOptions, verify_archive, verify_package
from rulecore.errors import InputError, OutputError, PolicyError, UsageError
from tests.archive import packing
from tests.archive.packing import (
    archived,
    changed,
    data_of,
    evaluated,
    given,
    packed,
    small_archive,
    small_files,
    texts,
    verification,
)

POLICIES = Path(__file__).parents[2] / "policies"
SCHEMES = sorted(
    path.parent.name for path in POLICIES.glob("*/policy.toml") if (path.parent / "records.csv").exists()
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> RunArchive:
    return small_archive(tmp_path_factory.mktemp("small"))


def test_twenty_schemes_are_here() -> None:
    assert len(SCHEMES) >= 20


@pytest.mark.parametrize("name", SCHEMES)
def test_the_package_of_a_scheme_is_verified(name: str) -> None:
    options = given(POLICIES / name / "records.csv")
    first, again = (packed(archived(POLICIES / name, options)) for _time in range(2))
    assert first == again
    found = verification(first)
    assert (found.verified, found.recomputed, texts(found)) == (True, True, "")


@pytest.mark.parametrize("output", ["results.csv", "results.xlsx", "results.parquet", "results.jsonl"])
def test_the_package_of_the_annual_family_is_verified_in_every_format(output: str) -> None:
    records = [POLICIES / "annual" / f"records-{year}.xlsx" for year in (2023, 2024)]
    found = verification(packed(archived(POLICIES / "annual", given(*records), output=output)))
    assert (found.verified, texts(found)) == (True, "")


def test_the_exact_engine_verifies_what_the_columnar_one_computed(archive: RunArchive) -> None:
    found = verification(packed(archive), VerifyOptions(engine="exact"))
    assert (found.verified, found.recomputed) == (True, True)


def test_an_engine_that_is_not_there_is_a_mistake_of_the_person_who_verifies(archive: RunArchive) -> None:
    with pytest.raises(UsageError, match="RC003"):
        verification(packed(archive), VerifyOptions(engine="none"))


def test_a_package_is_verified_where_the_original_never_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = tmp_path / "original"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    package = packed(small_archive(original))
    shutil.rmtree(original)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.delenv("HOME", raising=False)
    found = verification(package)
    assert (found.verified, found.recomputed) == (True, True)
    assert os.listdir(elsewhere) == []


def test_a_changed_cell_of_the_records_is_named_with_its_row_and_column(archive: RunArchive) -> None:
    package = packed(archive).replace("甲,90.5,80.0".encode(), "甲,90.5,81.0".encode())
    found = verification(package)
    assert not found.verified
    assert "records/1/records.csv is not what was packed" in texts(found)
    assert "records/1/records.csv: row 2, column 经营 is not what was packed" in texts(found)
    assert "results/results.csv: 甲, 得分: 84.20 is packed, 84.80 is computed" in texts(found)


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet", ".jsonl"])
def test_a_changed_cell_is_named_in_every_format(tmp_path: Path, suffix: str) -> None:
    import polars as pl

    from rulecore.archive.pins import changed_places, pins_of

    policy, _records = small_files(tmp_path / "run")
    frame = pl.DataFrame({"单位": ["甲", "乙", "丙"], "党建": [90.5, 80, 70], "经营": [1.5, 2.5, None]})
    versions = []
    for name, table in (
        ("then", frame),
        ("now", frame.with_columns(pl.Series("党建", [90.5, 81, 70], pl.Float64))),
    ):
        path = tmp_path / f"{name}{suffix}"
        write = {".xlsx": table.write_excel, ".parquet": table.write_parquet, ".jsonl": table.write_ndjson}
        write[suffix](path)  # type: ignore[operator]
        versions.append(path)
    made = archived(policy, given(versions[0]))
    name = f"records/1/then{suffix}"
    pins = pins_of(made, packing.readers())  # type: ignore[arg-type]
    forged = changed(made, {name: versions[1].read_bytes()})
    content = next(item for item in forged.contents if item.name == name)
    places = [item.text("en") for item in changed_places(content, forged, pins, packing.readers())]  # type: ignore[arg-type]
    assert len(places) == 1
    assert places[0].endswith(f"row {2 if suffix != '.xlsx' else 3}, column 党建 is not what was packed"), (
        places
    )


def test_a_row_that_was_taken_out_is_told(archive: RunArchive) -> None:
    records = data_of(archive, "records/1/records.csv")
    shorter = changed(archive, {"records/1/records.csv": records.replace("丙,70.1,60.9\n".encode(), b"")})
    from rulecore.archive.package import package_bytes
    from rulecore.archive.pins import changed_places, pins_of

    pins = pins_of(archive, packing.readers())  # type: ignore[arg-type]
    assert package_bytes(archive, pins) == packed(archive)
    content = next(item for item in shorter.contents if item.name == "records/1/records.csv")
    places = [item.text("en") for item in changed_places(content, shorter, pins, packing.readers())]  # type: ignore[arg-type]
    assert places == ["records/1/records.csv: 1 row(s) are missing after row 3"]


def test_a_changed_line_of_a_policy_is_named_and_what_comes_of_it(archive: RunArchive) -> None:
    package = packed(archive).replace(b"weight = 0.4", b"weight = 0.5")
    found = verification(package)
    assert "policies/group/base.toml: line 25 is not what was packed; it now reads weight = 0.5" in texts(
        found
    )
    assert "results/results.csv: 甲, 得分: 84.20 is packed, 85.25 is computed" in texts(found)


def test_a_changed_result_is_named_with_both_values(archive: RunArchive) -> None:
    found = verification(packed(archive).replace(b"84.20", b"94.20"))
    assert "results/results.csv: row 2, column 得分 is not what was packed" in texts(found)
    assert "results/results.csv: 甲, 得分: 94.20 is packed, 84.20 is computed" in texts(found)


def test_results_that_do_not_follow_differ_though_every_hash_is_right(archive: RunArchive) -> None:
    results = data_of(archive, "results/results.csv").replace(b"84.20", b"94.20")
    found = verification(packed(changed(archive, {"results/results.csv": results})))
    assert "results/results.csv: 甲, 得分: 94.20 is packed, 84.20 is computed" in texts(found)
    assert found.identifier != archive.identifier


def test_cells_that_are_only_written_otherwise_differ_unless_another_library_wrote_them(
    archive: RunArchive,
) -> None:
    results = data_of(archive, "results/results.csv").replace(b"84.20", b'"84.20"')
    manifest = json.loads(archive.manifest)
    manifest["files"]["results.csv"] = hashlib.sha256(results).hexdigest()
    contents = {"results/results.csv": results, "results/results.manifest.json": packing_json(manifest)}
    found = verification(packed(changed(archive, contents)))
    assert "every cell is the same" in texts(found)
    environment = json.loads(data_of(archive, "environment.json"))
    environment["libraries"]["polars"] = "0.0.1"
    contents["environment.json"] = packing_json(environment)
    found = verification(packed(changed(archive, contents)))
    assert (found.verified, texts(found)) == (True, "")
    assert {item.kind for item in found.notes} == {"library", "computed"}
    other = data_of(archive, "results/results.csv").replace(b"84.20", b"84.21")
    found = verification(packed(changed(archive, {**contents, "results/results.csv": other})))
    assert "84.21 is packed, 84.20 is computed" in texts(found)


def test_the_plugins_of_the_manifest_are_those_of_the_environment(archive: RunArchive) -> None:
    for forge in (
        lambda plugins: plugins[-1].update(version="9"),
        lambda plugins: plugins.append(plugins[-1]),
        lambda plugins: plugins.pop(),
        lambda plugins: plugins[-1].update(more="x"),
    ):
        manifest = json.loads(archive.manifest)
        forge(manifest["plugins"])
        contents = {"results/results.manifest.json": packing_json(manifest)}
        found = verification(packed(changed(archive, contents)))
        assert texts(found) == "manifest and environment name different plugins"
    manifest["rulecore"] = "9"
    contents = {"results/results.manifest.json": packing_json(manifest)}
    assert "different versions of rulecore" in texts(verification(packed(changed(archive, contents))))


def test_another_plugin_differs_and_another_rulecore_is_noted(archive: RunArchive) -> None:
    environment = json.loads(data_of(archive, "environment.json"))
    environment["rulecore"]["sha256"] = "0" * 64
    noted = packed(changed(archive, {"environment.json": packing_json(environment)}))
    found = verification(noted)
    assert found.verified
    assert [item.kind for item in found.notes] == ["rulecore"]
    environment["plugins"].append(
        {"distribution": "rulecore-none", "version": "1", "sha256": "1" * 64, "file": False, "used": True}
    )
    manifest = json.loads(archive.manifest)
    manifest["plugins"].append({"distribution": "rulecore-none", "version": "1", "sha256": ""})
    contents = {
        "environment.json": packing_json(environment),
        "results/results.manifest.json": packing_json(manifest),
    }
    found = verification(packed(changed(archive, contents)))
    assert texts(found) == "the plugin rulecore-none 1 is not installed here"


def test_an_older_version_of_rulecore_is_a_note_and_the_computation_decides(archive: RunArchive) -> None:
    older = data_of(archive, "results/results.manifest.json").decode()
    environment = json.loads(data_of(archive, "environment.json"))
    version = environment["rulecore"]["version"]
    environment["rulecore"]["version"] = "0.0.9"
    manifest = json.loads(older)
    manifest["rulecore"] = "0.0.9"
    for plugins in (manifest["plugins"], *(policy["plugins"] for policy in manifest["policies"])):
        for item in plugins:
            item["version"] = "0.0.9" if item["distribution"] == "rulecore" else item["version"]
    from rulecore.plan.fingerprint import fingerprint
    from rulecore.planned import Origin

    policies, _results = evaluated_again(archive)
    for policy in manifest["policies"]:
        origins = [Origin(**item) for item in policy["plugins"]]
        policy["fingerprint"] = fingerprint(policies[policy["name"]], origins)
    contents = {
        "environment.json": packing_json(environment),
        "results/results.manifest.json": packing_json(manifest),
    }
    found = verification(packed(changed(archive, contents)))
    assert (texts(found), found.verified) == ("", True)
    assert [item.text("en") for item in found.notes] == [
        f"packed with rulecore 0.0.9, verified with {version}"
    ]


def packing_json(found: object) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def evaluated_again(archive: RunArchive) -> tuple[dict[str, str], object]:
    from rulecore.archive.recompute import recompute

    request = RunRequest.from_json(data_of(archive, "request.json"))
    computed = recompute(archive, request, packing.plugins())
    return {
        loaded.policy.policy.name: loaded.document.content for loaded in computed.policies.loaded
    }, computed


def test_the_identifier_says_whether_it_is_the_run_that_was_published(archive: RunArchive) -> None:
    assert verification(packed(archive), VerifyOptions(identifier=archive.identifier[:16])).verified
    found = verification(packed(archive), VerifyOptions(identifier="0" * 16))
    assert texts(found) == f"the identifier is {archive.identifier}, not {'0' * 16}"


def test_without_computing_only_hashes_are_checked(archive: RunArchive) -> None:
    found = verification(packed(archive), VerifyOptions(recompute=False))
    assert (found.verified, found.recomputed) == (True, False)


def test_a_policy_that_cannot_be_loaded_says_why(archive: RunArchive) -> None:
    base = data_of(archive, "policies/group/base.toml").replace(b"weight = 0.4", b"weigth = 0.4")
    found = verification(packed(changed(archive, {"policies/group/base.toml": base})))
    assert "cannot be computed here" in texts(found)
    assert "weight" in texts(found)


def test_contents_that_the_request_does_not_name_are_told(archive: RunArchive) -> None:
    more = RunArchive(
        contents=(*archive.contents, Content(role="records", name="records/2/more.csv", data=b"a\n1\n"))
    )
    assert "records/2/more.csv is no part of the run" in texts(verification(packed(more)))
    less = RunArchive(contents=tuple(item for item in archive.contents if item.role != "records"))
    assert "records/1/records.csv is named in the request, but is not there" in texts(
        verification(packed(less))
    )


def test_a_request_leads_to_no_file_outside_the_package(archive: RunArchive, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("单位,党建,经营\n甲,1,1\n", encoding="utf-8")
    request = RunRequest.from_json(data_of(archive, "request.json"))
    for content in (str(secret), "../secret.csv", "records/../../secret.csv", "results/results.csv", ""):
        forged = evolve(request, records=(InputFile(file="records.csv", content=content),))
        found = verification(packed(changed(archive, {"request.json": forged.to_json()})))
        assert not found.verified
        assert not found.recomputed
    for content in ("policies/../../etc", "policies/..", "/etc", "", "records", "policies/uni"):
        forged = evolve(request, policy=InputFile(file="policy.toml", content=content))
        found = verification(packed(changed(archive, {"request.json": forged.to_json()})))
        assert (found.verified, found.recomputed) == (False, False)
    forged = evolve(request, output="../results.csv")
    assert not verification(packed(changed(archive, {"request.json": forged.to_json()}))).recomputed


def test_a_file_that_is_a_folder_too_is_told(archive: RunArchive) -> None:
    request = RunRequest.from_json(data_of(archive, "request.json"))
    odd = InputFile(file="odd.csv", content="records/1")
    forged = changed(archive, {"request.json": evolve(request, records=(*request.records, odd)).to_json()})
    both = RunArchive(contents=(*forged.contents, Content(role="records", name="records/1", data=b"a\n1\n")))
    found = verification(packed(both))
    assert (found.recomputed, "records/1 is a file and a folder" in texts(found)) == (False, True)


def test_stores_verify_archives_without_a_package(archive: RunArchive) -> None:
    assert verify_archive(archive, registry=packing.plugins()).verified
    forged = changed(
        archive,
        {"results/results.csv": data_of(archive, "results/results.csv").replace(b"84.20", b"94.20")},
    )
    assert not verify_archive(forged, registry=packing.plugins()).verified


# --- gathering ---


def test_an_input_that_changed_after_the_run_is_refused(tmp_path: Path) -> None:
    policy, records = small_files(tmp_path / "run")
    options = given(records)
    policies, results = evaluated(policy, options)
    records.write_text(records.read_text(encoding="utf-8").replace("80.0", "80.1"), encoding="utf-8")
    with pytest.raises(InputError, match="RC092"):
        archive_of(request_of(policy, options), policies, results)
    records.unlink()
    with pytest.raises(InputError, match="RC099"):
        archive_of(request_of(policy, options), policies, results)


def test_a_manifest_of_earlier_results_that_changed_after_the_run_is_refused(tmp_path: Path) -> None:
    policy = tmp_path / "two_years"
    shutil.copytree(Path(__file__).parents[1] / "history" / "two_years", policy)
    for year, text in (("2023", "甲,2023,91\n"), ("2024", "甲,2024,88.5\n")):
        (tmp_path / f"{year}.csv").write_text(f"单位,年度,得分\n{text}", encoding="utf-8")
    before = archived(policy, given(tmp_path / "2023.csv"), output="r2023.csv")
    for content in before.of("output", "manifest"):
        (tmp_path / Path(content.name).name).write_bytes(content.data)
    options = given(tmp_path / "2024.csv", history=(str(tmp_path / "r2023.csv"),))
    policies, results = evaluated(policy, options)
    made = archive_of(request_of(policy, options), policies, results)
    assert verification(packed(made)).verified
    manifest = tmp_path / "r2023.manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"r2023.csv"', '"other.csv"'), "utf-8")
    with pytest.raises(InputError, match="RC092"):
        archive_of(request_of(policy, options), policies, results)


def test_a_policy_that_changed_after_the_run_is_refused(tmp_path: Path) -> None:
    policy, records = small_files(tmp_path / "run")
    options = given(records)
    policies, results = evaluated(policy, options)
    base = policy.parents[1] / "group" / "base.toml"
    base.write_text(base.read_text(encoding="utf-8") + "# later\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="RC092"):
        archive_of(request_of(policy, options), policies, results)


def test_written_files_must_be_as_their_manifest_says(tmp_path: Path) -> None:
    policy, records = small_files(tmp_path / "run")
    options = given(records)
    policies, results = evaluated(policy, options)
    made = archive_of(request_of(policy, options), policies, results)
    paths = []
    for content in made.of("output", "manifest"):
        if content.name.startswith("results/"):
            paths.append(tmp_path / content.name.removeprefix("results/"))
            paths[-1].write_bytes(content.data)
    assert archive_of(request_of(policy, options), policies, results, paths) == made
    paths[0].write_bytes(paths[0].read_bytes() + b"\n")
    with pytest.raises(OutputError, match="RC092"):
        archive_of(request_of(policy, options), policies, results, paths)


def test_a_name_that_no_package_can_hold_is_refused(tmp_path: Path) -> None:
    policy, records = small_files(tmp_path / "run")
    odd = records.with_name("a:b.csv")
    records.rename(odd)
    options = given(odd)
    policies, results = evaluated(policy, options)
    with pytest.raises(InputError, match="RC093"):
        archive_of(request_of(policy, options), policies, results)
    odd.rename(records)
    policies, results = evaluated(policy, given(records))
    for wrong in (
        request_of(policy, given(records), output="a:b.csv"),
        request_of(policy, given(records), reports=["markdown=a?.md"]),
    ):
        with pytest.raises(InputError, match="RC093"):
            archive_of(wrong, policies, results)


def test_plugin_files_of_a_package_run_only_when_somebody_says_so(tmp_path: Path) -> None:
    from rulecore.api import load_policies
    from rulecore.cli.given import evaluate_given
    from rulecore.plugins import load_plugins

    folder = tmp_path / "plugins"
    folder.mkdir()
    ran = tmp_path / "ran"
    (folder / "twice.py").write_text(
        "from pathlib import Path\n"
        "from rulecore.contracts import Function, FunctionParameter\n"
        "from rulecore.expr.nodes import Add\n"
        "from rulecore.markers import hookimpl\n"
        f"Path({str(ran)!r}).write_text('ran')\n"
        "@hookimpl\n"
        "def rulecore_functions():\n"
        "    return [Function(name='twice', summary='Twice.', parameters=(FunctionParameter(name='x'),),\n"
        "                     build=lambda x: Add(x, x), example='twice(1)', result='2')]\n",
        encoding="utf-8",
    )
    policy, records = small_files(tmp_path / "run")
    policy.write_text(
        policy.read_text(encoding="utf-8").replace("party * weight", "twice(party) * weight"),
        encoding="utf-8",
    )
    registry = load_plugins(folder)
    policies = load_policies(policy, registry=registry)
    options = given(records)
    results = evaluate_given(policies, options)
    made = archive_of(request_of(policy, options, plugins_dir=folder), policies, results)
    assert [content.name for content in made.of("plugin")] == ["plugins/twice.py"]
    ran.unlink()
    with pytest.raises(UsageError, match="RC095"):
        verify_archive(made)
    assert verify_archive(made, VerifyOptions(recompute=False)).verified
    assert not ran.exists()
    # Who trusts the programs of a package trusts those it was packed with.
    forged = packed(made).replace(b"build=lambda x", b"build=lambda y")
    found = verify_package(forged, "run.zip", VerifyOptions(trust_plugins=True))
    assert "plugins/twice.py: line 9 is not what was packed" in texts(found)
    assert not ran.exists()
    source = data_of(made, "plugins/twice.py") + b"# other\n"
    assert not verify_archive(
        changed(made, {"plugins/twice.py": source}), VerifyOptions(trust_plugins=True)
    ).verified
    assert not ran.exists()
    assert verify_archive(made, VerifyOptions(trust_plugins=True)).verified
    assert ran.exists()
    assert verify_archive(made, VerifyOptions(plugins_dir=folder)).verified
    # One's own copy that is another program is told, whatever it computes.
    (folder / "twice.py").write_bytes(source)
    found = verify_archive(made, VerifyOptions(plugins_dir=folder))
    assert any("twice.py" in item.text("en") and item.kind == "plugin" for item in found.differences)
