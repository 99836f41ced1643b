"""The scorer ``decision_table``: rows of tests and outputs, as in DMN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from rulecore.codes import scorers as codes
from rulecore.contracts import Claim, LiteralNode, Node, Problem, RuleTable, Scorer, TableRow, parameter
from rulecore.expr.errors import ExpressionError
from rulecore.expr.nodes import And, Compare, IsApplicable, Undecided
from rulecore.expr.parser import parse_unary_tests
from rulecore.language import N_
from rulecore.scorers.building import both, expression_problems, key_of, kind_of, same, word, written
from rulecore.scorers.hit_policies import (
    HIT_POLICIES,
    HITS,
    NEEDS_PRIORITIES,
    WANTED_KINDS,
    HitPolicy,
    Row,
    Table,
)

ANYTHING = LiteralNode(True)


@frozen(kw_only=True)
class DecisionTable(Scorer):
    """The output of the row whose tests all hold.

    Each row has one test for each input, then the output, one constant; a table with several output columns
    is written as several rules. Tests are DMN's unary tests: ``>= 90``, ``[80..90)``, ``"A", "B"``,
    ``not("A")``, ``不适用``, and ``-`` for anything.

    ``hit_policy``: U only one row may be hit · A several, if they agree · P the output first in
    ``priorities`` · F the first row hit · R, C all outputs joined in the order of rows · O in the order of
    ``priorities`` · C+ C< C> C# their sum, smallest, largest, number. No row hit gives ``otherwise``, or not
    applicable with the issue ``no_row``.

    An input that is not applicable meets no test but ``-`` and ``不适用``: where it leaves open whether a row
    is hit, the value is not applicable; where some row of its column tests ``不适用``, the other rows of that
    column are not hit. Source: OMG Decision Model and Notation (DMN), hit policies and unary tests. Example::

        [rules.outcome]
        scorer = "decision_table"
        hit_policy = "F"
        inputs = ["days", "conditions_met", "granted"]
        rules = [
            ["> 30", "-", "-", "驳回"],
            ["-", "-", ">= 2", "驳回"],
            ["-", "5", "-", "免责"],
            ["-", "-", "-", "驳回"],
        ]
    """

    name: ClassVar[str] = "decision_table"

    inputs: tuple[Node, ...] = parameter(N_("The values that are tested, one for each column."))
    rules: tuple[tuple[LiteralNode, ...], ...] = parameter(
        N_("The rows: a test for each input, then the output.")
    )
    hit_policy: HitPolicy = parameter(N_("What happens when several rows are hit."), default="U")
    priorities: tuple[LiteralNode, ...] = parameter(
        N_("The outputs from the highest priority down, for P and O."), default=()
    )
    otherwise: LiteralNode | None = parameter(N_("The output where no row is hit."), default=None)
    separator: str = parameter(N_("What stands between joined outputs, for R, O and C."), default=";")

    def problems(self) -> Iterator[Problem]:
        """Yield rows of the wrong width, tests that cannot be read, and outputs that do not fit."""
        for key, items in (("inputs", self.inputs), ("rules", self.rules)):
            if not items:
                yield Problem(
                    code=codes.TOO_FEW, key=(key,), values={"parameter": key, "count": 0, "least": 1}
                )
        for index, row in enumerate(self.rules):
            if len(row) != len(self.inputs) + 1:
                width: dict[str, object] = {
                    "count": len(row),
                    "inputs": len(self.inputs),
                    "wanted": len(self.inputs) + 1,
                }
                yield Problem(code=codes.ROW_WIDTH, key=("rules", index), values=width)
                continue
            for column, cell in enumerate(row[:-1]):
                try:
                    self._test(index, column, cell)
                except ExpressionError as error:
                    yield from expression_problems(error, ("rules", index, column))
            yield from self._output_problems(index, row[-1])
        needs_priorities = self.hit_policy in NEEDS_PRIORITIES
        if needs_priorities != bool(self.priorities):
            code = codes.KEY_NEEDED if needs_priorities else codes.KEY_UNUSED
            values = {"parameter": "priorities", "reason": f'hit_policy = "{self.hit_policy}"'}
            yield Problem(
                code=code, key=("priorities",) if self.priorities else ("hit_policy",), values=values
            )

    def _output_problems(self, index: int, output: LiteralNode) -> Iterator[Problem]:
        key = ("rules", index, len(self.inputs))
        wanted = WANTED_KINDS.get(self.hit_policy)
        if wanted is not None and kind_of(output) != wanted:
            values = {
                "value": written(output),
                "kind": word(kind_of(output)),
                "hit_policy": self.hit_policy,
                "wanted": word(wanted),
            }
            yield Problem(code=codes.OUTPUT_KIND, key=key, values=values)
        if self.priorities and not any(same(output, listed) for listed in self.priorities):
            yield Problem(
                code=codes.NOT_IN_LIST, key=key, values={"value": written(output), "parameter": "priorities"}
            )

    def expression(self) -> Node:
        """Return the table as conditions, combined by its hit policy."""
        rows = tuple(Row(hit, cells[-1]) for hit, cells in zip(self._hits(), self.rules, strict=True))
        table = Table(rows, self.otherwise or Undecided("no_row"), self.priorities, self.separator)
        return HIT_POLICIES[self.hit_policy](table)

    def claims(self) -> Iterator[Claim]:
        """Yield the rows for the analysis of gaps, overlaps and masked rows."""
        rows = tuple(
            TableRow(hit=hit, output=cells[-1], key=("rules", index))
            for index, (hit, cells) in enumerate(zip(self._hits(), self.rules, strict=True))
        )
        complete = self.otherwise is not None or self.hit_policy == "C#"
        yield RuleTable(rows=rows, hits=HITS[self.hit_policy], complete=complete)

    def _hits(self) -> list[Node]:
        """Return for each row the condition under which it is hit."""
        tests = [
            [self._test(index, column, cell) for column, cell in enumerate(row[:-1])]
            for index, row in enumerate(self.rules)
        ]
        expects_gaps = [
            any(_asks_for(row[column], subject) for row in tests)
            for column, subject in enumerate(self.inputs)
        ]
        return [both(self._guarded(row, expects_gaps)) for row in tests]

    def _test(self, row: int, column: int, cell: LiteralNode) -> Node:
        """Return one cell as a flag; a number, flag or date stands for "equal to it"."""
        subject = self.inputs[column]
        if isinstance(cell.value, str):
            return parse_unary_tests(cell.value, subject, key_of(cell, "rules", row, column))
        return Compare("==", subject, cell)

    def _guarded(self, tests: list[Node], expects_gaps: list[bool]) -> Iterator[Node]:
        """Yield the tests of a row; in a column that speaks of 不适用 the others first ask for a value."""
        for subject, test, guard in zip(self.inputs, tests, expects_gaps, strict=True):
            if test == ANYTHING:
                continue
            if guard and not _asks_for(test, subject):
                yield And((IsApplicable(subject), test))
            else:
                yield test


def _asks_for(test: Node, subject: Node) -> bool:
    """Whether a test asks if its subject is applicable at all."""
    return test == IsApplicable(subject) or any(_asks_for(part, subject) for part in test.children())
