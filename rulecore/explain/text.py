"""An explanation as text that a clerk reads: plain lines, aligned, each number with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.errors import Fault
from rulecore.explain.adjusted import adjustment_lines
from rulecore.explain.numbers import number_text, value_text
from rulecore.explain.text_rows import RowWords, listed
from rulecore.explain.text_standings import StandingWords
from rulecore.explain.values import (
    Alternative,
    ExplainedEarlier,
    ExplainedField,
    ExplainedRounding,
    ExplainedRule,
    ExplainedStep,
    ExplainedTable,
    ExplainedValue,
    Explanation,
    Words,
)
from rulecore.expr import nodes
from rulecore.expr.earlier import FOUND, MERGED, NONE, REFUSED, UNKNOWN
from rulecore.expr.words import formula
from rulecore.language import N_, Language, translate
from rulecore.numbers import decimal_scale, format_number
from rulecore.source import Place, display_width

INDENT: Final = "  "
LONGEST_QUOTIENT: Final = 16
"""A quotient longer than this (1140/13 has 7 characters) is shown by its decimals only."""
WIDEST: Final = 72
"""Alternatives wider than this are not lined up: the numbers would stand too far from them."""
STANDINGS: Final = {
    NONE: N_("no record"),
    MERGED: N_("not known: the entity was made of several"),
    REFUSED: N_("not known: the record was refused"),
    UNKNOWN: N_("not known: there is no history"),
}
DECISIONS: Final = {"taken": N_("yes"), "not_met": N_("no"), "unknown": N_("unknown"), "not_reached": "—"}


def explanation_text(explanation: Explanation, language: Language) -> str:
    """Return an explanation as text in ``language``, with a line feed after every line but the last."""
    return "\n".join(_Writer(language=language, entity=explanation.entity).explanation(explanation))


@frozen(kw_only=True)
class _Writer:
    """Says the parts of an explanation in one language; ``entity`` is the record it is of."""

    language: Language
    entity: str

    def say(self, message: str, **values: object) -> str:
        return translate(message, self.language).format(**values)

    def of(self, words: Words) -> str:
        return words.of(self.language)

    @property
    def comma(self) -> str:
        return "，" if self.language == "zh" else ", "

    # --- the whole ------------------------------------------------------------------------------------------

    def explanation(self, explanation: Explanation) -> Iterator[str]:
        yield from self.head(explanation)
        if explanation.refused:
            yield from self.refused(explanation)
            return
        yield ""
        yield self.say(N_("Input"))
        yield from self.fields(explanation.fields)
        yield from self.earlier(explanation.earlier)
        for rule in explanation.rules:
            yield ""
            yield from self.rule(rule)
        for table in explanation.tables:
            yield from self.table(table)

    def earlier(self, periods: Sequence[ExplainedEarlier]) -> Iterator[str]:
        """Yield for each earlier period that was looked at what was read of it, and where it stands."""
        if not periods:
            return
        yield ""
        yield self.say(N_("Earlier periods"))
        for item in periods:
            said = self.say(STANDINGS.get(item.standing, item.standing))
            if item.standing == FOUND:
                said = self.comma.join(
                    f"{self.of(label)} {value_text(value, self.language)}"
                    for _name, label, value in item.values
                )
            source = f" ({item.source})" if item.source else ""
            yield f"{INDENT}{item.period}{INDENT}{said}{source}"

    @property
    def row_words(self) -> RowWords:
        return RowWords(language=self.language, exact=self.exact, literal=self.literal)

    @property
    def standing_words(self) -> StandingWords:
        return StandingWords(
            language=self.language, entity=self.entity, exact=self.exact, literal=self.literal
        )

    def table(self, table: ExplainedTable) -> Iterator[str]:
        """Yield the rows of a detail table: their cells as a grid, then the rules of each."""
        words = self.row_words
        yield ""
        yield from words.grid(table, self.field_value)
        for row in listed(table):
            if row.rules:
                yield ""
                yield words.heading(table, row)
                for index, rule in enumerate(row.rules):
                    yield from ([""] if index else [])
                    yield from (f"{INDENT}{line}" for line in self.rule(rule))
            for below in row.tables:
                yield from (f"{INDENT}{line}" if line else line for line in self.table(below))

    def head(self, explanation: Explanation) -> Iterator[str]:
        yield explanation.entity + (f"  {explanation.period}" if explanation.period else "")
        yield from self.rows(self.about(explanation))

    def about(self, explanation: Explanation) -> list[tuple[str, str]]:
        """Return what an explanation is of: policy, scorers, and the row of the record."""
        rows: list[tuple[str, str]] = []
        policy = explanation.policy
        if policy is not None:
            name = policy.title or policy.name
            rows.append(
                (self.say(N_("policy")), f"{name} {policy.version}{self.reference(policy.reference)}")
            )
            rows.append((self.say(N_("policy file")), f"{policy.file} ({policy.fingerprint[:12]})"))
            rows += [(self.say(N_("scorers from")), str(origin)) for origin in policy.origins]
        if explanation.source is not None:
            rows.append((self.say(N_("record")), self.source(explanation.source)))
        return rows

    def source(self, place: Place) -> str:
        sheet = self.say(N_(", sheet {sheet}"), sheet=place.sheet) if place.sheet else ""
        row = self.say(N_(", row {row}"), row=place.line)
        return place.file + sheet + row

    def refused(self, explanation: Explanation) -> Iterator[str]:
        yield ""
        yield self.say(N_("This record was not scored. It was refused:"))
        for fault, places in alike(explanation.refused, self.language):
            where = f" ({self.comma.join(map(self.source, places))})" if places else ""
            yield f"{INDENT}{fault.code.id} {fault.message(self.language)}{where}"
            advice = fault.advice(self.language)
            if advice:
                yield f"{INDENT}{INDENT}= {advice}"

    def fields(self, fields: Iterable[ExplainedField]) -> Iterator[str]:
        yield from self.rows([(self.of(item.label), self.field_value(item)) for item in fields])

    def field_value(self, item: ExplainedField) -> str:
        text = value_text(item.value, self.language)
        if item.flag_words is not None and isinstance(item.value, bool):
            text = item.flag_words[0 if item.value else 1]
        percent = item.percent and isinstance(item.value, Fraction)
        if percent and isinstance(item.value, Fraction):
            text = f"{format_number(item.value * 100)}% = {text}"
        return text + self.reference(item.reference)

    def rows(self, rows: Iterable[tuple[str, str]], indent: str = INDENT) -> Iterator[str]:
        """Yield two columns, the second one aligned."""
        listed = list(rows)
        width = max((display_width(left) for left, _right in listed), default=0)
        for left, right in listed:
            yield f"{indent}{left}{' ' * (width - display_width(left))}  {right}".rstrip()

    def reference(self, reference: str) -> str:
        return (
            f"  ({reference})"
            if reference and self.language == "en"
            else f"（{reference}）"
            if reference
            else ""
        )

    # --- one rule -------------------------------------------------------------------------------------------

    def rule(self, rule: ExplainedRule) -> Iterator[str]:
        where = self.where(rule)
        brackets = f"（{where}）" if self.language == "zh" else f"({where})"
        yield f"{self.title(rule)}  {brackets}"
        yield from self.blocks(self.said(rule))

    def title(self, rule: ExplainedRule) -> str:
        """Return what a rule is called and its value."""
        value = rule.shown or value_text(rule.value, self.language) or self.say(N_("(empty)"))
        return f"{self.of(rule.label)} = {value}"

    def where(self, rule: ExplainedRule) -> str:
        """Return the article and the line of the policy that a rule stands in."""
        return " · ".join(part for part in (rule.reference, f"{rule.place.file}:{rule.place.line}") if part)

    def said(self, rule: ExplainedRule) -> list[tuple[str, list[str]]]:
        """Return all there is to say of a rule: headings, each with its lines."""
        return [
            (N_("formula"), list(self.formula(rule))),
            (N_("where"), [self.step(step) for step in rule.steps]),
            (N_("decision"), list(self.judgements(rule))),
            (N_("in numbers"), list(self.numbers(rule))),
            (
                N_("rounding done"),
                [
                    self.rounding(item)
                    for item in rule.roundings
                    if item.outermost or item.before != item.after
                ],
            ),
            (
                N_("adjusted"),
                [line for item in rule.adjustments for line in adjustment_lines(item, self.language)],
            ),
            (N_("ranking"), [line for item in rule.standings for line in self.standing_words.standing(item)]),
            (
                N_("shown as"),
                # That a whole number is shown with two decimals is no news.
                [
                    self.rounding(item)
                    for item in (rule.shown_rounding,)
                    if item and item.before != item.after
                ],
            ),
            (
                N_("detail rows"),
                [line for item in rule.aggregates for line in self.row_words.aggregate(item)],
            ),
            (N_("parameters"), list(self.parameters(rule))),
            (N_("issue"), list(self.issues(rule))),
            (N_("remarks"), [rule.note] if rule.note else []),
            (N_("scorer"), [f"{rule.name}: {rule.scorer} ({rule.origin})"]),
        ]

    def blocks(self, blocks: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
        """Yield headings with their lines beside them, all lines of all blocks aligned."""
        headed = [(self.say(heading), lines) for heading, lines in blocks if lines]
        width = max(display_width(heading) for heading, _lines in headed)
        for heading, lines in headed:
            left = heading + " " * (width - display_width(heading))
            for line in lines:
                yield f"{INDENT}{left}  {line}"
                left = " " * width

    def formula(self, rule: ExplainedRule) -> Iterator[str]:
        """Yield the formula, unless the rule is one decision: its alternatives say it line by line."""
        if not rule.is_decision:
            yield self.of(rule.short)

    def numbers(self, rule: ExplainedRule) -> Iterator[str]:
        reduced, value = self.of(rule.reduced), self.exact(rule.unrounded)
        if reduced not in (value, self.literal(rule.unrounded)):
            yield f"{reduced} = {value}"

    def step(self, step: ExplainedStep) -> str:
        written = [] if step.is_decision else [self.of(step.formula)]
        parts = [*(written or [self.of(step.substituted)]), self.of(step.substituted), self.exact(step.value)]
        if parts[1] in (parts[0], self.literal(step.value)):
            del parts[1]
        if parts[0] in (parts[-1], self.literal(step.value)):
            del parts[0]
        return " = ".join((self.of(step.label), *(bracketed(part) for part in parts)))

    def rounding(self, item: ExplainedRounding) -> str:
        after = self.literal(item.after)
        if isinstance(item.after, Fraction):
            after = number_text(item.after, item.scale).replace("-", "−")
        name = f"{self.of(item.of)}{self.colon} " if item.of else ""
        return f"{name}{self.exact(item.before)} → {after}  {self.of(item.mode)}"

    def judgements(self, rule: ExplainedRule) -> Iterator[str]:
        for number, judgement in enumerate(rule.judgements):
            if judgement.of:
                yield f"{self.of(judgement.of)}{self.colon}"
            elif number:
                yield self.say(N_("and then:"))
            yield from self.alternatives(judgement.alternatives)

    @property
    def colon(self) -> str:
        return "：" if self.language == "zh" else ":"

    def alternatives(self, alternatives: Sequence[Alternative]) -> Iterator[str]:
        """Yield a line for each alternative: whether it holds, what it says, and the numbers in it."""
        rows = [
            (self.say(DECISIONS[item.decision]), self.alternative(item), self.of(item.substituted))
            for item in alternatives
        ]
        decided = max(display_width(decision) for decision, _said, _numbers in rows)
        widths = [display_width(said) for _decision, said, _numbers in rows]
        width = max((found for found in widths if found <= WIDEST), default=0)
        for (decision, said, numbers), found, item in zip(rows, widths, alternatives, strict=True):
            left = f"{decision}{' ' * (decided - display_width(decision))}  {said}"
            # A condition that is a flag says no more with its value than the decision does.
            plain = numbers in (self.literal(True), self.literal(False))
            shown = item.decision != "not_reached" and numbers and not plain
            padding = " " * max(width - found, 0)
            yield f"{left}{padding}  [{numbers}]" if shown else left

    def alternative(self, item: Alternative) -> str:
        condition = self.of(item.condition) or self.say(N_("otherwise"))
        label = self.of(item.label)
        gives = self.of(item.gives)
        if item.nested and item.decision == "taken":
            gives = self.say(N_("see below"))
        elif item.nested and label:
            return f"{condition} → {label}"
        return f"{condition} → {gives}" + (
            f" ({label})" if label and self.language == "en" else f"（{label}）" if label else ""
        )

    # --- the rest -------------------------------------------------------------------------------------------

    def parameters(self, rule: ExplainedRule) -> Iterator[str]:
        for parameter in rule.parameters:
            values = self.comma.join(self.exact(value) for value in parameter.values)
            place = (
                f"  ({parameter.place.file}:{parameter.place.line})" if parameter.place is not None else ""
            )
            yield f"{self.of(parameter.label)} = {values}{place}"

    def issues(self, rule: ExplainedRule) -> Iterator[str]:
        for issue in rule.issues:
            yield f"{issue.code.id} {issue.message(self.language)}"
            advice = issue.advice(self.language)
            if advice:
                yield f"= {advice}"

    def exact(self, value: ExplainedValue) -> str:
        """Return a value with all its digits; an endless one as a quotient and its first digits."""
        text = self.literal(value)
        if isinstance(value, Fraction) and decimal_scale(value) is None:
            quotient = format_number(value)
            if len(quotient) <= LONGEST_QUOTIENT:
                return f"{quotient} = {number_text(value)}".replace("-", "−")
        return text

    def literal(self, value: ExplainedValue) -> str:
        """Return a value as formulas write it."""
        match value:
            case Fraction():
                return number_text(value).replace("-", "−")
            case str() | bool():
                return formula(nodes.Literal(value), self.language)
            case _:
                return value_text(value, self.language)


def alike(faults: Iterable[Fault], language: Language) -> list[tuple[Fault, list[Place]]]:
    """Return faults that say the same once, each with all its places: a record may be refused with many rows."""
    found: dict[tuple[str, str], tuple[Fault, list[Place]]] = {}
    for fault in faults:
        _first, places = found.setdefault((fault.code.id, fault.message(language)), (fault, []))
        places += [fault.place] if fault.place is not None else []
    return list(found.values())


def bracketed(text: str) -> str:
    """Return a formula in brackets where it is a choice: what stands after it would seem to belong to it."""
    return f"({text})" if text.startswith(("如果 ", "if ")) else text
