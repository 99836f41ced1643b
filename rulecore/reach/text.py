"""What it would take as text: each input with its smallest change, what comes of it, and who is displaced."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from attrs import frozen

from rulecore.explain.numbers import number_text, value_text
from rulecore.explain.values import ExplainedValue, Rival, Standing
from rulecore.language import N_, Language, translate
from rulecore.reach.make import OTHER_TEXT
from rulecore.reach.values import Change, InputAnswer, Reach
from rulecore.source import display_width

INDENT: Final = "  "
MOST_NAMED: Final = 5
"""How many displaced records are named."""


def reach_text(found: Reach, language: Language) -> str:
    """Return what it would take as people read it, with a line feed after every line but the last."""
    return "\n".join(_Writer(language=language).all(found))


@frozen(kw_only=True)
class _Writer:
    language: Language

    def say(self, message: str, **values: object) -> str:
        return translate(message, self.language).format(**values)

    def all(self, found: Reach) -> Iterator[str]:
        yield found.entity + (f"  {found.period}" if found.period else "")
        label, current = found.label.of(self.language), self.value(found.current)
        yield INDENT + self.say(
            N_("{rule} is {value}; wanted: {target}"), rule=label, value=current, target=found.target
        )
        if found.reached_already:
            yield INDENT + self.say(N_("this is reached already"))
        for edge in found.edges:
            yield from self.edge(edge, found.entity)
        if found.answers:
            yield ""
            yield self.say(N_("one input changed, all else as it is, the least effort first"))
            yield from self.answers(found)
        elif not found.reached_already:
            yield ""
            yield self.say(N_("it depends on no input of this record that may change"))

    def answers(self, found: Reach) -> Iterator[str]:
        rows = [(self.label(answer), self.answer(answer)) for answer in found.answers]
        width = max(display_width(label) for label, _said in rows)
        for answer, (label, said) in zip(found.answers, rows, strict=True):
            yield f"{INDENT}{label}{' ' * (width - display_width(label))}  {said}"
            if answer.change is not None and answer.change.displaced:
                yield f"{INDENT}{' ' * width}  {self.displaced(answer.change)}"
                for edge in answer.change.edges:
                    for line in self.edge(edge, found.entity):
                        yield f"{INDENT}{' ' * width}{line}"

    def label(self, answer: InputAnswer) -> str:
        """Return what an input is called, with the row that it stands in."""
        label = answer.label.of(self.language)
        if not answer.table:
            return label
        row = answer.row or self.say(N_("row {number}"), number=answer.row_number)
        return f"{answer.table_label} {row} · {label}"

    def answer(self, answer: InputAnswer) -> str:
        change = answer.change
        if change is not None:
            said = f"{self.value(change.before)} → {self.value(change.after)}"
            if change.difference is not None:
                sign = "+" if change.difference > 0 else ""
                steps = self.say(
                    N_("{count} steps of {step}"), count=change.steps, step=self.value(answer.step)
                )
                said += f"  ({sign}{self.value(change.difference)}, {steps})"
            return f"{said}  ⇒ {self.value(change.outcome)}"
        match answer.status:
            case "cannot" if answer.coarse and answer.step is not None:
                return self.say(
                    N_("cannot reach it alone in steps of {step}, up to the ends of what it may be"),
                    step=self.value(answer.step),
                )
            case "cannot":
                return self.say(N_("cannot reach it alone, whatever its value"))
            case "undecided" if answer.step is None:
                return self.say(N_("not decided: not every text could be tried"))
            case "undecided":
                return self.say(
                    N_("not decided: {count} steps do not reach it, more were not looked at"),
                    count=answer.searched,
                )
            case _:
                return self.say(N_("not applicable now, so no change of it has a size"))

    def displaced(self, change: Change) -> str:
        named = [
            self.say(
                N_("{entity}: {before} → {after}"),
                entity=other.entity,
                before=self.value(other.before),
                after=self.value(other.after),
            )
            for other in change.displaced[:MOST_NAMED]
        ]
        more = len(change.displaced) - len(named)
        if more > 0:
            named.append(self.say(N_("{count} more"), count=more))
        separator = "；" if self.language == "zh" else "; "
        return self.say(N_("others change too: {others}"), others=separator.join(named))

    def edge(self, edge: Standing, entity: str) -> Iterator[str]:
        """Yield who stands on either side of a quota's edge, and how far this record is from them."""
        for message, rivals in (
            (N_("places {places}: the last within is {rival}"), edge.last_in),
            (N_("places {places}: the first beyond is {rival}"), edge.first_out),
        ):
            for rival in rivals[:1]:
                said = self.say(message, places=edge.edge, rival=rival.entity)
                if rival.entity != entity:
                    said += self.margin(edge, rival)
                yield INDENT + said

    def margin(self, edge: Standing, rival: Rival) -> str:
        """Return the first key in which a rival differs from the record, and by how much."""
        for (label, own), other in zip(edge.keys, rival.keys, strict=True):
            if own != other:
                by = ""
                if isinstance(own, Fraction) and isinstance(other, Fraction):
                    by = self.say(N_(", a difference of {by}"), by=self.value(abs(own - other)))
                return self.say(
                    N_(" ({label} {theirs} against {own}{by})"),
                    label=label.of(self.language),
                    theirs=self.value(other),
                    own=self.value(own),
                    by=by,
                )
        return ""

    def value(self, value: ExplainedValue) -> str:
        if value == OTHER_TEXT:
            return self.say(N_("any other text"))
        if isinstance(value, Fraction):
            return number_text(value).replace("-", "−")
        return value_text(value, self.language)
