"""``rulecore pack``, ``verify``, ``sign`` and ``keygen`` as people use them, and what docs/verify.md shows of them."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rulecore.cli.main import run

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"
TWO_YEARS = ROOT / "tests" / "history" / "two_years"
HEXADECIMAL = re.compile(r"\b[0-9a-f]{32,64}\b")
SHOWN = re.findall(
    r"^```console\n\$ rulecore ([^\n]*)\n(.+?)\n```$",
    (ROOT / "docs" / "verify.md").read_text(encoding="utf-8"),
    flags=re.MULTILINE | re.DOTALL,
)
Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Say something to the program in a folder with the policies, and return its exit code and all it printed."""
    monkeypatch.setenv("RULECORE_LANG", "en")
    monkeypatch.delenv("RULECORE_PASSPHRASE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").symlink_to(POLICIES)

    def say(*words: str) -> tuple[int, str]:
        code = run([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.err + printed.out

    return say


def packed(say: Say, *more: str, name: str = "double_hundred", output: str = "run.zip") -> str:
    folder = f"policies/{name}"
    code, printed = say("pack", folder, "--records", f"{folder}/records.csv", "--output", output, *more)
    assert code == 0, printed
    return printed


def test_the_page_shows_packing_and_verifying() -> None:
    assert [command.split()[0] for command, _printed in SHOWN[:2]] == ["pack", "verify"]


def test_the_page_shows_what_is_printed(say: Say) -> None:
    for command, printed in SHOWN[:2]:
        code, found = say(*command.split())
        assert (code, HEXADECIMAL.sub("…", found.rstrip("\n"))) == (0, HEXADECIMAL.sub("…", printed))


def test_the_page_shows_what_is_said_of_a_changed_cell(say: Say) -> None:
    page = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
    shown = page.partition("someone changed a cell")[2].partition("```text\n")[2].partition("\n```")[0]
    packed(say)
    package = Path("run.zip")
    package.write_bytes(package.read_bytes().replace(b",96.0,", b",86.0,", 1))
    code, printed = say("verify", "run.zip")
    assert (code, HEXADECIMAL.sub("…", printed.rstrip("\n"))) == (1, HEXADECIMAL.sub("…", shown))


@pytest.mark.parametrize("folder", ["policies", "policies/double_hundred", "elsewhere/deep"])
@pytest.mark.parametrize("absolute", [True, False])
def test_files_are_called_what_they_were_called_wherever_the_run_stood(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, absolute: bool
) -> None:
    (tmp_path / "policies").unlink()
    shutil.copytree(POLICIES / "double_hundred", tmp_path / "policies" / "double_hundred")
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / folder)
    policy = tmp_path / "policies" / "double_hundred"
    paths = [policy, policy / "records.csv", tmp_path / "run.zip"]
    named = [str(path) if absolute else os.path.relpath(path) for path in paths]
    code, printed = say("pack", named[0], "--records", named[1], "--output", named[2])
    assert code == 0, printed
    shutil.rmtree(tmp_path / "policies")
    monkeypatch.chdir(tmp_path)
    assert say("verify", "run.zip")[0] == 0
    request = json.loads(member("run.zip", "request.json"))
    assert [request["policy"]["file"], request["records"][0]["file"]] == named[:2]


def test_the_commands_of_the_page_can_be_said(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    packed(say)
    monkeypatch.setenv("RULECORE_PASSPHRASE", "long enough")
    page = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
    commands = page.partition("$ rulecore keygen")[2].partition("```")[0]
    for command in f"rulecore keygen{commands}".strip().splitlines():
        code, printed = say(*command.removeprefix("$ ").split()[1:])
        assert code == 0, printed
    assert "signed with the key" in printed


def test_packing_twice_gives_the_same_bytes_and_so_does_another_folder(say: Say, tmp_path: Path) -> None:
    packed(say)
    packed(say, output="again.zip")
    assert Path("run.zip").read_bytes() == Path("again.zip").read_bytes()
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "policies").symlink_to(POLICIES)
    os.chdir(other)
    packed(say, output="third.zip")
    assert (other / "third.zip").read_bytes() == (tmp_path / "run.zip").read_bytes()


def test_verifying_names_the_cell_that_was_changed_and_ends_with_1(say: Say) -> None:
    packed(say)
    package = Path("run.zip")
    package.write_bytes(package.read_bytes().replace(b"U01,", b"U0l,", 1))
    code, printed = say("verify", "run.zip")
    assert code == 1
    assert "differs: " in printed
    code, printed = say("verify", "run.zip", "--format", "json")
    report = json.loads(printed)
    assert (code, report["verified"], report["verification"]) == (1, False, 1)
    assert {"kind", "message"} <= report["differences"][0].keys()


def test_what_is_no_package_ends_with_2_and_a_message(say: Say) -> None:
    packed(say)
    data = Path("run.zip").read_bytes()
    for name, content in {
        "empty.zip": b"",
        "cut.zip": data[: len(data) // 2],
        "text.zip": b"not a zip",
        "nested.zip": b"PK\x03\x04" + data,
    }.items():
        Path(name).write_bytes(content)
        code, printed = say("verify", name)
        assert code in (1, 2), printed
        assert "bug" not in printed
    for name in ("missing.zip", "."):
        code, printed = say("verify", name)
        assert (code, "bug" in printed) == (2, False)


def test_a_run_with_everything_it_can_read_is_packed_and_verified(say: Say, tmp_path: Path) -> None:
    """Earlier periods, a mapping, and a package that is verified after everything else is gone."""
    shutil.copytree(TWO_YEARS, tmp_path / "two_years")
    Path("2023.csv").write_text("单位,年度,得分\n旧甲,2023,91\n乙,2023,70.5\n", encoding="utf-8")
    Path("2024.csv").write_text("单位,年度,得分\n甲,2024,88.5\n乙,2024,95\n", encoding="utf-8")
    Path("mapping.csv").write_text("旧,新\n旧甲,甲\n", encoding="utf-8")
    assert say("run", "two_years", "--records", "2023.csv", "--output", "r2023.xlsx")[0] == 0
    code, printed = say(
        *("pack", "two_years", "--records", "2024.csv", "--history", "r2023.xlsx"),
        *("--mapping", "mapping.csv", "--as", "r2024.xlsx", "--ledgers", "--output", "run.zip"),
        *("--report", "markdown=summary.md"),
    )
    assert code == 0, printed
    for name in ("two_years", "2023.csv", "2024.csv", "r2023.xlsx", "r2023.manifest.json", "mapping.csv"):
        path = tmp_path / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert say("verify", "run.zip") == (0, say("verify", "run.zip")[1])
    manifest = json.loads(member("run.zip", "results/r2024.manifest.json"))
    assert [item["file"] for item in manifest["inputs"]] == ["2024.csv", "r2023.xlsx", "mapping.csv"]


def member(package: str, name: str) -> bytes:
    import zipfile

    with zipfile.ZipFile(package) as opened:
        return opened.read(name)


def test_details_in_a_file_of_their_own_are_packed(say: Say) -> None:
    Path("policy.toml").write_text(
        '[policy]\nname = "votes"\nversion = "1"\n[record]\nentity = "unit"\n'
        '[fields.unit]\ncolumn = "单位"\ntype = "text"\n'
        '[tables.votes]\nlabel = "投票"\n[tables.votes.fields.points]\ncolumn = "分"\ntype = "decimal"\n'
        "decimals = 1\nmin = 0\nmax = 100\n"
        '[rules.mean]\nscorer = "formula"\nvalue = "mean(votes.points)"\ndecimals = 2\n'
        '[output]\ncolumns = ["unit", "mean"]\n',
        encoding="utf-8",
    )
    Path("records.csv").write_text("单位\n甲\n乙\n", encoding="utf-8")
    Path("votes.csv").write_text("单位,分\n甲,80\n甲,90.5\n乙,70\n丙,1\n", encoding="utf-8")
    options = ("--records", "records.csv", "--table", "votes=votes.csv", "--output", "run.zip")
    code, printed = say("pack", "policy.toml", *options)
    assert code == 1, printed  # 丙 has no record
    for name in ("policy.toml", "records.csv", "votes.csv"):
        Path(name).unlink()
    code, printed = say("verify", "run.zip")
    assert code == 0, printed


def test_decisions_of_a_committee_are_packed_and_changing_one_is_noticed(say: Say, tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "adjustments" / "policy.toml", "policy.toml")
    Path("records.csv").write_text(
        "单位,年度,经营,事故,轻微\n甲,2024,95,否,否\n乙,2024,90,否,否\n丙,2024,70,否,否\n", encoding="utf-8"
    )
    Path("votes.csv").write_text("单位,年度,评委,评分\n甲,2024,x,90\n乙,2024,x,90\n丙,2024,x,60\n", "utf-8")
    Path("decided.csv").write_text(
        "编号,对象,期间,明细,调整事项,调整为,理由,依据,决定者,决定日期,签字人一,签字人二,撤销\n"
        "1,丙,,,set_score,69,材料补正,会议纪要1号,考核委员会,2025-01-10,张三,李四,\n",
        encoding="utf-8",
    )
    options = ("--records", "records.csv", "--table", "votes=votes.csv", "--adjustments", "decided.csv")
    code, printed = say("pack", "policy.toml", *options, "--output", "run.zip")
    assert code == 0, printed
    for name in ("policy.toml", "records.csv", "votes.csv", "decided.csv"):
        Path(name).unlink()
    assert say("verify", "run.zip")[0] == 0
    package = Path("run.zip")
    package.write_bytes(package.read_bytes().replace(b",69,", b",68,", 1))
    code, printed = say("verify", "run.zip")
    assert code == 1
    assert "adjustments/1/decided.csv: row 2, column 调整为 is not what was packed" in printed
    assert "69 is packed, 68" in printed or "68.00 is computed" in printed, printed


def test_results_of_other_policies_are_packed(say: Say) -> None:
    unit = (
        '[policy]\nname = "units"\nversion = "1"\n[record]\nentity = "unit"\n[fields.unit]\ncolumn = "单位"\n'
        'type = "text"\n[fields.score]\ncolumn = "得分"\ntype = "integer"\nmin = 0\nmax = 100\n[rules.grade]\n'
        'label = "等次"\nscorer = "bands"\nof = "score"\nbands = [{ at_least = 90, is = "A" }, { is = "B" }]\n'
        '[output]\ncolumns = ["unit", "score", "grade"]\n'
    )
    person = (
        '[policy]\nname = "people"\nversion = "1"\n[record]\nentity = "person"\n[fields.person]\ncolumn = "姓名"\n'
        'type = "text"\n[fields.unit]\ncolumn = "单位"\ntype = "text"\n[fields.unit_grade]\ncolumn = "单位等次"\n'
        'type = "text"\nvalues = ["A", "B"]\nfrom = { policy = "units", rule = "grade", by = { unit = "unit" } }\n'
        '[rules.mark]\nscorer = "formula"\nvalue = "if unit_grade == \'A\' then 1 else 0"\n'
        '[output]\ncolumns = ["person", "unit_grade", "mark"]\n'
    )
    for name, text in {
        "units.toml": unit,
        "people.toml": person,
        "units.csv": "单位,得分\n甲,95\n乙,80\n",
        "people.csv": "姓名,单位\n张三,甲\n李四,乙\n",
    }.items():
        Path(name).write_text(text, encoding="utf-8")
    assert say("run", "units.toml", "--records", "units.csv", "--output", "units-2024.csv")[0] == 0
    options = ("--records", "people.csv", "--results", "units-2024.csv", "--output", "run.zip")
    code, printed = say("pack", "people.toml", *options)
    assert code == 0, printed
    for name in ("people.toml", "people.csv", "units-2024.csv", "units-2024.manifest.json"):
        Path(name).unlink()
    assert say("verify", "run.zip")[0] == 0


def test_standard_input_is_packed_as_it_came(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (POLICIES / "double_hundred" / "records.csv").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    code, printed = say("pack", "policies/double_hundred", "--records", "-", "--output", "run.zip")
    assert code == 0, printed
    assert member("run.zip", "records/1/stdin.csv") == data
    assert say("verify", "run.zip")[0] == 0


def test_published_results_are_packed_as_they_are_or_not_at_all(say: Say) -> None:
    folder = "policies/double_hundred"
    run_options = (
        "--records",
        f"{folder}/records.csv",
        "--output",
        "out.xlsx",
        "--report",
        "markdown=out.md",
    )
    assert say("run", folder, *run_options)[0] == 0
    packed(say, "--published", "out.xlsx", "--report", "markdown=out.md")
    assert member("run.zip", "results/out.xlsx") == Path("out.xlsx").read_bytes()
    assert member("run.zip", "results/out.manifest.json") == Path("out.manifest.json").read_bytes()
    text = Path(f"{folder}/records.csv").read_text(encoding="utf-8").replace("96.0", "86.0")
    Path("other.csv").write_text(text, encoding="utf-8")
    options = ("--published", "out.xlsx", "--report", "markdown=out.md", "--output", "no.zip")
    code, printed = say("pack", folder, "--records", "other.csv", *options)
    assert code == 2
    assert "differs: results/out.xlsx: U01" in printed
    assert "RC096" in printed
    assert not Path("no.zip").exists()


def test_a_package_is_not_written_over_what_is_read(say: Say) -> None:
    shutil.copy(POLICIES / "double_hundred" / "records.csv", "records.csv")
    os.link("records.csv", "link.zip")
    os.symlink("records.csv", "soft.zip")
    code, printed = say("pack", "policies/double_hundred", "--records", "records.csv", "--output", "soft.zip")
    assert (code, "RC006" in printed) == (2, True)
    code, printed = say("pack", "policies/double_hundred", "--records", "records.csv", "--output", "out.csv")
    assert (code, "RC074" in printed) == (2, True)


def test_a_signature_is_demanded_with_its_key(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    packed(say)
    monkeypatch.setenv("RULECORE_PASSPHRASE", "long enough")
    assert say("keygen", "office")[0] == 0
    assert stat.S_IMODE(Path("office.private.pem").stat().st_mode) == 0o600
    assert say("keygen", "office")[0] == 2
    code, printed = say("verify", "run.zip", "--key", "office.public.pem")
    assert (code, "there is no signature" in printed) == (1, True)
    assert say("sign", "run.zip", "--key", "office.private.pem")[0] == 0
    code, printed = say("verify", "run.zip", "--key", "office.public.pem")
    assert (code, "signed with the key" in printed) == (0, True)
    assert "was not checked" in say("verify", "run.zip")[1]
    assert say("verify", "run.zip", "--key", "office.private.pem")[0] == 2
    packed(say, name="bidding")
    code, printed = say("verify", "run.zip", "--key", "office.public.pem")
    assert (code, "is not under this package" in printed) == (1, True)


def test_a_passphrase_comes_from_a_file_too(say: Say) -> None:
    packed(say)
    Path("pass.txt").write_text("long enough\nmore\n", encoding="utf-8")
    assert say("keygen", "office", "--passphrase-file", "pass.txt")[0] == 0
    assert say("sign", "run.zip", "--key", "office.private.pem", "--passphrase-file", "pass.txt")[0] == 0
    assert say("keygen", "bare", "--no-passphrase")[0] == 0
    assert say("sign", "run.zip", "--key", "bare.private.pem", "--output", "second.sig")[0] == 0
    assert say("verify", "run.zip", "--key", "bare.public.pem", "--signature", "second.sig")[0] == 0
    assert say("sign", "run.zip", "--key", "office.private.pem", "--output", "x.sig")[0] == 2


def test_a_broken_package_is_not_signed(say: Say) -> None:
    packed(say)
    assert say("keygen", "bare", "--no-passphrase")[0] == 0
    package = Path("run.zip")
    package.write_bytes(package.read_bytes().replace(b"U01,", b"U0l,", 1))
    code, printed = say("sign", "run.zip", "--key", "bare.private.pem")
    assert (code, "RC094" in printed) == (2, True)
    assert not Path("run.zip.sig").exists()


def test_an_identifier_is_compared_and_one_that_is_none_is_refused(say: Say) -> None:
    identifier = HEXADECIMAL.findall(packed(say))[-1]
    assert say("verify", "run.zip", "--identifier", identifier[:16].upper())[0] == 0
    assert say("verify", "run.zip", "--identifier", "f" * 16)[0] == 1
    for wrong in ("abc", "z" * 16, "a" * 65):
        assert say("verify", "run.zip", "--identifier", wrong)[0] == 2


def test_it_is_verified_in_a_process_that_knows_nothing_of_the_original(say: Say, tmp_path: Path) -> None:
    packed(say)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move("run.zip", elsewhere / "moved.zip")
    found = subprocess.run(
        [sys.executable, "-c", "from rulecore.cli import main; main()", "verify", "moved.zip"],
        cwd=elsewhere,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "RULECORE_LANG": "en"},
        capture_output=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert b"byte for byte the same" in found.stdout
    assert os.listdir(elsewhere) == ["moved.zip"]


def test_messages_are_chinese_where_that_is_spoken(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    packed(say)
    monkeypatch.setenv("RULECORE_LANG", "zh")
    assert "核验通过" in say("verify", "run.zip")[1]
