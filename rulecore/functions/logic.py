"""Functions about what is applicable."""

from __future__ import annotations

from rulecore.contracts import Function
from rulecore.expr.nodes import Coalesce, IsApplicable, Not
from rulecore.functions.parameters import VALUE, VALUES
from rulecore.language import N_

FUNCTIONS = (
    Function(
        name="coalesce",
        summary=N_("The first applicable value."),
        parameters=(VALUES,),
        build=Coalesce,
        aliases=("取首个适用",),
        example="coalesce(not_applicable, 60)",
        result="60",
    ),
    Function(
        name="is_applicable",
        summary=N_("Whether a value is applicable."),
        parameters=(VALUE,),
        build=IsApplicable,
        aliases=("是否适用",),
        example="is_applicable(1 / 0)",
        result="false",
    ),
    Function(
        name="is_not_applicable",
        summary=N_("Whether a value is not applicable."),
        parameters=(VALUE,),
        build=lambda value: Not(IsApplicable(value)),
        aliases=("是否不适用",),
        example="is_not_applicable(not_applicable)",
        result="true",
    ),
)
