"""The records of a run as Spark DataFrames whose rows know their place: Parquet files, folders of them, DataFrames."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from attrs import field, frozen

from rulecore.codes.inputs import NO_FILE, UNREADABLE_COLUMN
from rulecore.errors import Fault, InputError
from rulecore.source import Place
from rulecore_spark.codes import NO_PARQUET, NOT_FOR_SPARK, PARTITIONED
from rulecore_spark.shipment import Source

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

NAME: Final = "records"
"""What stands for the file in messages about the rows of a DataFrame, as for other frames."""

READ: Final = {
    # What a cluster's settings may say otherwise: no file is skipped, and days long ago are what they are.
    "ignoreCorruptFiles": "false",
    "ignoreMissingFiles": "false",
    "mergeSchema": "false",
    "datetimeRebaseMode": "CORRECTED",
    "int96RebaseMode": "CORRECTED",
}


@frozen(kw_only=True)
class Group:
    """Tables with the same columns as one DataFrame: ``#table``, ``#row`` and the cells.

    ``offsets`` is there for DataFrames only: how many rows stand before each partition's, and how many it has.
    """

    source: Source
    frame: DataFrame = field(eq=False)
    offsets: Mapping[int, tuple[int, int]] | None = None


@frozen(kw_only=True)
class Inputs:
    """All records: their groups, the files by number, and how many rows each has."""

    session: SparkSession = field(eq=False)
    groups: tuple[Group, ...]
    files: tuple[str, ...]
    rows: tuple[int, ...]
    local: tuple[Path, ...] = ()
    """The files, where this program can read them itself."""

    @property
    def rows_in(self) -> int:
        """How many rows there are."""
        return sum(self.rows)


def inputs_of(records: object) -> Inputs:
    """Return records as inputs. Raises :class:`rulecore.errors.InputError` for what Spark cannot read exactly."""
    if type(records).__name__ == "DataFrame" and type(records).__module__.startswith("pyspark.sql."):
        return from_frame(records)
    paths = [records] if isinstance(records, str | os.PathLike) else records
    if (
        not isinstance(paths, Sequence)
        or not paths
        or not all(isinstance(path, str | os.PathLike) for path in paths)
    ):
        kind = f"{type(records).__module__}.{type(records).__qualname__}".removeprefix("builtins.")
        raise InputError([Fault(code=NOT_FOR_SPARK, values={"found": kind})])
    return from_paths([os.fspath(path) for path in paths])


def from_frame(frame: DataFrame) -> Inputs:
    """Return a DataFrame's rows, numbered in the order of its partitions."""
    from pyspark.sql import functions

    session = frame.sparkSession
    _refuse_columns(frame.schema, NAME)
    counted = frame.groupBy(functions.spark_partition_id().alias("p")).count().collect()
    counts = {int(row["p"]): int(row["count"]) for row in counted}
    offsets: dict[int, tuple[int, int]] = {}
    before = 0
    for partition in sorted(counts):
        offsets[partition] = (before, counts[partition])
        before += counts[partition]
    headers = tuple(frame.columns)
    named = frame.toDF(*(f"r{place}" for place in range(len(headers))))
    # The number within its partition is in the lower 33 bits.
    place = functions.monotonically_increasing_id().bitwiseAND(functions.lit(2**33 - 1))
    numbered = named.select(functions.lit(0).alias("t"), place.alias("n"), *named.columns)
    source = Source(headers=headers, files={0: NAME}, universal=False)
    group = Group(source=source, frame=numbered, offsets=offsets)
    return Inputs(session=session, groups=(group,), files=(NAME,), rows=(before,))


def from_paths(paths: Sequence[str]) -> Inputs:
    """Return the rows of Parquet files, in the order given; those of a folder in the order of their names."""
    from rulecore_spark.session import session

    refused = [_refused(path) for path in paths]
    faults = [fault for fault in refused if fault is not None]
    if faults:
        raise InputError(faults)
    spark = session()
    files: list[str] = []
    for path in paths:
        files += _files(spark, path)
    schemas = _schemas(spark, files)
    for file, schema in zip(files, schemas, strict=True):
        _refuse_columns(schema, file)
    rows = _row_counts(spark, files)
    groups: list[Group] = []
    alike: dict[str, list[int]] = {}
    for number, schema in enumerate(schemas):
        alike.setdefault(schema.json(), []).append(number)
    for numbers in alike.values():
        groups.append(_group(spark, files, numbers, schemas[numbers[0]]))
    shown = tuple(_shown(file) for file in files)
    local = tuple(Path(path) for path in map(_local, files) if path is not None)
    return Inputs(session=spark, groups=tuple(groups), files=shown, rows=tuple(rows), local=local)


def _refused(path: str) -> Fault | None:
    """Return why a path cannot be read, as far as that can be told without Spark."""
    place = Place(file=path)
    suffix = Path(path).suffix.lower()
    local = _local(path)
    if local is not None and not os.path.exists(local):
        return Fault(code=NO_FILE, values={"file": path}, place=place)
    if local is not None and not os.path.isdir(local) and suffix != ".parquet":
        return Fault(code=NOT_FOR_SPARK, values={"found": path}, place=place)
    if local is not None and os.path.isdir(local):
        names = (name for _folder, folders, _files in os.walk(local) for name in folders)
        column = next((name for name in names if "=" in name and name[0] not in "._"), None)
        if column is not None:
            return Fault(code=PARTITIONED, values={"path": path, "column": column}, place=place)
    return None


def _local(path: str) -> str | None:
    """Return the path on this machine's file system, None for one on another."""
    parts = urlsplit(path)
    if parts.scheme == "file":
        return path.removeprefix("file:").removeprefix("//")
    return path if not parts.scheme or len(parts.scheme) == 1 else None


def _shown(file: str) -> str:
    """Return a file as messages name it: relative to the current folder where it lies below it."""
    local = _local(file)
    if local is None:
        return file
    try:
        return Path(local).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return local


def _files(spark: SparkSession, path: str) -> list[str]:
    """Return the Parquet files of a path in the order of their names."""
    local = _local(path)
    if local is None:
        found = sorted(map(unquote, spark.read.options(**READ).parquet(path).inputFiles()))
    elif os.path.isdir(local):
        found = sorted(
            f"file://{Path(folder, name).absolute()}"
            for folder, folders, names in os.walk(local)
            if not any(part[0] in "._" for part in Path(folder).relative_to(local).parts)
            for name in names
            if name[0] not in "._" and name.endswith(".parquet")
        )
    else:
        found = [f"file://{Path(local).absolute()}"]
    if not found:
        raise InputError([Fault(code=NO_PARQUET, values={"path": path}, place=Place(file=path))])
    return found


def _schemas(spark: SparkSession, files: Sequence[str]) -> list[StructType]:
    """Return the columns of each file: files of one folder need not have the same."""

    def schema(file: str) -> StructType:
        return spark.read.options(**READ).parquet(_unglobbed(file)).schema

    if len(files) == 1:
        return [schema(files[0])]
    alike: dict[str, StructType] = {}
    found: list[StructType] = []
    if all(_local(file) is not None for file in files):
        # Footers are read here, and Spark is asked once for each kind of them.
        for file in files:
            known = _footer(file)
            if known not in alike:
                alike[known] = schema(file)
            found.append(alike[known])
        return found
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(schema, files))


def _footer(file: str) -> str:
    import pyarrow.parquet

    metadata = pyarrow.parquet.read_metadata(_local(file))
    return (
        f"{metadata.schema}\n{(metadata.metadata or {}).get(b'org.apache.spark.sql.parquet.row.metadata')!r}"
    )


def _row_counts(spark: SparkSession, files: Sequence[str]) -> list[int]:
    import pyarrow.parquet

    if all(_local(file) is not None for file in files):
        return [pyarrow.parquet.read_metadata(_local(file)).num_rows for file in files]

    def count(file: str) -> int:
        return int(spark.read.options(**READ).parquet(_unglobbed(file)).count())

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(count, files))


def _group(spark: SparkSession, files: Sequence[str], numbers: Sequence[int], schema: StructType) -> Group:
    from pyspark.sql import functions

    headers = tuple(schema.names)
    paths = [files[number] for number in numbers]
    read = spark.read.options(**READ).parquet(*map(_unglobbed, paths))
    # Files are told apart by a hash of their names: eight bytes a row instead of the name.
    hashes = _hashes(spark, paths)
    hidden = (
        functions.xxhash64(functions.col("_metadata.file_path")),
        functions.col("_metadata.row_index"),
    )
    named = read.select("*", *hidden).toDF(*(f"r{place}" for place in range(len(headers))), "t", "n")
    if len(paths) == 1:
        frame = named.select(functions.lit(numbers[0]).alias("t"), "n", *named.columns[:-2])
    else:
        pairs = [(hashes[path], number) for path, number in zip(paths, numbers, strict=True)]
        known = spark.createDataFrame(pairs, "t long, number int")
        joined = named.join(functions.broadcast(known), "t")
        frame = joined.select(functions.col("number").alias("t"), "n", *named.columns[:-2])
    source = Source(headers=headers, files={number: _shown(files[number]) for number in numbers})
    return Group(source=source, frame=frame)


def _hashes(spark: SparkSession, paths: Sequence[str]) -> dict[str, int]:
    """Return Spark's own hash of the name that it gives each file."""
    from pyspark.sql import functions

    if len(paths) == 1:
        return {paths[0]: 0}
    names = (
        spark.read.options(**READ)
        .parquet(*map(_unglobbed, paths))
        .select(functions.col("_metadata.file_path").alias("f"))
        .distinct()
        .select("f", functions.xxhash64("f").alias("h"))
        .collect()
    )
    by_name = {_normal(unquote(str(row["f"]))): int(row["h"]) for row in names}
    if len(set(by_name.values())) < len(by_name):
        raise InputError([Fault(code=NOT_FOR_SPARK, values={"found": ", ".join(paths[:3])})])
    return {path: by_name.get(_normal(path), number) for number, path in enumerate(paths)}


def _normal(name: str) -> str:
    """Return a file's name as it can be compared: Spark writes file:/a and file:///a."""
    return _local(name) or name


def _unglobbed(name: str) -> str:
    """Return a file's name as Spark takes it for that name and no pattern."""
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", name)


def _refuse_columns(schema: StructType, file: str) -> None:
    """Raise for columns that are not flat, as the reader of Parquet does."""
    flat = {"string", "boolean", "date", "timestamp", "timestamp_ntz", "byte", "short", "integer", "long"}
    flat |= {"float", "double", "void", "decimal", "char", "varchar", "tinyint", "smallint", "int", "bigint"}
    faults = [
        Fault(
            code=UNREADABLE_COLUMN,
            values={"column": one.name, "file": file, "dtype": one.dataType.simpleString()},
            place=Place(file=file),
        )
        for one in schema.fields
        if one.dataType.typeName() not in flat
    ]
    if faults:
        raise InputError(faults)
