"""Call a cohort function over columns of numbers, as the engines do."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rulecore.contracts import Cohort, CohortFunction, Unsettled, Value

Number = Fraction | int | str | None


def call(
    function: CohortFunction,
    *columns: Sequence[Number] | Number,
    **options: Fraction | str | int,
) -> list[Value]:
    """Return the function's values; a column may be one number for all, what is left out has its default."""
    size = max(len(column) for column in columns if isinstance(column, list))
    expressions = [parameter for parameter in function.parameters if parameter.kind == "expression"]
    # What is optional and has no default is left out, as the compiler does.
    others = [parameter.default for parameter in expressions[len(columns) :] if not parameter.many]
    given = [*columns, *(default for default in others if default is not None)]
    filled = [column if isinstance(column, list) else [column] * size for column in given]
    chosen: dict[str, Fraction | str | bool] = {
        parameter.name: parameter.default
        for parameter in function.parameters
        if parameter.kind != "expression" and parameter.default is not None
    }
    chosen |= {name: Fraction(value) if isinstance(value, int) else value for name, value in options.items()}
    arguments = tuple(tuple(None if cell is None else Fraction(cell) for cell in column) for column in filled)
    found = function.compute(Cohort(arguments=arguments, options=chosen, size=size))
    return list(found)


def call_many(
    function: CohortFunction, *columns: Sequence[Number] | Number, **options: Fraction | str | int
) -> list[Value | Unsettled]:
    """Return the values of a function whose first parameter takes all the columns."""
    size = max(len(column) for column in columns if isinstance(column, list))
    filled = [column if isinstance(column, list) else [column] * size for column in columns]
    chosen: dict[str, Fraction | str | bool] = {
        parameter.name: parameter.default
        for parameter in function.parameters
        if not parameter.many and parameter.default is not None
    }
    chosen |= {name: Fraction(value) if isinstance(value, int) else value for name, value in options.items()}
    arguments = tuple(tuple(None if cell is None else Fraction(cell) for cell in column) for column in filled)
    return list(function.compute(Cohort(arguments=arguments, options=chosen, size=size)))
