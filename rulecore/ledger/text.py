"""Ledgers as text that a clerk reads: for each rule that no other takes in, the tree, the ledger, what cost most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from attrs import evolve, field, frozen

from rulecore.engines.exact import ExactValue
from rulecore.explain.numbers import explained, value_text
from rulecore.explain.text_rows import MOST_ROWS
from rulecore.explain.wording import Labels, Terms
from rulecore.expr import nodes
from rulecore.expr.nodes import Node
from rulecore.expr.supplied import SuppliedRef
from rulecore.language import N_, Language, translate
from rulecore.ledger.make import Leaf, leaves_of
from rulecore.ledger.totals import below_zero, total
from rulecore.ledger.values import (
    KINDS,
    Entry,
    Ledgers,
    LineKind,
    RowLedgers,
    RuleLedger,
    TableLedgers,
    roots_of,
)
from rulecore.reals import Number, Real
from rulecore.source import Place, display_width

INDENT: Final = "  "
WIDEST: Final = 64
"""Labels wider than this are cut: the whole formula stands in the explanation and in the JSON."""
WHOLE: Final[tuple[LineKind, ...]] = ("choice", "cohort", "value", "contribution")
"""Kinds of lines that, where they stand alone, are the value itself."""
SAID_BY_LABEL: Final[tuple[LineKind, ...]] = (
    "full_marks",
    "contribution",
    "cap",
    "floor",
    "rounding",
    "value",
    "pool",
)
"""Kinds whose label says what they are."""
COMPARED: Final = "<>≤≥"
PLAIN: Final = (
    nodes.FieldRef,
    nodes.RuleRef,
    nodes.CohortRef,
    nodes.Literal,
    nodes.ParameterRef,
    SuppliedRef,
)
Row = tuple[str, str, str, str]
"""What a line is, its amount, what that is made of, and where the policy says so."""


def ledgers_text(ledgers: Ledgers, language: Language) -> str:
    """Return a record's ledgers as text in ``language``, with a line feed after every line but the last."""
    return "\n".join(_Writer(language=language).all(ledgers))


@frozen(kw_only=True)
class _Writer:
    """Writes the ledgers of one record, or of one of its detail rows: ``rules``, with the values they were made of."""

    language: Language
    rules: Mapping[str, RuleLedger] = field(factory=dict)
    labels: Labels = field(factory=dict)
    values: Mapping[str, ExactValue] = field(factory=dict)

    def say(self, message: str, **values: object) -> str:
        return translate(message, self.language).format(**values)

    def head(self, ledgers: Ledgers) -> Iterator[str]:
        """Yield what ledgers are of: the record, the policy, and where the record was read."""
        yield ledgers.entity + (f"  {ledgers.period}" if ledgers.period else "")
        if ledgers.policy is not None:
            policy = ledgers.policy
            yield f"{INDENT}{policy.title or policy.name} {policy.version}  ({policy.file} {policy.fingerprint[:12]})"
        if ledgers.source is not None:
            yield f"{INDENT}{self.place(ledgers.source)}"

    def all(self, ledgers: Ledgers) -> Iterator[str]:
        """Yield all ledgers of a record."""
        yield from self.head(ledgers)
        if ledgers.refused:
            yield ""
            yield self.say(N_("This record was not scored. It was refused:"))
            for fault in ledgers.refused:
                yield f"{INDENT}{fault.code.id} {fault.message(self.language)}"
            return
        yield from self.among(ledgers.rules, ledgers.labels, ledgers.values).roots()
        for table in ledgers.tables:
            yield from self.table(table)

    def among(
        self, rules: tuple[RuleLedger, ...], labels: Labels, values: Mapping[str, ExactValue]
    ) -> _Writer:
        """Return the writer of the ledgers of one record or row."""
        named = {ledger.name: ledger for ledger in rules}
        return evolve(self, rules=named, labels=labels, values=values)

    def roots(self) -> Iterator[str]:
        rules = tuple(self.rules.values())
        leaves = leaves_of((ledger.name, ledger.entries) for ledger in rules)
        for ledger in roots_of(rules):
            yield ""
            yield from self.root(ledger, leaves[ledger.name])

    def table(self, table: TableLedgers) -> Iterator[str]:
        """Yield the ledgers of detail rows, each under what the row is called."""
        shown = self.listed(table)
        for row in shown:
            writer = self.among(row.rules, table.labels, row.values)
            if row.rules:
                yield ""
                yield self.called(table, row)
                yield from (INDENT + line if line else line for line in list(writer.roots())[1:])
            for below in row.tables:
                yield from (INDENT + line if line else line for line in writer.table(below))
        if len(shown) < len(table.rows):
            yield ""
            yield self.say(N_("… and {count} more rows"), count=len(table.rows) - len(shown))

    def listed(self, table: TableLedgers) -> tuple[RowLedgers, ...]:
        """Return the rows that are listed: there may be a thousand."""
        return table.rows if len(table.rows) <= MOST_ROWS + 1 else table.rows[:MOST_ROWS]

    def called(self, table: TableLedgers, row: RowLedgers) -> str:
        """Return what a detail row is called, and where it was read."""
        called = row.name or self.say(N_("no. {number}"), number=row.number)
        where = f"  {self.brackets(self.place(row.source))}" if row.source is not None else ""
        return f"{table.label} {called}{where}"

    def place(self, place: Place) -> str:
        sheet = self.say(N_(", sheet {sheet}"), sheet=place.sheet) if place.sheet else ""
        return place.file + sheet + self.say(N_(", row {row}"), row=place.line)

    def brackets(self, text: str) -> str:
        return f"（{text}）" if self.language == "zh" else f"({text})"

    def root(self, ledger: RuleLedger, leaves: list[Leaf]) -> Iterator[str]:
        yield self.heading(ledger)
        if ledger.value is None:
            if not ledger.missing:  # The branch that holds says so itself.
                yield INDENT + self.say(N_("not applicable"))
                return
            comma = "、" if self.language == "zh" else ", "
            names = comma.join(self.labels[self.language].get(name, name) for name in ledger.missing)
            yield INDENT + self.say(N_("not applicable, because these are not: {names}"), names=names)
            return
        rows = list(self.tree(ledger, 1))
        yield from aligned(rows)
        if any(entry.line.rule for entry in ledger.entries):
            yield INDENT + self.say(N_("the same as one ledger"))
            yield from aligned(self.flat(leaves))
        if ledger.reasons:
            yield INDENT + self.say(N_("what cost most"))
            yield from aligned(
                (
                    f"{INDENT * 2}{number}. {self.of_rule(reason.rule, ledger.name)}{self.label(reason.entry)}",
                    self.amount(reason.amount),
                    "",
                    "",
                )
                for number, reason in enumerate(ledger.reasons, start=1)
            )

    def heading(self, ledger: RuleLedger) -> str:
        value = ledger.shown or (
            self.number(ledger.value) if ledger.value is not None else value_text(None, self.language)
        )
        where = " · ".join(part for part in (ledger.reference, self.declared(ledger.declared)) if part)
        return f"{ledger.label.of(self.language)} = {value}  {self.brackets(where)}"

    def declared(self, place: Place | None) -> str:
        return "" if place is None else f"{place.file}:{place.line}"

    def tree(self, ledger: RuleLedger, depth: int) -> Iterator[Row]:
        """Yield a rule's lines, under each those of the rule that it takes in."""
        for entry in ledger.entries:
            yield self.row(entry, INDENT * depth, alone=len(ledger.entries) == 1)
            inner = self.rules.get(entry.line.rule) if entry.line.rule else None
            if inner is not None:
                yield from self.tree(inner, depth + 1)
        result = self.say(N_("= {name}"), name=ledger.label.of(self.language))
        if len(ledger.entries) > 1 and ledger.value is not None:
            yield INDENT * depth + result, self.number(ledger.value), "", ""

    def row(self, entry: Entry, indent: str, *, alone: bool) -> Row:
        line = entry.line
        read = self.say(N_("row {row}"), row=entry.row) if entry.row is not None else ""
        where = " · ".join(part for part in (line.reference, self.declared(line.declared), read) if part)
        # A value that is no sum is not added to anything.
        amount = self.number(entry.amount) if alone and line.kind in WHOLE else self.amount(entry)
        return f"{indent}{self.label(entry)}", amount, self.made_of(entry), where

    def label(self, entry: Entry) -> str:
        kind, label = self.say(KINDS[entry.line.kind]), entry.line.label.of(self.language)
        if entry.line.kind in SAID_BY_LABEL:
            return cut(label)
        return f"{cut(label)} ({kind})" if self.language == "en" else f"{cut(label)}（{kind}）"

    def amount(self, amount: Entry | Number) -> str:
        value = amount.amount if isinstance(amount, Entry) else amount
        if isinstance(amount, Entry) and amount.line.kind == "full_marks":
            return self.number(value)
        return ("" if below_zero(value) else "+") + self.number(value)

    def number(self, value: Number) -> str:
        return value_text(explained(value), self.language).replace("-", "−")

    def made_of(self, entry: Entry) -> str:
        """Return how an amount came about: (96.5 − 100) × 0.4, 643 ÷ 730 × 100."""
        kind = entry.line.kind
        if entry.value is None or not isinstance(entry.value, Fraction | Real):
            return ""
        value = self.number(entry.value)
        if kind == "choice":
            numbers = self.numbers(entry.line.node)
            return "" if "“" in numbers or not any(sign in numbers for sign in COMPARED) else numbers
        if entry.factor is None:
            if kind in ("cap", "floor"):
                return "" if entry.line.label.of(self.language).endswith(value) else value
            return f"× {value}" if kind == "factor" else ""
        return self.product(entry, value, entry.factor)

    def product(self, entry: Entry, value: str, factor: Fraction) -> str:
        """Return what a value was made of, and what it counted with."""
        numbers = self.numbers(entry.line.node) if not entry.line.table else ""
        made = cut(numbers) if numbers and numbers != value else ""
        if entry.marks is not None:
            made = f"({value} − {self.number(entry.marks)})"
        if abs(factor) == 1:
            return made
        shown = self.number(factor)
        return f"{f'({made})' if made and entry.marks is None else made or value} × {shown.lstrip('−')}"

    def numbers(self, node: Node | None) -> str:
        """Return the formula of a line with the numbers put in; nothing for a plain name."""
        if node is None or isinstance(node, PLAIN):
            return ""
        return Terms(labels=self.labels, values=self.values).substituted(node).of(self.language)

    def of_rule(self, name: str, root: str) -> str:
        ledger = self.rules.get(name)
        if ledger is None or name == root:
            return ""
        return ledger.label.of(self.language) + ("：" if self.language == "zh" else ": ")

    def flat(self, leaves: list[Leaf]) -> Iterator[Row]:
        """Yield the lines of all rules that are taken in, as they count here, with the balance after each."""
        balance: Number = Fraction(0)
        for rule, entry, amount in leaves:
            balance = total((balance, amount))
            text = self.number(amount) if entry.line.kind == "full_marks" else self.amount(amount)
            label = f"{INDENT * 2}{self.of_rule(rule, '')}{self.label(entry)}"
            yield label, text, "→ " + self.number(balance), ""


def cut(label: str) -> str:
    """Return a label, its end left out where it is very long."""
    if display_width(label) <= WIDEST:
        return label
    found, width = "", 0
    for character in label:
        width += display_width(character)
        if width > WIDEST - 1:
            break
        found += character
    return found + "…"


def aligned(rows: Iterable[Row]) -> Iterator[str]:
    """Yield rows with their columns lined up, amounts to the right."""
    listed = list(rows)
    widths = [max((display_width(row[index]) for row in listed), default=0) for index in range(3)]
    for label, amount, made, where in listed:
        left = label + " " * (widths[0] - display_width(label))
        right = " " * (widths[1] - display_width(amount)) + amount
        yield f"{left}  {right}  {made}{' ' * (widths[2] - display_width(made))}  {where}".rstrip()
