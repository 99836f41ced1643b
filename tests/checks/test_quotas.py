from pathlib import Path

import pytest

from tests.checks.whole import faults


def quota(share: str, more: str = "", limit: str = "") -> str:
    return (
        "[rules.band]\nscorer = 'bands'\nof = 'party'\nbands = [{ at_least = 90, is = 'A' }, { is = 'B' }]\n"
        f"[rules.grade]\nscorer = 'quota'\nof = 'band'\nby = 'party'\n{more}\nundecided = '待评审'\n"
        f"limits = [{{ grade = 'A', share = {share}, surplus = 'B'{limit} }}]\n"
    )


def found(rules: str, folder: Path) -> list[tuple[str, object]]:
    listed = [fault for fault in faults(rules, folder) if fault.code.id.startswith("RC24")]
    return [(fault.code.id, fault.values.get("least")) for fault in listed]


@pytest.mark.parametrize(
    ("share", "more", "limit", "expected"),
    [
        ("'30%'", "", "", []),
        ("0.1", "", "", []),
        ("'5%'", "", "", [("RC240", 20)]),
        ("'5%'", "", ", rounding = 'half_up'", []),
        ("'4%'", "", ", rounding = 'half_up'", [("RC240", 13)]),
        ("'5%'", "", ", rounding = 'ceil'", []),
        ("'30%'", "within = ['rating']", "", [("RC240", 4)]),
        ("'40%'", "within = ['rating']", "", []),
        ("0", "", "", [("RC241", None)]),
    ],
)
def test_a_share_is_noted_if_a_usual_cohort_gets_no_place(
    share: str, more: str, limit: str, expected: list[tuple[str, object]], tmp_path: Path
) -> None:
    assert found(quota(share, more, limit), tmp_path) == expected


def test_a_share_by_a_parameter_counts_as_its_number(tmp_path: Path) -> None:
    assert found("[parameters]\ntop = 0.02\n" + quota("'top'"), tmp_path) == [("RC240", 50)]
