"""Standings as text: rank and neighbours, the edge of a quota, what a value among the others was made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from rulecore.explain.values import ExplainedValue, Rival, Standing, Words
from rulecore.language import N_, Language, translate


@frozen(kw_only=True)
class StandingWords:
    """Says standings in one language; ``entity`` is the record they are of, ``exact`` and ``literal`` say values."""

    language: Language
    entity: str
    exact: Callable[[ExplainedValue], str]
    literal: Callable[[ExplainedValue], str]

    def say(self, message: str, **values: object) -> str:
        """Return a message in the language of the explanation."""
        return translate(message, self.language).format(**values)

    def of(self, words: Words) -> str:
        """Return words in the language of the explanation."""
        return words.of(self.language)

    @property
    def comma(self) -> str:
        """Return the comma of the language."""
        return "，" if self.language == "zh" else ", "

    def standing(self, standing: Standing) -> Iterator[str]:
        """Yield where a record stands among the others, and who stands next to it."""
        if not standing.keys:
            if standing.counts:  # how many records were counted stands among the numbers
                yield from self.counted(standing)
            return
        if standing.group:
            shared = self.comma.join(
                f"{self.of(words)} {self.exact(value)}" for words, value in standing.group
            )
            yield self.say(N_("compared within: {shared}"), shared=shared)
        keys = self.keys(
            [self.of(words) for words, _value in standing.keys], [value for _words, value in standing.keys]
        )
        if not standing.takes_part:
            yield self.say(
                N_("does not take part; {count} records do ({keys})"), count=standing.among, keys=keys
            )
        elif standing.value is None:
            yield self.say(
                N_("tied in every key, so without a rank, among {count} records: {keys}"),
                count=standing.among,
                keys=keys,
            )
        else:
            yield self.say(
                N_("rank {rank} of {count}: {keys}"),
                rank=self.exact(standing.value),
                count=standing.among,
                keys=keys,
            )
        yield from self.neighbours(standing)

    def counted(self, standing: Standing) -> Iterator[str]:
        """Yield what a value among the others was made of: how many records, and which."""
        shared = self.comma.join(f"{self.of(words)} {self.exact(value)}" for words, value in standing.group)
        if shared:
            yield self.say(N_("compared within: {shared}"), shared=shared)
        formula = self.of(standing.formula)
        if standing.takes_part:
            yield self.say(
                N_("{formula} = {value}, of {count} records"),
                formula=formula,
                value=self.exact(standing.value),
                count=standing.among,
            )
        else:
            yield self.say(
                N_("{formula}: does not take part; {count} records do"), formula=formula, count=standing.among
            )

    def neighbours(self, standing: Standing) -> Iterator[str]:
        """Yield who is next to the record; where a quota has an edge, who stands on either side of it."""
        if standing.tied_count:
            rivals = self.rivals(standing, standing.tied)
            yield self.say(
                N_("shares its rank with {count}: {rivals}"), count=standing.tied_count, rivals=rivals
            )
        lines = [(N_("just before: {rivals}"), standing.before), (N_("just after: {rivals}"), standing.after)]
        if standing.edge is not None:
            lines = [
                (N_("places {places}, the last within: {rivals}"), standing.last_in),
                (N_("places {places}, the first beyond: {rivals}"), standing.first_out),
            ]
        for message, found in lines:
            if found:
                yield self.say(message, places=standing.edge, rivals=self.rivals(standing, found))

    def rivals(self, standing: Standing, rivals: Iterable[Rival]) -> str:
        """Return some other records, each with its rank and values."""
        names = [self.of(words) for words, _value in standing.keys]
        separator = "；" if self.language == "zh" else "; "
        return separator.join(self.rival(rival, names) for rival in rivals)

    def rival(self, rival: Rival, names: list[str]) -> str:
        """Return another record with its rank and values."""
        if rival.entity == self.entity:
            return self.say(N_("{entity}, this record"), entity=rival.entity)
        keys = self.keys(names, rival.keys)
        return self.say(N_("{entity} (rank {rank}: {keys})"), entity=rival.entity, rank=rival.rank, keys=keys)

    def keys(self, names: Iterable[str], values: Iterable[ExplainedValue]) -> str:
        """Return what records are compared by, with values."""
        return self.comma.join(
            f"{name} {self.literal(value)}" for name, value in zip(names, values, strict=True)
        )
