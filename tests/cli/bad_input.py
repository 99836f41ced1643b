"""Bad input as people give it: each case makes its files in a folder and gives the arguments for rulecore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

POLICY = """\
[policy]
name = "appraisal"
version = "2024.1"

[record]
entity = "unit"

[fields.unit]
column = "单位"
type = "text"

[fields.party]
column = "党建得分"
type = "decimal"
decimals = 1
min = 0
max = 100

[fields.operations]
column = "经营得分"
type = "decimal"
decimals = 1
min = 0
max = 100

[rules.score]
label = "综合得分"
reference = "第六条"
scorer = "mutual_coefficient"
of = ["party", "operations"]
full_marks = 100
decimals = 2

[output]
columns = ["unit", "score"]
"""
RECORDS = "单位,党建得分,经营得分\nU01,95.0,90.0\nU02,92.5,96.2\n"
BANDS = """
[rules.band]
scorer = "bands"
of = "score"
bands = [{ at_least = 90, is = "A" }, { at_least = 80, at_most = 89, is = "B" }, { below = 80, is = "C" }]
"""
RUN = ("run", "policy.toml", "--records", "records.csv", "--output", "results.csv")

Case = Callable[[Path], tuple[str, ...]]
CASES: dict[str, Case] = {}


def case(make: Case) -> Case:
    """Add a case under its function's name."""
    CASES[make.__name__] = make
    return make


def put(
    folder: Path, *, policy: str | bytes = POLICY, records: str | bytes = RECORDS, name: str = "records.csv"
) -> None:
    """Write a policy and records into a folder."""
    for file, content in (("policy.toml", policy), (name, records)):
        (folder / file).write_bytes(content.encode() if isinstance(content, str) else content)


# --- policies -------------------------------------------------------------------------------------


@case
def policy_that_is_not_toml(folder: Path) -> tuple[str, ...]:
    put(folder, policy="年度考核办法\n第一条 得分 = 党建得分 × 经营得分\n")
    return RUN


@case
def policy_that_is_empty(folder: Path) -> tuple[str, ...]:
    put(folder, policy="")
    return RUN


@case
def policy_of_50_megabytes(folder: Path) -> tuple[str, ...]:
    put(folder, policy=b"# " + b"x" * 50_000_000)
    return RUN


@case
def policy_deeply_nested(folder: Path) -> tuple[str, ...]:
    put(folder, policy=POLICY + "\n[parameters]\ndeep = " + "[" * 100_000 + "]" * 100_000 + "\n")
    return RUN


@case
def policy_with_misspelt_names(folder: Path) -> tuple[str, ...]:
    text = POLICY.replace("full_marks", "fullmarks").replace(
        'columns = ["unit", "score"]', 'columns = ["unit", "scor"]'
    )
    put(folder, policy=text.replace('column = "单位"', 'colum = "单位"'))
    return RUN


@case
def policy_with_misspelt_scorer_and_field(folder: Path) -> tuple[str, ...]:
    text = POLICY.replace("mutual_coefficient", "mutual_coeficient")
    put(
        folder,
        policy=text.replace(
            "[output]", '[rules.twice]\nscorer = "formula"\nvalue = "partty * 2"\n\n[output]'
        ),
    )
    return RUN


@case
def policy_with_a_gap_between_bands(folder: Path) -> tuple[str, ...]:
    put(folder, policy=POLICY.replace("\n[output]", BANDS + "\n[output]"))
    return RUN


@case
def policy_that_is_not_there(folder: Path) -> tuple[str, ...]:
    put(folder)
    return ("run", "polizy.toml", "--records", "records.csv", "--output", "results.csv")


@case
def policy_that_is_the_records(folder: Path) -> tuple[str, ...]:
    put(folder)
    return ("run", "records.csv", "--records", "records.csv", "--output", "results.csv")


# --- records --------------------------------------------------------------------------------------


@case
def records_with_misspelt_column(folder: Path) -> tuple[str, ...]:
    put(folder, records=RECORDS.replace("党建得分", "党建分数"))
    return RUN


@case
def records_without_header(folder: Path) -> tuple[str, ...]:
    put(folder, records="1,95.0,90.0\n2,92.5,96.2\n")
    return RUN


@case
def records_with_text_but_no_header(folder: Path) -> tuple[str, ...]:
    put(folder, records="U01,95.0,90.0\nU02,92.5,96.2\n")
    return RUN


@case
def records_with_header_twice(folder: Path) -> tuple[str, ...]:
    put(folder, records="单位,党建得分,党建得分,经营得分\nU01,95.0,95.0,90.0\n")
    return RUN


@case
def records_in_mixed_encodings(folder: Path) -> tuple[str, ...]:
    put(
        folder,
        records="单位,党建得分,经营得分\n甲厂,95.0,90.0\n".encode() + "乙厂,92.5,96.2\n".encode("gb18030"),
    )
    return RUN


@case
def records_with_a_million_columns(folder: Path) -> tuple[str, ...]:
    put(folder, records=",".join(f"c{number}" for number in range(1_000_000)) + "\n")
    return RUN


@case
def records_that_are_a_renamed_csv(folder: Path) -> tuple[str, ...]:
    put(folder, name="records.xlsx")
    return ("run", "policy.toml", "--records", "records.xlsx", "--output", "results.csv")


@case
def records_that_are_empty(folder: Path) -> tuple[str, ...]:
    put(folder, records="")
    return RUN


@case
def records_that_are_a_folder(folder: Path) -> tuple[str, ...]:
    put(folder)
    (folder / "data").mkdir()
    (folder / "data" / "records.xlsx").touch()
    return ("run", "policy.toml", "--records", "data", "--output", "results.csv")


@case
def records_that_are_not_there(folder: Path) -> tuple[str, ...]:
    put(folder)
    return ("run", "policy.toml", "--records", "record.csv", "--output", "results.csv")


@case
def records_of_unknown_format(folder: Path) -> tuple[str, ...]:
    put(folder, name="records.docx")
    return ("run", "policy.toml", "--records", "records.docx", "--output", "results.csv")


@case
def records_refused_in_a_strict_run(folder: Path) -> tuple[str, ...]:
    put(folder, records=RECORDS + "U03,九十五,101\nU04,,90\n")
    return (*RUN, "--strict")


@case
def sheet_of_a_csv(folder: Path) -> tuple[str, ...]:
    put(folder)
    return (*RUN, "--sheet", "2024")


@case
def encoding_that_is_unknown(folder: Path) -> tuple[str, ...]:
    put(folder)
    return (*RUN, "--encoding", "gbk2312")


# --- output and arguments -------------------------------------------------------------------------


@case
def output_in_a_missing_folder(folder: Path) -> tuple[str, ...]:
    put(folder)
    return (*RUN[:-1], "out/results.csv")


@case
def output_that_is_a_folder(folder: Path) -> tuple[str, ...]:
    put(folder)
    (folder / "out").mkdir()
    return (*RUN[:-1], "out")


@case
def output_of_unknown_format(folder: Path) -> tuple[str, ...]:
    put(folder)
    return (*RUN[:-1], "results.pdf")


@case
def output_over_the_records(folder: Path) -> tuple[str, ...]:
    put(folder)
    return (*RUN[:-1], "./records.csv")


@case
def report_that_is_unknown(folder: Path) -> tuple[str, ...]:
    put(folder)
    return (*RUN, "--report", "markdwon=summary.md", "--report", "summary.md")


@case
def engine_that_is_unknown(folder: Path) -> tuple[str, ...]:
    put(folder)
    return (*RUN, "--engine", "quick")


@case
def manifest_of_standard_output(folder: Path) -> tuple[str, ...]:
    put(folder)
    return (*RUN[:-1], "-", "--manifest")


@case
def argument_that_is_missing(folder: Path) -> tuple[str, ...]:
    put(folder)
    return ("run", "policy.toml", "--records", "records.csv")


@case
def day_that_is_none(folder: Path) -> tuple[str, ...]:
    put(folder)
    return (*RUN, "--as-of", "2024-02-30")


# --- plugins --------------------------------------------------------------------------------------


@case
def plugin_that_raises(folder: Path) -> tuple[str, ...]:
    put(folder)
    (folder / "plugins").mkdir()
    (folder / "plugins" / "mine.py").write_text("1 / 0\n", encoding="utf-8")
    return (*RUN, "--plugins-dir", "plugins")


@case
def plugin_that_misspells_a_hook(folder: Path) -> tuple[str, ...]:
    put(folder)
    (folder / "plugins").mkdir()
    source = "from rulecore.markers import hookimpl\n\n@hookimpl\ndef rulecore_scorrers():\n    return []\n"
    (folder / "plugins" / "mine.py").write_text(source, encoding="utf-8")
    return (*RUN, "--plugins-dir", "plugins")


@case
def plugin_that_takes_a_name_twice(folder: Path) -> tuple[str, ...]:
    put(folder)
    (folder / "plugins").mkdir()
    source = (
        "from rulecore.markers import hookimpl\nfrom rulecore.scorers.formula import Formula\n\n"
        "@hookimpl\ndef rulecore_scorers():\n    return [Formula]\n"
    )
    (folder / "plugins" / "mine.py").write_text(source, encoding="utf-8")
    return (*RUN, "--plugins-dir", "plugins")
