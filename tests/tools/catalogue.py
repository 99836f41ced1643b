"""Extract rulecore's messages, keep their Chinese translations, and compile them.

    python tests/tools/catalogue.py          writes rulecore.po and rulecore.mo
    python tests/tools/catalogue.py --check  says what is missing, out of date or wrong

Messages are marked in the code: ``N_("…")``, ``_("…")``, ``translate("…")``. What is no constant there (first
sentences of scorers, descriptions of their parameters) is asked of the loaded plugins.
Files hold no dates and no line numbers, so that they change only when a message does.
"""

from __future__ import annotations

import ast
import io
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "rulecore" / "locale" / "zh_CN" / "LC_MESSAGES"
PO, MO = FOLDER / "rulecore.po", FOLDER / "rulecore.mo"
KEYWORDS = ("N_", "_", "translate")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def marked_in(source: str) -> Iterator[str]:
    """Yield the messages marked in a module. Babel's own extraction passes over those inside f-strings."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(message)), *_]) if message:
                if name in KEYWORDS:
                    yield message


def marked_messages() -> dict[str, str]:
    """Return every message marked in rulecore and its first-party plugins, with the first file it is in."""
    files = [*(ROOT / "rulecore").rglob("*.py"), *ROOT.glob("plugins/*/rulecore_*/**/*.py")]
    found: dict[str, str] = {}
    for file in sorted(files):
        for message in marked_in(file.read_text(encoding="utf-8")):
            found.setdefault(message, file.relative_to(ROOT).as_posix())
    return found


def declared_messages() -> Iterator[tuple[str, str]]:
    """Yield the messages that pages show and that are no marked constants, with who gives them."""
    from rulecore.cli.pages import first_sentence
    from rulecore.cli.parameters import parameters_of
    from rulecore.plugins import load_plugins

    registry = load_plugins()
    for found in registry.scorers.values():
        yield first_sentence(found.value.__doc__), found.origin.distribution
        for parameter in parameters_of(found.value):
            yield parameter.description, found.origin.distribution
    for kind in (
        registry.functions,
        registry.cohort_functions,
        registry.engines,
        registry.stores,
        registry.commands,
    ):
        for thing in kind.values():
            yield thing.value.summary, thing.origin.distribution


def messages() -> dict[str, str]:
    """Return every message, each with the file or the distribution it comes from, sorted by that."""
    found = marked_messages()
    for message, where in declared_messages():
        if message:
            found.setdefault(message, where)
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def translations() -> dict[str, str]:
    """Return the translations as the .po file has them."""
    if not PO.exists():
        return {}
    with PO.open("rb") as file:
        catalogue = read_po(file)
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def catalogue_of(found: dict[str, str], known: dict[str, str]) -> Catalog:
    """Return the catalogue of these messages with the known translations."""
    catalogue = Catalog(locale="zh_CN", domain="rulecore", fuzzy=False)
    for message, where in found.items():
        catalogue.add(message, known.get(message, ""), locations=[(where, 0)])
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """Return the catalogue as a .po file, without dates and line numbers."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, omit_header=True, include_lineno=False)
    header = 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return header.encode() + buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """Return the catalogue compiled, with the same bytes every time."""
    # Babel writes a creation date of its own; a fixed one keeps the bytes the same in every minute.
    plain = Catalog(locale="zh_CN", fuzzy=False, creation_date=LONG_AGO, revision_date=LONG_AGO)
    for message in catalogue:
        if message.id and message.string:
            plain.add(message.id, message.string)
    plain.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Language", "zh_CN")]
    buffer = io.BytesIO()
    write_mo(buffer, plain)
    return buffer.getvalue()


def places(text: str) -> set[str]:
    """Return the names of the placeholders of a message, conversions and formats included."""
    return {
        f"{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}"
        for _text, name, form, conversion in string.Formatter().parse(text)
        if name is not None
    }


def faults() -> list[str]:
    """Return what is wrong with the catalogue, one sentence each."""
    found, known = messages(), translations()
    wrong = [
        f"not translated: {message!r} ({where})" for message, where in found.items() if not known.get(message)
    ]
    wrong += [f"no longer used: {message!r}" for message in known if message not in found]
    for message, translation in known.items():
        if translation and message in found and _places_differ(message, translation):
            wrong.append(f"other placeholders: {message!r} → {translation!r}")
    if not wrong and (MO.read_bytes() if MO.exists() else b"") != mo_bytes(catalogue_of(found, known)):
        wrong.append("rulecore.mo is out of date")
    return wrong


def _places_differ(message: str, translation: str) -> bool:
    try:
        wanted = places(message)
    except ValueError:
        return False  # a text with braces that is never filled, such as a description
    try:
        return wanted != places(translation)
    except ValueError:
        return True


def main() -> int:
    """Write the catalogue, or check it."""
    if "--check" not in sys.argv:
        catalogue = catalogue_of(messages(), translations())
        FOLDER.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(po_bytes(catalogue))
        MO.write_bytes(mo_bytes(catalogue))
    wrong = faults()
    sys.stdout.write(("\n".join(wrong) or "the catalogue is complete") + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
