"""Which columns the rows of detail tables have: their fields, and what says which record they belong to."""

from __future__ import annotations

from attrs import evolve

from rulecore.planned import Plan, PlannedField, PlannedTable


def tables_in_file(plan: Plan) -> tuple[PlannedTable, ...]:
    """Return the tables whose rows stand in the records' own file, parents first."""
    return tuple(table for table in plan.tables if table.declaration.source == "records")


def tables_apart(plan: Plan) -> tuple[PlannedTable, ...]:
    """Return the tables with sources of their own, parents first."""
    return tuple(table for table in plan.tables if table.declaration.source == "table")


def file_fields(plan: Plan) -> tuple[PlannedField, ...]:
    """Return the fields in the records' own file; those of tables that stand there are named TABLE.FIELD."""
    found = [*plan.fields]
    for table in tables_in_file(plan):
        found += [evolve(item, name=f"{table.name}.{item.name}") for item in table.plan.fields]
    return tuple(found)


def plain_fields(plan: Plan) -> tuple[PlannedField, ...]:
    """Return what :func:`file_fields` returns, under the fields' own names, which headers may be."""
    return (*plan.fields, *(item for table in tables_in_file(plan) for item in table.plan.fields))


def key_fields(plan: Plan, table: PlannedTable) -> tuple[PlannedField, ...]:
    """Return the columns of a table of its own that say which record its rows belong to."""
    known = {planned.name: planned for planned in plan.fields}
    for other in plan.tables:
        known |= {planned.name: planned for planned in other.plan.fields}
    return tuple(
        evolve(
            known[name],
            name=f"#key:{name}",
            header=header,
            declaration=evolve(known[name].declaration, aliases=()),
        )
        for name, header in zip(table.identity, table.headers, strict=True)
    )
