"""A plan as one function of a record's scaled inputs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import CodeType, FunctionType
from typing import Final

from attrs import frozen

from rulecore.engines.compiled import arithmetic as _arithmetic  # noqa: F401 - fills the table of emitters
from rulecore.engines.compiled import code
from rulecore.engines.compiled import lists as _lists  # noqa: F401
from rulecore.engines.compiled import logic as _logic  # noqa: F401
from rulecore.engines.compiled.code import NONE
from rulecore.engines.compiled.emitter import NOTE, Emitter
from rulecore.engines.compiled.forms import NOTHING, Form, Inexact, Number, Plain
from rulecore.engines.compiled.values import Slot, Values
from rulecore.expr.types import NothingType, NumberType, Type, as_nullable
from rulecore.planned import CohortStep, PlannedField, PlannedRule, SuppliedValue

NEEDS_COHORT: Final = "needs_cohort"
"""The issue of what compares a record with others, where there are no others."""

Noted = list[tuple[int, str]]
Kernel = Callable[..., tuple[object, ...]]


@frozen
class Program:
    """The steps of a plan, compiled: ``kernel(noted, *inputs)`` gives the results that ``slots`` tell how to read.

    Inputs are as columns hold them: numbers scaled, texts, flags and dates as they are, None for not applicable; a
    number that no integer holds is given as a fraction. ``always`` are the issues of every record.
    """

    kernel: Kernel
    slots: Mapping[str, Slot]
    names: tuple[str, ...]
    always: Noted

    def values(self, inputs: Sequence[object]) -> tuple[Values, dict[str, tuple[str, ...]]]:
        """Return a record's values and the issues by step."""
        noted: Noted = []
        results = self.kernel(noted, *inputs)
        return Values(self.slots, inputs, results), self.issues(noted) if noted or self.always else {}

    def issues(self, noted: Noted) -> dict[str, tuple[str, ...]]:
        """Return what was noted by the names of the steps, in their order."""
        found: dict[int, set[str]] = {}
        for step, reason in (*self.always, *noted):
            found.setdefault(step, set()).add(reason)
        return {self.names[step]: tuple(sorted(found[step])) for step in sorted(found)}


def compile_program(
    inputs: Sequence[PlannedField | SuppliedValue],
    steps: Sequence[PlannedRule | CohortStep],
    shown: Callable[[str], bool] = lambda _name: True,
) -> Program:
    """Return the program of some steps; ``shown`` tells which of their values may be read.

    What Python's compiler finds too deep is left to the closures of the exact engine, rule by rule.
    """
    try:
        return _compiled(inputs, steps, shown, closures_only=False)
    except RecursionError:
        return _compiled(inputs, steps, shown, closures_only=True)


def _compiled(
    inputs: Sequence[PlannedField | SuppliedValue],
    steps: Sequence[PlannedRule | CohortStep],
    shown: Callable[[str], bool],
    *,
    closures_only: bool,
) -> Program:
    emitter = Emitter({planned.name: planned.type for planned in inputs})
    slots: dict[str, Slot] = {}
    for position, planned in enumerate(inputs):
        form = _input(emitter, f"f{position}", planned.type)
        emitter.names[planned.name] = form
        if isinstance(planned, PlannedField):
            factor = form.factor if isinstance(form, Number) else None
            slots[planned.name] = Slot(True, position, factor=factor)
    results: list[ast.expr] = []
    always: Noted = []
    for number, step in enumerate(steps):
        if isinstance(step, CohortStep):
            emitter.types[step.name] = as_nullable(step.type)
            emitter.names[step.name] = (
                NOTHING if isinstance(step.type, NumberType) else Plain(NONE, nullable=True)
            )
            always.append((number, NEEDS_COHORT))
            continue
        form = _rule(emitter, number, step, closures_only=closures_only)
        slot = _slot(form, results)
        if shown(step.name):
            slots[step.name] = slot
    body = [*emitter.block, ast.Return(ast.Tuple(results, ast.Load()))]
    kernel = _function([NOTE, *(f"f{position}" for position in range(len(inputs)))], body, emitter.constants)
    return Program(kernel, slots, tuple(step.name for step in steps), always)


def _input(emitter: Emitter, local: str, type_: Type) -> Form:
    if not isinstance(type_, NumberType):
        return Plain(code.name(local), type_.nullable)
    if type_.exact and type_.scale is not None and type_.low is not None and type_.high is not None:
        return Number(Fraction(1, 10**type_.scale), code.name(local), nullable=type_.nullable)
    return emitter.form_of(code.name(local), type_)


def _rule(emitter: Emitter, number: int, rule: PlannedRule, *, closures_only: bool) -> Form:
    emitter.begin(number, rule.node)
    form = emitter.fallback(rule.node) if closures_only else emitter.emit(rule.node)
    if isinstance(emitter.type_of(rule.node), NothingType):
        form = NOTHING if isinstance(rule.type, NumberType) else Plain(NONE, nullable=True)
    nullable = emitter.type_of(rule.node).nullable
    if isinstance(form, Plain):
        form = Plain(emitter.assign(form.expression), form.nullable)
    if isinstance(form, Number | Plain):
        nullable = nullable or form.nullable
    emitter.types[rule.name] = as_nullable(rule.type, nullable)
    emitter.names[rule.name] = form
    return form


def _slot(form: Form, results: list[ast.expr]) -> Slot:
    """Note a step's value among the results and return where it stands."""
    position = len(results)
    match form:
        case Inexact(local):
            results.append(local)
            return Slot(False, position)
        case Plain(expression=expression):
            results.append(expression)
            return Slot(False, position)
        case Number() if form.is_whole:
            results.append(form.top)
            return Slot(False, position, factor=form.factor)
        case Number():
            results += [form.top, form.bottom]
            return Slot(False, position, position + 1, form.factor)


def _function(parameters: list[str], body: list[ast.stmt], constants: dict[str, object]) -> Kernel:
    """Return the function with some parameters and a body."""
    arguments = ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])
    definition = ast.FunctionDef("kernel", arguments, body, [])
    setattr(definition, "type_params", [])  # noqa: B010 - which Python asks for from 3.12 on
    module = ast.fix_missing_locations(ast.Module([definition], []))
    compiled = compile(module, "<rulecore>", "exec")
    inner = next(constant for constant in compiled.co_consts if isinstance(constant, CodeType))
    return FunctionType(inner, constants)
