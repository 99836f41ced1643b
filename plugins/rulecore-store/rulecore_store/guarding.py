"""Whether the triggers of a store are as they were made: part of ``rulecore history check``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from rulecore.errors import Fault
from rulecore_store import codes, guards


def guard_faults(connection: Connection) -> Iterator[Fault]:
    """Yield the triggers that are not as they were made."""
    if connection.dialect.name == "sqlite":
        wanted = {**guards.SQLITE_FIRST, **guards.SQLITE_HEAD}
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = {name: sql for name, sql in rows if name.startswith("rulecore_")}
    else:
        wanted = {**guards.POSTGRESQL_FIRST, **guards.POSTGRESQL_HEAD}
        wanted |= {**guards.functions(head=False), **guards.functions(head=True)}
        found = _in_postgresql(connection, wanted)
    for name in sorted({*wanted, *found}):
        if wanted.get(name) != found.get(name):
            yield Fault(code=codes.GUARD_MISSING, values={"guard": name})


def _in_postgresql(connection: Connection, wanted: Mapping[str, str]) -> dict[str, str]:
    rows = connection.exec_driver_sql(
        "SELECT tgname, replace(pg_get_triggerdef(t.oid), n.nspname || '.', '') AS made, tgenabled "
        "FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE NOT tgisinternal AND n.nspname = current_schema() AND starts_with(tgname, 'rulecore_')"
    ).all()
    found = {name: made for name, made, enabled in rows if enabled == "O"}
    # PostgreSQL writes the events of a trigger in an order of its own.
    for name, made in found.items():
        turned = made.replace("DELETE OR UPDATE", "UPDATE OR DELETE")
        found[name] = turned if turned == wanted.get(name) else made
    bodies = connection.exec_driver_sql(
        "SELECT proname, prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname = current_schema() AND starts_with(proname, 'rulecore_')"
    )
    return found | {row.proname: row.prosrc for row in bodies}
