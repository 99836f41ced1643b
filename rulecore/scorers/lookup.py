"""The scorer ``lookup``: a value for each key, as in a printed table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import LiteralNode, Node, Problem, Scorer, parameter
from rulecore.expr.nodes import Branch, Compare, Conditional, Undecided
from rulecore.language import N_
from rulecore.scorers.building import kind_of, same, word, written
from rulecore.source import KeyPath


@frozen(kw_only=True)
class LookupRow:
    """One row: a key and the value it stands for."""

    key: LiteralNode = parameter(N_("The number, text, flag or date that is looked up."))
    value: LiteralNode = parameter(N_("The value it stands for."))


@frozen(kw_only=True)
class Lookup(Scorer):
    """The value that a table gives for a key.

    A key that is not in the table gives ``otherwise``; without ``otherwise`` it is not applicable, with the
    issue ``no_row``. A key that is not applicable gives not applicable.
    Source: S01 step 7 (等次系数表). Example::

        [rules.coefficient]
        scorer = "lookup"
        of = "grade"
        table = { A = 1.2, B = 1.0, C = 0.8, D = 0.5 }
    """

    name: ClassVar[str] = "lookup"

    of: Node = parameter(N_("The key that is looked up."))
    table: Mapping[str, LiteralNode] | None = parameter(
        N_("The values by their keys, where keys are texts."), default=None
    )
    rows: tuple[LookupRow, ...] = parameter(
        N_("The rows { key, value }, where keys are not texts."), default=()
    )
    otherwise: LiteralNode | None = parameter(
        N_("The value of a key that is not in the table."), default=None
    )

    def pairs(self) -> list[tuple[KeyPath, LiteralNode, LiteralNode]]:
        """Return where each row stands, its key and its value."""
        texts = (self.table or {}).items()
        return [
            *((("table", key), LiteralNode(key), value) for key, value in texts),
            *((("rows", index), row.key, row.value) for index, row in enumerate(self.rows)),
        ]

    def problems(self) -> Iterator[Problem]:
        """Yield two tables or none, keys given twice, and keys of different kinds."""
        if self.table is not None and self.rows:
            yield Problem(code=codes.KEYS_EXCLUDE, key=("rows",), values={"first": "table", "second": "rows"})
        pairs = self.pairs()
        if not pairs:
            yield Problem(
                code=codes.TOO_FEW, key=("table",), values={"parameter": "table", "count": 0, "least": 1}
            )
        for index, (place, key, _) in enumerate(pairs):
            if any(same(key, earlier) for _, earlier, _ in pairs[:index]):
                yield Problem(
                    code=codes.GIVEN_TWICE,
                    key=place,
                    values={"value": written(key), "parameter": str(place[0])},
                )
            if kind_of(key) != kind_of(pairs[0][1]):
                values = {
                    "value": written(key),
                    "kind": word(kind_of(key)),
                    "parameter": str(place[0]),
                    "expected": word(kind_of(pairs[0][1])),
                }
                yield Problem(code=codes.MIXED_KINDS, key=place, values=values)

    def expression(self) -> Node:
        """Return one branch for each row."""
        branches = tuple(Branch(Compare("==", self.of, key), value) for _, key, value in self.pairs())
        return Conditional(branches, self.otherwise or Undecided("no_row"))
