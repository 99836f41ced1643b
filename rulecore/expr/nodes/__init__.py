"""The nodes of an expression: small frozen declarations that the engines, the analysis and the explanation all read.

A node says what, never how. Every node keeps the ``span`` of the text it was written as, where it was written at all;
spans take no part in equality, so two equal formulas are equal nodes (and are computed once).

Missing values. *Not applicable* (null) goes through arithmetic, comparisons, ``min``, ``max``, rounding and text
functions: what is computed from it is not applicable. ``and``/``or`` are decided by their other operand where that
suffices (false and 不适用 is false). A conditional whose condition is not applicable is not applicable.
The list functions (:class:`Total`, :class:`Mean`, :class:`TrimmedMean`, :class:`Count`) take the applicable operands.
"""

from __future__ import annotations

from rulecore.expr.nodes.arithmetic import (
    Absolute,
    Add,
    Divide,
    Exponential,
    Maximum,
    Minimum,
    Multiply,
    NaturalLogarithm,
    Negate,
    NormalProbability,
    Power,
    Round,
    Subtract,
)
from rulecore.expr.nodes.base import (
    Node,
)
from rulecore.expr.nodes.cohorts import (
    COHORT_NODES,
    CohortCall,
    CohortCount,
    CohortRef,
    Rank,
    SortKey,
)
from rulecore.expr.nodes.dates import (
    DatePart,
    DateShift,
    DaysBetween,
    ShiftDate,
    ShiftWorkdays,
    WorkdaysBetween,
)
from rulecore.expr.nodes.leaves import (
    Call,
    FieldRef,
    ListLiteral,
    Literal,
    Name,
    NotApplicable,
    ParameterRef,
    RuleRef,
    Step,
    Undecided,
)
from rulecore.expr.nodes.lists import (
    Coalesce,
    Count,
    Mean,
    Total,
    TrimmedMean,
)
from rulecore.expr.nodes.logic import (
    And,
    Branch,
    Compare,
    Comparison,
    Conditional,
    IsApplicable,
    IsIn,
    Not,
    Or,
)
from rulecore.expr.nodes.texts import (
    Concatenate,
    FormatNumber,
    MissingItems,
    ReadNumber,
    TextTest,
)

__all__ = [
    "COHORT_NODES",
    "Absolute",
    "Add",
    "And",
    "Branch",
    "Call",
    "Coalesce",
    "CohortCall",
    "CohortCount",
    "CohortRef",
    "Compare",
    "Comparison",
    "Concatenate",
    "Conditional",
    "Count",
    "DatePart",
    "DateShift",
    "DaysBetween",
    "Divide",
    "Exponential",
    "FieldRef",
    "FormatNumber",
    "IsApplicable",
    "IsIn",
    "ListLiteral",
    "Literal",
    "Maximum",
    "Mean",
    "Minimum",
    "MissingItems",
    "Multiply",
    "Name",
    "NaturalLogarithm",
    "Negate",
    "Node",
    "NormalProbability",
    "Not",
    "NotApplicable",
    "Or",
    "ParameterRef",
    "Power",
    "Rank",
    "ReadNumber",
    "Round",
    "RuleRef",
    "ShiftDate",
    "ShiftWorkdays",
    "SortKey",
    "Step",
    "Subtract",
    "TextTest",
    "Total",
    "TrimmedMean",
    "Undecided",
    "WorkdaysBetween",
]
