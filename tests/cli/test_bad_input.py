"""Bad input through the program: a clear report with advice, exit code 2, no traceback, nothing half-written.

``RULECORE_UPDATE_GOLDEN=1`` writes the reports anew; read the difference before committing it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rulecore.cli.main import run
from tests.cli.bad_input import CASES, POLICY, RECORDS, RUN, put

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.setenv("LANGUAGE", "en")


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def shown_without_folder(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "FOLDER").replace(str(ROOT), "ROOT")
    # Where a hook of rulecore's own stands is no promise.
    return re.sub(r"(?m)^( +given first .*py:)\d+\n +\d+ ", r"\1LINE\n   LINE ", text)


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_with_the_agreed_report(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = CASES[name](tmp_path)
    assert run(arguments) == 2
    captured = capsys.readouterr()
    written = shown_without_folder(captured.err, tmp_path)
    expected = GOLDEN / f"{name}.txt"
    if os.environ.get("RULECORE_UPDATE_GOLDEN") == "1":
        expected.write_text(written, encoding="utf-8", newline="\n")
    assert written == expected.read_text(encoding="utf-8")
    assert captured.out == ""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", CASES)
def test_bad_input_leaves_no_file_and_shows_no_traceback_in_either_language(
    name: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = CASES[name](tmp_path)
    before = files_in(tmp_path)
    assert run(["--lang", language, *arguments]) == 2
    after = {name: data for name, data in files_in(tmp_path).items() if "__pycache__" not in name}
    assert after == before
    assert not re.search(r"Traceback|bug in rulecore|\{\w+\}", capsys.readouterr().err)


# --- what is no error -----------------------------------------------------------------------------


def test_a_division_by_zero_is_an_issue_of_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = '[rules.ratio]\nlabel = "比率"\nscorer = "formula"\nvalue = "party / operations"\ndecimals = 2\n'
    policy = POLICY.replace("[output]", rule + "\n[output]").replace('"score"]', '"ratio"]')
    put(tmp_path, policy=policy, records=RECORDS + "U03,80.0,0\n")
    assert run(RUN) == 0
    last = (tmp_path / "results.csv").read_text(encoding="utf-8-sig").splitlines()[-1]
    assert last.startswith("U03,")
    assert "RC701" in last
    assert "3 rows read = 3 scored + 0 quarantined" in capsys.readouterr().out


def test_a_broken_row_is_quarantined_and_the_others_are_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, records=RECORDS + "U03,80.0,90.0,甲,乙\nU04,70.0,80.0\n")
    assert run(RUN) == 1
    shown = capsys.readouterr()
    assert "4 rows read = 3 scored + 1 quarantined" in shown.out
    (refused,) = list(tmp_path.glob("results.*.csv"))
    assert "RC049" in refused.read_text(encoding="utf-8-sig")


def test_a_header_alone_is_a_run_of_no_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, records="单位,党建得分,经营得分\n")
    assert run(RUN) == 0
    assert "0 rows read = 0 scored + 0 quarantined" in capsys.readouterr().out
    assert len((tmp_path / "results.csv").read_text(encoding="utf-8-sig").splitlines()) == 1


# --- the operating system -------------------------------------------------------------------------

PROGRAM = f"{sys.executable} -c 'from rulecore.cli import main; main()'"


def in_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, encoding="utf-8", errors="replace", cwd=folder
    )
    assert "Traceback" not in done.stderr
    return done


def test_a_full_disk_leaves_the_old_results(tmp_path: Path) -> None:
    put(tmp_path, records=RECORDS + "".join(f"U{number:05},90.0,90.0\n" for number in range(3, 9000)))
    (tmp_path / "results.csv").write_text("old", encoding="utf-8")
    done = in_shell(f"ulimit -f 16; {PROGRAM} {' '.join(RUN)}", tmp_path)
    assert done.returncode == 2
    assert "RC072" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["policy.toml", "records.csv", "results.csv"]
    assert (tmp_path / "results.csv").read_text(encoding="utf-8") == "old"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path)
    (tmp_path / "locked").mkdir(mode=0o500)
    assert run([*RUN[:-1], "locked/results.csv"]) == 2
    assert "RC071" in capsys.readouterr().err


def test_records_come_from_standard_input_and_results_go_to_standard_output(tmp_path: Path) -> None:
    put(tmp_path)
    done = in_shell(f"{PROGRAM} run policy.toml --records - --output - < records.csv", tmp_path)
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].startswith("U01,")
    assert "2 rows read = 2 scored + 0 quarantined" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["policy.toml", "records.csv"]


def test_json_lines_are_recognised_on_standard_input(tmp_path: Path) -> None:
    put(tmp_path, records='{"单位": "U01", "党建得分": 95.0, "经营得分": 90.0}\n')
    done = in_shell(f"{PROGRAM} run policy.toml --records - --output - < records.csv", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "85.50" in done.stdout


def test_standard_input_that_is_empty_is_refused(tmp_path: Path) -> None:
    put(tmp_path)
    done = in_shell(f"{PROGRAM} run policy.toml --records - --output - < /dev/null", tmp_path)
    assert done.returncode == 2
    assert "RC040" in done.stderr


def test_standard_input_is_read_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path)
    assert run(["run", "policy.toml", "--records", "-", "--records", "-", "--output", "results.csv"]) == 2
    assert "RC011" in capsys.readouterr().err


def test_refused_rows_are_told_on_standard_error_where_results_go_to_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, records=RECORDS + "U03,九十五,90\n")
    assert run([*RUN[:-1], "-"]) == 1
    assert "records.csv:4: RC511: 党建得分: 九十五 is not a number" in capsys.readouterr().err


def test_a_reader_that_goes_away_ends_the_run_quietly(tmp_path: Path) -> None:
    put(tmp_path, records=RECORDS + "".join(f"U{number:05},90.0,90.0\n" for number in range(3, 20000)))
    done = in_shell(
        f"{PROGRAM} run policy.toml --records records.csv --output - --quiet | head -c 1", tmp_path
    )
    assert done.stderr == ""


def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    put(tmp_path)
    command = [sys.executable, "-c", "from rulecore.cli import main; main()", *RUN]
    command[command.index("records.csv")] = "-"
    process = subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(2)  # it waits for its standard input
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["policy.toml", "records.csv"]
