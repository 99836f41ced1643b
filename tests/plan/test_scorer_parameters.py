"""A rule's settings become its scorer: expressions parsed, constants known, faults at their characters."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import tomli
from attrs import frozen

from rulecore.contracts import Constant, Scorer
from rulecore.errors import Fault
from rulecore.expr.nodes import Literal, Name, Node, ParameterRef, SortKey
from rulecore.plan.scorer_parameters import parameter_nodes, structure_scorer
from rulecore.policy.document import Document
from rulecore.policy.limits import read_decimal


@frozen(kw_only=True)
class Band:
    at_least: Constant | None = None
    is_: Literal


@frozen(kw_only=True)
class Bands(Scorer):
    name = "bands"
    of: Node
    bands: tuple[Band, ...] = ()
    ties: tuple[SortKey, ...] = ()
    weights: Mapping[str, Constant] | None = None
    limit: Node | None = None

    def expression(self) -> Node:
        return self.of


PARAMETERS = parameter_nodes({"cap": 3, "levels": ("A", "B")})


def read(settings: str) -> tuple[Bands | None, tuple[Fault, ...]]:
    text = f"[rules.band]\n{settings}"
    data = tomli.loads(text, parse_float=read_decimal)
    document = Document(path=Path("p.toml"), name="p.toml", text=text, data=data)
    return structure_scorer(
        Bands, data["rules"]["band"], document=document, key=("rules", "band"), parameters=PARAMETERS
    )


def test_texts_are_expressions_and_numbers_literals() -> None:
    scorer, faults = read('of = "score"\nlimit = 0.1\n')
    assert faults == ()
    assert scorer == Bands(of=Name("score"), limit=Literal(Fraction(1, 10)))


def test_a_node_knows_the_key_it_was_written_at() -> None:
    scorer, _ = read('of = "score"\n')
    assert scorer is not None
    assert scorer.of.span is not None
    assert scorer.of.span.key == ("rules", "band", "of")


def test_a_constant_is_a_number_or_an_expression_of_parameters() -> None:
    scorer, faults = read(
        'of = "score"\nbands = [{ at_least = 90.5, is = "A" }, { at_least = "cap * 10", is = true }]\n'
    )
    assert faults == ()
    assert scorer is not None
    first, second = scorer.bands
    assert first.at_least is not None
    assert second.at_least is not None
    assert (first.at_least.value, first.is_) == (Fraction(181, 2), Literal("A"))
    assert (second.at_least.value, second.is_) == (Fraction(30), Literal(True))
    assert ParameterRef("cap", Literal(Fraction(3))) in list(second.at_least.node.children())


def test_sort_keys_are_names_or_tables() -> None:
    scorer, faults = read('of = "score"\nties = ["party", { by = "name", order = "ascending" }]\n')
    assert faults == ()
    assert scorer is not None
    assert scorer.ties == (SortKey(Name("party")), SortKey(Name("name"), descending=False))


def test_tables_keep_the_order_of_their_keys() -> None:
    scorer, _ = read('of = "score"\nweights = { z = 0.4, a = "0.6" }\n')
    assert scorer is not None
    assert scorer.weights is not None
    assert list(scorer.weights) == ["z", "a"]


def test_every_fault_stands_at_its_characters() -> None:
    _, faults = read(
        'of = "score + "\nbands = [{ at_least = "cop", is = "A" }, { at_least = "score", is = [1] }]\n'
        'weight = 3\ndecimal = 2\nties = [{ by = "x", order = "asc" }]\nlimit = 2024-01-01T00:00:00\n'
    )
    found = {
        (fault.code.id, fault.place.line, fault.place.key) for fault in faults if fault.place is not None
    }
    assert {code for code, line, _ in found if line == 2} <= {"RC307", "RC308"}
    assert {entry for entry in found if entry[1] != 2} == {
        ("RC141", 3, "rules.band.bands[0].at_least"),
        ("RC141", 3, "rules.band.bands[1].at_least"),
        ("RC104", 3, "rules.band.bands[1].is"),
        ("RC102", 4, "rules.band.weight"),
        ("RC102", 5, "rules.band.decimal"),
        ("RC105", 6, "rules.band.ties[0].order"),
        ("RC104", 7, "rules.band.limit"),
    }


def test_a_misspelt_key_of_every_rule_is_recognised_beside_the_scorers_own() -> None:
    _, faults = read('of = "score"\ndecimal = 2\n')
    assert [fault.advice("en")[:23] for fault in faults] == ["did you mean decimals? "]
