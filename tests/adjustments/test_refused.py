"""What is wrong with a file of adjustments stops the run: everything at once, each with its line, nothing ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulecore.api import CompiledPolicy
from rulecore.errors import InputError
from tests.adjustments.given import POLICY, RECORDS, VOTES, decision, loaded, refused, revocation, run


@pytest.fixture(name="policy", scope="module")
def _policy(tmp_path_factory: pytest.TempPathFactory) -> CompiledPolicy:
    return loaded(tmp_path_factory.mktemp("policy"))


def only(policy: CompiledPolicy, *decisions: dict[str, object]) -> str:
    """Return the one thing that is wrong, with its code."""
    found = refused(policy, *decisions)
    assert len(found) == 1, found
    return " ".join(found[0])


def test_everything_is_told_at_once_with_its_line(policy: CompiledPolicy) -> None:
    with pytest.raises(InputError) as caught:
        run(
            policy,
            [
                decision(1, "无名", "set_score", 70),
                decision(2, "甲", "no_such", 70),
                decision(3, "戊", "set_score", 90),
                decision(4, "丙", "waive", 签字人二=""),
                decision(5, "丁", "set_grade", "A"),
            ],
        )
    found = {(fault.place.line, fault.code.id) for fault in caught.value.faults if fault.place is not None}
    assert found == {(1, "RC591"), (2, "RC590"), (3, "RC593"), (4, "RC594"), (5, "RC598")}


def test_an_entity_that_is_not_there_is_named_with_a_near_one(policy: CompiledPolicy) -> None:
    records = [{**record, "单位": f"{record['单位']}公司本部"} for record in RECORDS]
    votes = [{**vote, "单位": f"{vote['单位']}公司本部"} for vote in VOTES]
    with pytest.raises(InputError, match="did you mean 甲公司本部"):
        run(policy, [decision(1, "甲公司总部", "set_score", 90)], records=records, votes=votes)


def test_a_record_that_was_refused_is_told_with_the_reason(policy: CompiledPolicy) -> None:
    records = [*RECORDS[:4], {**RECORDS[4], "经营": 170}]
    with pytest.raises(InputError, match=r"(?m)RC592: .* was refused: RC516 .* above the maximum 100$"):
        run(policy, [decision(1, "戊", "set_score", 69)], records=records)


def test_a_value_must_be_within_the_policy(policy: CompiledPolicy) -> None:
    assert "differ from the computed 68 by at most 3" in only(policy, decision(1, "戊", "set_score", 71.5))
    assert "not be above 100" in only(policy, decision(1, "丁", "set_score", 101))
    assert "it may only be A, B, C" in only(policy, decision(1, "甲", "set_grade", "优"))
    assert "at most 2 decimals" in only(policy, decision(1, "戊", "set_score", "68.001"))
    assert "the value is missing" in only(policy, decision(1, "戊", "set_score"))
    assert "leave it blank" in only(policy, decision(1, "丙", "recuse", 1))


def test_the_signatures_that_the_policy_demands_must_be_those_of_different_people(
    policy: CompiledPolicy,
) -> None:
    assert "needs 2 signature(s) and has 1" in only(policy, decision(1, "丙", "waive", 签字人二=None))
    assert "both signatures are those of 张三" in only(policy, decision(1, "丙", "waive", 签字人二=" 张 三 "))


def test_a_decision_must_say_who_why_when_and_where_it_is_written_down(policy: CompiledPolicy) -> None:
    incomplete = decision(1, "戊", "set_score", 69, 理由="", 依据=None, 决定者=" ")
    assert only(policy, incomplete) == "RC589 the decision 1 is incomplete: 理由, 依据, 决定者 is blank"


def test_a_decision_may_not_be_older_than_what_it_is_about(policy: CompiledPolicy) -> None:
    assert "begins on 2024-01-01 only" in only(
        policy, decision(1, "戊", "set_score", 69, 决定日期="2023-12-31")
    )
    assert "this is no day" in only(policy, decision(1, "戊", "set_score", 69, 决定日期="昨天"))


def test_two_decisions_may_not_be_in_force_about_one_value(policy: CompiledPolicy) -> None:
    both = (decision(1, "戊", "set_score", 69), decision(2, "戊", "set_score", 70))
    assert only(policy, *both) == "RC597 the decisions 1 and 2 are both in force for 戊"
    assert "have the same number" in only(
        policy, decision(1, "戊", "set_score", 69), decision(1, "丙", "waive")
    )


def test_one_of_two_decisions_may_be_revoked(policy: CompiledPolicy) -> None:
    found = run(
        policy,
        [decision(1, "戊", "set_score", 69), decision(2, "戊", "set_score", 70), revocation(3, 1)],
    )
    assert found.adjustments is not None
    assert [(one.decision.number, one.revoked_by is not None) for one in found.adjustments.applied] == [
        ("1", True),
        ("2", False),
        ("3", False),
    ]


def test_only_a_standing_decision_can_be_revoked_and_only_once(policy: CompiledPolicy) -> None:
    one = decision(1, "戊", "set_score", 69)
    assert "there is no decision of that number" in only(policy, one, revocation(2, 9))
    assert "2 has already taken that one back" in only(policy, one, revocation(2, 1), revocation(3, 1))
    assert "itself a revocation" in only(policy, one, revocation(2, 1), revocation(3, 2))
    assert "dated before it" in only(policy, one, revocation(2, 1, 决定日期="2025-01-01"))


def test_a_revocation_needs_signatures_as_its_decision_does(policy: CompiledPolicy) -> None:
    assert "RC594" in only(policy, decision(1, "丙", "waive"), revocation(2, 1, 签字人二=None))


def test_an_order_is_given_to_tied_records_only_and_to_all_of_them(policy: CompiledPolicy) -> None:
    assert "tied with no other record" in only(policy, decision(1, "丁", "order", 1))
    assert "have no place: 乙" in only(policy, decision(1, "甲", "order", 1))
    both = (decision(1, "甲", "order", 1), decision(2, "乙", "order", 1))
    assert "two of those tied have the same place: 甲, 乙" in only(policy, *both)


def test_a_row_must_be_named_where_rows_are_adjusted_and_nowhere_else(policy: CompiledPolicy) -> None:
    assert "say which" in only(policy, decision(1, "戊", "judge"))
    assert "its rows are x, y" in only(policy, decision(1, "戊", "judge", 明细="z"))
    assert "leave the row blank" in only(policy, decision(1, "戊", "set_score", 69, 明细="x"))


def test_an_entity_of_several_periods_needs_the_period(policy: CompiledPolicy) -> None:
    records = [*RECORDS, {**RECORDS[4], "年度": 2025}]
    votes = [*VOTES, *({**vote, "年度": 2025} for vote in VOTES if vote["单位"] == "戊")]
    with pytest.raises(InputError, match="say which by the period"):
        run(policy, [decision(1, "戊", "set_score", 69, 决定日期="2025-03-01")], records=records, votes=votes)
    found = run(
        policy,
        [decision(1, "戊", "set_score", 69, 期间="2025", 决定日期="2025-03-01")],
        records=records,
        votes=votes,
    )
    assert found.text_table["score"].to_list()[4:] == ["68.00", "69.00"]


def test_a_heading_that_means_nothing_is_not_ignored(policy: CompiledPolicy) -> None:
    assert "the column 金额 means nothing here" in only(
        policy, {**decision(1, "戊", "set_score", 69), "金额": 3}
    )


def test_english_headings_do_as_well(policy: CompiledPolicy) -> None:
    line = {
        "number": 1,
        "Entity": "戊",
        "adjustment": "set_score",
        "value": 69,
        "reason": "late papers",
        "reference": "minutes 1",
        "Decided by": "committee",
        "date": "2025-01-10",
        "first signature": "Zhang",
    }
    assert run(policy, [line]).text_table["score"][4] == "69.00"


class TestUnwaivable:
    """``unwaivable = true``: neither lifted nor got round."""

    def test_the_rule_itself_may_not_be_set_while_it_holds(self, policy: CompiledPolicy) -> None:
        assert only(policy, decision(1, "丁", "set_grade", "A")) == (
            'RC598 the decision 1 would lift "事故" of 丁, which the policy marks as unwaivable'
        )

    def test_what_it_does_not_hold_for_may_be_set(self, policy: CompiledPolicy) -> None:
        assert run(policy, [decision(1, "丙", "set_grade", "B")]).text_table["grade"][2] == "B"

    def test_a_fact_before_it_may_be_set_as_long_as_it_holds(self, policy: CompiledPolicy) -> None:
        found = run(policy, [decision(1, "丁", "set_score", 97)])
        assert (found.text_table["score"][3], found.text_table["after"][3]) == ("97.00", "D")

    def test_it_may_not_be_left_without_a_result_to_lower(self, policy: CompiledPolicy) -> None:
        # Without its only vote the panel has no mark, and there would be no grade that the veto caps.
        assert "RC598" in only(policy, decision(1, "丁", "judge", 明细="x"))

    def test_it_may_not_be_set_aside_by_way_of_what_it_looks_at(self, tmp_path: Path) -> None:
        text = POLICY.replace('when = "accident"', 'when = "happened"').replace(
            "[rules.after]",
            '[rules.happened]\nscorer = "formula"\nvalue = "accident"\n\n[rules.after]',
        )
        text = text.replace(
            "[output]",
            '[adjustments.fact]\nkind = "override"\nrule = "happened"\nmay_be = [true, false]\n\n[output]',
        )
        assert "RC598" in only(loaded(tmp_path, text), decision(1, "丁", "fact", "否"))

    def test_a_milder_veto_may_not_be_put_in_its_place(self, tmp_path: Path) -> None:
        start, end = POLICY.index("vetoes = ["), POLICY.index("\n", POLICY.index("vetoes = ["))
        vetoes = (
            'vetoes = [{ when = "minor_counts", cap = "C", reason = "轻微" }, '
            '{ when = "accident", cap = "D", reason = "事故", unwaivable = true }]'
        )
        text = POLICY[:start] + vetoes + POLICY[end:]
        text = text.replace(
            "[output]",
            '[adjustments.fact]\nkind = "override"\nrule = "minor_counts"\nmay_be = [true, false]\n\n[output]',
        )
        policy = loaded(tmp_path, text)
        assert "RC598" in only(policy, decision(1, "丁", "fact", "是"))
        # To set aside the veto that stands before it lets the unwaivable one decide: that is no way round it.
        both = [{**record, "轻微": True} if record["单位"] == "丁" else record for record in RECORDS]
        found = run(policy, [decision(1, "丁", "waive")], records=both)
        assert found.text_table["after"][3] == "D"


def test_an_adjustment_may_be_named_by_what_people_call_it(tmp_path: Path) -> None:
    text = POLICY.replace("[adjustments.set_score]", '[adjustments.set_score]\nlabel = "复议改分"')
    assert run(loaded(tmp_path, text), [decision(1, "戊", "复议 改分", 69)]).text_table["score"][4] == "69.00"


def test_a_fault_names_the_column_as_the_file_does(policy: CompiledPolicy) -> None:
    with pytest.raises(InputError) as caught:
        run(policy, [decision(1, "戊", "set_score", 101)])
    (fault,) = caught.value.faults
    assert fault.place is not None
    assert fault.place.key == "调整为"
