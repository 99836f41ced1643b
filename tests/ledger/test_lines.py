"""What the lines of a ledger are, for each way of making a number: from the policy's text to the amounts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from rulecore import load_policy
from rulecore.ledger import Ledgers, RuleLedger, ledgers_of
from rulecore.ledger.text import ledgers_text
from rulecore.ledger.totals import total

HEAD = """
[policy]
name = "lines"
version = "1"
language = "en"
[record]
entity = "unit"
[fields]
unit = { type = "text" }
team = { type = "text", values = ["x", "y"] }
accident = { type = "flag" }
party = { type = "decimal", decimals = 1, min = 0, max = 100 }
work = { type = "decimal", decimals = 1, min = 0, max = 100, missing = "not_applicable" }
safety = { type = "decimal", decimals = 1, min = 0, max = 100, missing = "not_applicable" }
bonus = { type = "decimal", decimals = 1, min = 0, max = 20 }
profit = { type = "decimal", decimals = 2, min = -1000, max = 1000 }
[parameters]
bonus_cap = 3
"""
TAIL = """
[output]
columns = ["unit"]
"""
RECORD = {
    "unit": "U1",
    "team": "x",
    "accident": "否",
    "party": "90",
    "work": "80",
    "safety": "",
    "bonus": "5",
    "profit": "12.34",
}

Lines = list[tuple[str, str, str]]


def ledgers(tmp_path: Path, rules: str, **cells: str) -> Ledgers:
    (tmp_path / "policy.toml").write_text(HEAD + rules + TAIL, encoding="utf-8")
    return ledgers_of(load_policy(tmp_path).evaluate([RECORD | cells]), "U1")


def ledger(tmp_path: Path, rules: str, name: str = "total", **cells: str) -> RuleLedger:
    found = ledgers(tmp_path, rules, **cells).rule(name)
    assert found is not None
    assert total(entry.amount for entry in found.entries) == (found.value or 0)
    return found


def lines(found: RuleLedger) -> Lines:
    return [(entry.line.kind, entry.line.label.en, str(entry.amount)) for entry in found.entries]


def formula(text: str, more: str = "") -> str:
    return f'[rules.total]\nscorer = "formula"\nvalue = """{text}"""\n{more}\n'


@pytest.mark.parametrize(
    ("text", "more", "expected"),
    [
        (
            "party * 0.4 + work * 0.6 - profit",
            "",
            [
                ("contribution", "party", "36"),
                ("contribution", "work", "48"),
                ("deduction", "profit", "-617/50"),
            ],
        ),
        (
            "clip(party + min(bonus, bonus_cap), 0, 100)",
            "",
            [
                ("full_marks", "full marks (the most that is possible)", "100"),
                ("lost", "party", "-10"),
                ("bonus", "bonus", "5"),
                ("cap", "at most bonus_cap", "-2"),
            ],
        ),
        (
            "max(profit - 20, 0)",
            "",
            [
                ("contribution", "profit", "617/50"),
                ("deduction", "20", "-20"),
                ("floor", "at least 0", "383/50"),
            ],
        ),
        (
            "party / 7",
            "decimals = 1",
            [("contribution", "party", "90/7"), ("rounding", "rounded half up to 1 decimals", "3/70")],
        ),
        (
            "sum(party, work, safety)",
            "",
            [("contribution", "party", "90"), ("contribution", "work", "80")],
        ),
        (
            "mean(party, work, safety)",
            "",
            [("contribution", "party", "45"), ("contribution", "work", "40")],
        ),
        (
            "trimmed_mean(party, work, bonus)",
            "",
            [("dropped", "party", "0"), ("contribution", "work", "80"), ("dropped", "bonus", "0")],
        ),
        (
            "(party + bonus) * clip(work / 100, 0.5, 1.2)",
            "",
            [
                ("contribution", "party", "90"),
                ("contribution", "bonus", "5"),
                ("factor", "limited to 0.5…1.2(work ÷ 100)", "-19"),
            ],
        ),
        ("max(party, work)", "", [("contribution", "party", "90")]),
        (
            "if accident then 0 else party - 10",
            "",
            [("contribution", "party", "90"), ("deduction", "10", "-10")],
        ),
        ("if party >= 90 then 5 else 3", "", [("choice", "party ≥ 90", "5")]),
        ("coalesce(safety, work)", "", [("contribution", "work", "80")]),
        ("abs(profit)", "", [("value", "|profit|", "617/50")]),
        ("round(ln(party), 2)", "", [("value", "rounded half up to 2 decimals(ln(party))", "9/2")]),
        ("rank(party)", "", [("cohort", "rank(party from high to low; ties share the smallest rank)", "1")]),
        ("-party * -2", "", [("contribution", "party", "180")]),
        (
            "profit / party * 3",
            "",
            [("contribution", "profit ÷ party × 3", "617/1500")],
        ),
    ],
)
def test_each_way_of_making_a_number_has_its_lines(
    text: str, more: str, expected: Lines, tmp_path: Path
) -> None:
    assert lines(ledger(tmp_path, formula(text, more))) == expected


def test_a_weighted_sum_of_rules_starts_from_their_full_marks(tmp_path: Path) -> None:
    rules = """
[rules.first]
scorer = "formula"
value = "clip(profit, 0, 50)"
[rules.second]
scorer = "bands"
of = "party"
bands = [{ at_least = 95, is = 100 }, { at_least = 85, is = 80 }, { is = 0 }]
[rules.total]
scorer = "weighted_sum"
of = { first = 0.4, second = 0.6 }
"""
    assert lines(ledger(tmp_path, rules)) == [
        ("full_marks", "full marks (the most that is possible)", "80"),
        ("lost", "first", "-1883/125"),
        ("lost", "second", "-12"),
    ]


def test_weights_that_are_shared_out_start_from_the_full_marks_of_what_is_applicable(tmp_path: Path) -> None:
    rules = """
[rules.first]
scorer = "formula"
value = "clip(work, 0, 100)"
[rules.second]
scorer = "formula"
value = "clip(safety, 0, 60)"
[rules.total]
scorer = "weighted_sum"
of = { first = 0.4, second = 0.6 }
not_applicable = "re_share"
"""
    assert lines(ledger(tmp_path, rules)) == [
        ("full_marks", "full marks (the most that is possible)", "100"),
        ("lost", "first", "-20"),
    ]
    both = ledger(tmp_path, rules, safety="30")
    assert [str(entry.amount) for entry in both.entries] == ["76", "-8", "-18"]


def test_scores_that_multiply_each_other_take_their_share_of_what_is_left(tmp_path: Path) -> None:
    rules = """
[rules.total]
scorer = "mutual_coefficient"
of = ["party", "work"]
"""
    assert lines(ledger(tmp_path, rules)) == [
        ("full_marks", "full marks (the most that is possible)", "100"),
        ("lost", "party", "-10"),
        ("lost", "work", "-18"),
    ]


VETO = """
[rules.score]
scorer = "formula"
value = "party - bonus"
[rules.total]
scorer = "veto"
of = "score"
vetoes = [{ when = "accident", cap = 60, reason = "accident at work" }]
"""


def test_a_veto_is_a_line_after_what_would_stand_without_it(tmp_path: Path) -> None:
    assert lines(ledger(tmp_path, VETO, accident="是")) == [
        ("contribution", "score", "85"),
        ("veto", "accident at work", "-25"),
    ]
    assert lines(ledger(tmp_path, VETO)) == [("contribution", "score", "85")]


def test_reasons_are_found_down_to_the_inputs_the_worst_first(tmp_path: Path) -> None:
    found = ledger(tmp_path, VETO, accident="是")
    assert [(reason.rule, reason.entry.line.label.en, str(reason.amount)) for reason in found.reasons] == [
        ("total", "accident at work", "-25"),
        ("score", "bonus", "-5"),
    ]


def test_a_deduction_counts_from_what_it_is_taken_off(tmp_path: Path) -> None:
    rules = """
[rules.penalty]
scorer = "deduction"
of = ["bonus", "profit"]
cap = 15
[rules.total]
scorer = "formula"
value = "100 - penalty"
"""
    both = ledgers(tmp_path, rules)
    penalty, total = both.rules
    assert lines(penalty) == [
        ("contribution", "bonus", "5"),
        ("contribution", "profit", "617/50"),
        ("cap", "at most 15", "-117/50"),
    ]
    assert lines(total) == [("contribution", "100", "100"), ("deduction", "penalty", "-15")]
    assert [str(reason.amount) for reason in total.reasons] == ["-617/50", "-5"]


def test_what_is_not_applicable_names_why(tmp_path: Path) -> None:
    found = ledger(tmp_path, formula("party + safety + work"))
    assert (found.value, found.entries, found.missing) == (None, (), ("safety",))


def test_what_a_branch_makes_not_applicable_names_nothing(tmp_path: Path) -> None:
    found = ledgers(tmp_path, formula("if party > 1 then not_applicable else party"))
    assert ledgers_text(found, "en").splitlines()[-1].strip() == "not applicable"


def test_every_line_says_where_it_comes_from(tmp_path: Path) -> None:
    rules = """
[rules.total]
reference = "Article 3"
scorer = "formula"
value = "party + min(bonus, bonus_cap)"
"""
    first, _bonus, cap = ledger(tmp_path, rules).entries
    assert first.line.inputs == ("party",)
    assert first.line.reference == "Article 3"
    assert cap.line.declared is not None
    text = (tmp_path / "policy.toml").read_text(encoding="utf-8").splitlines()
    assert first.line.declared is not None
    assert text[(cap.line.declared.line or 0) - 1] == "bonus_cap = 3"
    assert text[(first.line.declared.line or 0) - 1] == "[rules.total]"


def test_one_rule_alone_brings_those_it_takes_in(tmp_path: Path) -> None:
    found = ledgers(tmp_path, VETO + '[rules.other]\nscorer = "formula"\nvalue = "work"\n')
    assert [rule.name for rule in found.only("total").rules] == ["score", "total"]
    assert [rule.name for rule in found.roots()] == ["other", "total"]


def test_a_limit_that_depends_on_the_record_is_a_cap(tmp_path: Path) -> None:
    found = ledger(tmp_path, formula("min(profit, bonus * 2, party)"), profit="50", bonus="8")
    assert lines(found) == [
        ("contribution", "profit", "50"),
        ("cap", "at most bonus × 2", "-34"),
    ]


def test_of_values_of_one_kind_the_smallest_is_chosen(tmp_path: Path) -> None:
    assert lines(ledger(tmp_path, formula("min(party, work)"))) == [("contribution", "work", "80")]


def test_a_deduction_inside_a_weighted_difference_is_a_line(tmp_path: Path) -> None:
    found = ledger(tmp_path, formula("(party - bonus) * 0.7 + work * 0.3"))
    assert lines(found) == [
        ("contribution", "party", "63"),
        ("deduction", "bonus", "-7/2"),
        ("contribution", "work", "24"),
    ]
    assert [str(reason.amount) for reason in found.reasons] == ["-7/2"]


def test_a_choice_inside_a_sum_says_what_held(tmp_path: Path) -> None:
    text = "party + (if accident then 0 else 5)"
    assert lines(ledger(tmp_path, formula(text), accident="是"))[1] == ("choice", "accident", "0")
    assert lines(ledger(tmp_path, formula(text)))[1] == ("choice", "otherwise", "5")


QUOTA = """
[rules.band]
scorer = "bands"
of = "party"
bands = [{ at_least = 80, is = "A" }, { is = "B" }]
[rules.after]
scorer = "veto"
of = "band"
order = ["C", "B", "A"]
vetoes = [{ when = "accident", cap = "B", reason = "accident at work" }]
[rules.grade]
scorer = "quota"
of = "after"
by = "party"
limits = [{ grade = "A", places = 1, surplus = "C" }]
[rules.total]
scorer = "lookup"
of = "grade"
table = { A = 1.2, B = 1.0, C = 0.8 }
"""


def of_several(tmp_path: Path, rules: str, *records: dict[str, str]) -> dict[str, RuleLedger]:
    (tmp_path / "policy.toml").write_text(HEAD + rules + TAIL, encoding="utf-8")
    results = load_policy(tmp_path).evaluate([RECORD | cells for cells in records])
    found = {cells["unit"]: ledgers_of(results, cells["unit"]).rule("total") for cells in records}
    return {name: one for name, one in found.items() if one is not None}


def test_what_a_quota_and_a_veto_took_of_a_coefficient_are_lines(tmp_path: Path) -> None:
    first, second, third = (
        {"unit": "U1", "party": "95"},
        {"unit": "U2", "party": "90"},
        {"unit": "U3", "party": "99", "accident": "是"},
    )
    found = of_several(tmp_path, QUOTA, first, second, third)
    assert lines(found["U1"]) == [("choice", "grade = “A”", "6/5")]
    assert lines(found["U2"]) == [
        ("choice", "grade = “A”", "6/5"),
        ("quota", "grade: beyond the quota", "-2/5"),
    ]
    assert lines(found["U3"]) == [
        ("choice", "grade = “A”", "6/5"),
        ("veto", "after: accident at work", "-1/5"),
    ]
    assert [str(reason.amount) for reason in found["U2"].reasons] == ["-2/5"]
    assert [one.value for one in found.values()] == [Fraction(6, 5), Fraction(4, 5), 1]


POOL = """
[rules.total]
scorer = "formula"
value = "share_pool(party, 100, cap_share = 50%)"
"""


def test_a_share_of_a_pool_says_what_caps_and_whole_units_did(tmp_path: Path) -> None:
    records = [{"unit": f"U{number}", "party": party} for number, party in enumerate(("90", "20", "10"), 1)]
    found = of_several(tmp_path, POOL, *records)
    assert lines(found["U1"]) == [("pool", "share by weight", "75"), ("pool", "cut off at the cap", "-25")]
    assert lines(found["U2"]) == [
        ("pool", "share by weight", "50/3"),
        ("pool", "shared again: floors and caps of all", "50/3"),
        ("pool", "made whole units, so that all parts add up", "-1/300"),
    ]
    assert sum((one.value or Fraction(0) for one in found.values()), start=Fraction(0)) == 100


ENVELOPE = """
[rules.asked]
scorer = "formula"
value = "party * 2"
[rules.total]
scorer = "formula"
value = "scale_to_envelope(asked, 150)"
"""


def test_an_amount_scaled_down_starts_from_what_was_asked(tmp_path: Path) -> None:
    found = of_several(tmp_path, ENVELOPE, {"unit": "U1", "party": "100"}, {"unit": "U2", "party": "50"})
    assert lines(found["U1"]) == [
        ("contribution", "asked", "200"),
        ("pool", "scaled down to the envelope", "-100"),
    ]


SEATS = """
[rules.total]
scorer = "formula"
value = "apportion(party, 10)"
"""


def test_seats_start_from_the_exact_share(tmp_path: Path) -> None:
    found = of_several(tmp_path, SEATS, {"unit": "U1", "party": "70"}, {"unit": "U2", "party": "20"})
    assert lines(found["U2"]) == [
        ("pool", "exact share of the seats by votes", "20/9"),
        ("pool", "made whole seats by the method", "-2/9"),
    ]


def test_an_irrational_value_has_its_exact_parts_and_the_rest(tmp_path: Path) -> None:
    both = ledgers(tmp_path, formula("party + ln(work) - bonus"))
    total_ = both.rule("total")
    assert total_ is not None
    assert [(entry.line.kind, entry.line.label.en) for entry in total_.entries] == [
        ("contribution", "party"),
        ("value", "ln(work)"),
        ("deduction", "bonus"),
    ]
    text = ledgers_text(both, "en")
    assert "+4.382026…" in text
    assert "= 89.382026…" in text


def test_numbers_stand_beside_formulas(tmp_path: Path) -> None:
    text = ledgers_text(ledgers(tmp_path, formula("profit / party * 100 + min(bonus, bonus_cap)")), "en")
    assert "12.34 ÷ 90 × 100" in text
    choice = ledgers_text(ledgers(tmp_path, formula("if party >= 80 then 5 else 3")), "en")
    assert "90 ≥ 80" in choice


def test_what_is_not_applicable_is_called_by_its_label_and_not_by_a_hidden_name(tmp_path: Path) -> None:
    rules = '[rules.inner]\nlabel = "里面"\nscorer = "formula"\nvalue = "safety + 1"\n' + formula(
        "rank(inner) + 1"
    )
    text = ledgers_text(ledgers(tmp_path, rules), "en")
    assert "not applicable, because these are not: 里面" in text
    assert "@" not in text


def test_a_value_below_zero_of_one_line_lost_nothing(tmp_path: Path) -> None:
    assert ledger(tmp_path, formula("profit"), profit="-3").reasons == ()
    assert "what cost most" not in ledgers_text(ledgers(tmp_path, formula("profit"), profit="-3"), "en")
