from pathlib import Path

from tests.checks.whole import findings

FIELDS = "".join(
    f"[fields.{name}]\ntype = 'decimal'\ndecimals = 6\nmin = 0\nmax = 1000000000\n" for name in "abcd"
)


def test_a_sum_of_many_wide_quotients_is_noted(tmp_path: Path) -> None:
    value = " + ".join(f"1 / ({name} + 1)" for name in "abcd")
    rules = f"{FIELDS}[rules.index]\nscorer = 'formula'\nvalue = '{value}'\ndecimals = 6\n"
    assert findings(rules, tmp_path) == ["RC255"]


def test_the_same_sum_of_rounded_quotients_fits(tmp_path: Path) -> None:
    value = " + ".join(f"round(1 / ({name} + 1), 6)" for name in "abcd")
    rules = f"{FIELDS}[rules.index]\nscorer = 'formula'\nvalue = '{value}'\ndecimals = 6\n"
    assert findings(rules, tmp_path) == []
