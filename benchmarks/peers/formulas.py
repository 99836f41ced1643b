"""W1 as formulas in order, for engines of expressions: each result is put beside the record for the next.

``{choose}`` is the engine's conditional, ``{half_up}`` its way to two decimals, given as templates.
"""

from __future__ import annotations

from collections.abc import Callable

WEIGHTS = ("0.2", "0.2", "0.15", "0.15", "0.1", "0.1", "0.05", "0.05")
Choose = Callable[[str, str, str], str]


def formulas(choose: Choose, half_up: Callable[[str], str], *, rounded: bool) -> list[tuple[str, str]]:
    """Return names and formulas; every number has a decimal point, for engines that tell integers from floats."""
    found = []
    for number in range(1, 9):
        quotient = f"actual_{number} / target_{number} * 100.0"
        found.append((f"done_{number}", choose(f"{quotient} > 120.0", "120.0", quotient)))
        done = f"done_{number}"
        upper = choose(f"{done} <= 100.0", f"({done} - 60.0) * 2.5", f"100.0 + ({done} - 100.0) / 2.0")
        mark = choose(f"{done} < 60.0", "0.0", upper)
        found.append((f"indicator_{number}", half_up(mark) if rounded else mark))
    total = " + ".join(f"indicator_{number} * {weight}" for number, weight in enumerate(WEIGHTS, 1))
    bonus = choose("bonus > 5.0", "5.0", "bonus")
    found.append(("total", f"{total} + {bonus} - deduction"))
    found.append(("most", choose("accidents >= 2", "60.0", "100.0")))
    kept = choose("total < 0.0", "0.0", choose("total > most", "most", "total"))
    found.append(("operations", half_up(kept)))
    found.append(("composite", half_up("party * operations / 100.0")))
    stars = "1"
    for edge, count in (("60.0", "2"), ("70.0", "3"), ("80.0", "4"), ("90.0", "5")):
        stars = choose(f"composite >= {edge}", count, stars)
    found.append(("stars", stars))
    return found


def question(condition: str, then: str, otherwise: str) -> str:
    """Return a conditional with ``?`` and ``:``."""
    return f"({condition} ? ({then}) : ({otherwise}))"
