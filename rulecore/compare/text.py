"""A comparison as people read it: what differs in the policies, who moves and why, transitions, sums, effects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from rulecore.compare.lines import (
    INDENT,
    cause_text,
    line_text,
    shown,
    shown_in,
    signed,
    table_lines,
)
from rulecore.compare.values import (
    Difference,
    Effect,
    Mixed,
    Money,
    Moved,
    RecordDifference,
    RowDifference,
    Unpaired,
)
from rulecore.language import N_, Language, translate

MOST_RECORDS: Final = 50
"""How many records are shown one by one unless more are asked for; data files hold all."""


def difference_text(found: Difference, language: Language, most: int = MOST_RECORDS) -> str:
    """Return a comparison as text; ``most`` is how many records are shown one by one (0: all)."""
    return "\n".join(_Writer(found=found, language=language, most=most).all())


@frozen(kw_only=True)
class _Writer:
    found: Difference
    language: Language
    most: int

    def say(self, message: str, **values: object) -> str:
        return translate(message, self.language).format(**values)

    def all(self) -> Iterator[str]:
        found = self.found
        yield self.say(N_("old: {side}"), side=found.old)
        yield self.say(N_("new: {side}"), side=found.new)
        changed = len(found.records)
        counts = {"compared": found.compared, "changed": changed, "same": found.compared - changed}
        yield self.say(N_("{compared} records compared: {changed} differ, {same} do not"), **counts)
        if found.lines:
            yield ""
            yield self.say(N_("what differs in the policy"))
            for line in found.lines:
                yield INDENT + line_text(line)
        yield from self.one_sided(found.only_old, N_("only in the old results"))
        yield from self.one_sided(found.only_new, N_("only in the new results"))
        shown_records = found.records[: self.most] if self.most else found.records
        for record in shown_records:
            yield ""
            yield from self.record(record)
        if len(found.records) > len(shown_records):
            yield ""
            more = len(found.records) - len(shown_records)
            yield self.say(
                N_("… and {count} more records: --most 0 shows all, --output writes all"), count=more
            )
        yield from self.transitions()
        yield from self.money()
        yield from self.effects()
        if not found.with_causes and found.records:
            yield ""
            yield self.say(
                N_("results files hold no rules, so why is not said: compare policies with --records")
            )

    def one_sided(self, records: tuple[Unpaired, ...], message: str) -> Iterator[str]:
        if not records:
            return
        yield ""
        yield self.say(message)
        for item in records[: self.most or None]:
            refused = self.say(N_(" (the other side refused it)")) if item.refused else ""
            yield f"{INDENT}{item.entity}{INDENT if item.period else ''}{item.period}{refused}"
        if self.most and len(records) > self.most:
            yield INDENT + self.say(N_("{count} more"), count=len(records) - self.most)

    def record(self, record: RecordDifference) -> Iterator[str]:
        ripple = self.say(N_("moved by others alone")) if record.ripple else ""
        yield INDENT.join(part for part in (record.entity, record.period, record.policy, ripple) if part)
        yield from self.moved(record, "")
        yield from self.record_effects(record)
        for row in record.rows:
            yield from self.row(row)

    def moved(self, record: RecordDifference | RowDifference, before: str) -> Iterator[str]:
        """Yield the rules that moved, and because of what."""
        several = len(record.causes) > 1
        rows = []
        for moved in record.moved:
            by = signed(moved.difference, moved.rule.scale)
            rows.append((moved.rule.label, self.change(moved), by, self.because(moved) if several else ""))
        for line in table_lines(("", "", "", ""), rows, texts=2):
            if line:
                yield before + line
        for number, cause in enumerate(record.causes, start=1):
            mark = f"[{number}] " if several else ""
            yield before + INDENT + self.say(N_("because of ")) + mark + cause_text(cause, self.language)

    def row(self, row: RowDifference) -> Iterator[str]:
        """Yield what differs in a detail row, indented below its record."""
        name = row.row or self.say(N_("row {number}"), number=row.after or row.before)
        status = ""
        if row.before is None:
            status = self.say(N_("only in the new records"))
        elif row.after is None:
            status = self.say(N_("only in the old records"))
        yield INDENT + INDENT.join(part for part in (f"{row.label} {name}", status) if part)
        yield from self.moved(row, INDENT)

    def change(self, moved: Moved) -> str:
        before, after = (shown_in(moved.rule, value, self.language) for value in (moved.before, moved.after))
        return f"{before} → {after}"

    def because(self, moved: Moved) -> str:
        return " ".join(f"[{index + 1}]" for index in moved.because)

    def record_effects(self, record: RecordDifference) -> Iterator[str]:
        if record.effects:
            headers = ("", *map(self.say, EFFECT_HEADERS))
            yield from table_lines(headers, [self.effect(effect) for effect in record.effects], texts=1)
        for mixed in record.mixed:
            yield INDENT + self.mixed(mixed)

    def effect(self, effect: Effect) -> tuple[str, ...]:
        numbers = (effect.total, effect.policy, effect.performance, effect.order)
        return (effect.rule.label, *(signed(number, effect.rule.scale) or "0" for number in numbers))

    def mixed(self, mixed: Mixed) -> str:
        def value(of: object) -> str:
            return shown_in(mixed.rule, of, self.language)  # type: ignore[arg-type]

        return self.say(
            N_("{rule}: {before} → {after}; new policy alone {policy}, new records alone {records}"),
            rule=mixed.rule.label,
            before=value(mixed.old_old),
            after=value(mixed.new_new),
            policy=value(mixed.new_old),
            records=value(mixed.old_new),
        )

    def transitions(self) -> Iterator[str]:
        for table in self.found.transitions:
            yield ""
            yield self.say(N_("{rule}: from (rows) to (columns)"), rule=table.rule.label)
            names = [shown(value, self.language) for value in table.values]
            rows = [
                (name, *(str(count) if count else "·" for count in counts), str(sum(counts)))
                for name, counts in zip(names, table.counts, strict=True)
            ]
            sums = [sum(column) for column in zip(*table.counts, strict=True)]
            total = self.say(N_("total"))
            rows.append((total, *map(str, sums), str(sum(sums))))
            yield from table_lines(("", *names, total), rows, texts=1)

    def money(self) -> Iterator[str]:
        if not self.found.money:
            return
        yield ""
        yield self.say(N_("sums"))
        headers = ("", *map(self.say, MONEY_HEADERS))
        yield from table_lines(headers, [self.sum_of(money) for money in self.found.money], texts=1)

    def sum_of(self, money: Money) -> tuple[str, ...]:
        scale = money.rule.scale
        return (
            money.rule.label,
            shown(money.before, self.language, scale),
            shown(money.after, self.language, scale),
            signed(money.after - money.before, scale),
            signed(money.gained, scale),
            str(money.risen),
            signed(-money.lost, scale),
            str(money.fallen),
            str(money.one_sided),
        )

    def effects(self) -> Iterator[str]:
        if not self.found.effects:
            return
        yield ""
        yield self.say(
            N_(
                "effects summed over the records: of both orders of change the mean (Shapley), adding up exactly"
            )
        )
        headers = ("", *map(self.say, (*EFFECT_HEADERS, N_("records"), N_("without"))))
        rows = [
            (
                item.rule.label,
                *(
                    signed(number, item.rule.scale)
                    for number in (item.policy + item.performance, item.policy, item.performance, item.order)
                ),
                str(item.records),
                str(item.without),
            )
            for item in self.found.effects
        ]
        yield from table_lines(headers, rows, texts=1)


EFFECT_HEADERS: Final = (N_("difference"), N_("policy"), N_("performance"), N_("order"))
MONEY_HEADERS: Final = (
    N_("old sum"),
    N_("new sum"),
    N_("difference"),
    N_("gained"),
    N_("by records"),
    N_("lost"),
    N_("by records"),
    N_("on one side only"),
)
