"""Entities that were renamed or merged: the mapping file, and what a name of an earlier period stands for today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import field, frozen

from rulecore.codes import history as codes
from rulecore.contracts import RawTable
from rulecore.errors import Fault, InputError
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.records.characters import fold_header, trim
from rulecore.records.period_steps import Step, period_step
from rulecore.source import Place

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "old": ("old", "旧", "旧名称", "原名称", "旧编码", "原编码"),
    "new": ("new", "新", "新名称", "新编码"),
    "from": ("from", "自", "起始期", "生效期"),
}


@frozen(kw_only=True)
class Renaming:
    """``old`` is called ``new`` from a period on (None: for all earlier periods)."""

    old: str
    new: str
    since: Step | None = None

    def holds_before(self, step: Step) -> bool:
        """Whether a record of a period under the old name belongs to the new one."""
        return self.since is None or (self.since[0] == step[0] and step[1] < self.since[1])


@frozen(kw_only=True)
class EntityMapping:
    """What entities of earlier periods are called today; ``merged`` are those made of several."""

    renamings: tuple[Renaming, ...] = ()
    by_old: Mapping[str, tuple[Renaming, ...]] = field(factory=dict, repr=False)
    merged: frozenset[str] = frozenset()

    def today(self, entity: str, step: Step) -> str:
        """Return what an entity of a period is called today."""
        while True:
            found = next((item for item in self.by_old.get(entity, ()) if item.holds_before(step)), None)
            if found is None:
                return entity
            entity = found.new


NOBODY_RENAMED: Final = EntityMapping()
"""The mapping of a run without one."""


def entity_mapping(tables: Sequence[RawTable]) -> EntityMapping:
    """Return the mapping that some tables state.

    Raises :class:`rulecore.errors.InputError` for rows that cannot be read, an entity that becomes two, and circles.
    """
    faults: list[Fault] = []
    renamings: list[Renaming] = []
    for table in tables:
        renamings += _read(table, faults)
    by_old: dict[str, list[Renaming]] = {}
    for item in renamings:
        by_old.setdefault(item.old, []).append(item)
    place = Place(file=tables[0].file) if tables else None
    for old, items in by_old.items():
        items.sort(key=lambda item: item.since[1] if item.since is not None else -1)
        if len({item.since for item in items}) < len({(item.since, item.new) for item in items}):
            values = {"row": old, "reason": phrase(N_("one entity cannot become several"))}
            faults.append(Fault(code=codes.MAPPING_ROW, values=values, place=place))
    for old in by_old:
        circle = _circle(old, by_old)
        if circle and old == min(circle):
            shown = " → ".join((*circle, circle[0]))
            reason = phrase(N_("the names lead in a circle: {circle}"), circle=shown)
            faults.append(Fault(code=codes.MAPPING_ROW, values={"row": old, "reason": reason}, place=place))
    if faults:
        raise InputError(faults)
    olds: dict[str, set[str]] = {}
    for item in renamings:
        olds.setdefault(item.new, set()).add(item.old)
    return EntityMapping(
        renamings=tuple(renamings),
        by_old={old: tuple(items) for old, items in by_old.items()},
        merged=frozenset(new for new, names in olds.items() if len(names) > 1),
    )


def _circle(start: str, by_old: Mapping[str, Sequence[Renaming]]) -> tuple[str, ...]:
    """Return the names through which a name leads back to itself, by renamings that may hold at the same time."""
    for first in by_old[start]:
        path, entity, since = [start], first.new, first.since
        while entity not in path:
            path.append(entity)
            # A name may be used again later: A → B from 2020 and B → A from 2022 is no circle.
            after = [
                item
                for item in by_old.get(entity, ())
                if since is None or item.since is None or item.since[1] <= since[1]
            ]
            if not after:
                break
            entity, since = after[0].new, after[0].since
        else:
            if entity == start:
                return tuple(path)
    return ()


def _read(table: RawTable, faults: list[Fault]) -> list[Renaming]:
    folded = [fold_header(header) for header in table.headers]
    places = {
        name: next((folded.index(fold_header(word)) for word in words if fold_header(word) in folded), None)
        for name, words in COLUMNS.items()
    }

    def fault(row: int, reason: Phrase) -> None:
        place = Place(file=table.file, sheet=table.sheet, line=row)
        faults.append(Fault(code=codes.MAPPING_ROW, values={"row": row, "reason": reason}, place=place))

    if places["old"] is None or places["new"] is None:
        fault(1, phrase(N_("it has no columns old and new")))
        return []
    found: list[Renaming] = []
    for cells, row in zip(table.frame.rows(), table.rows.to_list(), strict=True):
        texts = {
            name: trim(str(cells[at])) if at is not None and cells[at] is not None else ""
            for name, at in places.items()
        }
        if not any(texts.values()):
            continue
        since = period_step(texts["from"]) if texts["from"] else None
        if not texts["old"] or not texts["new"]:
            fault(row, phrase(N_("a name is missing")))
        elif texts["from"] and since is None:
            fault(row, phrase(N_("{period} is no period"), period=texts["from"]))
        elif texts["old"] == texts["new"]:
            fault(row, phrase(N_("{name} is mapped to itself"), name=texts["old"]))
        else:
            found.append(Renaming(old=texts["old"], new=texts["new"], since=since))
    return found
