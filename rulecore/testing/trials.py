"""Overrides laid over their policies: a small policy that extends, checked as any other is, on no disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from attrs import evolve, field, frozen

from rulecore.errors import Fault, PolicyError
from rulecore.plan.compile import compile_policy
from rulecore.policy.document import Document
from rulecore.policy.guardrails import SetGuardrail, stated
from rulecore.policy.load import LoadedBase, LoadedPolicy, load_chain
from rulecore.policy.merge import merge_chain
from rulecore.registry import Registry
from rulecore.source import KeyPath, Place, format_key
from rulecore.testing.overrides import BoundOverride, Member

Problem = Literal["accepted", "refused", "codes", "guardrail"]


@frozen(kw_only=True, slots=False)
class TrialDocument(Document):
    """What an override sets, as a policy's document: its places are those of the override.

    ``written`` are for each value its key path in the policy and in ``source``; ``at`` is the override's own.
    """

    source: Document = field(repr=False)
    at: KeyPath = ()
    written: tuple[tuple[KeyPath, KeyPath], ...] = ()

    def place(
        self, key: KeyPath, *, value: bool = True, start: int | None = None, end: int | None = None
    ) -> Place:
        """Return where the override sets ``key``, or its name for what it does not set itself."""
        for own, inside in self.written:
            if key[: len(own)] == own:
                rest = key[len(own) :]
                found = self.source.place((*inside, *rest), value=value, start=start, end=end)
                return evolve(found, key=format_key(key))
        below = next((inside for own, inside in self.written if own[: len(key)] == key), None)
        found = self.source.place(below if below is not None else (*self.at, "name"), value=False)
        return evolve(found, key=format_key(key))


@frozen(kw_only=True)
class Trial:
    """An override laid over one policy: what came of it, and what it broke.

    ``refusals`` are the guardrails that refuse it, with the limit and the code.
    """

    member: Member
    document: TrialDocument = field(repr=False)
    loaded: LoadedPolicy | LoadedBase | None = field(repr=False)
    faults: tuple[Fault, ...] = ()
    refusals: tuple[tuple[SetGuardrail, str, str], ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its faults, each once, sorted."""
        return tuple(sorted({fault.code.id for fault in self.faults}))


@frozen(kw_only=True)
class OverrideResult:
    """What an override gave over each of its policies."""

    override: BoundOverride
    trials: tuple[Trial, ...]

    @property
    def problems(self) -> tuple[tuple[Trial, Problem], ...]:
        """The policies over which it came out otherwise than it says, and how."""
        found = ((trial, self._problem(trial)) for trial in self.trials)
        return tuple((trial, problem) for trial, problem in found if problem is not None)

    @property
    def passed(self) -> bool:
        """Whether it came out as it says, over every policy."""
        return not self.problems

    def _problem(self, trial: Trial) -> Problem | None:
        declared = self.override.override
        if declared.accepted:
            return "refused" if trial.faults else None
        if not trial.faults:
            return "accepted"
        if set(trial.codes) != set(declared.codes):
            return "codes"
        keys = {guardrail.key for guardrail, _limit, _code in trial.refusals}
        return "guardrail" if declared.guardrail and declared.guardrail not in keys else None


def run_overrides(
    overrides: Sequence[BoundOverride], source: Document, registry: Registry
) -> tuple[OverrideResult, ...]:
    """Lay every override over its policies."""
    return tuple(
        OverrideResult(
            override=override,
            trials=tuple(
                lay_over(member, override.written, source, override.path, registry)
                for member in override.members
            ),
        )
        for override in overrides
    )


def lay_over(
    member: Member,
    written: Sequence[tuple[KeyPath, KeyPath, object]],
    source: Document,
    at: KeyPath,
    registry: Registry,
) -> Trial:
    """Return what comes of a policy that extends ``member`` and sets some values, each at its key path."""
    data: dict[str, object] = {"policy": _header(member)}
    for key, _inside, value in written:
        _put(data, key, value)
    document = TrialDocument(
        path=source.path,
        name=source.name,
        text=source.text,
        data=data,
        source=source,
        at=at,
        written=tuple((key, inside) for key, inside, _value in written),
    )
    loaded, faults = _checked((document, *member.chain), registry)
    refusals = tuple(_refusals(faults, member.guardrails))
    return Trial(member=member, document=document, loaded=loaded, faults=faults, refusals=refusals)


def _checked(
    chain: tuple[Document, ...], registry: Registry
) -> tuple[LoadedPolicy | LoadedBase | None, tuple[Fault, ...]]:
    try:
        loaded = load_chain(chain)
        if isinstance(loaded, LoadedPolicy):
            compile_policy(loaded, registry)
    except PolicyError as error:
        return None, error.faults
    return loaded, ()


def _header(member: Member) -> dict[str, object]:
    """Return what the trial says of itself: as the policy below it does, so that only what is set differs."""
    header = member.own.value_at(("policy",))
    own = (
        {key: value for key, value in header.items() if key != "extends"}
        if isinstance(header, Mapping)
        else {}
    )
    days = merge_chain(member.chain).value_at(("policy", "effective"))
    return {**own, "effective": days} if days is not None else own


def _put(data: dict[str, object], key: KeyPath, value: object) -> None:
    table = data
    for part in key[:-1]:
        below = table.get(str(part))
        inner: dict[str, object] = dict(below) if isinstance(below, Mapping) else {}
        table[str(part)] = inner
        table = inner
    table[str(key[-1])] = value


def _refusals(
    faults: Sequence[Fault], guardrails: Sequence[SetGuardrail]
) -> Iterator[tuple[SetGuardrail, str, str]]:
    """Yield the guardrails that faults come from: a fault shows the place of the limit that it breaks."""
    limits = {
        guardrail.place(limit): (guardrail, limit)
        for guardrail in guardrails
        for limit in stated(guardrail.limits)
    }
    for fault in faults:
        for _role, place in fault.related:
            if place in limits:
                yield (*limits[place], fault.code.id)
