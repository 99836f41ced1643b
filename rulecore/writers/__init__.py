"""The built-in output formats, one a file."""

from typing import Final

from rulecore.contracts import Writer
from rulecore.writers import csv, json_lines, parquet

WRITERS: Final[tuple[Writer, ...]] = (csv.WRITER, json_lines.WRITER, parquet.WRITER)
