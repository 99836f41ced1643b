"""What a run reads of a store: sealed results, of the policies that look back, once each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from rulecore_example.memory import Memory

from rulecore.archive import Content, RunArchive
from rulecore.cli.targets import plan_targets
from rulecore.contracts import RunState, StoredPolicy, StoredRun
from rulecore.errors import InputError, UsageError
from rulecore.history.stored import open_named, read_across, read_back, results_of
from rulecore.plugins import load_plugins
from rulecore.registry import Registry
from rulecore.results import Results
from rulecore.summary import summarize
from tests.history.policies import load, policy_text, records

SAID = {"who": "张三", "when": "2024-12-31T08:00:00Z"}
TEXT = policy_text({"change": "score - previous(score)"})


class Kept(Memory):
    """A store in memory whose runs say whose they are."""

    def __init__(self, policy: str = "looking-back") -> None:
        super().__init__("kept")
        self.policy = policy

    def runs(self) -> tuple[StoredRun, ...]:
        from attrs import evolve

        policies = (StoredPolicy(name=self.policy, version="1"),)
        return tuple(evolve(run, policies=policies) for run in super().runs())


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins()


def archive_of(results: Results, folder: Path, registry: Registry) -> RunArchive:
    """Return a run's archive as far as later runs read it: its results, a report beside them, and the manifest."""
    targets = plan_targets(registry, str(folder / "r.csv"), [f"markdown={folder / 'r.md'}"], None, reads=())
    written = targets.write(results, summarize(results))
    request = Content(role="request", name="request.json", data=b'{"output": "r.csv"}')
    contents = [
        Content(
            role="manifest" if path.name.endswith("manifest.json") else "output",
            name=f"results/{path.name}",
            data=path.read_bytes(),
        )
        for path in written
    ]
    return RunArchive(contents=(request, *contents))


def stored(
    store: Kept, archive: RunArchive, *, to: RunState = "sealed", supersedes: Sequence[int] = ()
) -> None:
    run, _new = store.add(archive, **SAID)
    for state in ("reviewed", "published", "sealed"):
        if run.state != to:
            run = store.move(run.number, state, **SAID, supersedes=supersedes if state == "sealed" else ())


def run_of(tmp_path: Path, registry: Registry, score: float) -> RunArchive:
    folder = tmp_path / str(score)
    folder.mkdir()
    found = load(TEXT, folder, registry).evaluate(records(("甲", "2023", score)), history=())
    return archive_of(found, folder, registry)


def change(tmp_path: Path, registry: Registry, store: object) -> tuple[list[str], list[str]]:
    """Return how 甲 changed against what a store has of the year before, and the codes of the notes."""
    found = load(TEXT, tmp_path, registry).evaluate(records(("甲", "2024", 90)), history=store)
    return found.text_table["change"].to_list(), [note.code.id for note in found.notes]


def test_a_sealed_run_is_read(tmp_path: Path, registry: Registry) -> None:
    store = Kept()
    stored(store, run_of(tmp_path, registry, 80))
    assert change(tmp_path, registry, store) == (["10.0"], [])
    assert change(tmp_path, registry, [store]) == (["10.0"], [])


@pytest.mark.parametrize("state", ["draft", "reviewed", "published"])
def test_a_run_that_is_not_sealed_decides_nothing_and_is_named(
    tmp_path: Path, registry: Registry, state: RunState
) -> None:
    store = Kept()
    stored(store, run_of(tmp_path, registry, 80), to=state)
    assert change(tmp_path, registry, store) == ([""], ["RC629"])


def test_of_two_sealed_runs_the_one_that_supersedes_counts(tmp_path: Path, registry: Registry) -> None:
    store = Kept()
    stored(store, run_of(tmp_path, registry, 80))
    stored(store, run_of(tmp_path, registry, 85), supersedes=[1])
    assert change(tmp_path, registry, store) == (["5.0"], [])


def test_two_sealed_runs_that_contradict_each_other_are_refused(tmp_path: Path, registry: Registry) -> None:
    store = Kept()
    stored(store, run_of(tmp_path, registry, 80))
    stored(store, run_of(tmp_path, registry, 85))
    with pytest.raises(InputError) as raised:
        change(tmp_path, registry, store)
    assert [fault.code.id for fault in raised.value.faults] == ["RC577"]
    assert "kept#1/r.csv" in str(raised.value)


def test_runs_of_other_policies_are_left_alone(tmp_path: Path, registry: Registry) -> None:
    store = Kept("another")
    stored(store, run_of(tmp_path, registry, 80))
    assert change(tmp_path, registry, store) == ([""], ["RC629"])


def test_results_that_were_changed_in_a_store_are_refused(tmp_path: Path, registry: Registry) -> None:
    store = Kept()
    whole = run_of(tmp_path, registry, 80)
    changed = [
        Content(role=item.role, name=item.name, data=item.data.replace(b"80", b"99"))
        if item.name == "results/r.csv"
        else item
        for item in whole.contents
    ]
    stored(store, RunArchive(contents=tuple(changed)))
    with pytest.raises(InputError) as raised:
        change(tmp_path, registry, store)
    assert [fault.code.id for fault in raised.value.faults] == ["RC572"]


def test_reports_are_no_results(tmp_path: Path, registry: Registry) -> None:
    names = [name for name, _data in results_of(run_of(tmp_path, registry, 80))]
    assert names == ["r.csv", "r.manifest.json"]


def test_a_policy_that_does_not_look_back_reads_nothing_of_a_store(
    tmp_path: Path, registry: Registry
) -> None:
    policy = load(policy_text({"twice": "score * 2"}), tmp_path, registry)
    assert read_back(policy.plans) == read_across(policy.plans) == frozenset()
    assert policy.evaluate(records(("甲", "2024", 40)), history=Kept()).text_table["twice"].to_list() == [
        "80.0"
    ]


def test_a_location_that_no_plugin_takes_is_refused_without_showing_it(registry: Registry) -> None:
    with pytest.raises(UsageError) as raised:
        open_named(registry, "mysql://me:geheim@host/x")
    assert [fault.code.id for fault in raised.value.faults] == ["RC627"]
    assert "geheim" not in str(raised.value)
    assert ".db" in str(raised.value)
