import json
from pathlib import Path

import pytest

from rulecore.errors import Code, Fault
from rulecore.findings import FORMATS, render
from rulecore.source import Place
from tests.checks.whole import faults

CODE = Code(id="RC998", message="{what} is 50% off: see [a], {{b}}", hint="Do it,\nat once", severity="note")
PLACE = Place(file="规则 1/policy.toml", line=3, column=5, length=2, key="rules.a", excerpt="abc = 5")
FAULT = Fault(code=CODE, values={"what": "x"}, place=PLACE, related=(("the other", Place(file="b.toml")),))
BANDS = "[rules.band]\nscorer = 'bands'\nof = 'party'\nbands = [{ at_least = 105, is = 'A' }, { is = 'B' }]\n"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULECORE_LANG", "en")


def test_text_is_what_a_terminal_shows(tmp_path: Path) -> None:
    found = faults(BANDS, tmp_path)
    assert render(found, "text") == "\n\n".join(fault.render() for fault in found)


def test_json_gives_every_part_of_a_fault() -> None:
    (found,) = json.loads(render([FAULT], "json"))
    assert (found["code"], found["severity"], found["line"], found["key"]) == ("RC998", "note", 3, "rules.a")
    assert found["related"] == [
        {"role": "the other", "file": "b.toml", "line": None, "column": None, "length": 1, "key": ""}
    ]


def test_github_escapes_what_would_end_a_command() -> None:
    assert render([FAULT], "github") == (
        "::notice file=规则 1/policy.toml,line=3,col=5,endColumn=7,title=RC998"
        "::x is 50%25 off: see [a], {b}%0ADo it,%0Aat once"
    )


def test_github_escapes_commas_and_colons_in_names() -> None:
    fault = Fault(code=CODE, values={"what": "x"}, place=Place(file="a,b:c.toml"))
    assert render([fault], "github").startswith("::notice file=a%2Cb%3Ac.toml,title=RC998::")


def test_a_fault_without_a_place_still_has_a_command() -> None:
    assert render([Fault(code=CODE, values={"what": "x"})], "github").startswith("::notice title=RC998::x")


def test_sarif_has_the_shape_of_its_standard() -> None:
    log = json.loads(render([FAULT], "sarif"))
    assert (log["version"], set(log)) == ("2.1.0", {"$schema", "version", "runs"})
    (run,) = log["runs"]
    (rule,), (result,) = run["tool"]["driver"]["rules"], run["results"]
    assert (rule["id"], rule["defaultConfiguration"]) == ("RC998", {"level": "note"})
    assert rule["properties"]["documentation"] == "docs/errors/RC998.md"
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("RC998", 0, "note")
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "%E8%A7%84%E5%88%99%201/policy.toml"
    region = {"startLine": 3, "startColumn": 5, "endColumn": 7, "snippet": {"text": "abc = 5"}}
    assert physical["region"] == region
    assert result["relatedLocations"][0]["message"] == {"text": "the other"}


def test_sarif_doubles_braces_because_single_ones_are_placeholders() -> None:
    (run,) = json.loads(render([FAULT], "sarif"))["runs"]
    assert run["results"][0]["message"]["text"] == "x is 50% off: see [a], {{b}}\nDo it,\nat once"
    assert run["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "… is 50% off: see [a], {{b}}"


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found_is_something_every_format_can_say(name: str) -> None:
    assert isinstance(render([], name), str)
