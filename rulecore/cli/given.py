"""What :func:`rulecore.cli.frame.records_options` gives a command, and the evaluation that is asked for with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from rulecore.cli.frame import table_files

if TYPE_CHECKING:
    from datetime import date

    from rulecore.api import PolicySet
    from rulecore.results import Results


class RecordsGiven(TypedDict):
    """The parameters that ``records_options`` adds to a command."""

    records: tuple[str, ...]
    table: tuple[tuple[str, str], ...]
    history: tuple[str, ...]
    mapping: tuple[str, ...]
    results: tuple[str, ...]
    adjustments: tuple[str, ...]
    engine: str
    sheet: str
    encoding: str
    as_of: date | None


def evaluate_given(policies: PolicySet, given: RecordsGiven) -> Results:
    """Return the results of the policies for the records that were given; raises InputError.

    Raises UsageError for an engine that takes runs as a whole: its results are files, not at hand.
    """
    from rulecore.codes.engines import RESULTS_NOT_AT_HAND
    from rulecore.errors import Fault, UsageError

    if policies.engine(given["engine"]).whole is not None:
        raise UsageError([Fault(code=RESULTS_NOT_AT_HAND, values={"engine": given["engine"]})])
    return policies.evaluate(
        list(given["records"]),
        tables=table_files(given["table"]),
        history=list(given["history"]) or None,
        mapping=given["mapping"],
        results=given["results"],
        adjustments=given["adjustments"],
        engine=given["engine"],
        sheet=given["sheet"],
        encoding=given["encoding"],
        as_of=given["as_of"],
    )
