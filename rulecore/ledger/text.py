"""Ledgers as text that a clerk reads: for each rule that no other takes in, the tree, the ledger, what cost most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.explain.numbers import number_text, value_text
from rulecore.language import N_, Language, translate
from rulecore.ledger.make import Leaf, leaves_of
from rulecore.ledger.values import KINDS, Entry, Ledgers, RuleLedger
from rulecore.source import Place, display_width

INDENT: Final = "  "
WIDEST: Final = 64
"""Labels wider than this are cut: the whole formula stands in the explanation and in the JSON."""
Row = tuple[str, str, str, str]
"""What a line is, its amount, what that is made of, and where the policy says so."""


def ledgers_text(ledgers: Ledgers, language: Language) -> str:
    """Return a record's ledgers as text in ``language``, with a line feed after every line but the last."""
    return "\n".join(_Writer(language=language, ledgers=ledgers).all())


@frozen(kw_only=True)
class _Writer:
    language: Language
    ledgers: Ledgers

    def say(self, message: str, **values: object) -> str:
        return translate(message, self.language).format(**values)

    def all(self) -> Iterator[str]:
        ledgers = self.ledgers
        yield ledgers.entity + (f"  {ledgers.period}" if ledgers.period else "")
        if ledgers.policy is not None:
            policy = ledgers.policy
            yield f"{INDENT}{policy.title or policy.name} {policy.version}  ({policy.file} {policy.fingerprint[:12]})"
        if ledgers.source is not None:
            yield f"{INDENT}{self.place(ledgers.source)}"
        if ledgers.refused:
            yield ""
            yield self.say(N_("This record was not scored. It was refused:"))
            for fault in ledgers.refused:
                yield f"{INDENT}{fault.code.id} {fault.message(self.language)}"
            return
        leaves = leaves_of((ledger.name, ledger.entries) for ledger in ledgers.rules)
        for ledger in ledgers.roots():
            yield ""
            yield from self.root(ledger, leaves[ledger.name])

    def place(self, place: Place) -> str:
        sheet = self.say(N_(", sheet {sheet}"), sheet=place.sheet) if place.sheet else ""
        return place.file + sheet + self.say(N_(", row {row}"), row=place.line)

    def root(self, ledger: RuleLedger, leaves: list[Leaf]) -> Iterator[str]:
        yield self.heading(ledger)
        if ledger.value is None:
            if not ledger.missing:  # The branch that holds says so itself.
                yield INDENT + self.say(N_("not applicable"))
                return
            names = ", ".join(ledger.missing)
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
        value = ledger.shown or (value_text(ledger.value, self.language))
        where = " · ".join(part for part in (ledger.reference, self.declared(ledger.declared)) if part)
        brackets = f"（{where}）" if self.language == "zh" else f"({where})"
        return f"{ledger.label.of(self.language)} = {value}  {brackets}"

    def declared(self, place: Place | None) -> str:
        return "" if place is None else f"{place.file}:{place.line}"

    def tree(self, ledger: RuleLedger, depth: int) -> Iterator[Row]:
        """Yield a rule's lines, under each those of the rule that it takes in."""
        for entry in ledger.entries:
            yield self.row(entry, INDENT * depth)
            inner = self.ledgers.rule(entry.line.rule) if entry.line.rule else None
            if inner is not None:
                yield from self.tree(inner, depth + 1)
        total = self.say(N_("= {name}"), name=ledger.label.of(self.language))
        if len(ledger.entries) > 1:
            yield INDENT * depth + total, self.number(ledger.value or Fraction(0)), "", ""

    def row(self, entry: Entry, indent: str) -> Row:
        line = entry.line
        made = self.made_of(entry)
        where = " · ".join(part for part in (line.reference, self.declared(line.declared)) if part)
        return f"{indent}{self.label(entry)}", self.amount(entry), made, where

    def label(self, entry: Entry) -> str:
        kind, label = self.say(KINDS[entry.line.kind]), entry.line.label.of(self.language)
        if entry.line.kind in ("full_marks", "contribution", "cap", "floor", "rounding", "value"):
            return cut(label)
        return f"{cut(label)} ({kind})" if self.language == "en" else f"{cut(label)}（{kind}）"

    def amount(self, amount: Entry | Fraction) -> str:
        value = amount.amount if isinstance(amount, Entry) else amount
        if isinstance(amount, Entry) and amount.line.kind == "full_marks":
            return self.number(value)
        return ("+" if value >= 0 else "") + self.number(value)

    def number(self, value: Fraction) -> str:
        return number_text(value).replace("-", "−")

    def made_of(self, entry: Entry) -> str:
        """Return how an amount came about: (96.5 − 100) × 0.4."""
        if entry.value is None or not isinstance(entry.value, Fraction):
            return ""
        value = self.number(entry.value)
        if entry.factor is None:
            return f"× {value}" if entry.line.kind == "factor" else ""
        shown = f"({value} − {self.number(entry.marks)})" if entry.marks is not None else value
        if entry.factor == 1:
            return shown if entry.marks is not None else ""
        factor = self.number(entry.factor)
        return f"{shown} × {f'({factor})' if entry.factor < 0 else factor}"

    def of_rule(self, name: str, root: str) -> str:
        ledger = self.ledgers.rule(name)
        if ledger is None or name == root:
            return ""
        return ledger.label.of(self.language) + ("：" if self.language == "zh" else ": ")

    def flat(self, leaves: list[Leaf]) -> Iterator[Row]:
        """Yield the lines of all rules that are taken in, as they count here, with the balance after each."""
        balance = Fraction(0)
        for rule, entry, amount in leaves:
            balance += amount
            shown = amount if entry.line.kind != "full_marks" else None
            text = self.number(amount) if shown is None else self.amount(amount)
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
