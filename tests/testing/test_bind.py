"""What is wrong with a cases.toml is told at once, with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rulecore.errors import PolicyError
from rulecore.registry import Registry
from rulecore.testing.bind import load_suite

Write = Callable[..., Path]

ONE = "[[cases]]\nname = 'a'\nrecords = [{ unit = '1' }]\n"
FAULTS = {
    "RC902": "[defaults]\nunit = 'x'\n",
    "RC903": "[case]\nname = 'b'\n{case}",
    "RC904": "{case}{case}",
    "RC905": "[[cases]]\nname = 'a'\nrecords = [{ unit = '1' }]",
    "RC906": "[[cases]]\nname = 'a'\nrecords = []\nexpect = [{ unit = '1' }]",
    "RC907": "[[cases]]\nname = 'a'\nrecords = [{ unit = '1', doen = 3 }]\nexpect = [{ unit = '1' }]",
    "RC908": "[[cases]]\nname = 'a'\nrecords = [{ done = 1, '完成' = 3 }]\nexpect = [{ unit = '1' }]",
    "RC909": ONE + "expect = [{ unit = '1', scor = 3 }]",
    "RC910": ONE + "expect = [{ score = 3 }]",
    "RC911": "[[cases]]\nname = 'a'\npolicy = 'smal'\nrecords = [{ unit = '1' }]\nexpect = [{ unit = '1' }]",
    "RC912": "[[cases]]\nname = 'a'\nrecords = '../records.csv'\nexpect = [{ unit = '1' }]",
    "RC913": ONE + "expect = [{ unit = '1', score = '3' }]",
    "RC915": ONE + "expect = [{ unit = '1' }]\ntolerance = { score = 1 }",
    "RC916": ONE + "expect = [{ unit = '1', issues = ['zero'] }]",
    "RC917": ONE + "refused = [{ unit = '1' }]",
    "RC919": ONE + "expect = [{ record = 2 }]",
}
CASE = ONE + "expect = [{ unit = '1' }]\n"


@pytest.mark.parametrize("code", FAULTS)
def test_each_mistake_has_its_code_and_a_line(code: str, write: Write, registry: Registry) -> None:
    with pytest.raises(PolicyError) as caught:
        load_suite(write(FAULTS[code].replace("{case}", CASE)), registry)
    assert [fault.code.id for fault in caught.value.faults] == [code]
    place = caught.value.faults[0].place
    assert place is not None
    assert place.line is not None or code == "RC902"


def test_all_mistakes_of_all_cases_come_at_once(write: Write, registry: Registry) -> None:
    texts = [
        FAULTS[code].replace("'a'", f"'{code}'") for code in ("RC907", "RC909", "RC910", "RC913", "RC917")
    ]
    with pytest.raises(PolicyError) as caught:
        load_suite(write("\n".join(texts)), registry)
    assert [fault.code.id for fault in caught.value.faults] == ["RC907", "RC909", "RC910", "RC913", "RC917"]


def test_a_misspelt_key_is_suggested(write: Write, registry: Registry) -> None:
    with pytest.raises(PolicyError, match="did you mean score"):
        load_suite(write(FAULTS["RC909"]), registry)


def test_a_link_out_of_the_folder_is_refused(write: Write, registry: Registry, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside.csv"
    outside.write_text("单位\n1\n", encoding="utf-8")
    (tmp_path / "records.csv").symlink_to(outside)
    text = "[[cases]]\nname = 'a'\nrecords = 'records.csv'\nexpect = [{ unit = '1' }]"
    with pytest.raises(PolicyError, match="leaves the folder"):
        load_suite(write(text), registry)


def test_a_value_that_is_never_exact_cannot_be_expected(write: Write, registry: Registry) -> None:
    from tests.testing.conftest import POLICY

    policy = POLICY.replace("[output]", "[rules.root]\nscorer = 'formula'\nvalue = 'sqrt(score)'\n[output]")
    text = ONE + "expect = [{ unit = '1', root = 2 }]"
    with pytest.raises(PolicyError, match="RC914"):
        load_suite(write(text, policy), registry)
