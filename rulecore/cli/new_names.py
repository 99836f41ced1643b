"""What a new policy or plugin may be called, and the names of its parts that follow."""

from __future__ import annotations

import re
from typing import Final, Literal

from rulecore.codes.starting import BAD_NAME, DISTRIBUTION_TAKEN
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore.policy.words import shown

Kind = Literal["policy", "plugin"]

LONGEST: Final = 60
PREFIX: Final = "rulecore-"
KINDS: Final = {"policy": N_("policy"), "plugin": N_("plugin")}

# Windows keeps these names for devices, whatever suffix follows.
_DEVICES: Final = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")
# The codes of such a plugin would read like rulecore's own.
_RESERVED: Final = re.compile(r"rulecore|(rulecore-)?rc\d*")
_WORDS: Final = {"policy": re.compile(r"[^\W_][\w-]*"), "plugin": re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")}
_ALLOWED: Final = {
    "policy": N_(
        "it is made of letters (Chinese ones too), digits, - and _, and begins with a letter or digit"
    ),
    "plugin": N_("it is made of the letters a to z, digits and single -, and begins with a letter"),
}
_EXAMPLES: Final = {"policy": "年度考核", "plugin": "luochuan"}


def name_faults(kind: Kind, name: str) -> tuple[Fault, ...]:
    """Return why ``name`` cannot be that of a new policy or plugin."""
    reason = _reason(kind, name)
    if reason is not None:
        values = {
            "name": shown(name),
            "kind": phrase(KINDS[kind]),
            "reason": phrase(reason),
            "suggestion": _suggestion(kind, name),
        }
        return (Fault(code=BAD_NAME, values=values),)
    return _taken(distribution_of(name)) if kind == "plugin" else ()


def distribution_of(name: str) -> str:
    """Return the distribution of a plugin: ``luochuan`` is distributed as ``rulecore-luochuan``."""
    return PREFIX + name.removeprefix(PREFIX)


def plugin_values(name: str) -> dict[str, str]:
    """Return the names of a new plugin's parts, as its templates use them."""
    own = name.removeprefix(PREFIX)
    word = own.replace("-", "_")
    return {
        "name": own,
        "distribution": distribution_of(name),
        "module": f"rulecore_{word}",
        "scorer": f"{word}_days_late",
        "code": own.replace("-", "").upper(),
    }


def _reason(kind: Kind, name: str) -> str | None:
    if len(name) > LONGEST:
        return N_("it is longer than 60 characters")
    if _WORDS[kind].fullmatch(name) is None:
        return _ALLOWED[kind]
    if kind == "policy" and _DEVICES.fullmatch(name) is not None:
        return N_("Windows keeps this name for a device")
    if kind == "plugin" and _RESERVED.fullmatch(name) is not None:
        return N_("it is rulecore's own")
    return None


def _suggestion(kind: Kind, name: str) -> str:
    """Return the nearest name that would do, or an example."""
    words = re.split(
        r"[\W_]+" if kind == "plugin" else r"[^\w-]+", name.lower() if kind == "plugin" else name
    )
    near = "-".join(word for word in words if word).strip("-_")[:LONGEST].rstrip("-_")
    return near if near and _reason(kind, near) is None else _EXAMPLES[kind]


def _taken(distribution: str) -> tuple[Fault, ...]:
    from rulecore.plugins.entries import read_entries

    installed = {re.sub(r"[-_.]+", "-", entry.distribution).lower() for entry in read_entries()}
    if distribution not in installed:
        return ()
    return (Fault(code=DISTRIBUTION_TAKEN, values={"distribution": distribution}),)
