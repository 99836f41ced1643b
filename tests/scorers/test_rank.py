from tests.scorers.policies import values


def records(*cells):
    return [dict(zip(("score", "tie", "group"), row, strict=True)) for row in cells]


COHORT = records((90, 1, "a"), (95, 1, "a"), (90, 2, "b"), (None, 9, "b"), (90, 2, "b"))


def test_the_highest_score_is_first_and_ties_are_decided_by_the_next_key():
    assert values('scorer = "rank"\nby = "score"\nties = ["tie"]', COHORT) == [4, 1, 2, None, 2]


def test_ranks_may_be_dense():
    assert values('scorer = "rank"\nby = "score"\nmethod = "dense"', COHORT) == [2, 1, 2, None, 2]


def test_records_still_tied_have_no_ordinal_rank():
    assert values('scorer = "rank"\nby = "score"\nties = ["tie"]\nmethod = "ordinal"', COHORT) == [
        4,
        1,
        None,
        None,
        None,
    ]


def test_keys_may_ascend():
    rule = 'scorer = "rank"\nby = { by = "score", order = "ascending" }\n'
    rule += 'ties = [{ by = "tie", order = "ascending" }]'
    assert values(rule, COHORT) == [1, 4, 2, None, 2]


def test_ranks_may_be_counted_in_groups_and_among_some():
    assert values('scorer = "rank"\nby = "score"\nwithin = ["group"]', COHORT) == [2, 1, 1, None, 1]
    assert values('scorer = "rank"\nby = "score"\nwhere = "tie == 2"', COHORT) == [
        None,
        None,
        1,
        None,
        1,
    ]
