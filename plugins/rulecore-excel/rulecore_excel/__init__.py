"""Excel workbooks as rulecore input and output: a plugin of two hooks."""

from rulecore.contracts import Reader, Writer
from rulecore.markers import hookimpl

RULECORE_API = 1


@hookimpl
def rulecore_readers() -> tuple[Reader, ...]:
    """Give the reader of .xlsx and .xlsm."""
    from rulecore_excel.formats import READER

    return (READER,)


@hookimpl
def rulecore_writers() -> tuple[Writer, ...]:
    """Give the writer of .xlsx."""
    from rulecore_excel.formats import WRITER

    return (WRITER,)
