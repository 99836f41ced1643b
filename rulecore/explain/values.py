"""The tree of an explanation: frozen values that know no engine and no language.

Numbers are exact fractions. What is worded stands in both languages (:class:`Words`), so that one explanation
can be read in either; texts of the policy (labels, notes, references) are as the policy has them.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import field, frozen

from rulecore.contracts import Value
from rulecore.errors import Fault
from rulecore.language import Language
from rulecore.planned import Origin
from rulecore.source import Place


@frozen(kw_only=True)
class Words:
    """A text in both languages."""

    zh: str = ""
    en: str = ""

    def of(self, language: Language) -> str:
        """Return the text in ``language``."""
        return self.zh if language == "zh" else self.en

    def __bool__(self) -> bool:
        """Return whether there is any text."""
        return bool(self.zh)


@frozen(kw_only=True)
class Inexact:
    """An irrational value (of ln, exp or a root) by its first digits, cut off: ``4.605170…``."""

    digits: str


ExplainedValue = Value | Inexact
"""An exact value, None for not applicable, or the digits of an irrational one."""


@frozen(kw_only=True)
class ExplainedPolicy:
    """The policy that decided, as it was when it did: its file and the fingerprint of policy and plugins."""

    name: str
    title: str
    version: str
    file: str
    fingerprint: str
    reference: str = ""
    origins: tuple[Origin, ...] = ()


@frozen(kw_only=True)
class ExplainedField:
    """One input of the record: ``label`` is what formulas call it, ``place`` where it is declared."""

    name: str
    label: Words
    header: str
    value: ExplainedValue
    scale: int = 0
    percent: bool = False
    flag_words: tuple[str, str] | None = None
    """What the field calls true and false, where it declares words of its own."""
    reference: str = ""
    place: Place | None = None


@frozen(kw_only=True)
class ExplainedStep:
    """A part of a calculation with a name: its formula, the same with the numbers put in, and its value.

    ``formula`` calls the other named parts by their names. ``is_decision``: it is a choice, with a judgement
    of its own.
    """

    label: Words
    is_decision: bool = False
    formula: Words
    substituted: Words
    value: ExplainedValue


@frozen(kw_only=True)
class ExplainedRounding:
    """What one rounding did: the exact value before, the value after, and how.

    ``of`` is the named part it rounds, empty for the rule itself; ``scale`` the decimals of its unit.
    """

    of: Words = Words()
    formula: Words
    before: ExplainedValue
    after: ExplainedValue
    mode: Words
    scale: int | None = None
    outermost: bool = False


Decision = Literal["taken", "not_met", "unknown", "not_reached"]


@frozen(kw_only=True)
class Alternative:
    """One branch, band, veto or row: its condition, the same with the values put in, and what it gives.

    ``condition`` is empty for what holds otherwise. ``decision``: ``taken`` decided the value; ``unknown`` is
    a condition that is not applicable, which makes the whole not applicable; ``not_reached`` was not looked
    at any more. ``nested``: what it gives is a choice of its own, with its own judgement if it was taken.
    """

    condition: Words
    substituted: Words
    gives: Words
    nested: bool = False
    label: Words = Words()
    decision: Decision


@frozen(kw_only=True)
class Judgement:
    """Which of several alternatives applied; ``of`` is the part it decides, empty for the rule."""

    of: Words = Words()
    alternatives: tuple[Alternative, ...]
    value: ExplainedValue


@frozen(kw_only=True)
class Rival:
    """Another record of the cohort: its entity, its rank, and its values of the keys that are compared."""

    entity: str
    rank: int
    keys: tuple[ExplainedValue, ...]


@frozen(kw_only=True)
class Standing:
    """A record's standing among the others, for one comparison of records.

    ``among`` is how many records were compared (or counted); ``group`` the values that they share; ``keys``
    what they are ordered by, with this record's values. ``before`` and ``after`` are the next rivals on
    either side, ``tied`` those that share the rank. ``edge`` is the number of places a rank was compared
    with, and ``last_in`` and ``first_out`` who stands on either side of that edge.
    """

    formula: Words
    value: ExplainedValue
    among: int
    takes_part: bool = True
    keys: tuple[tuple[Words, ExplainedValue], ...] = ()
    group: tuple[tuple[Words, ExplainedValue], ...] = ()
    before: tuple[Rival, ...] = ()
    after: tuple[Rival, ...] = ()
    tied: tuple[Rival, ...] = ()
    tied_count: int = 0
    edge: int | None = None
    counts: bool = False
    """Whether the value is what a cohort function made of all these records, such as a mean or a share."""
    last_in: tuple[Rival, ...] = ()
    first_out: tuple[Rival, ...] = ()


RowState = Literal["counted", "left_out", "not_applicable", "not_chosen"]


@frozen(kw_only=True)
class AggregatedRow:
    """One row of a record in what a function made of its rows.

    ``name`` is what the policy calls it (its ``row`` field; may be empty), ``number`` its place among the rows of its
    record, from 1. ``value`` is what it gave (None where only rows are counted: ``counts_rows``), ``substituted`` how
    that came about where it is a calculation. ``state``: ``counted`` rows decided; ``left_out`` ones do not meet
    ``condition`` (``substituted`` is then the condition with its values); ``not_applicable`` ones have no value;
    ``not_chosen`` ones are not among those the function takes (not the largest, for example).
    """

    name: str
    number: int
    source: Place | None = None
    value: ExplainedValue
    counts_rows: bool = False
    substituted: Words = Words()
    condition: Words = Words()
    state: RowState


@frozen(kw_only=True)
class Aggregate:
    """What a function made of a record's rows in a detail table; ``rows`` are all of them, in input order."""

    formula: Words
    function: str
    table: str
    label: str
    value: ExplainedValue
    rows: tuple[AggregatedRow, ...]


@frozen(kw_only=True)
class UsedParameter:
    """A parameter that a rule reads: what it is called, its value (several for a list), where it is declared."""

    name: str
    label: Words
    values: tuple[ExplainedValue, ...]
    place: Place | None = None


@frozen(kw_only=True)
class ExplainedAdjustment:
    """What a committee decided about a rule: the computed and the adjusted value, who, when, why, and where it stands.

    ``scale``: the decimals that both values are shown with. ``article``: what allows the adjustment.
    """

    number: str
    label: str
    computed: ExplainedValue
    adjusted: ExplainedValue
    scale: int | None = None
    decided_by: str
    decided_on: date | None
    reason: str
    reference: str
    article: str = ""
    signatures: tuple[str, ...] = ()
    place: Place


@frozen(kw_only=True)
class ExplainedRule:
    """One rule: its value and everything that led to it.

    ``value`` is exact, ``shown`` the text of the result's column (None where the rule is no column) and
    ``shown_rounding`` the rounding done for showing only. ``formula`` is the whole formula in words and
    ``substituted`` the same with the values put in. ``short`` calls named parts by their names, ``reduced``
    has their values, and only the branches that were taken; ``unrounded`` is the value before the rule's own
    rounding.
    """

    name: str
    label: Words
    value: ExplainedValue
    shown: str | None = None
    shown_rounding: ExplainedRounding | None = None
    reference: str = ""
    note: str = ""
    place: Place
    scorer: str
    origin: Origin
    formula: Words
    substituted: Words
    short: Words
    reduced: Words
    unrounded: ExplainedValue
    is_decision: bool = False
    """Whether the rule is one choice: its first judgement then says all that its formula says."""
    steps: tuple[ExplainedStep, ...] = ()
    roundings: tuple[ExplainedRounding, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    standings: tuple[Standing, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()
    parameters: tuple[UsedParameter, ...] = ()
    issues: tuple[Fault, ...] = ()
    adjustments: tuple[ExplainedAdjustment, ...] = ()
    """Decisions about it; everything else but ``value`` and ``shown`` then says how the computed value came about."""


@frozen(kw_only=True)
class ExplainedRow:
    """One row of a detail table: its cells, its rules, and the rows that belong to it in turn."""

    name: str
    number: int
    source: Place | None = None
    fields: tuple[ExplainedField, ...]
    rules: tuple[ExplainedRule, ...]
    tables: tuple[ExplainedTable, ...] = ()


@frozen(kw_only=True)
class ExplainedTable:
    """The rows of one detail table that belong to a record (or to a row of another table)."""

    name: str
    label: str
    rows: tuple[ExplainedRow, ...]


@frozen(kw_only=True)
class ExplainedEarlier:
    """What is known of the record ``periods`` periods before: ``standing`` is one of ``expr.earlier.STANDINGS``.

    ``source`` says in which file and row of the history it stands; ``values`` are what rules read of it.
    """

    periods: int
    period: str
    standing: str
    source: str = ""
    values: tuple[tuple[str, Words, ExplainedValue], ...] = ()


@frozen(kw_only=True)
class Explanation:
    """Why one record's results are what they are.

    ``source`` is the row of the input. ``rules`` are in the order in which they were computed; ``tables`` hold the
    record's detail rows with their own rules, ``earlier`` what was read of earlier periods. A quarantined record has no
    rules; ``refused`` then holds every reason, each with its place.
    """

    entity: str
    period: str = ""
    policy: ExplainedPolicy | None = None
    source: Place | None = None
    engine: str = ""
    fields: tuple[ExplainedField, ...] = ()
    earlier: tuple[ExplainedEarlier, ...] = ()
    rules: tuple[ExplainedRule, ...] = ()
    tables: tuple[ExplainedTable, ...] = ()
    refused: tuple[Fault, ...] = ()
    language: Language = field(default="zh")

    def rule(self, name: str) -> ExplainedRule | None:
        """Return the rule of that name, or None."""
        return next((rule for rule in self.rules if rule.name == name), None)

    def text(self, language: Language | None = None) -> str:
        """Return the explanation as people read it, in ``language`` (the policy's own if not given)."""
        from rulecore.explain.text import explanation_text

        return explanation_text(self, language or self.language)

    def markdown(self, language: Language | None = None) -> str:
        """Return the explanation as Markdown to be printed, in ``language`` (the policy's own if not given)."""
        from rulecore.explain.markdown import explanation_markdown

        return explanation_markdown(self, language or self.language)

    def document(self, language: Language | None = None) -> dict[str, object]:
        """Return the explanation as plain values for JSON, with its words in ``language``."""
        from rulecore.explain.document import explanation_document

        return explanation_document(self, language or self.language)

    def __str__(self) -> str:
        """Return the explanation as people read it, in the language of the policy."""
        return self.text()
