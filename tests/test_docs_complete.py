"""Every fault, hook, scorer and function has its page, and no page is about nothing."""

import importlib
import inspect
import pkgutil
import re
import runpy
from pathlib import Path

import pytest

import rulecore.codes
from rulecore import hookspecs
from rulecore.errors import Code
from rulecore.plugins import load_plugins
from rulecore.plugins.check import hook_names
from rulecore.registry import Registry

DOCS = Path(__file__).parent.parent / "docs"
MODULES = [
    importlib.import_module(f"rulecore.codes.{found.name}")
    for found in pkgutil.iter_modules(rulecore.codes.__path__)
]
DECLARED = [
    (module.__name__, name, value)
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Code)
]
CODES = {code.id: code for _module, _name, code in DECLARED}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_plugins(entry_points=False)


def test_no_two_codes_have_one_identifier() -> None:
    # A code imported into a second module is the same declaration, not a second one.
    places: dict[str, set[tuple[str, str, str]]] = {}
    for _module, _name, code in DECLARED:
        places.setdefault(code.id, set()).add((code.id, code.message, code.hint))
    assert {identifier: found for identifier, found in places.items() if len(found) > 1} == {}


@pytest.mark.parametrize("identifier", sorted(CODES))
def test_every_code_has_a_page_with_its_title(identifier: str) -> None:
    page = DOCS / "errors" / f"{identifier}.md"
    assert page.is_file()
    assert re.match(rf"# {identifier}: \S", page.read_text(encoding="utf-8"))


def test_every_page_of_a_fault_is_about_a_code() -> None:
    assert {page.stem for page in (DOCS / "errors").glob("RC*.md")} - set(CODES) == set()


@pytest.mark.parametrize("identifier", sorted(CODES))
def test_the_identifier_of_a_code_is_rc_and_three_digits(identifier: str) -> None:
    assert re.fullmatch(r"RC\d{3}", identifier)


@pytest.mark.parametrize("hook", hook_names())
def test_every_hook_has_a_heading_with_its_exact_arguments(hook: str) -> None:
    arguments = str(
        inspect.signature(getattr(hookspecs, hook)).replace(return_annotation=inspect.Signature.empty)
    )
    assert f"\n### `{hook}{arguments}`\n" in (DOCS / "plugins.md").read_text(encoding="utf-8")


def test_every_heading_of_a_hook_is_a_hook() -> None:
    headings = re.findall(
        r"^### `(rulecore_\w+)", (DOCS / "plugins.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert headings == list(hook_names())


def test_every_scorer_has_a_page(registry: Registry) -> None:
    assert {name for name in registry.scorers if not (DOCS / "scorers" / f"{name}.md").is_file()} == set()


def test_every_function_has_a_page(registry: Registry) -> None:
    own_names = {found.value.name for found in registry.functions.values()}
    assert {name for name in own_names if not (DOCS / "functions" / f"{name}.md").is_file()} == set()


def test_every_cohort_function_has_a_page_that_the_index_names(registry: Registry) -> None:
    own_names = {found.value.name for found in registry.cohort_functions.values()}
    pages = {page.stem for page in (DOCS / "cohort-functions").glob("*.md")} - {"README"}
    index = (DOCS / "cohort-functions" / "README.md").read_text(encoding="utf-8")
    assert pages == own_names == set(re.findall(r"^\| \[(\w+)\]\(\1\.md\)", index, re.MULTILINE))


def test_the_index_of_faults_is_current() -> None:
    # python tests/tools/error_index.py writes it.
    path = Path(__file__).parent / "tools" / "error_index.py"
    tool = runpy.run_path(str(path))
    assert (DOCS / "errors" / "README.md").read_text(encoding="utf-8") == tool["index"]()
