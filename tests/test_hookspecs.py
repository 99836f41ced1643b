"""The whole plugins that the hooks' docstrings and docs/plugins.md show are loaded here."""

import inspect
import re
import textwrap
from pathlib import Path

import pytest

from rulecore import hookspecs
from rulecore.plugins import load_found
from rulecore.plugins.check import hook_names
from rulecore.plugins.find import find_files

GUIDE = (Path(__file__).parent.parent / "docs" / "plugins.md").read_text(encoding="utf-8")


def names_given_by(source: str, hook: str, folder: Path) -> set[str]:
    (folder / "shown.py").write_text(source, encoding="utf-8")
    found, faults = find_files(folder)
    assert faults == ()
    registry = load_found(found)
    return set(getattr(registry, hook.removeprefix("rulecore_")))


def in_docstring(hook: str) -> str:
    documentation = inspect.getdoc(getattr(hookspecs, hook)) or ""
    return textwrap.dedent(documentation.partition("::\n")[2])


def in_guide(hook: str) -> str:
    section = GUIDE.partition(f"### `{hook}()`")[2]
    blocks = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    return str(blocks[0])


@pytest.mark.parametrize("hook", hook_names())
def test_the_plugin_in_a_docstring_loads_and_gives_something(hook: str, tmp_path: Path) -> None:
    assert names_given_by(in_docstring(hook), hook, tmp_path)


@pytest.mark.parametrize("hook", hook_names())
def test_the_plugin_in_the_guide_loads_and_gives_something(hook: str, tmp_path: Path) -> None:
    assert names_given_by(in_guide(hook), hook, tmp_path)


@pytest.mark.parametrize("hook", hook_names())
def test_a_hook_takes_no_arguments_and_states_what_it_returns(hook: str) -> None:
    signature = inspect.signature(getattr(hookspecs, hook))
    assert not signature.parameters
    assert str(signature.return_annotation).startswith("Sequence[")
