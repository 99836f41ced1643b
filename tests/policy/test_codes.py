"""Every fault of a policy document has a number of its own block, a sentence, and a page."""

from pathlib import Path

from rulecore.codes import policy
from rulecore.errors import Code

PAGES = Path(__file__).parents[2] / "docs" / "errors"
CODES = [value for value in vars(policy).values() if isinstance(value, Code)]


def test_codes_are_unique_and_of_their_block() -> None:
    numbers = [code.id for code in CODES]
    assert len(set(numbers)) == len(numbers)
    assert [number for number in numbers if not number.startswith("RC1")] == []


def test_every_code_has_its_page() -> None:
    missing = [code.id for code in CODES if not (PAGES / f"{code.id}.md").is_file()]
    assert missing == []


def test_every_page_is_headed_by_its_code() -> None:
    wrong = [
        page.name
        for page in PAGES.glob("RC1*.md")
        if not page.read_text("utf-8").startswith(f"# {page.stem}: ")
    ]
    assert wrong == []
