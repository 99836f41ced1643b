import pytest

from rulecore.records.headers import match_headers


def ids(faults):
    return [fault.code.id for fault in faults]


@pytest.mark.parametrize(
    "header",
    [
        "党建（基本）分",
        " 党建(基本)分 ",
        "党建(基本)\n分",
        "\ufeff党建（基本）分",
        "党建 ( 基本 ) 分",
        "基本分",
    ],
)
def test_headers_match_across_blanks_line_breaks_and_widths(planned, header):
    field = planned("party", column="党建（基本）分", aliases=("基本分",), type="integer")
    matched = match_headers(["单位", header], [field], "a.csv")
    assert matched.positions == {"party": 1}
    assert matched.faults == ()


def test_a_field_without_column_is_matched_by_its_name(planned):
    assert match_headers(["得分"], [planned("得分", type="integer")], "a.csv").positions == {"得分": 0}


def test_a_fields_own_name_serves_where_its_column_is_absent(planned):
    fields = [planned("unit", column="单位", type="text"), planned("b", column="unit2", type="text")]
    assert match_headers(["unit", "unit2"], fields, "a.csv").positions == {"unit": 0, "b": 1}


def test_a_column_of_another_field_is_never_taken_by_name(planned):
    fields = [planned("a", column="x", type="text", missing=""), planned("b", column="a", type="text")]
    assert match_headers(["a"], fields, "a.csv").positions == {"a": None, "b": 0}


def test_two_columns_for_one_field_are_an_error(planned):
    field = planned("unit", column="单位", aliases=("部门",), type="text")
    assert ids(match_headers(["单位", "部门"], [field], "a.csv").faults) == ["RC502"]
    assert ids(match_headers(["单位", "单 位"], [field], "a.csv").faults) == ["RC502"]


def test_the_same_header_twice_is_no_error_where_no_field_uses_it(planned):
    matched = match_headers(["单位", "备注", "备注"], [planned("unit", column="单位", type="text")], "a.csv")
    assert matched.faults == ()
    assert ids(matched.notes) == ["RC504"]


def test_a_missing_column_is_an_error_with_the_nearest_header(planned):
    matched = match_headers(["单位编号", "得分"], [planned("unit", column="单位编码", type="text")], "a.csv")
    assert ids(matched.faults) == ["RC501"]
    assert matched.faults[0].advice("en") == "did you mean 单位编号?"


def test_all_missing_columns_are_told_at_once(planned):
    fields = [planned("a", column="甲", type="text"), planned("b", column="乙", type="text")]
    assert ids(match_headers(["丙"], fields, "a.csv").faults) == ["RC501", "RC501"]


def test_a_column_that_may_be_blank_may_be_absent_with_a_warning(planned):
    matched = match_headers(["甲"], [planned("b", column="乙", type="integer", missing=0)], "a.csv")
    assert matched.faults == ()
    assert matched.positions == {"b": None}
    assert [fault.code.severity for fault in matched.notes] == ["warning", "note"]


def test_unused_columns_are_one_note(planned):
    matched = match_headers(["甲", "乙", "", "丙"], [planned("甲", type="text")], "a.csv")
    assert [note.values["columns"] for note in matched.notes] == ["乙, 丙"]
