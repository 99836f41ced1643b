"""An explanation as Markdown, to be printed and handed out: what stands in cells and labels is never markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rulecore.explain.text import _Writer
from rulecore.explain.text_rows import listed
from rulecore.explain.values import ExplainedField, ExplainedRule, ExplainedTable, Explanation
from rulecore.language import N_, Language

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_BLANKS: Final = re.compile(r"\s*[\r\n]+\s*| {2,}")
_BULLET: Final = re.compile(r"^([-+=])(?=[\s=-]|$)")
_NUMBER: Final = re.compile(r"^(\d+)([.)])(?=\s|$)")


def explanation_markdown(explanation: Explanation, language: Language) -> str:
    """Return an explanation as Markdown in ``language``, with a line feed after every line."""
    writer = _Writer(language=language, entity=explanation.entity)
    return "\n".join(_Page(writer).lines(explanation)) + "\n"


def escaped(text: str) -> str:
    """Return a text as Markdown shows it literally, on one line."""
    plain = _BLANKS.sub("  ", text).strip()
    marked = _MARKUP.sub(r"\\\1", plain)
    return _NUMBER.sub(r"\1\\\2", _BULLET.sub(r"\\\1", marked)).replace("  ", " &ensp;")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Yield a Markdown table; the columns ``right`` are aligned to the right. Its cells are Markdown already."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "|".join("---:" if index in right else "---" for index in range(len(head))) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"


class _Page:
    def __init__(self, writer: _Writer) -> None:
        self.writer = writer

    def lines(self, explanation: Explanation) -> Iterator[str]:
        say = self.writer.say
        period = f" {explanation.period}" if explanation.period else ""
        yield f"# {escaped(explanation.entity + period)}"
        yield ""
        about = self.writer.about(explanation)
        yield from (f"- **{escaped(name)}** {escaped(text)}" for name, text in about)
        if explanation.refused:
            yield from self.refused(explanation)
            return
        yield ""
        yield f"## {say(N_('Input'))}"
        yield ""
        yield from self.fields(explanation.fields)
        earlier = list(self.writer.earlier(explanation.earlier))
        if earlier:
            yield ""
            yield f"## {escaped(earlier[1])}"
            yield ""
            yield from (f"- {escaped(line)}" for line in earlier[2:])
        for rule in explanation.rules:
            yield from self.rule(rule, "##")
        for below in explanation.tables:
            yield from self.rows(below, "##")

    def refused(self, explanation: Explanation) -> Iterator[str]:
        _blank, first, *rest = self.writer.refused(explanation)
        yield ""
        yield f"**{escaped(first)}**"
        yield ""
        yield from (f"- {escaped(line)}" for line in rest)

    def fields(self, fields: Iterable[ExplainedField]) -> Iterator[str]:
        words = self.writer
        head = [words.say(N_("column")), words.say(N_("value"))]
        yield from table(
            head, ([escaped(words.of(item.label)), escaped(words.field_value(item))] for item in fields)
        )

    def rule(self, rule: ExplainedRule, level: str) -> Iterator[str]:
        """Yield a rule under a heading: each thing that is said of it, its lines below."""
        yield ""
        yield f"{level} {escaped(self.writer.title(rule))}"
        yield ""
        yield f"*{escaped(self.writer.where(rule))}*"
        yield ""
        for heading, said in self.writer.said(rule):
            if len(said) == 1:
                yield f"- **{escaped(self.writer.say(heading))}** {escaped(said[0])}"
            elif said:
                yield f"- **{escaped(self.writer.say(heading))}**"
                yield from (f"    - {escaped(line)}" for line in said)

    def rows(self, below: ExplainedTable, level: str) -> Iterator[str]:
        """Yield the rows of a detail table: their cells, then the rules of each."""
        words = self.writer.row_words
        rows = listed(below)
        yield ""
        yield f"{level} {escaped(next(iter(words.grid(below, self.writer.field_value))))}"
        yield ""
        if rows:
            head = ["", *(escaped(self.writer.of(item.label)) for item in rows[0].fields)]
            cells = (
                [
                    escaped(words.place(row)),
                    *(escaped(self.writer.field_value(item)) for item in row.fields),
                ]
                for row in rows
            )
            yield from table(head, cells)
        if len(rows) < len(below.rows):
            yield ""
            yield escaped(words.say(N_("… and {count} more rows"), count=len(below.rows) - len(rows)))
        for row in rows:
            if row.rules:
                yield ""
                yield f"{level}# {escaped(words.heading(below, row))}"
                for rule in row.rules:
                    yield from self.rule(rule, f"{level}##")
            for inner in row.tables:
                yield from self.rows(inner, f"{level}##")
