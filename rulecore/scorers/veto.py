"""The scorer ``veto``: conditions that cap or replace a value (一票否决)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import evolve, frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Ground, LiteralNode, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Branch, Conditional, IsIn, ListLiteral, Minimum, Undecided
from rulecore.language import N_
from rulecore.scorers.building import kind_of, unless, word, written


@frozen(kw_only=True)
class VetoCondition:
    """One condition, the reason it stands for, and what it does to the value."""

    when: Node = parameter(N_("The condition."))
    reason: str = parameter(N_("The reason, as explanations name it."))
    reference: str = parameter(N_("The article that says so."), default="")
    cap: LiteralNode | None = parameter(
        N_("The best value still possible: a number, or a grade of order."), default=None
    )
    replace: LiteralNode | None = parameter(N_("The value that takes the place of any other."), default=None)
    unwaivable: bool = parameter(N_("Whether no adjustment may ever lift it."), default=False)


@frozen(kw_only=True)
class Veto(Scorer):
    """The value, unless one of the conditions holds; the first that holds caps or replaces it.

    A number is capped to min(value, cap). A grade is capped by ``order``, which lists the grades from the
    worst to the best: a better grade becomes the cap, an equal or worse one stays; a grade that is not in
    ``order`` is not applicable, with the issue ``not_in_order``. A condition that is not applicable, met
    before a true one, makes the value not applicable: a veto that nobody knows about is not "no veto".
    Source: S01 step 4 (否决事项降为C, C、D不变), S03 step 5. Example::

        [rules.band_after_veto]
        scorer = "veto"
        of = "band"
        order = ["D", "C", "B", "A"]
        vetoes = [{ when = "is_applicable(veto_item)", reason = "一票否决", cap = "C", reference = "第九条" }]
    """

    name: ClassVar[str] = "veto"

    of: Node = parameter(N_("The value that stands where there is no veto."))
    vetoes: tuple[VetoCondition, ...] = parameter(
        N_("The conditions, in order; the first that holds decides.")
    )
    order: tuple[str, ...] = parameter(
        N_("The grades from the worst to the best, for caps that are grades."), default=()
    )

    def problems(self) -> Iterator[Problem]:
        """Yield vetoes with neither or both effects, and caps that order does not know."""
        if not self.vetoes:
            yield Problem(
                code=codes.TOO_FEW, key=("vetoes",), values={"parameter": "vetoes", "count": 0, "least": 1}
            )
        for index, grade in enumerate(self.order):
            if grade in self.order[:index]:
                values = {"value": f'"{grade}"', "parameter": "order"}
                yield Problem(code=codes.GIVEN_TWICE, key=("order", index), values=values)
        for index, veto in enumerate(self.vetoes):
            yield from self._effect_problems(("vetoes", index), veto)

    def _effect_problems(self, key: tuple[str, int], veto: VetoCondition) -> Iterator[Problem]:
        if veto.cap is not None and veto.replace is not None:
            yield Problem(code=codes.KEYS_EXCLUDE, key=key, values={"first": "cap", "second": "replace"})
        elif veto.cap is None and veto.replace is None:
            values = {"parameter": "cap / replace", "reason": f'"{veto.reason}"'}
            yield Problem(code=codes.KEY_NEEDED, key=key, values=values)
        elif veto.cap is not None and kind_of(veto.cap) == "text":
            if not self.order:
                values = {"parameter": "order", "reason": f"cap = {written(veto.cap)}"}
                yield Problem(code=codes.KEY_NEEDED, key=(*key, "cap"), values=values)
            elif veto.cap.value not in self.order:
                values = {"value": written(veto.cap), "parameter": "order"}
                yield Problem(code=codes.NOT_IN_LIST, key=(*key, "cap"), values=values)
        elif veto.cap is not None and kind_of(veto.cap) != "number":
            mixed: dict[str, object] = {
                "parameter": "cap",
                "value": written(veto.cap),
                "kind": word(kind_of(veto.cap)),
                "expected": word(N_("number"), N_("text")),
            }
            yield Problem(code=codes.MIXED_KINDS, key=(*key, "cap"), values=mixed)

    def grounds(self) -> tuple[Ground, ...]:
        """Return the conditions: exemptions name them by their reasons."""
        return tuple(
            Ground(reason=veto.reason, when=veto.when, unwaivable=veto.unwaivable) for veto in self.vetoes
        )

    def without(self, reason: str, waived: Node) -> Veto:
        """Return the rule with the vetoes of that reason out of force where ``waived`` is true."""
        return evolve(
            self,
            vetoes=tuple(
                evolve(veto, when=unless(waived, veto.when)) if veto.reason == reason else veto
                for veto in self.vetoes
            ),
        )

    def expression(self) -> Node:
        """Return one branch for each veto, labelled with its reason, and else the value itself."""
        return Conditional(
            tuple(Branch(veto.when, self._effect(veto), veto.reason) for veto in self.vetoes), self.of
        )

    def _effect(self, veto: VetoCondition) -> Node:
        if veto.replace is not None:
            return veto.replace
        assert veto.cap is not None  # noqa: S101 - problems() refuses a veto with neither
        if kind_of(veto.cap) == "number":
            return Minimum((self.of, veto.cap))
        place = [*self.order].index(str(veto.cap.value))
        not_better = IsIn(self.of, _grades(self.order[: place + 1]))
        if place + 1 == len(self.order):
            return Conditional((Branch(not_better, self.of),), Undecided("not_in_order"))
        better = IsIn(self.of, _grades(self.order[place + 1 :]))
        return Conditional((Branch(better, veto.cap), Branch(not_better, self.of)), Undecided("not_in_order"))


def _grades(grades: tuple[str, ...]) -> ListLiteral:
    return ListLiteral(tuple(LiteralNode(grade) for grade in grades))
