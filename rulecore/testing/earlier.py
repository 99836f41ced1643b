"""The history of a case: records of earlier periods as the results of those periods would show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rulecore.contracts import RawTable
from rulecore.declarations import Scalar
from rulecore.history.mapping import entity_mapping
from rulecore.history.reading import Reading
from rulecore.history.run import History
from rulecore.history.sealed import Sealed, SealedPolicy
from rulecore.plan.earlier import reads_earlier, shown_whole
from rulecore.planned import Plan
from rulecore.testing.cases import Case
from rulecore.testing.names import PlanNames

Unknown = Callable[[int, str, Sequence[str]], None]
"""Notes a key of a row of the history that names nothing: the row, the key, what there is."""


def case_history(
    case: Case, plans: Sequence[PlanNames], file: str, given: RawTable | None, unknown: Unknown
) -> History:
    """Return the history that a case gives its policies; ``given`` is the file it names, if it names one.

    Raises :class:`rulecore.errors.InputError` for a mapping that cannot be read.
    """
    from rulecore.records.frames import raw_table

    mapping = entity_mapping([raw_table(list(case.mapping), file)] if case.mapping else [])
    sealed: list[Sealed] = []
    for names in plans:
        plan = names.plan
        if not reads_earlier(plan):
            continue
        table = given
        if table is None and not isinstance(case.history, str) and case.history:
            rows = [_row(names, row, index, unknown) for index, row in enumerate(case.history)]
            headers = _headers(plan)
            table = raw_table([{**dict.fromkeys(headers), **row} for row in rows], file)
        if table is not None:
            policy = SealedPolicy(name=plan.policy.policy.name)
            sealed.append(Sealed(file=file, table=table, policies=(policy,)))
    return History(sealed=tuple(sealed), mapping=mapping, stated=True)


def _headers(plan: Plan) -> list[str]:
    """Return the headers of what a plan reads from earlier periods."""
    record = plan.policy.record
    fields = {item.name: item.header for item in plan.fields}
    found = [fields[name] for name in (record.entity, *record.key, record.period)]
    for name in Reading(plan=plan).names:
        column = shown_whole(plan.columns, name)
        if column is not None:
            found.append(column.header)
    return found


def _row(names: PlanNames, row: Mapping[str, Scalar], index: int, unknown: Unknown) -> dict[str, Scalar]:
    plan = names.plan
    record = plan.policy.record
    identity = (record.entity, *record.key, record.period)
    found: dict[str, Scalar] = {}
    for key, value in row.items():
        field, target = names.field(key), names.target(key)
        column = None if target is None else shown_whole(plan.columns, target.step)
        if field is not None and field.name in identity:
            found[field.header] = value
        elif column is not None:
            found[column.header] = value
        else:
            unknown(index, key, [*_headers(plan), *Reading(plan=plan).names])
    return found
