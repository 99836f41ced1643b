"""What it would take: the smallest change of each input that reaches the next band, grade, star or rank.

``possible`` and ``bounds`` say what values can be while an input is only known to lie in an interval, ``slopes`` what
goes one way only, ``rivals`` the same for ranks and counts among other records; ``situation`` joins them for one
record and computes it exactly; ``search`` finds the smallest change, ``targets`` reads what is to be reached, ``make``
gives the answer.
"""

from rulecore.reach.make import reach
from rulecore.reach.values import Change, Displaced, InputAnswer, Reach

__all__ = ["Change", "Displaced", "InputAnswer", "Reach", "reach"]
