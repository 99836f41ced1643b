from __future__ import annotations

from rulecore.codes.expressions import UNKNOWN_NAME
from rulecore.errors import PolicyError
from rulecore.expr.errors import ExpressionError, ExpressionFault, ResolveErrors
from rulecore.source import Place, Span

FAULT = ExpressionFault(
    code=UNKNOWN_NAME, values={"name": "b"}, span=Span(start=4, end=5, key=("rules", "r"))
)


def test_a_fault_has_a_place_in_its_text() -> None:
    error = ExpressionError([FAULT], "a +\nb")
    assert isinstance(error, PolicyError)
    assert error.faults[0].place == Place(file="", column=5, length=1, key="rules.r", excerpt="a + b")
    assert error.problems == (FAULT,)
    assert "there is no field, rule or parameter b" in str(error)


def test_a_fault_can_be_given_the_place_of_a_file() -> None:
    place = Place(file="policy.toml", line=12, column=20)
    fault = FAULT.at(place)
    assert fault.place is place
    assert fault.render("en").startswith("policy.toml:12:20: error RC321: there is no field")


def test_resolve_errors_are_expression_errors() -> None:
    error = ResolveErrors([FAULT])
    assert isinstance(error, ExpressionError)
    assert error.faults[0].place is not None
    assert error.faults[0].place.excerpt == ""
