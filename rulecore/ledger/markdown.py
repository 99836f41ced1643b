"""A record's ledgers as Markdown, to be printed and handed out."""

from __future__ import annotations

from collections.abc import Iterator

from rulecore.explain.markdown import escaped, table
from rulecore.language import N_, Language
from rulecore.ledger.make import leaves_of
from rulecore.ledger.text import Row, _Writer
from rulecore.ledger.values import Ledgers, RuleLedger, TableLedgers, roots_of

STEP = "· "
"""Stands before a line for each level that it lies below its rule's own lines."""


def ledgers_markdown(ledgers: Ledgers, language: Language) -> str:
    """Return a record's ledgers as Markdown in ``language``, with a line feed after every line."""
    return "\n".join(_lines(ledgers, _Writer(language=language))) + "\n"


def _lines(ledgers: Ledgers, writer: _Writer) -> Iterator[str]:
    title, *about = writer.head(ledgers)
    yield f"# {escaped(title)}"
    yield ""
    yield from (f"- {escaped(line)}" for line in about)
    if ledgers.refused:
        yield ""
        yield f"**{escaped(writer.say(N_('This record was not scored. It was refused:')))}**"
        yield ""
        yield from (
            f"- {escaped(f'{fault.code.id} {fault.message(writer.language)}')}" for fault in ledgers.refused
        )
        return
    yield from _roots(ledgers.rules, writer.among(ledgers.rules, ledgers.labels, ledgers.values), "##")
    for below in ledgers.tables:
        yield from _table(below, writer, "##")


def _roots(rules: tuple[RuleLedger, ...], writer: _Writer, level: str) -> Iterator[str]:
    leaves = leaves_of((ledger.name, ledger.entries) for ledger in rules)
    for ledger in roots_of(rules):
        yield ""
        yield f"{level} {escaped(writer.heading(ledger))}"
        yield ""
        if ledger.value is None:
            yield from (escaped(line) for line in list(writer.root(ledger, leaves[ledger.name]))[1:])
            continue
        head = [writer.say(word) for word in (N_("line"), N_("amount"), N_("made of"), N_("stated in"))]
        yield from table(head, map(_cells, writer.tree(ledger, 0)), right=(1,))
        if ledger.reasons:
            yield ""
            yield f"**{escaped(writer.say(N_('what cost most')))}**"
            yield ""
            for number, reason in enumerate(ledger.reasons, start=1):
                said = writer.of_rule(reason.rule, ledger.name) + writer.label(reason.entry)
                yield f"{number}. {escaped(said)}: {escaped(writer.amount(reason.amount))}"


def _cells(row: Row) -> list[str]:
    label, *others = row
    depth = (len(label) - len(label.lstrip(" "))) // 2
    return [STEP * depth + escaped(label), *map(escaped, others)]


def _table(below: TableLedgers, writer: _Writer, level: str) -> Iterator[str]:
    shown = writer.listed(below)
    for row in shown:
        if row.rules:
            yield ""
            yield f"{level} {escaped(writer.called(below, row))}"
            own = writer.among(row.rules, below.labels, row.values)
            yield from _roots(row.rules, own, f"{level}#")
        for inner in row.tables:
            yield from _table(inner, writer, f"{level}#")
    if len(shown) < len(below.rows):
        yield ""
        yield escaped(writer.say(N_("… and {count} more rows"), count=len(below.rows) - len(shown)))
