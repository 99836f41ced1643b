from pathlib import Path

import pytest

from rulecore.findings.comments import allowances
from tests.checks.whole import findings

BANDS = """[rules.band]{header}
scorer = "bands"
of = "party"
{above}
bands = [
  {{ at_least = 105, is = "卓越" }},{beside}
  {{ at_least = 101, is = "优" }},
  {{ is = "A" }},
]
"""
COMMENT = "  # rulecore: allow RC211 明年启用"


def bands(header: str = "", above: str = "", beside: str = "") -> str:
    return BANDS.format(header=header, above=above, beside=beside)


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        (bands(), ["RC211", "RC211"]),
        (bands(beside=COMMENT), ["RC211"]),
        (f"{COMMENT}\n{bands()}", []),
        (bands(header=COMMENT), ["RC262", "RC211", "RC211"]),
        (bands(beside="  # rulecore: allow RC211"), ["RC211", "RC260", "RC211"]),
        (bands(beside="  # rulecore: allow RC299 明年启用"), ["RC211", "RC261", "RC211"]),
        (bands(above=COMMENT), ["RC211", "RC211", "RC262"]),
        (bands(beside="  # rulecore：allow RC211、RC215 明年启用"), ["RC262", "RC211"]),
    ],
)
def test_a_comment_allows_what_it_is_about(rules: str, left: list[str], tmp_path: Path) -> None:
    assert sorted(findings(rules, tmp_path)) == sorted(left)


def test_a_comment_before_everything_is_about_the_whole_file() -> None:
    comments = allowances('# 说明\n# rulecore: allow RC232 按未修约比较\n[policy]\nname = "a"\n')
    assert [(one.code, one.reason, one.first, one.last) for one in comments] == [
        ("RC232", "按未修约比较", 1, 5)
    ]


def test_a_comment_above_a_line_is_about_that_line() -> None:
    comments = allowances("[rules.a]\n# rulecore: allow RC211 理由\n\nvalue = 1\nother = 2\n")
    assert [(one.first, one.last) for one in comments] == [(4, 4)]


def test_a_comment_above_a_header_is_about_its_table() -> None:
    text = '[a]\nx = 1\n# rulecore: allow RC211 理由\n[b]\nrows = [\n  ["1"],\n]\n[c]\ny = 2\n'
    assert [(one.first, one.last) for one in allowances(text)] == [(4, 7)]


@pytest.mark.parametrize(
    "text",
    [
        'x = "# rulecore: allow RC211 理由"\n',
        'x = """\n# rulecore: allow RC211 理由\n"""\n',
        "x = '''\n# rulecore: allow RC211 理由\n'''\n",
        "x = 1 # allow RC211 理由\n",
    ],
)
def test_what_is_no_comment_of_this_kind_allows_nothing(text: str) -> None:
    assert allowances(text) == []


def test_lines_are_counted_through_texts_of_many_lines() -> None:
    comments = allowances('x = """\n一\n"二"\n""" # rulecore: allow RC211 理由\ny = 1\n')
    assert [(one.line, one.first, one.last) for one in comments] == [(4, 4, 4)]
