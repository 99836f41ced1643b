"""A policy as declared: the typed values of one TOML document, before any rule is compiled.

Each class is one table of the policy format; the attribute names are the keys. Structuring is strict
(``rulecore.policy.structure``): unknown keys and wrong types are faults, nothing is coerced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from attrs import field, frozen

from rulecore.numbers import Rounding

Scalar = str | bool | int | Decimal | date
"""A single TOML value; numbers with a point are Decimals (``parse_float=Decimal``)."""


@frozen(kw_only=True)
class Effective:
    """The days on which a policy holds, inclusive; an open end is None."""

    from_: date | None = None
    until: date | None = None


@frozen(kw_only=True)
class PolicyHeader:
    """``[policy]``: what it is called, what it applies to, when, and what it needs."""

    name: str
    title: str = ""
    version: str
    extends: str = ""
    """The base this policy extends: a path from this file, inside the policy folder."""
    abstract: bool = False
    """Whether this policy is only there to be extended: no record is routed to it, and parts may be left out."""
    applies_to: Mapping[str, tuple[Scalar, ...]] = field(factory=dict)
    effective: Effective = Effective()
    reference: str = ""
    requires: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    """The names this policy had in earlier periods, whose results still are its history."""
    language: Literal["zh", "en"] = "zh"
    """The language of words that rulecore itself writes into results (statuses, issues, reasons)."""


@frozen(kw_only=True)
class Refusal:
    """``[record] refuse``: a condition under which a record is a data error and goes to quarantine with ``reason``."""

    when: str
    reason: str
    reference: str = ""


@frozen(kw_only=True)
class RecordDeclaration:
    """``[record]``: which field names the entity, which the period, and which records are data errors.

    ``key``: further fields that tell the records of one entity and period apart (a unit's parameters, for example). Two
    records alike in entity, key and period are duplicates. ``period_length``: what a period that is a date stands for,
    where earlier periods are read.
    """

    entity: str
    key: tuple[str, ...] = ()
    period: str = ""
    period_length: Literal["", "year", "half_year", "quarter", "month", "day"] = ""
    refuse: tuple[Refusal, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """The fields that name a record, each once: entity, key and, if there is one, period."""
        return tuple(dict.fromkeys(name for name in (self.entity, *self.key, self.period) if name))


FieldKind = Literal["decimal", "integer", "text", "flag", "date"]


@frozen(kw_only=True)
class FieldSource:
    """``from`` of a field: the ``rule`` (or field) another policy's results show, for the record that ``by`` names.

    ``by`` gives for each field that names a record of that policy the field of this record that holds it. Where both
    policies have periods, the period is the record's own unless ``by`` says otherwise.
    """

    policy: str
    rule: str
    by: Mapping[str, str] = field(hash=False)


@frozen(kw_only=True)
class FieldDeclaration:
    """``[fields.NAME]``: one declared column of the input.

    ``missing``: what a blank cell means: ``"refuse"`` (the row is quarantined), ``"not_applicable"``, or a
    default value of the field's type. ``not_applicable``: the texts that mean not applicable in this column;
    left out, the usual ones (不适用 — – － - / N/A) do where ``missing = "not_applicable"``, and none does
    elsewhere (such a cell is then refused). ``excess_digits``: what happens to a number with more than
    ``decimals`` decimals: ``"refuse"`` or a rounding mode. ``true``/``false``: the texts of a flag. ``values``:
    the only texts allowed.
    """

    column: str = ""
    aliases: tuple[str, ...] = ()
    type: FieldKind
    label: str = ""
    decimals: int = 0
    min: Decimal | int | date | None = None
    max: Decimal | int | date | None = None
    missing: Scalar = "refuse"
    not_applicable: tuple[str, ...] | None = None
    excess_digits: Literal["refuse"] | Rounding = "refuse"
    true: tuple[str, ...] = ("是", "true", "1", "Y", "yes")
    false: tuple[str, ...] = ("否", "false", "0", "N", "no")
    values: tuple[str, ...] = ()
    percent: bool = False
    """Whether a bare number in the column is a percentage (``95`` means 0.95); ``95%`` always means 0.95."""
    from_: FieldSource | None = None
    """The other policy whose results the field is taken from."""
    reference: str = ""


@frozen(kw_only=True)
class DatedValue:
    """One value of a dated parameter: in force from ``from`` on, until the next one begins.

    Without ``from`` it is in force from the beginning; only the first value may leave it out.
    """

    from_: date | None = None
    value: Scalar | tuple[Scalar, ...]


ParameterValue = Scalar | tuple[Scalar, ...] | tuple[DatedValue, ...]
"""What a parameter may be: a value, a list of them, or values with the days from which they hold.

A loaded policy holds dated values only where more than one is in force while the policy is; else the value itself.
"""


@frozen(kw_only=True)
class RuleDeclaration:
    """``[rules.NAME]``: the keys every rule has; ``settings`` are those of its scorer, not yet structured."""

    scorer: str
    label: str = ""
    reference: str = ""
    note: str = ""
    decimals: int | None = None
    step: Decimal | int | None = None
    rounding: Rounding = Rounding.HALF_UP
    settings: Mapping[str, object] = field(factory=dict)


@frozen(kw_only=True)
class OutputColumn:
    """One column of the result: a field or rule, its header, the decimals it is shown with, and the text for 不适用.

    In TOML a bare name, or a table ``{ of = "name", header = "…", decimals = 2, not_applicable = "不适用" }``.
    Showing with fewer decimals rounds (``rounding``, half up unless stated) in the output only, never in a calculation.
    """

    of: str
    header: str = ""
    decimals: int | None = None
    rounding: Rounding = Rounding.HALF_UP
    not_applicable: str = ""
    trim: bool = False
    """Whether trailing zeros after the point are left off (1.00 is shown as 1)."""


@frozen(kw_only=True)
class SummaryDeclaration:
    """``[output] summary``: the number whose mean, and the value whose counts, the summary of a run shows."""

    mean: str = ""
    count: str = ""


@frozen(kw_only=True)
class OutputDeclaration:
    """``[output]``: the columns in order, and how refused records appear.

    ``provenance``: whether policy, version, status and issues columns are added (default yes). ``refused``: values of
    output columns for refused records, which then stay in the result at their place, with their entity and otherwise
    blank; without it refused records stand in the quarantine only. ``summary``: what the run's summary counts.
    """

    columns: tuple[OutputColumn, ...]
    provenance: bool = True
    refused: Mapping[str, str] | None = None
    summary: SummaryDeclaration = SummaryDeclaration()


@frozen(kw_only=True)
class TableOutput:
    """``[tables.NAME.output]``: the columns of the table's rows, where a run shows them (``--table-output``)."""

    columns: tuple[OutputColumn, ...]


@frozen(kw_only=True)
class TableDeclaration:
    """``[tables.NAME]``: rows that belong to a record, such as the votes on a project or the indicators of a unit.

    ``source``: ``"table"``, a file of its own (``--table NAME=FILE``), a sheet (``sheet``) of the records' workbook or
    a list inside each record; or ``"records"``, where each row of the records' own file is one row of the table and the
    record's columns repeat. ``parent``: the table whose rows these belong to; left out, the records. ``row``: the field
    that tells the rows of one record apart; a row that is there twice is a data error. ``complete``: whether every one
    of that field's ``values`` must be there. ``key``: the header in this table of a field that names the record, where
    it differs. ``at_least`` and ``at_most``: how many rows a record must and may have; others are refused.
    """

    label: str = ""
    source: Literal["table", "records"] = "table"
    sheet: str = ""
    parent: str = ""
    row: str = ""
    complete: bool = False
    key: Mapping[str, str] = field(factory=dict)
    at_least: int = 1
    at_most: int = 1000
    reference: str = ""
    fields: Mapping[str, FieldDeclaration]
    rules: Mapping[str, RuleDeclaration] = field(factory=dict)
    output: TableOutput | None = None


AdjustmentKind = Literal["exemption", "override", "recusal", "tie"]


@frozen(kw_only=True)
class AdjustmentDeclaration:
    """``[adjustments.NAME]``: what a committee may decide on top of computed results, and within which bounds.

    ``kind``: an ``exemption`` waives what a rule takes away (some ``vetoes`` of it, by their reasons, or the rule's
    value ``becomes`` the stated one), an ``override`` sets the rule's value, a ``recusal`` takes a record out of what
    the ``rule`` (or several) compares, or a row of ``table`` out of what the rule makes of the rows, a ``tie`` puts
    tied records of the rule in order. A rule of a detail table is named with its table: ``votes.points``.

    Bounds of an override: ``min``, ``max``, ``may_be`` and how far it may be ``by_at_most`` from the computed value; a
    number may have ``decimals``, left out those of the rule. ``becomes``: what an exemption makes of the value, or a
    recusal of that of the record taken out (left out: not applicable). ``decided_by``: who may decide, left out:
    anyone. ``signatures``: how many different people must have signed, at most two.
    """

    kind: AdjustmentKind
    rule: str | tuple[str, ...]
    table: str = ""
    label: str = ""
    reference: str = ""
    note: str = ""
    vetoes: tuple[str, ...] = ()
    becomes: Scalar | None = None
    min: Decimal | int | date | None = None
    max: Decimal | int | date | None = None
    by_at_most: Decimal | int | None = None
    may_be: tuple[Scalar, ...] = ()
    decimals: int | None = None
    decided_by: tuple[str, ...] = ()
    signatures: int = 1

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of its rules as written, one or several."""
        return (self.rule,) if isinstance(self.rule, str) else self.rule


def rule_key(name: str) -> tuple[str, str]:
    """Return the table and the name of a rule as an adjustment names it: ``votes.points``; "" for the records."""
    table, dot, rule = name.partition(".")
    return (table, rule) if dot else ("", name)


@frozen(kw_only=True)
class Policy:
    """One policy document, structured."""

    policy: PolicyHeader
    record: RecordDeclaration
    fields: Mapping[str, FieldDeclaration]
    tables: Mapping[str, TableDeclaration] = field(factory=dict)
    parameters: Mapping[str, ParameterValue] = field(factory=dict)
    parameter_labels: Mapping[str, str] = field(factory=dict)
    """What parameters are called, of those that have a label."""
    rules: Mapping[str, RuleDeclaration]
    adjustments: Mapping[str, AdjustmentDeclaration] = field(factory=dict)
    output: OutputDeclaration
