"""The tests that docs/plugins.md shows are tests that pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"<!-- tested -->\n```python\n(.*?)```", PAGE, re.DOTALL)
SPACE: dict[str, object] = {}
for _snippet in SNIPPETS:
    exec(compile(_snippet, "docs/plugins.md", "exec"), SPACE)  # noqa: S102 - our own page
TESTS = {name: found for name, found in SPACE.items() if name.startswith("test_") and callable(found)}


@pytest.mark.parametrize("name", TESTS)
def test_a_test_of_the_page_passes(name: str) -> None:
    test: Callable[[], None] = TESTS[name]
    test()


def test_the_page_shows_tests() -> None:
    assert len(TESTS) == 5
