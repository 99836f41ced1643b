"""Where a store is: a SQLite file or a database on a PostgreSQL server, and how to name it without its password."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal

from attrs import field, frozen
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from rulecore.errors import Fault, InputError
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore_store import codes

Kind = Literal["sqlite", "postgresql"]
HIDDEN: Final = "***"
_CREDENTIALS = re.compile(r"(?<=://)([^/@\s:]*):[^@\s]*@")
_SECRET_OPTION = re.compile(r"(?i)((?:ssl)?password|passfile|service)=[^&\s]*")


@frozen(kw_only=True)
class Location:
    """A place of a store. ``shown`` is how messages name it: never with a password."""

    kind: Kind
    shown: str
    path: Path | None = None
    url: URL | None = field(default=None, repr=False)

    @property
    def user(self) -> str:
        """Whom the server is told it is; empty if the URL does not say."""
        return (self.url.username or "") if self.url is not None else ""

    @property
    def database(self) -> str:
        """The name of the database on its server; empty if the URL does not say."""
        return (self.url.database or "") if self.url is not None else ""


def without_password(text: str) -> str:
    """Return a text with the passwords of all URLs and options in it hidden."""
    return _SECRET_OPTION.sub(rf"\1={HIDDEN}", _CREDENTIALS.sub(rf"\1:{HIDDEN}@", text))


def read_location(given: str) -> Location:
    """Return what a person wrote as the place of a store. Raises :class:`rulecore.errors.InputError`."""
    scheme, separator, rest = given.partition("://")
    if not separator:
        return _file(given, given)
    if scheme.lower() == "sqlite":
        # sqlite:///results.db is beside us, sqlite:////srv/results.db begins at the root, as SQLAlchemy has it.
        return _file(rest.removeprefix("/"), given)
    try:
        url = make_url(given).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise _unfit(without_password(given), N_("it is not written as a URL")) from None
    # Options may hold passwords and keys: none of them is shown.
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return Location(kind="postgresql", url=url, shown=shown.render_as_string())


def _file(path: str, given: str) -> Location:
    if not path or "\0" in path:
        raise _unfit(given, N_("it names no file"))
    return Location(kind="sqlite", path=Path(path), shown=path)


def _unfit(shown: str, reason: str) -> InputError:
    return InputError([Fault(code=codes.UNFIT_LOCATION, values={"store": shown, "reason": phrase(reason)})])
