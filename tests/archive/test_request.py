"""Requests go into JSON and come back; what is not written as one is refused with a sentence."""

from __future__ import annotations

import copy
import json
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from rulecore.archive import InputFile, ReportFile, RunArchive, RunRequest, request_of
from rulecore.archive.environment import Environment
from rulecore.errors import UsageError
from tests.archive.packing import changed, data_of, given, packed, small_archive, verification

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
FILES = st.lists(st.builds(InputFile, file=TEXT, content=TEXT), max_size=3).map(tuple)
REQUESTS = st.builds(
    RunRequest,
    policy=st.builds(InputFile, file=TEXT, content=TEXT),
    documents=FILES,
    records=FILES,
    tables=st.lists(st.tuples(TEXT, FILES), max_size=2).map(tuple),
    history=FILES,
    mapping=FILES,
    results=FILES,
    adjustments=FILES,
    engine=TEXT,
    sheet=TEXT,
    encoding=TEXT,
    as_of=st.none() | st.dates(),
    plugins_dir=TEXT,
    plugins=FILES,
    output=TEXT,
    reports=st.lists(st.builds(ReportFile, report=TEXT, file=TEXT), max_size=2).map(tuple),
)


@examples(REQUESTS)
def test_a_request_comes_back_from_its_json(request_: RunRequest) -> None:
    assert RunRequest.from_json(request_.to_json()) == request_


def test_a_request_is_what_the_command_line_asked_for() -> None:
    options = given(
        "-",
        "b.csv",
        table=(("votes", "v1.csv"), ("scores", "s.csv"), ("votes", "v2.csv")),
        as_of=date(2024, 12, 31),
        adjustments=("decided.csv",),
    )
    found = request_of(
        Path("policies/x"), options, plugins_dir="own", output="out/results.xlsx", reports=["markdown=a/b.md"]
    )
    assert found.policy.file == "policies/x"
    assert [file.file for file in found.records] == ["<stdin>", "b.csv"]
    assert [(name, [file.file for file in files]) for name, files in found.tables] == [
        ("votes", ["v1.csv", "v2.csv"]),
        ("scores", ["s.csv"]),
    ]
    assert [file.file for file in found.inputs] == [
        "<stdin>",
        "b.csv",
        "v1.csv",
        "v2.csv",
        "s.csv",
        "decided.csv",
    ]
    assert (found.output, found.reports) == ("results.xlsx", (ReportFile(report="markdown", file="b.md"),))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> RunArchive:
    return small_archive(tmp_path_factory.mktemp("small"))


def test_whatever_stands_in_the_json_of_an_archive_verifying_it_ends_with_a_report(
    archive: RunArchive,
) -> None:
    random_ = random.Random(20)  # noqa: S311 - changes, not secrets
    odd = (None, True, -1, 10**30, "", "../x", "\ud800", "甲" * 2_000, [], {}, [[]], {"a": 1}, 1.5)
    for number in range(150):
        name = ("request.json", "environment.json", "results/results.manifest.json")[number % 3]
        found = json.loads(data_of(archive, name))
        put(found, random_, odd)
        data = json.dumps(found).encode()
        package = packed(changed(archive, {name: data}))
        assert told(package) in ("", "RC003", "RC008", "RC095")


def told(package: bytes) -> str:
    """Return the code with which verifying refuses to begin, empty if it reports."""
    try:
        verification(package)
    except UsageError as error:
        return error.faults[0].code.id
    return ""


def put(found: object, random_: random.Random, odd: tuple[object, ...]) -> None:
    """Put something odd at a random place of a JSON document."""
    places: list[tuple[object, object]] = []

    def visit(value: object) -> None:
        keys = (
            list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        )
        for key in keys:
            places.append((value, key))
            visit(value[key])  # type: ignore[index]

    visit(found)
    holder, key = random_.choice(places)
    holder[key] = copy.deepcopy(random_.choice(odd))  # type: ignore[index]


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"{}", b"null", b'{"request": 2}', b"[" * 99_999, b"\xff"]
)
def test_what_is_no_request_or_environment_is_refused_with_a_sentence(text: bytes) -> None:
    with pytest.raises(ValueError, match="request"):
        RunRequest.from_json(text)
    with pytest.raises(ValueError, match="environment"):
        Environment.from_json(text)
