"""What plugins return: scorers, functions, checks, readers, writers, reports, engines, stores, commands.

Everything here is a value or a small class to subclass. Built-ins and strangers use the same contracts; see
``rulecore/hookspecs.py`` for the hook that hands each of them over.
"""

from rulecore.contracts.commands import Command
from rulecore.contracts.engines import Engine, WholeResults, WholeRun
from rulecore.contracts.formats import (
    BrokenRow,
    Document,
    NotInPartsError,
    RawTable,
    Reader,
    ReadOptions,
    Report,
    Sheet,
    Stream,
    Writer,
)
from rulecore.contracts.functions import Cohort, CohortFunction, Function, FunctionParameter, Unsettled, Value
from rulecore.contracts.scoring import Check, Constant, Ground, Problem, Scorer, parameter
from rulecore.contracts.stores import RUN_STATES, RunEvent, RunState, RunStore, Store, StoredPolicy, StoredRun
from rulecore.errors import Code, Fault
from rulecore.expr.nodes import Literal as LiteralNode
from rulecore.expr.nodes import Node
from rulecore.planned import Claim, FullMarks, RuleTable, TableRow

__all__ = [
    "RUN_STATES",
    "BrokenRow",
    "Check",
    "Claim",
    "Code",
    "Cohort",
    "CohortFunction",
    "Command",
    "Constant",
    "Document",
    "Engine",
    "Fault",
    "FullMarks",
    "Function",
    "FunctionParameter",
    "Ground",
    "LiteralNode",
    "Node",
    "NotInPartsError",
    "Problem",
    "RawTable",
    "ReadOptions",
    "Reader",
    "Report",
    "RuleTable",
    "RunEvent",
    "RunState",
    "RunStore",
    "Scorer",
    "Sheet",
    "Store",
    "StoredPolicy",
    "StoredRun",
    "Stream",
    "TableRow",
    "Unsettled",
    "Value",
    "WholeResults",
    "WholeRun",
    "Writer",
    "parameter",
]
