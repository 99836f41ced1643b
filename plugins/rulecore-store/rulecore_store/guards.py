"""The triggers with which a database itself refuses that a store's rows are changed, taken out or put in out of order.

A migration makes them, and a check compares them with these texts: like migrations they are never edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rulecore_store.chain import START

_MESSAGE = "rulecore: what is stored is never changed"
_ORDER = "rulecore: rows come one after another"

_SQLITE_ORDER: Final[Mapping[str, str]] = {
    "blobs": "EXISTS (SELECT 1 FROM rulecore_blobs WHERE sha256 = NEW.sha256)",
    "parts": "EXISTS (SELECT 1 FROM rulecore_parts WHERE sha256 = NEW.sha256 AND part = NEW.part)",
    "runs": (
        "NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM rulecore_runs) "
        "OR EXISTS (SELECT 1 FROM rulecore_runs WHERE identifier = NEW.identifier)"
    ),
    "contents": (
        "EXISTS (SELECT 1 FROM rulecore_events WHERE run = NEW.run) "
        "OR EXISTS (SELECT 1 FROM rulecore_contents WHERE run = NEW.run AND name = NEW.name)"
    ),
    "events": (
        "NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM rulecore_events) "
        "OR NEW.previous IS NOT coalesce("
        f"(SELECT sha256 FROM rulecore_events ORDER BY number DESC LIMIT 1), '{START}') "
        "OR NEW.state IS NOT CASE (SELECT count(*) FROM rulecore_events WHERE run = NEW.run) "
        "WHEN 0 THEN 'draft' WHEN 1 THEN 'reviewed' WHEN 2 THEN 'published' WHEN 3 THEN 'sealed' END"
    ),
}


def _sqlite(table: str, kind: str, event: str, when: str, message: str) -> tuple[str, str]:
    name = f"rulecore_{table}_{kind}"
    condition = f" WHEN {when}" if when else ""
    body = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    return name, f"CREATE TRIGGER {name} BEFORE {event} ON rulecore_{table}{condition} {body}"


# INSERT OR REPLACE takes a row out without asking the trigger of DELETE: so rows that are there are refused too.
SQLITE_FIRST: Final[Mapping[str, str]] = dict(
    trigger
    for table, order in _SQLITE_ORDER.items()
    for trigger in (
        _sqlite(table, "kept", "UPDATE", "", _MESSAGE),
        _sqlite(table, "stays", "DELETE", "", _MESSAGE),
        _sqlite(table, "order", "INSERT", order, _ORDER),
    )
)
"""By name, the triggers of the first version of the tables in SQLite."""

_SQLITE_NEXT = (
    "NEW.one IS NOT OLD.one OR NEW.number IS NOT OLD.number + 1 "
    "OR NEW.sha256 IS NOT (SELECT sha256 FROM rulecore_events WHERE number = NEW.number)"
)
SQLITE_HEAD: Final[Mapping[str, str]] = dict(
    (
        _sqlite("head", "kept", "UPDATE", _SQLITE_NEXT, _ORDER),
        _sqlite("head", "stays", "DELETE", "", _MESSAGE),
        _sqlite("head", "order", "INSERT", "EXISTS (SELECT 1 FROM rulecore_head)", _ORDER),
    )
)
"""By name, the triggers of the head in SQLite: it moves to the next event, and nowhere else."""

_POSTGRESQL_BODIES: Final[Mapping[str, str]] = {
    "rulecore_refuse": f"BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'restrict_violation'; END",
    "rulecore_next_run": (
        "BEGIN IF NEW.number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM rulecore_runs) THEN "
        f"RAISE EXCEPTION '{_ORDER}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END"
    ),
    "rulecore_next_content": (
        "BEGIN IF EXISTS (SELECT 1 FROM rulecore_events WHERE run = NEW.run) THEN "
        f"RAISE EXCEPTION '{_ORDER}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END"
    ),
    "rulecore_next_event": (
        "BEGIN IF NEW.number IS DISTINCT FROM (SELECT coalesce(max(number), 0) + 1 FROM rulecore_events) "
        "OR NEW.previous IS DISTINCT FROM coalesce("
        f"(SELECT sha256 FROM rulecore_events ORDER BY number DESC LIMIT 1), '{START}') "
        "OR NEW.state IS DISTINCT FROM (CASE (SELECT count(*) FROM rulecore_events WHERE run = NEW.run) "
        "WHEN 0 THEN 'draft' WHEN 1 THEN 'reviewed' WHEN 2 THEN 'published' WHEN 3 THEN 'sealed' END) THEN "
        f"RAISE EXCEPTION '{_ORDER}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END"
    ),
    "rulecore_next_head": (
        "BEGIN IF NEW.one IS DISTINCT FROM OLD.one OR NEW.number IS DISTINCT FROM OLD.number + 1 "
        "OR NEW.sha256 IS DISTINCT FROM (SELECT sha256 FROM rulecore_events WHERE number = NEW.number) THEN "
        f"RAISE EXCEPTION '{_ORDER}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END"
    ),
}
FUNCTIONS_OF_HEAD: Final = ("rulecore_next_head",)


def functions(*, head: bool) -> Mapping[str, str]:
    """Return the bodies of the PostgreSQL functions by name: those of the head, or of the first version."""
    return {name: body for name, body in _POSTGRESQL_BODIES.items() if (name in FUNCTIONS_OF_HEAD) == head}


def create_function(name: str) -> str:
    """Return the statement that makes a function of a trigger."""
    body = f"$rulecore${_POSTGRESQL_BODIES[name]}$rulecore$"
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body}"


def _postgresql(table: str, kind: str, event: str, each: str, function: str) -> tuple[str, str]:
    name = f"rulecore_{table}_{kind}"
    text = f"CREATE TRIGGER {name} BEFORE {event} ON rulecore_{table} FOR EACH {each} EXECUTE FUNCTION {function}()"
    return name, text


_TABLES = ("blobs", "parts", "runs", "contents", "events")
POSTGRESQL_FIRST: Final[Mapping[str, str]] = dict(
    (
        *(_postgresql(table, "kept", "UPDATE OR DELETE", "ROW", "rulecore_refuse") for table in _TABLES),
        *(_postgresql(table, "whole", "TRUNCATE", "STATEMENT", "rulecore_refuse") for table in _TABLES),
        _postgresql("runs", "order", "INSERT", "ROW", "rulecore_next_run"),
        _postgresql("contents", "order", "INSERT", "ROW", "rulecore_next_content"),
        _postgresql("events", "order", "INSERT", "ROW", "rulecore_next_event"),
    )
)
"""By name, the triggers of the first version of the tables in PostgreSQL."""

POSTGRESQL_HEAD: Final[Mapping[str, str]] = dict(
    (
        _postgresql("head", "kept", "UPDATE", "ROW", "rulecore_next_head"),
        _postgresql("head", "stays", "INSERT OR DELETE", "ROW", "rulecore_refuse"),
        _postgresql("head", "whole", "TRUNCATE", "STATEMENT", "rulecore_refuse"),
    )
)
"""By name, the triggers of the head in PostgreSQL."""
