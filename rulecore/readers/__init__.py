"""The built-in input formats, one a file."""

from typing import Final

from rulecore.contracts import Reader
from rulecore.readers import csv, json_lines, parquet

READERS: Final[tuple[Reader, ...]] = (csv.READER, json_lines.READER, parquet.READER)
