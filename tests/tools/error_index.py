"""Write docs/errors/README.md: every fault by its code, with the title of its page.

python tests/tools/error_index.py
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "errors"
SUBJECTS = (
    ("RC0", "Running, reading and writing"),
    ("RC1", "The policy document"),
    ("RC2", "Findings in a policy that can be used"),
    ("RC3", "Expressions"),
    ("RC4", "Kinds of values"),
    ("RC5", "Records: why a row is quarantined"),
    ("RC6", "Plugins"),
    ("RC7", "Issues: why a value became not applicable"),
    ("RC8", "Policies that extend others: what their base does not allow"),
    ("RC9", "Cases"),
)
HEAD = """# Faults and issues

Every message has a code, which never changes its meaning and is never used again. Each page says what it
means, shows an example, and says what to do. This list is written by `tests/tools/error_index.py`.
"""


def index() -> str:
    """Return the page: a section for each subject, a line for each code."""
    pages = {page.stem: page.read_text(encoding="utf-8") for page in FOLDER.glob("RC*.md")}
    titles = {code: text.partition("\n")[0] for code, text in pages.items()}
    parts = [HEAD]
    for prefix, subject in SUBJECTS:
        codes = sorted(code for code in titles if code.startswith(prefix))
        if codes:
            lines = [f"- [{code}]({code}.md){titles[code].removeprefix(f'# {code}')}" for code in codes]
            parts.append(f"## {subject}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(index(), encoding="utf-8")
