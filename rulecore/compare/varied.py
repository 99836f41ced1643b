"""A policy with other numbers in it, as if its own file said so: checked as any other, or freed of its guardrails."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import cast

from attrs import evolve, field, frozen

from rulecore.adjustments.given import NO_ADJUSTMENTS, Adjustments
from rulecore.contracts import Engine, RawTable
from rulecore.errors import Fault, PolicyError
from rulecore.evaluation import evaluate
from rulecore.history.run import NOTHING, History
from rulecore.plan.compile import compile_policy
from rulecore.planned import Origin, Plan
from rulecore.policy.document import Document
from rulecore.policy.load import LoadedPolicy, load_chain
from rulecore.registry import Registry
from rulecore.results import Results
from rulecore.source import KeyPath, Place

Settings = Mapping[KeyPath, object]
"""Other values by their key paths; of a list one item may be named."""


@frozen(kw_only=True, slots=False)
class VariedDocument(Document):
    """A document with other data; everything stands where it stood."""

    original: Document = field(repr=False)

    def place(
        self, key: KeyPath, *, value: bool = True, start: int | None = None, end: int | None = None
    ) -> Place:
        """Return where a key stands in the document as it is written."""
        return self.original.place(key, value=value, start=start, end=end)


def varied(document: Document, settings: Settings, *, guarded: bool = True) -> tuple[Document, ...]:
    """Return the documents of a policy, its own first, with other values in its own; unguarded, without guardrails."""
    own, *bases = document.layers
    data = copy.deepcopy(dict(own.data))
    for key, value in settings.items():
        _put(data, document, key, value)
    chain = [_with(own, data), *bases]
    if guarded:
        return tuple(chain)
    return tuple(
        _with(layer, {name: value for name, value in layer.data.items() if name != "guardrails"})
        for layer in chain
    )


def _with(document: Document, data: Mapping[str, object]) -> Document:
    original = document.original if isinstance(document, VariedDocument) else document
    return VariedDocument(
        path=document.path,
        name=document.name,
        text=document.text,
        data=data,
        labels=document.labels,
        original=original,
    )


def _put(data: dict[str, object], whole: Document, key: KeyPath, value: object) -> None:
    """Set a value; a list is taken whole from the policy with its bases, for lists are replaced whole."""
    table: dict[str, object] = data
    for depth, part in enumerate(key):
        name = str(part)
        if depth == len(key) - 1:
            table[name] = value
            return
        inherited = whole.value_at(key[: depth + 1])
        if isinstance(inherited, list):
            items = table.get(name)
            table[name] = items if isinstance(items, list) else copy.deepcopy(inherited)
            _put_in_list(table[name], key[depth + 1 :], value)
            return
        inner = table.get(name)
        table[name] = inner if isinstance(inner, dict) else {}
        table = cast("dict[str, object]", table[name])


def _put_in_list(items: object, key: KeyPath, value: object) -> None:
    holder = items
    for part in key[:-1]:
        holder = holder[part]  # type: ignore[index] # the key was found in this very list
    holder[key[-1]] = value  # type: ignore[index]


@frozen(kw_only=True)
class Experiment:
    """Records at hand, and the policies they are evaluated under, again and again with other numbers."""

    plans: tuple[Plan, ...]
    loaded: tuple[LoadedPolicy, ...] = field(repr=False)
    registry: Registry = field(repr=False)
    tables: tuple[RawTable, ...] = field(repr=False)
    details: Mapping[str, tuple[RawTable, ...]] = field(factory=dict, repr=False)
    engine: Engine = field(repr=False)
    history: History = field(default=NOTHING, repr=False)
    adjustments: Adjustments = field(default=NO_ADJUSTMENTS, repr=False)
    as_of: date | None = None
    origins: tuple[Origin, ...] = ()

    def run(self) -> Results:
        """Return the results under the policies as they are."""
        return evaluate(
            self.plans,
            self.tables,
            self.engine,
            as_of=self.as_of,
            origins=self.origins,
            details=self.details,
            history=self.history,
            adjustments=self.adjustments,
        )

    def breaches(self, settings: Mapping[int, Settings]) -> tuple[Fault, ...]:
        """Return what forbids other values, by the number of the policy: guardrails, or what they then contradict."""
        faults: list[Fault] = []
        for number, values in settings.items():
            try:
                load_chain(varied(self.loaded[number].document, values))
            except PolicyError as error:
                faults += error.faults
        return tuple(faults)

    def with_settings(self, settings: Mapping[int, Settings]) -> Experiment:
        """Return the experiment under other values, guardrails or not. Raises PolicyError where they make no policy."""
        plans = list(self.plans)
        for number, values in settings.items():
            loaded = load_chain(varied(self.loaded[number].document, values, guarded=False))
            assert isinstance(loaded, LoadedPolicy)  # noqa: S101 - what was compiled is not abstract
            plans[number] = compile_policy(loaded, self.registry)
        return evolve(self, plans=tuple(plans))
