from pathlib import Path

import pytest

from tests.checks.whole import faults, findings


def formula(value: str) -> str:
    return f"[rules.net]\nscorer = 'formula'\nvalue = '''{value}'''\n"


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("round(party / accidents, 2)", ["RC245"]),
        ("round(party / (accidents - 3), 2)", ["RC245"]),
        ("round(party / (accidents + 1), 2)", []),
        ("if accidents == 0 then 100 else round(party / accidents, 2)", []),
        ("if accidents > 0 then round(party / accidents, 2) else 100", []),
        ("if accidents > 0 or party > 3 then round(party / accidents, 2) else 100", ["RC245"]),
    ],
)
def test_a_divisor_that_may_be_zero_is_noted(value: str, codes: list[str], tmp_path: Path) -> None:
    assert findings(formula(value), tmp_path) == codes


def test_a_divisor_whose_zero_is_refused_is_fine(tmp_path: Path) -> None:
    record = 'refuse = [{ when = "accidents == 0", reason = "无数据" }]\n'
    assert findings(formula("round(party / accidents, 2)"), tmp_path, record=record) == []


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("type = 'decimal'\nmin = 0\nmax = 9\nmissing = 0", ["RC246"]),
        ("type = 'decimal'\nmin = 0\nmax = 9\nmissing = 'not_applicable'", []),
        ("type = 'decimal'\nmin = 0\nmax = 9", []),
    ],
)
def test_a_blank_that_becomes_a_number_is_found(field: str, codes: list[str], tmp_path: Path) -> None:
    assert findings(f"[fields.deduction]\n{field}\n" + formula("party - deduction"), tmp_path) == codes


def test_a_default_that_no_rule_reads_is_fine(tmp_path: Path) -> None:
    rules = "[fields.remark]\ntype = 'integer'\nmissing = 0\n" + formula("party")
    assert findings(rules, tmp_path) == []


def output(*columns: str) -> str:
    return f"[output]\ncolumns = ['unit', {', '.join(columns)}]\n"


LABELLED = "[rules.net]\nlabel = '净得分'\nscorer = 'formula'\nvalue = '''{value}'''\n"


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("if accidents > 3 then 不适用 else party", ["RC247"]),
        ("if accidents > 50 then 不适用 else party", ["RC214"]),
        ('if veto in ["重大事故"] then 0 else party', ["RC247"]),
        ("if accidents == 0 then 0 else round(party / accidents, 2)", []),
        ("coalesce(if accidents > 3 then 不适用 else party, 0)", []),
    ],
)
def test_what_may_be_blank_in_the_output_is_noted(value: str, codes: list[str], tmp_path: Path) -> None:
    assert findings(LABELLED.format(value=value) + output("'net'"), tmp_path) == codes


def test_one_note_names_all_columns_that_may_be_blank(tmp_path: Path) -> None:
    rules = LABELLED.format(value="if accidents > 3 then 不适用 else party") + output("'veto'", "'net'")
    found = [fault.values["columns"] for fault in faults(rules, tmp_path) if fault.code.id == "RC247"]
    assert found == ["veto, net"]


def test_words_for_what_is_not_applicable_settle_it(tmp_path: Path) -> None:
    rules = LABELLED.format(value="if accidents > 3 then 不适用 else party")
    assert findings(rules + output("{ of = 'net', not_applicable = '不计分' }"), tmp_path) == []
