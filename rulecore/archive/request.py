"""What a run was asked: the policy, the inputs and the options, as a value that goes into JSON and comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import frozen

if TYPE_CHECKING:
    from rulecore.cli.given import RecordsGiven

REQUEST_VERSION: Final = 1
INPUTS: Final = ("records", "history", "mapping", "results", "adjustments")
"""The options that take files one after the other; detail tables have a name each."""
LONGEST_OPTION: Final = 1_000
"""No option and no file name of a request is longer, in characters."""


@frozen(kw_only=True)
class InputFile:
    """One input of a run: what it is called in results and messages, and where an archive holds it.

    ``file`` is the path as it was given (``<stdin>`` for standard input); ``content`` the name of the archive's
    content, empty as long as the run is not archived.
    """

    file: str
    content: str = ""


@frozen(kw_only=True)
class ReportFile:
    """A report that a run wrote: which one, and the name of its file."""

    report: str
    file: str


@frozen(kw_only=True)
class RunRequest:
    """What a run was asked for: everything but the bytes of its inputs.

    ``policy`` is the path of the policy or policy set; ``documents`` all files that it consists of, bases included,
    and ``plugins`` the plugin files, both filled when a run is archived. ``tables`` are the files of detail tables by
    name. ``output`` is the file name that results are written under, ``reports`` further files written beside them.
    """

    policy: InputFile
    documents: tuple[InputFile, ...] = ()
    records: tuple[InputFile, ...] = ()
    tables: tuple[tuple[str, tuple[InputFile, ...]], ...] = ()
    history: tuple[InputFile, ...] = ()
    mapping: tuple[InputFile, ...] = ()
    results: tuple[InputFile, ...] = ()
    adjustments: tuple[InputFile, ...] = ()
    engine: str = "columnar"
    sheet: str = ""
    encoding: str = ""
    as_of: date | None = None
    plugins_dir: str = ""
    plugins: tuple[InputFile, ...] = ()
    output: str = "results.csv"
    reports: tuple[ReportFile, ...] = ()

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """All files with data that the run reads: records, tables, and what it is given from elsewhere."""
        tables = (file for _name, files in self.tables for file in files)
        return (*self.records, *tables, *(file for role in INPUTS[1:] for file in getattr(self, role)))

    def document(self) -> dict[str, object]:
        """Return the request as plain values, ready to be written as JSON."""
        return {
            "request": REQUEST_VERSION,
            "policy": _plain(self.policy),
            "documents": [_plain(file) for file in self.documents],
            **{role: [_plain(file) for file in getattr(self, role)] for role in INPUTS},
            "tables": [{"name": name, "files": [*map(_plain, files)]} for name, files in self.tables],
            "engine": self.engine,
            "sheet": self.sheet,
            "encoding": self.encoding,
            "as_of": self.as_of.isoformat() if self.as_of is not None else None,
            "plugins_dir": self.plugins_dir,
            "plugins": [_plain(file) for file in self.plugins],
            "output": self.output,
            "reports": [{"report": item.report, "file": item.file} for item in self.reports],
        }

    def to_json(self) -> bytes:
        """Return the request as JSON text, the same bytes for the same request."""
        return (json.dumps(self.document(), ensure_ascii=False, indent=2) + "\n").encode()

    @classmethod
    def from_json(cls, text: bytes) -> RunRequest:
        """Return the request that JSON text states; raises ValueError with a sentence where it states none."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"the request is no JSON: {error}") from None
        return _request(_table(found, "the request"))


def request_of(
    policy: Path | str,
    given: RecordsGiven,
    *,
    plugins_dir: Path | str | None = None,
    output: str = "results.csv",
    reports: Iterable[str] = (),
) -> RunRequest:
    """Return what the command line asked for.

    ``given`` are the options that :func:`rulecore.cli.frame.records_options` adds; ``output`` the path of the results
    (its file name counts; ``-`` and nothing at all mean ``results.csv``), ``reports`` are as given to ``--report``.
    """
    from rulecore.sources import STANDARD_INPUT, STANDARD_INPUT_NAME, shown_name

    def files(locations: Iterable[str]) -> tuple[InputFile, ...]:
        names = (STANDARD_INPUT_NAME if item == STANDARD_INPUT else shown_name(item) for item in locations)
        return tuple(InputFile(file=name) for name in names)

    tables: dict[str, tuple[InputFile, ...]] = {}
    for name, file in given["table"]:
        tables[name] = (*tables.get(name, ()), *files((file,)))
    parts = (report.partition("=") for report in reports)
    return RunRequest(
        policy=InputFile(file=str(policy)),
        records=files(given["records"]),
        tables=tuple(tables.items()),
        history=files(given["history"]),
        mapping=files(given["mapping"]),
        results=files(given["results"]),
        adjustments=files(given["adjustments"]),
        engine=given["engine"],
        sheet=given["sheet"],
        encoding=given["encoding"],
        as_of=given["as_of"],
        plugins_dir=str(plugins_dir) if plugins_dir is not None else "",
        output=Path(output).name if output not in ("", "-") else "results.csv",
        reports=tuple(ReportFile(report=name, file=Path(file).name) for name, _equals, file in parts),
    )


def _plain(file: InputFile) -> dict[str, str]:
    return {"file": file.file, "content": file.content}


# --- from JSON: what comes in is not trusted ------------------------------------------------------------------------


def _request(found: Mapping[str, object]) -> RunRequest:
    if found.get("request") != REQUEST_VERSION:
        raise ValueError(f"requests of version {found.get('request')} are not known here")
    keys = {"request", "policy", "documents", *INPUTS, "tables", "engine", "sheet", "encoding", "as_of"}
    keys |= {"plugins_dir", "plugins", "output", "reports"}
    if set(found) != keys:
        different = ", ".join(sorted(set(found) ^ keys))
        raise ValueError(f"the request has other keys than it should: {different}")
    as_of = found["as_of"]
    return RunRequest(
        policy=_file(found["policy"], "policy"),
        documents=_files(found["documents"], "documents"),
        tables=tuple(_detail_table(item) for item in _list(found["tables"], "tables")),
        engine=_text(found["engine"], "engine"),
        sheet=_text(found["sheet"], "sheet"),
        encoding=_text(found["encoding"], "encoding"),
        as_of=date.fromisoformat(_text(as_of, "as_of")) if as_of is not None else None,
        plugins_dir=_text(found["plugins_dir"], "plugins_dir"),
        plugins=_files(found["plugins"], "plugins"),
        output=_text(found["output"], "output"),
        reports=tuple(_report(item) for item in _list(found["reports"], "reports")),
        **{role: _files(found[role], role) for role in INPUTS},
    )


def _detail_table(value: object) -> tuple[str, tuple[InputFile, ...]]:
    table = _table(value, "a table", {"name", "files"})
    return _text(table["name"], "name"), _files(table["files"], "files")


def _report(value: object) -> ReportFile:
    table = _table(value, "a report", {"report", "file"})
    return ReportFile(report=_text(table["report"], "report"), file=_text(table["file"], "file"))


def _files(value: object, name: str) -> tuple[InputFile, ...]:
    return tuple(_file(item, name) for item in _list(value, name))


def _file(value: object, name: str) -> InputFile:
    table = _table(value, name, {"file", "content"})
    return InputFile(file=_text(table["file"], "file"), content=_text(table["content"], "content"))


def _table(value: object, name: str, keys: set[str] | None = None) -> Mapping[str, object]:
    if not isinstance(value, dict) or (keys is not None and set(value) != keys):
        raise ValueError(f"{name} of the request is not written as it should be")
    return value


def _list(value: object, name: str) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{name} of the request is no list")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_OPTION or not is_text(value):
        raise ValueError(f"{name} of the request is no text, or too long")
    return value


def is_text(value: str) -> bool:
    """Return whether a string of a JSON document is text: half characters can be escaped there, and NUL."""
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value)
