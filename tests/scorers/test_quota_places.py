from tests.scorers.policies import codes, values

RULE = 'scorer = "quota_places"\nshare = "30%"\n'


def test_places_are_the_share_rounded_down():
    assert values(RULE, [{}] * 5) == [1] * 5
    assert values(RULE, [{}] * 3) == [0] * 3


def test_places_may_be_rounded_up_and_counted_in_groups_of_some():
    cohort = [{"g": 1, "f": True}, {"g": 1, "f": False}, {"g": 2, "f": True}]
    rule = 'scorer = "quota_places"\nshare = 0.5\nplaces_rounding = "ceil"\nwithin = ["g"]\npopulation = "f"'
    assert values(rule, cohort) == [1, 1, 1]
    assert values(RULE.replace("30%", "50%") + 'within = ["g"]', cohort) == [1, 1, 0]


def test_a_share_lies_between_nothing_and_all():
    assert codes('scorer = "quota_places"\nshare = 30') == ["RC164"]
