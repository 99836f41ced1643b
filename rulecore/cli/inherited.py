"""``rulecore show --origins`` and ``--diff-base``: who set each value, what differs from the base."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rulecore.cli.pages import aligned
from rulecore.language import _

if TYPE_CHECKING:
    from rulecore.policy.document import Document
    from rulecore.policy.load import LoadedPolicy
    from rulecore.policy.origins import Change, EffectiveValue


def inherited_pages(
    loaded: Sequence[LoadedPolicy], *, origins: bool, diff_base: bool, output_format: str
) -> str:
    """Return what was asked for of each policy, as pages of text or as JSON."""
    if output_format == "json":
        documents = [_document(policy, origins, diff_base) for policy in loaded]
        return json.dumps(documents, ensure_ascii=False, indent=2)
    return "\n\n".join(_page(policy, origins, diff_base) for policy in loaded)


def _page(loaded: LoadedPolicy, origins: bool, diff_base: bool) -> str:
    from rulecore.policy.origins import changes_from_base, effective_values

    header = loaded.policy.policy
    blocks = [f"{header.title or header.name} ({header.name} {header.version})"]
    if origins:
        rows = [(one.name, one.text, _line(one)) for one in effective_values(loaded.document)]
        blocks.append(aligned(rows, "  "))
    if diff_base and len(loaded.document.layers) < 2:
        blocks.append(_("  extends no other policy"))
    elif diff_base:
        blocks.append(_base_line(loaded.document))
        rows = [change_row(change) for change in changes_from_base(loaded.document)]
        blocks.append(aligned(rows, "  ") if rows else _("  changes nothing"))
    return "\n".join(blocks)


def change_row(change: Change) -> tuple[str, str, str]:
    """Return a change as cells of a line: the key, the values before and after, the line that changes it."""
    from rulecore.policy.words import shown_value

    before = shown_value(change.before) if change.before is not None else _("(not there)")
    after = shown_value(change.after) if change.after is not None else _("(gone)")
    return change.name, f"{before} → {after}", _at(change.place.file, change.place.line)


def _line(one: EffectiveValue) -> str:
    """Return where a value stands, and the values it replaced, the nearest first."""
    from rulecore.policy.words import shown_value

    shown = _at(one.place.file, one.place.line)
    replaced = [f"{shown_value(value)} {_at(place.file, place.line)}" for value, place in one.history[-2::-1]]
    return f"{shown}  ({_('in place of')} {'; '.join(replaced)})" if replaced else shown


def _at(file: str, line: int | None) -> str:
    return f"{file}:{line}" if line is not None else file


def _base_line(document: Document) -> str:
    return _("  extends {bases}").format(bases=" → ".join(layer.name for layer in document.layers[1:]))


def _document(loaded: LoadedPolicy, origins: bool, diff_base: bool) -> dict[str, object]:
    from rulecore.policy.origins import changes_from_base, effective_values

    header = loaded.policy.policy
    found: dict[str, object] = {
        "name": header.name,
        "version": header.version,
        "files": [layer.name for layer in loaded.document.layers],
    }
    if origins:
        found["values"] = [
            {
                "key": one.name,
                "value": one.text,
                "file": one.place.file,
                "line": one.place.line,
                "own": one.own,
            }
            for one in effective_values(loaded.document)
        ]
    if diff_base:
        changes = changes_from_base(loaded.document)
        found["changes"] = [change_document(change) for change in changes]
    return found


def change_document(change: Change) -> dict[str, object]:
    """Return a change as plain values."""
    from rulecore.policy.words import shown_value

    return {
        "key": change.name,
        "before": None if change.before is None else shown_value(change.before),
        "after": None if change.after is None else shown_value(change.after),
        "file": change.place.file,
        "line": change.place.line,
    }
