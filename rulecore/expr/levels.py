"""How tightly the constructs of the language bind: a larger number binds tighter."""

from typing import Final

CHOICE: Final = 0
DISJUNCTION: Final = 1
CONJUNCTION: Final = 2
NEGATION: Final = 3
COMPARISON: Final = 4
SUM: Final = 5
PRODUCT: Final = 6
SIGN: Final = 7
ATOM: Final = 8
