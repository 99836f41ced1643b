"""From expressions to statements: one small function a node, and the exact engine's closures for all other nodes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from math import gcd
from typing import Final

from attrs import evolve

from rulecore.contracts import Value
from rulecore.engines.compiled import code
from rulecore.engines.compiled.code import NONE
from rulecore.engines.compiled.forms import NOTHING, Form, Inexact, Number, Plain
from rulecore.engines.exact import Environment, ExactValue, compile_node
from rulecore.errors import InternalError
from rulecore.expr import nodes
from rulecore.expr.infer import Inference
from rulecore.expr.supplied import SuppliedRef
from rulecore.expr.transform import repeated
from rulecore.expr.types import NothingType, NumberType, Type

NAMED: Final = (nodes.FieldRef, nodes.RuleRef, nodes.CohortRef, SuppliedRef, nodes.Name)
"""What reads a value by its name."""

DEEPEST: Final = 60
"""Blocks one inside the other; Python's compiler has its own limits further out."""

LONGEST: Final = 6000
"""Statements of one rule; a part used in many branches is written in each, and that must end somewhere."""

MOST_PARTS: Final = 6
"""A bottom of more factors is reduced by what it has in common with the top."""

NOTE: Final = "note"
"""The parameter to which code appends what it notes: (number of the step, reason)."""

Emit = Callable[..., Form]
EMITTERS: dict[type[nodes.Node], Emit] = {}
"""The function that writes each type of node; the modules beside this one fill it."""


def emits(node_type: type[nodes.Node]) -> Callable[[Emit], Emit]:
    """Add a function to the table: the one that writes nodes of this type."""

    def add(function: Emit) -> Emit:
        EMITTERS[node_type] = function
        return function

    return add


class Emitter:
    """Writes the steps of one plan into one function body.

    ``names`` holds the form of each field and step known so far, ``types`` their types; ``constants`` are the globals
    of the function to be.
    """

    def __init__(self, types: dict[str, Type]) -> None:
        self.types = types
        self.inference = Inference(types)
        self.names: dict[str, Form] = {}
        self.constants: dict[str, object] = {"gcd": gcd, "exactly": _exactly}
        self.block: list[ast.stmt] = []
        self.step = 0
        self._count = 0
        self._written = 0
        self._several: frozenset[int] = frozenset()
        self._scopes: list[dict[int, tuple[nodes.Node, Form]]] = [{}]

    def begin(self, step: int, node: nodes.Node) -> None:
        """Start on a rule: its number is what issues are noted under."""
        self.step, self._written = step, 0
        self._several, self._scopes = repeated(node), [{}]

    # --- statements -----------------------------------------------------------------------------------------

    def local(self) -> str:
        """Return a local name not used so far."""
        self._count += 1
        return f"v{self._count}"

    def add(self, statement: ast.stmt) -> None:
        """Write a statement."""
        self._written += 1
        self.block.append(statement)

    def assign(self, expression: ast.expr, local: str = "") -> ast.expr:
        """Give an expression a local name; constants and names need none."""
        if not local and isinstance(expression, ast.Constant | ast.Name):
            return expression
        local = local or self.local()
        self.add(ast.Assign([ast.Name(local, ast.Store())], expression))
        return code.name(local)

    def guarded(self, operands: list[Number], expression: ast.expr) -> ast.expr:
        """Give an expression a local name that is None where an operand is not applicable."""
        missing = [code.is_not_none(operand.top) for operand in operands if operand.nullable]
        return self.assign(code.either(code.every(missing), expression, NONE) if missing else expression)

    def note(self, reason: str) -> None:
        """Write that the step meets an issue here."""
        noted = ast.Tuple([code.whole(self.step), ast.Constant(reason)], ast.Load())
        append = ast.Attribute(code.name(NOTE), "append", ast.Load())
        self.add(ast.Expr(ast.Call(append, [noted], [])))

    def keep(self, value: object) -> ast.expr:
        """Return the global name of a constant that is no number, text or flag."""
        local = f"k{len(self.constants)}"
        self.constants[local] = value
        return code.name(local)

    @contextmanager
    def inside(self) -> Iterator[list[ast.stmt]]:
        """Write into a block of its own; what is computed in it is known only there."""
        outer, self.block = self.block, []
        self._scopes.append({})
        yield self.block
        self._scopes.pop()
        self.block = outer

    # --- nodes ----------------------------------------------------------------------------------------------

    def emit(self, node: nodes.Node) -> Form:
        """Write an expression and return the form of its value."""
        for scope in self._scopes:
            known = scope.get(id(node))
            if known is not None:
                return known[1]
        form = self._emitted(node)
        if id(node) in self._several:
            if isinstance(form, Plain) and not form.atom:
                form = Plain(self.assign(form.expression), form.nullable)
            self._scopes[-1][id(node)] = (node, form)
        return form

    def _emitted(self, node: nodes.Node) -> Form:
        emitter = EMITTERS.get(type(node))
        if emitter is None or self._inexact(node) or self._too_much():
            return self.fallback(node)
        return emitter(self, node)

    def _too_much(self) -> bool:
        return len(self._scopes) > DEEPEST or self._written > LONGEST

    def _inexact(self, node: nodes.Node) -> bool:
        if isinstance(node, NAMED):
            return False
        return any(not exact_type(self.type_of(part)) for part in _operands(node))

    def type_of(self, node: nodes.Node) -> Type:
        """Return the node's inferred type."""
        return self.inference.type_of(node)

    def number(self, node: nodes.Node) -> Number:
        """Write a number."""
        form = self.emit(node)
        if isinstance(self.type_of(node), NothingType):
            return NOTHING
        if not isinstance(form, Number):
            raise InternalError(f"expected a number from {type(node).__name__}")
        return form

    def plain(self, node: nodes.Node, *, atom: bool = True) -> Plain:
        """Write a text, flag or date; ``atom``: it will be used more than once."""
        form = self.emit(node)
        if isinstance(self.type_of(node), NothingType):
            return Plain(NONE, nullable=True)
        if not isinstance(form, Plain):
            raise InternalError(f"expected a flag, text or date from {type(node).__name__}")
        if atom and not form.atom:
            return Plain(self.assign(form.expression), form.nullable)
        return form

    def reduced(self, value: Number) -> Number:
        """Return a number whose bottom does not grow without end: now and then both parts are divided by their gcd."""
        if value.parts <= MOST_PARTS:
            return value
        if value.nullable:
            divisor = self.assign(
                code.either(code.is_none(value.top), code.ONE, code.call("gcd", [value.top, value.bottom]))
            )
        else:
            divisor = self.assign(code.call("gcd", [value.top, value.bottom]))
        top = self.guarded([value], code.quotient(value.top, divisor))
        return evolve(value, top=top, bottom=self.assign(code.quotient(value.bottom, divisor)), parts=1)

    # --- what has no integer form ---------------------------------------------------------------------------

    def fallback(self, node: nodes.Node) -> Form:
        """Write the call of the exact engine's closures for a node and all below it."""
        names = sorted(names_in(node))
        function = self.keep(_Fallback(node, names, self.step))
        arguments = [code.name(NOTE), *(self.exact(self.names[name]) for name in names)]
        found = self.assign(ast.Call(function, arguments, []))
        return self.form_of(found, self.type_of(node))

    def form_of(self, found: ast.expr, type_: Type) -> Form:
        """Return the form of a local that holds an exact value of a type."""
        if not isinstance(type_, NumberType):
            return Plain(found, type_.nullable)
        if not type_.exact:
            return Inexact(found)
        top: ast.expr = ast.Attribute(found, "numerator", ast.Load())
        bottom: ast.expr = ast.Attribute(found, "denominator", ast.Load())
        if type_.nullable:
            missing = code.is_none(found)
            top, bottom = code.either(missing, NONE, top), code.either(missing, code.ONE, bottom)
        return Number(Fraction(1), self.assign(top), self.assign(bottom), type_.nullable, parts=1)

    def exact(self, form: Form) -> ast.expr:
        """Return the exact value of a form, for closures."""
        match form:
            case Inexact(local):
                return local
            case Plain(expression):
                return expression
            case Number(factor, top, bottom):
                parts = [code.whole(factor.numerator), code.whole(factor.denominator), top, bottom]
                return code.call("exactly", parts)


def _exactly(numerator: int, denominator: int, top: int | None, bottom: int) -> Fraction | None:
    return None if top is None else Fraction(numerator * top, denominator * bottom)


class _Fallback:
    """A node's closures, called with the exact values of the names it reads."""

    def __init__(self, node: nodes.Node, names: list[str], step: int) -> None:
        self._evaluate = compile_node(node)
        self._names = names
        self._step = step

    def __call__(self, note: list[tuple[int, str]], *values: Value) -> ExactValue:
        known: Mapping[str, ExactValue] = dict(zip(self._names, values, strict=True))
        environment = Environment(known)
        value = self._evaluate(environment)
        note += [(self._step, reason) for reason in environment.issues]
        return value


def exact_type(type_: Type) -> bool:
    """Return whether values of a type are exact."""
    return not isinstance(type_, NumberType) or type_.exact


def _operands(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.children():
        if isinstance(child, nodes.Branch | nodes.ListLiteral):
            yield from child.children()
        else:
            yield child


def names_in(node: nodes.Node) -> set[str]:
    """Return the names an expression reads."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, NAMED):
            found.add(part.name)
        elif id(part) not in seen:
            seen.add(id(part))
            waiting += part.children()
    return found
