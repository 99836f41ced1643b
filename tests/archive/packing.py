"""A small run and its package, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from attrs import evolve

from rulecore.api import PolicySet, load_policies
from rulecore.archive import RunArchive, RunRequest, archive_of, request_of
from rulecore.archive.differences import Verification
from rulecore.archive.package import package_bytes
from rulecore.archive.pins import pins_of
from rulecore.archive.verify import PLAIN, VerifyOptions, verify_package
from rulecore.cli.given import RecordsGiven
from rulecore.plugins import load_plugins
from rulecore.registry import Registry
from rulecore.results import Results
from rulecore.sources import readers_by_suffix

BASE = """
[policy]
name = "group"
title = "集团办法"
version = "1"
abstract = true

[fields.unit]
column = "单位"
type = "text"
[fields.party]
column = "党建"
type = "decimal"
decimals = 1
min = 0
max = 100
[fields.work]
column = "经营"
type = "decimal"
decimals = 1
min = 0
max = 100

[parameters]
weight = 0.4
"""
POLICY = """
[policy]
name = "small"
title = "小办法"
version = "2024"
extends = "../group/base.toml"

[record]
entity = "unit"

[rules.score]
label = "得分"
reference = "第一条"
scorer = "formula"
value = "party * weight + work * (1 - weight)"
decimals = 2

[rules.rank]
label = "名次"
scorer = "rank"
by = "score"

[output]
columns = ["unit", "party", "work", "score", "rank"]
"""
RECORDS = "单位,党建,经营\n甲,90.5,80.0\n乙,88.0,91.5\n丙,70.1,60.9\n丁,101,60\n戊,99.9,12.3\n"


def given(*records: Path | str, **options: object) -> RecordsGiven:
    """Return what the command line would have been given."""
    found: dict[str, object] = {
        "records": tuple(map(str, records)),
        "table": (),
        "history": (),
        "mapping": (),
        "results": (),
        "adjustments": (),
        "engine": "columnar",
        "sheet": "",
        "encoding": "",
        "as_of": None,
    }
    return {**found, **options}  # type: ignore[return-value]


@lru_cache
def plugins() -> Registry:
    return load_plugins()


def readers() -> Mapping[str, object]:
    return readers_by_suffix(found.value for found in plugins().readers.values())


def small_files(folder: Path) -> tuple[Path, Path]:
    """Write the small policy with its base, and its records; return both paths."""
    (folder / "group").mkdir(parents=True)
    (folder / "unit").mkdir()
    (folder / "group" / "base.toml").write_text(BASE, encoding="utf-8")
    policy = folder / "unit" / "policy.toml"
    policy.write_text(POLICY, encoding="utf-8")
    records = folder / "records.csv"
    records.write_text(RECORDS, encoding="utf-8")
    return policy, records


def evaluated(policy: Path, options: RecordsGiven) -> tuple[PolicySet, Results]:
    from rulecore.cli.given import evaluate_given

    policies = load_policies(policy, registry=plugins())
    return policies, evaluate_given(policies, options)


def archived(policy: Path, options: RecordsGiven, **request: object) -> RunArchive:
    policies, results = evaluated(policy, options)
    asked: RunRequest = evolve(request_of(policy, options), **request)
    return archive_of(asked, policies, results)


def small_archive(folder: Path) -> RunArchive:
    policy, records = small_files(folder)
    return archived(policy, given(records))


def packed(archive: RunArchive) -> bytes:
    """Return the package of an archive; for a forged archive one in which all hashes are right."""
    return package_bytes(archive, pins_of(archive, readers()))  # type: ignore[arg-type]


def changed(archive: RunArchive, contents: Mapping[str, bytes]) -> RunArchive:
    """Return an archive in which some contents have other bytes."""
    names = {content.name for content in archive.contents}
    assert contents.keys() <= names, contents.keys() - names
    return RunArchive(
        contents=tuple(
            evolve(content, data=contents.get(content.name, content.data)) for content in archive.contents
        )
    )


def data_of(archive: RunArchive, name: str) -> bytes:
    return next(content.data for content in archive.contents if content.name == name)


def verification(package: bytes, options: VerifyOptions = PLAIN) -> Verification:
    return verify_package(package, "run.zip", options, plugins())


def texts(found: Verification) -> str:
    return "\n".join(item.text("en") for item in found.differences)
