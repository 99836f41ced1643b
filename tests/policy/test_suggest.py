import pytest

from rulecore.policy.suggest import suggestion


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("colum", "column"),
        ("Half-Up", "half_up"),
        ("asc", "ascending"),
        ("ｓｃｏｒｅ", "score"),
        ("党建得份", "党建得分"),
    ],
)
def test_a_near_miss_is_recognised(written: str, meant: str) -> None:
    assert suggestion(written, ["column", "half_up", "ascending", "score", "党建得分"]) == meant


def test_a_far_word_suggests_nothing() -> None:
    assert suggestion("zebra", ["column", "score"]) is None
