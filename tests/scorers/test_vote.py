import pytest

from tests.scorers.policies import codes, outcome, value

TWO_THIRDS = 'scorer = "vote"\nin_favour = "yes"\nof = "present"\nat_least = "2/3"\n'
MAJORITY = 'scorer = "vote"\nin_favour = "yes"\nof = "present"\nmore_than = "1/2"\n'
QUORUM = TWO_THIRDS + 'quorum = "2/3"\nentitled = "members"\n'


@pytest.mark.parametrize(
    ("yes", "present", "carried"), [(8, 12, True), (7, 12, False), (2, 3, True), (0, 1, False)]
)
def test_two_thirds_are_compared_in_whole_numbers(yes, present, carried):
    assert value(TWO_THIRDS, yes=yes, present=present) is carried


@pytest.mark.parametrize(("yes", "present", "carried"), [(5, 10, False), (6, 10, True), (5, 9, True)])
def test_more_than_half_is_not_half(yes, present, carried):
    assert value(MAJORITY, yes=yes, present=present) is carried


@pytest.mark.parametrize(
    ("yes", "present", "members", "carried"),
    [(8, 12, 18, True), (8, 12, 19, False), (12, 12, 19, False), (7, 12, 18, False), (0, 0, 5, False)],
)
def test_without_a_quorum_nothing_carries(yes, present, members, carried):
    assert value(QUORUM, yes=yes, present=present, members=members) is carried


def test_without_anybody_there_is_no_outcome():
    assert outcome(MAJORITY, yes=0, present=0) == (None, frozenset({"no_votes"}))
    assert outcome(QUORUM, yes=0, present=0, members=0) == (None, frozenset({"no_votes"}))


def test_what_is_not_known_leaves_the_outcome_open():
    assert value(MAJORITY, yes=None, present=9) is None
    assert value(MAJORITY, yes=5, present=None) is None
    assert value(QUORUM, yes=8, present=12, members=None) is None
    assert value(QUORUM, yes=None, present=1, members=18) is False


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("", "RC162"),
        ('at_least = "2/3"\nmore_than = "1/2"', "RC161"),
        ('at_least = "2/3"\nquorum = "1/2"', "RC162"),
        ('at_least = "2/3"\nentitled = "members"', "RC162"),
        ('at_least = "4/3"', "RC164"),
        ("at_least = 0", "RC164"),
        ("more_than = 1", "RC164"),
    ],
)
def test_a_vote_has_one_majority_and_a_whole_quorum(more, code):
    assert codes('scorer = "vote"\nin_favour = "yes"\nof = "present"\n' + more) == [code]
