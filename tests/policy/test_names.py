from rulecore.expr.tokens import KEYWORDS
from rulecore.policy.names import RESERVED_WORDS


def test_the_reserved_words_are_the_keywords_of_the_language() -> None:
    assert set(KEYWORDS) == RESERVED_WORDS
