"""The faults of runs on Spark: codes of this plugin's own."""

from __future__ import annotations

from typing import Final

from rulecore.contracts import Code
from rulecore.language import N_

NEEDS_TABLE: Final = Code(
    id="SP001",
    message=N_("policy {policy} has the detail table {table}, which the Spark engine cannot run"),
    hint=N_(
        "Compute what rule {rule} needs of {table} beforehand and give it as a field, or use --engine columnar."
    ),
)
NEEDS_HISTORY: Final = Code(
    id="SP002",
    message=N_("rule {rule} reads earlier periods, which the Spark engine cannot run"),
    hint=N_("Join the earlier value to the records and declare it as a field, or use --engine columnar."),
)
NEEDS_POLICY: Final = Code(
    id="SP003",
    message=N_("field {field} comes from policy {source}, which the Spark engine cannot run"),
    hint=N_(
        "Run {source} first, join its column to the records and leave out `from`, or use --engine columnar."
    ),
)
COHORT_TOO_LARGE: Final = Code(
    id="SP004",
    message=N_(
        "rule {rule} compares {records} records with each other in one Python process; {most} are allowed"
    ),
    hint=N_(
        "Split the cohort (by = …), or raise spark.rulecore.mostInCohort if the workers have the memory."
    ),
)
OTHER_PLAN: Final = Code(
    id="SP005",
    message=N_("a Spark worker compiles policy {policy} to another plan than this program: {reason}"),
    hint=N_("Install the same versions of rulecore and of its plugins on all workers as here."),
)
NOT_FOR_SPARK: Final = Code(
    id="SP006",
    message=N_("the Spark engine reads Parquet files, folders of them and Spark DataFrames, not {found}"),
    hint=N_("Write the records to Parquet, or use --engine columnar, which reads the other formats."),
)
INPUT_MOVED: Final = Code(
    id="SP007",
    message=N_(
        "partition {partition} of the DataFrame had {before} rows when they were counted and {now} when read"
    ),
    hint=N_("Write the DataFrame to Parquet first and evaluate that: its rows then stay where they are."),
)
SEVERAL_LANGUAGES: Final = Code(
    id="SP008",
    message=N_("the policies of one run on Spark must be in one language; these are in {found}"),
    hint=N_("Run the policies of each language by themselves."),
)
NO_SPARK: Final = Code(
    id="SP009",
    message=N_("Spark cannot be started: {reason}"),
    hint=N_("It needs Java 17 or later (JAVA_HOME) and pyspark: see docs/scale.md."),
)
HEADERS_ALIKE: Final = Code(
    id="SP010",
    message=N_("the output columns {first} and {second} differ in case only, which Spark cannot tell apart"),
    hint=N_('Give one of them another header: columns = [{{ of = "…", header = "…" }}].'),
)
REFUSED_LEFT_OUT: Final = Code(
    id="SP011",
    message=N_(
        "policy {policy} keeps refused records in its results; on Spark they stand in the quarantine only"
    ),
    hint=N_("Read them from the folder quarantine, beside results."),
    severity="note",
)
TASK_FAILED: Final = Code(
    id="SP012",
    message=N_("Spark gave up: {reason}"),
    hint=N_("Nothing is written. The log of the executors says more."),
)
NO_PARQUET: Final = Code(
    id="SP013",
    message=N_("{path} holds no Parquet file"),
    hint=N_(
        "Name a Parquet file, or a folder with such files in it (names that begin with . or _ do not count)."
    ),
)
PARTITIONED: Final = Code(
    id="SP014",
    message=N_("{path} has columns in the names of its folders ({column}), which no Parquet file holds"),
    hint=N_(
        "Read it with spark.read.parquet and evaluate the DataFrame, or write the column into the files."
    ),
)
NOT_WHOLE: Final = Code(
    id="SP015",
    message=N_("{path} is on a file system that cannot rename a folder in one step"),
    hint=N_("Give a local or shared folder, or write results and quarantine of policy.evaluate() yourself."),
)
