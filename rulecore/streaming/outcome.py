"""What came of a run whose results stand in a file: all that can be told without the records at hand."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from rulecore.errors import Fault
from rulecore.manifest import RunFacts, facts_of, manifest_of
from rulecore.records.quarantine import Quarantined
from rulecore.results import Results
from rulecore.summary import Summary, summarize


@frozen(kw_only=True)
class RunOutcome:
    """What came of a run: its summary, the quarantine, notes on the inputs, the files written.

    ``rows_in`` = ``rows_scored`` + ``rows_quarantined`` + blank rows, always. ``passes`` says how often the inputs were
    gone through, ``parts`` in how many parts each time; 0 parts: the run was made in memory.
    """

    summary: Summary
    facts: RunFacts
    quarantined: tuple[Quarantined, ...]
    notes: tuple[Fault, ...]
    written: tuple[Path, ...] = ()
    passes: int = 1
    parts: int = 0

    @classmethod
    def of(cls, results: Results) -> RunOutcome:
        """Return the outcome of a run in memory, nothing of which is written yet."""
        return cls(
            summary=summarize(results),
            facts=facts_of(results),
            quarantined=results.quarantined,
            notes=results.notes,
        )

    @property
    def rows_in(self) -> int:
        """How many rows were read."""
        return self.facts.rows_in

    @property
    def rows_scored(self) -> int:
        """How many rows have results."""
        return self.facts.rows_scored

    @property
    def rows_quarantined(self) -> int:
        """How many rows were refused."""
        return self.facts.rows_quarantined

    @property
    def manifest(self) -> dict[str, object]:
        """The manifest of the run as plain values, without the hashes of the files it stands beside."""
        return manifest_of(self.facts)
