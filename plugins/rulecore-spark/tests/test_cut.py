"""A plan cut into stages: as few passes as will do, and nothing carried that nobody reads."""

from __future__ import annotations

from pathlib import Path

from rulecore.api import load_policies

SHIPPED = Path(__file__).parents[3] / "policies"
POLICY = Path(__file__).parent / "policies" / "各类规则.toml"


def _kinds(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    from rulecore_spark.cut import cut_plan

    return [(stage.kind, stage.key) for stage in cut_plan(load_policies(path).plans[0]).stages]


def test_rules_that_look_at_one_record_are_one_pass() -> None:
    assert _kinds(SHIPPED / "benefit_award") == [("rows", ())]


def test_groups_are_shuffled_once_by_what_they_have_in_common() -> None:
    assert _kinds(SHIPPED / "studio_members") == [("rows", ()), ("cohorts", ("studio",))]
    assert _kinds(SHIPPED / "fault_tolerance") == [("rows", ()), ("cohorts", ("unit", "year"))]


def test_ranks_over_everything_are_left_to_spark_and_taken_together() -> None:
    assert _kinds(SHIPPED / "double_hundred") == [("rows", ()), ("ranks", ()), ("rows", ())]


def test_a_rule_without_a_column_is_computed_again_where_it_is_read() -> None:
    from rulecore_spark.cut import cut_plan

    stages = cut_plan(load_policies(POLICY).plans[0]).stages
    assert [stage.kind for stage in stages] == ["rows", "ranks", "cohorts"]
    last = stages[-1]
    assert {step.name for step in last.plan.steps} - {step.name for step in last.new} == {"unrounded"}
    assert "unrounded" not in {column.name for stage in stages for column in stage.kept}


def test_every_step_is_new_in_one_stage_only_and_none_is_left_out() -> None:
    from rulecore_spark.cut import cut_plan

    for scheme in ("bidding", "contest", "engineer_ladder", "project_gate", "suggestion"):
        plan = load_policies(SHIPPED / scheme).plans[0]
        new = [step.name for stage in cut_plan(plan).stages for step in stage.new]
        assert sorted(new) == sorted(step.name for step in plan.steps)


def test_fields_that_nobody_reads_later_are_not_carried() -> None:
    from rulecore_spark.cut import cut_plan

    cut = cut_plan(load_policies(SHIPPED / "benefit_award").plans[0])
    kept = {column.name for column in cut.stages[-1].kept}
    assert kept < {column.name for column in cut.start} | {step.name for step in cut.stages[0].new}
    assert "unit_price" not in kept


def test_128_bits_cross_to_spark_exactly_or_as_text() -> None:
    from fractions import Fraction

    import polars as pl
    from rulecore_spark.layout import Layout, held

    from rulecore.expr.types import NumberType

    narrow = held("narrow", NumberType(scale=2, low=Fraction(0), high=Fraction(10**35)))
    wide = held("wide", NumberType(scale=2, low=Fraction(-(10**36)), high=Fraction(10**36)))
    assert (narrow.kind, wide.kind) == ("decimal", "wide")
    layout = Layout(columns=(narrow, wide))
    frame = pl.DataFrame(
        {"narrow": [10**37, None, -1], "wide": [10**38, -(10**38), None]},
        schema={"narrow": pl.Int128(), "wide": pl.Int128()},
    )
    table = layout.table(frame)
    assert [str(kind) for kind in table.schema.types] == ["decimal128(38, 0)", "string"]
    assert layout.frame(table).equals(frame)


def test_what_travels_to_workers_is_unpacked_without_polars_so_that_its_threads_can_be_set() -> None:
    import subprocess
    import sys

    code = "import sys, rulecore_spark.worker, rulecore_spark.shipment; print('polars' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
