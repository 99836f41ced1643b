"""The adjustments of a run as a sheet of its results, and as plain values for the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

from rulecore.adjustments.decision import Applied, Outcome
from rulecore.adjustments.reading import cell_text
from rulecore.adjustments.values import value_text
from rulecore.contracts import Sheet
from rulecore.language import N_, Language, translate

if TYPE_CHECKING:
    import polars as pl

IN_FORCE: Final = N_("in force")
REVOKED: Final = N_("revoked by {number}")
REVOKES: Final = N_("revokes {number}")

HEADERS: Final = (
    N_("decision number"),
    N_("policy"),
    N_("entity"),
    N_("period"),
    N_("detail row"),
    N_("what is adjusted"),
    N_("rule"),
    N_("computed value"),
    N_("adjusted value"),
    N_("state"),
    N_("reason"),
    N_("reference"),
    N_("decided by"),
    N_("decided on"),
    N_("first signature"),
    N_("second signature"),
    N_("article"),
    N_("remarks"),
    N_("file"),
    N_("sheet"),
    N_("row"),
)


def adjustment_sheets(outcome: Outcome | None, language: Language) -> Iterator[Sheet]:
    """Yield the sheet that lists every decision with what it made of its rule; none for a run without adjustments."""
    if outcome is None:
        return
    import polars as pl

    headers = [translate(header, language) for header in HEADERS]
    rows = [_row(one, language) for one in outcome.applied]
    columns = {header: [row[index] for row in rows] for index, header in enumerate(headers)}
    kinds: list[Literal["number", "text", "flag", "date"]] = ["text"] * len(HEADERS)
    kinds[-1] = "number"
    kinds[HEADERS.index("decided on")] = "date"
    frame: pl.DataFrame = pl.DataFrame(columns, schema=dict.fromkeys(headers, pl.String()))
    name = translate(N_("adjustments"), language)
    yield Sheet(name=name, headers=tuple(headers), kinds=tuple(kinds), frame=frame)


def _row(one: Applied, language: Language) -> list[str]:
    decision = one.decision
    signatures = (*decision.signatures, "", "")
    state = translate(IN_FORCE, language)
    computed, adjusted = (
        shown_value(one, adjusted=False, language=language),
        shown_value(one, language=language),
    )
    if one.revoked_by is not None:
        state = translate(REVOKED, language).format(number=one.revoked_by.number)
    elif decision.revokes:
        state = translate(REVOKES, language).format(number=decision.revokes)
    if not one.rule:  # nothing was applied
        computed = adjusted = ""
    return [
        decision.number,
        one.policy,
        one.entity,
        one.period,
        one.row_name,
        one.label,
        one.rule_label,
        computed,
        adjusted,
        state,
        decision.reason,
        decision.reference,
        decision.decided_by,
        decision.decided_on.isoformat() if decision.decided_on is not None else "",
        signatures[0],
        signatures[1],
        one.reference,
        decision.remarks,
        decision.place.file,
        decision.place.sheet,
        str(decision.place.line or ""),
    ]


def shown_value(one: Applied, *, adjusted: bool = True, language: Language) -> str:
    """Return the adjusted or the computed value as people read it."""
    value = one.adjusted if adjusted else one.computed
    if value is None:
        return translate(N_("not applicable"), language)
    if isinstance(value, bool):
        return translate(N_("yes") if value else N_("no"), language)
    return value_text(value, one.scale)


def decided(outcome: Outcome) -> dict[str, object]:
    """Return the adjustments of a run as plain values: the files with their hashes, and every effect."""
    return {
        "files": [dict(file) for file in outcome.files],
        "decisions": [
            {
                "number": one.decision.number,
                "adjustment": one.decision.adjustment,
                "policy": one.policy,
                "entity": one.entity,
                "period": one.period,
                "row": one.row_name,
                "rule": one.rule,
                "value": cell_text(one.decision.value),
                "computed": None if one.computed is None else value_text(one.computed, one.scale),
                "adjusted": None if one.adjusted is None else value_text(one.adjusted, one.scale),
                "revokes": one.decision.revokes,
                "revoked_by": one.revoked_by.number if one.revoked_by is not None else "",
            }
            for one in outcome.applied
        ],
    }
