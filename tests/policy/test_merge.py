"""The laws of inheritance: what is merged, what is not, and that every value knows the line that set it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import tomli
from hypothesis import HealthCheck, given, settings

from rulecore.policy.document import Document, read_document
from rulecore.policy.limits import read_decimal
from rulecore.policy.merge import merge_chain, merged_data, overlay
from rulecore.policy.origins import changes_from_base, effective_values
from tests.policy.families import DATA, chain_of

Data = Mapping[str, object]
GENERATED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def without_header(document: Document) -> dict[str, object]:
    return {key: value for key, value in document.data.items() if key != "policy"}


def has_another_scorer(*layers: Data) -> bool:
    """Whether the layers give one rule two scorers, or two ways to round: some of it is then lost."""
    for key in ("p", "q"):
        rules = [rule for layer in layers for rule in [layer.get("rules", {}).get(key)] if rule]  # type: ignore[attr-defined]
        scorers = {rule["scorer"] for rule in rules if "scorer" in rule}
        units = {unit for rule in rules for unit in ("decimals", "step") if unit in rule}
        if len(scorers) > 1 or len(units) > 1 or (scorers and any("scorer" not in rule for rule in rules)):
            return True
    return False


@GENERATED
@given(data=DATA)
def test_an_empty_override_changes_nothing(tmp_path: Path, data: Data) -> None:
    chain = chain_of(tmp_path, [{}, data])
    assert without_header(merge_chain(chain)) == without_header(chain[1])


@GENERATED
@given(data=DATA)
def test_merging_a_policy_over_itself_gives_the_policy(tmp_path: Path, data: Data) -> None:
    chain = chain_of(tmp_path, [data, data])
    assert without_header(merge_chain(chain)) == without_header(chain[1])


@GENERATED
@given(base=DATA, own=DATA)
def test_merging_twice_is_merging_once(base: Data, own: Data) -> None:
    once = overlay(base, own)
    assert overlay(once, own) == once


@GENERATED
@given(first=DATA, second=DATA, third=DATA)
def test_merging_is_associative_along_a_chain(first: Data, second: Data, third: Data) -> None:
    if has_another_scorer(first, second, third):
        return
    assert overlay(overlay(first, second), third) == overlay(first, overlay(second, third))


@GENERATED
@given(first=DATA, second=DATA, third=DATA)
def test_a_chain_is_merged_from_the_furthest_base_on(
    tmp_path: Path, first: Data, second: Data, third: Data
) -> None:
    chain = chain_of(tmp_path, [third, second, first])
    flat = merged_data(chain[1:])
    assert merged_data(chain) == overlay(flat, chain[0].data)


@GENERATED
@given(first=DATA, second=DATA, third=DATA)
def test_every_value_stands_on_the_line_that_its_origin_says(
    tmp_path: Path, first: Data, second: Data, third: Data
) -> None:
    chain = chain_of(tmp_path, [third, second, first])
    texts = {document.name: document.lines for document in chain}
    for one in effective_values(merge_chain(chain)):
        if one.value == {}:
            continue
        place = one.place
        assert place.line is not None
        assert place.column is not None
        line = texts[place.file][place.line - 1]
        written = line[place.column - 1 : place.column - 1 + place.length]
        assert tomli.loads(f"x = {written}", parse_float=read_decimal)["x"] == one.value
        assert line.split(" = ")[0] == one.key[-1]


@GENERATED
@given(base=DATA, own=DATA)
def test_what_is_said_to_have_changed_is_all_that_has(tmp_path: Path, base: Data, own: Data) -> None:
    chain = chain_of(tmp_path, [own, base])
    document = merge_chain(chain)
    changed = {change.key for change in changes_from_base(document)}
    for one in effective_values(document):
        if one.key[0] != "policy" and one.key not in changed:
            assert chain[1].value_at(one.key) == one.value


def family(folder: Path, own: str, base: str) -> Document:
    chain = []
    for number, text in enumerate((own, base)):
        path = folder / f"layer{number}.toml"
        path.write_text(text, encoding="utf-8")
        chain.append(read_document(path, folder))
    return merge_chain(chain)


def test_tables_are_merged_key_by_key_and_lists_replaced_whole(tmp_path: Path) -> None:
    document = family(
        tmp_path,
        "[parameters]\ncap = 2\nlist = [3]\n",
        "[parameters]\ncap = 1\nlist = [1, 2]\nkept = true\n",
    )
    assert document.value_at(("parameters",)) == {"cap": 2, "list": [3], "kept": True}
    assert [layer.name for layer in document.history(("parameters", "cap"))] == ["layer1.toml", "layer0.toml"]


def test_what_a_policy_says_of_itself_is_not_inherited(tmp_path: Path) -> None:
    own_keys = 'title = "B"\napplies_to = { u = ["1"] }\neffective = { from = 2024-01-01 }\n'
    base = f'[policy]\nname = "b"\n{own_keys}language = "en"\n'
    document = family(tmp_path, '[policy]\nname = "a"\n', base)
    assert document.value_at(("policy",)) == {"name": "a", "language": "en"}


def test_the_days_of_an_abstract_base_are_inherited(tmp_path: Path) -> None:
    base = '[policy]\nname = "b"\nabstract = true\neffective = { from = 2024-01-01 }\n'
    document = family(tmp_path, '[policy]\nname = "a"\n', base)
    assert document.place(("policy", "effective", "from")).file == "layer1.toml"


@pytest.mark.parametrize(("scorer", "kept"), [("formula", {"value", "decimals"}), ("rank", {"decimals"})])
def test_another_scorer_starts_without_the_settings_of_the_old_one(
    tmp_path: Path, scorer: str, kept: set[str]
) -> None:
    base = '[rules.r]\nscorer = "formula"\nvalue = "a"\ndecimals = 2\n'
    document = family(tmp_path, f'[rules.r]\nscorer = "{scorer}"\n', base)
    rule = document.value_at(("rules", "r"))
    assert isinstance(rule, Mapping)
    assert set(rule) == {"scorer", *kept}


def test_step_takes_the_place_of_the_decimals_of_a_base(tmp_path: Path) -> None:
    document = family(tmp_path, "[rules.r]\nstep = 0.5\n", '[rules.r]\nscorer = "formula"\ndecimals = 2\n')
    assert document.value_at(("rules", "r", "decimals")) is None
    assert document.place(("rules", "r", "step")).file == "layer0.toml"


def test_another_type_starts_without_what_belongs_to_the_old_one(tmp_path: Path) -> None:
    base = (
        '[fields.f]\ncolumn = "得分"\ntype = "decimal"\ndecimals = 2\nmin = 0\nmissing = "not_applicable"\n'
    )
    field = {"column": "得分", "missing": "not_applicable", "type": "text"}
    assert family(tmp_path, '[fields.f]\ntype = "text"\n', base).value_at(("fields", "f")) == field
    same = family(tmp_path, '[fields.f]\ntype = "decimal"\n', base)
    assert same.value_at(("fields", "f", "decimals")) == 2
