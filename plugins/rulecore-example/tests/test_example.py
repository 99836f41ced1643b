"""One test for each thing the plugin gives, and one for all of them together."""

from fractions import Fraction
from pathlib import Path
from typing import cast

import polars as pl
import pytest
import rulecore_example
from rulecore_example.both import BOTH
from rulecore_example.cards import CARDS
from rulecore_example.counts import COUNTS
from rulecore_example.gap_to_best import GAP_TO_BEST
from rulecore_example.markdown import MARKDOWN
from rulecore_example.middle import MIDDLE
from rulecore_example.target_ratio import TargetRatio

from rulecore.contracts import Cohort, Constant, Document, Engine, ReadOptions, Sheet
from rulecore.errors import InputError, InternalError
from rulecore.expr.nodes import Divide, FieldRef, Literal, Maximum, Minimum, Multiply, Step
from rulecore.expr.types import NumberType
from rulecore.planned import Plan
from rulecore.plugins import load_found
from rulecore.plugins.find import find_entry_points
from rulecore.testing import check_plugin, check_scorer, evaluate_rule

DOCUMENT = Document(
    title="结果",
    sheets=(
        Sheet(
            name="results",
            headers=("单位", "得分"),
            kinds=("text", "number"),
            frame=pl.DataFrame({"0": ["A|B", "C"], "1": ["88.99", ""]}),
        ),
    ),
)


def number(value: int) -> Constant:
    return Constant(value=Fraction(value), node=Literal(Fraction(value)))


def test_the_plugin_gives_one_thing_through_every_hook() -> None:
    found = tuple(plugin for plugin in find_entry_points() if plugin.module == "rulecore_example")
    registry = load_found(found)
    assert set(registry.scorers) == {"target_ratio"}
    assert set(registry.functions) == {"middle", "居中值"}
    assert set(registry.cohort_functions) == {"gap_to_best", "与最高分差距"}
    assert set(registry.checks) == {"references"}
    assert set(registry.readers) == {"cards"}
    assert set(registry.writers) == {"markdown"}
    assert set(registry.reports) == {"counts"}
    assert set(registry.engines) == {"both"}
    assert set(registry.commands) == {"origins"}
    assert rulecore_example.RULECORE_API == 1


def test_target_ratio_is_the_ratio_times_full_marks_up_to_the_cap() -> None:
    scorer = TargetRatio(of=FieldRef("a"), target=FieldRef("b"), full_marks=number(100), cap=number(120))
    marks = Multiply(Step("完成率", Divide(FieldRef("a"), FieldRef("b"))), Literal(Fraction(100)))
    assert scorer.expression() == Minimum((marks, Literal(Fraction(120))))


def test_target_ratio_refuses_full_marks_of_zero() -> None:
    scorer = TargetRatio(of=FieldRef("a"), target=FieldRef("b"), full_marks=number(0))
    assert [(problem.code.id, problem.key) for problem in scorer.problems()] == [("EX001", ("full_marks",))]


def test_middle_is_built_from_minimum_and_maximum() -> None:
    a, b, c = FieldRef("a"), FieldRef("b"), FieldRef("c")
    assert MIDDLE.build(a, b, c) == Maximum((Minimum((a, b)), Minimum((Maximum((a, b)), c))))


def test_gap_to_best_leaves_not_applicable_as_it_is() -> None:
    cohort = Cohort(arguments=((Fraction(7), None, Fraction(9)),), options={}, size=3)
    assert GAP_TO_BEST.compute(cohort) == [Fraction(2), None, Fraction(0)]


def test_gap_to_best_has_the_scale_of_its_argument_and_the_width_of_its_range() -> None:
    of = NumberType(scale=2, low=Fraction(40), high=Fraction(100), nullable=True)
    assert GAP_TO_BEST.result_type((of,), {}) == NumberType(
        scale=2, low=Fraction(0), high=Fraction(60), nullable=True
    )


def test_cards_become_rows_with_the_line_each_begins_at() -> None:
    content = "单位: U01\n得分： 92.5\n\n\n单位: U02\n".encode()
    table = CARDS.read(content, "a.cards", ReadOptions())
    assert table.headers == ("单位", "得分")
    assert table.frame.rows() == [("U01", "92.5"), ("U02", None)]
    assert table.rows.to_list() == [1, 5]


def test_all_lines_without_a_colon_are_refused_at_once() -> None:
    with pytest.raises(InputError) as raised:
        CARDS.read(b"a: 1\nb\n\nc\n", "a.cards", ReadOptions())
    assert [fault.place.line for fault in raised.value.faults if fault.place] == [2, 4]


def test_cards_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(InputError, match="EX004"):
        CARDS.read("单位: U01".encode("gb18030"), "a.cards", ReadOptions())


def engine(name: str, value: int) -> Engine:
    return Engine(name=name, summary="", evaluate=lambda plan, records: pl.DataFrame({"score": [value]}))


def test_both_returns_what_the_engines_agree_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulecore.engines.ENGINES", (engine("exact", 1), engine("columnar", 1)))
    assert BOTH.evaluate(cast("Plan", None), pl.DataFrame()).rows() == [(1,)]


def test_both_refuses_to_answer_where_the_engines_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulecore.engines.ENGINES", (engine("exact", 1), engine("columnar", 2)))
    with pytest.raises(InternalError, match="differ in score"):
        BOTH.evaluate(cast("Plan", None), pl.DataFrame())


def test_markdown_escapes_what_would_end_a_cell(tmp_path: Path) -> None:
    MARKDOWN.write(DOCUMENT, tmp_path / "a.md")
    expected = "# 结果\n\n## results\n\n| 单位 | 得分 |\n| --- | ---: |\n| A\\|B | 88.99 |\n| C |  |\n"
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == expected


def test_counts_names_every_table_with_its_rows() -> None:
    assert COUNTS.render(DOCUMENT).decode() == "结果\nresults: 2\n"


RULE = """
[fields.revenue]
type = "decimal"
decimals = 2
min = 0
max = 100000
[fields.target]
type = "decimal"
decimals = 2
min = 0
max = 100000
missing = "not_applicable"

[rules.points]
scorer = "target_ratio"
of = "revenue"
target = "target"
full_marks = 100
cap = 120
decimals = 2
"""


def test_target_ratio_gives_exact_values_on_both_engines() -> None:
    pairs = [("95", "100"), ("300", "100"), ("1", "0")]
    records = [{"revenue": revenue, "target": target} for revenue, target in pairs]
    assert evaluate_rule(RULE, records) == [Fraction(95), Fraction(120), None]


def test_both_engines_agree_on_the_edges_of_target_ratio() -> None:
    check_scorer(TargetRatio, RULE, count=500)


def test_the_plugin_loads_without_faults_beside_the_built_ins() -> None:
    assert check_plugin("rulecore_example").scorers["target_ratio"].value is TargetRatio


def test_the_store_keeps_an_archive_once_and_brings_it_forward_step_by_step() -> None:
    from rulecore_example.memory import MEMORY

    from rulecore.archive import Content, RunArchive
    from rulecore.errors import UsageError

    archive = RunArchive(contents=(Content(role="manifest", name="results/r.manifest.json", data=b"{}"),))
    said = {"who": "张三", "when": "2024-12-31T08:00:00Z"}
    with MEMORY.open("memory://", True) as store:
        run, new = store.add(archive, **said)
        assert (run.number, new, store.add(archive, **said)[1]) == (1, True, False)
        assert store.archive(1) == archive
        with pytest.raises(UsageError):
            store.move(1, "sealed", **said)
        for state in ("reviewed", "published", "sealed"):
            run = store.move(1, state, **said)
        assert (run.state, store.runs()) == ("sealed", (run,))
