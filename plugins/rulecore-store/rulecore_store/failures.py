"""What a database says went wrong, as faults that say what it means and what to do. No password gets into them."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

from rulecore.errors import Code, Fault
from rulecore_store import codes
from rulecore_store.locations import Location, without_password

PATIENCE: Final = 30
"""Seconds to wait for another writer."""

_SQLITE: Final[tuple[tuple[str, Code], ...]] = (
    ("SQLITE_NOTADB", codes.NOT_A_DATABASE),
    ("SQLITE_FULL", codes.FULL),
    ("SQLITE_IOERR_WRITE", codes.FULL),
    ("SQLITE_BUSY", codes.BUSY),
    ("SQLITE_LOCKED", codes.BUSY),
    ("SQLITE_READONLY", codes.READ_ONLY),
    ("SQLITE_CANTOPEN", codes.NOT_ALLOWED),
    ("SQLITE_CORRUPT", codes.DAMAGED),
)
"""By how the name of SQLite's error begins."""

_POSTGRESQL: Final[tuple[tuple[str, Code], ...]] = (
    ("53100", codes.FULL),
    ("55P03", codes.BUSY),  # lock_timeout
    ("42501", codes.READ_ONLY),
    ("25006", codes.READ_ONLY),  # a standby, or a read-only database
    ("28", codes.LOGIN_REFUSED),
    ("3D000", codes.NO_DATABASE),
    ("XX001", codes.DAMAGED),
    ("XX002", codes.DAMAGED),
)
"""By how the SQLSTATE begins."""


def fault_of(error: DBAPIError, location: Location) -> Fault:
    """Return what a database's error means for a store."""
    original = error.orig
    reason = _reason(original or error)
    code = (
        _sqlite_code(original) if isinstance(original, sqlite3.Error) else _postgresql_code(original, reason)
    )
    values = {
        "store": location.shown,
        "reason": reason,
        "seconds": PATIENCE,
        "user": location.user or "—",
        "database": location.database or "—",
    }
    return Fault(code=code, values=values)


def is_lost(error: DBAPIError) -> bool:
    """Return whether the connection broke, so that nobody knows what the server made of the last statement."""
    state = _state(error.orig)
    # 08: the connection failed; 57P: the server was told to stop, or to break it off.
    return not isinstance(error.orig, sqlite3.Error) and (not state or state.startswith(("08", "57P")))


def _sqlite_code(error: sqlite3.Error) -> Code:
    name = getattr(error, "sqlite_errorname", "") or ""
    return next((code for beginning, code in _SQLITE if name.startswith(beginning)), codes.FAILED)


def _postgresql_code(error: object, reason: str) -> Code:
    state = _state(error)
    if state:
        return next((code for beginning, code in _POSTGRESQL if state.startswith(beginning)), codes.FAILED)
    # While it connects libpq gives words only; a server says these in English until it knows the language.
    words = reason.lower()
    if "password" in words or "authentication" in words or "pg_hba.conf" in words or "role " in words:
        return codes.LOGIN_REFUSED
    if "database " in words and "does not exist" in words:
        return codes.NO_DATABASE
    return codes.UNREACHABLE


def _state(error: object) -> str:
    return str(getattr(error, "sqlstate", None) or "")


def _reason(error: BaseException) -> str:
    """Return the first line of a message that says anything, on one line and without passwords."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return without_password(lines[0]) if lines else type(error).__name__
