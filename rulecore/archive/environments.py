"""Two environments compared: what was packed with, and what is verified with."""

from __future__ import annotations

from collections.abc import Iterator

from rulecore.archive.differences import Difference, difference
from rulecore.archive.environment import Environment, Part
from rulecore.language import N_


def compare_environments(
    packed: Environment, here: Environment, *, computed: bool = True
) -> tuple[list[Difference], list[Difference]]:
    """Return the differences between two environments that matter, and those that only need to be known.

    ``computed``: whether it is known what the run uses here.
    """
    differences: list[Difference] = []
    notes: list[Difference] = []
    if packed.rulecore.version != here.rulecore.version:
        message = N_("packed with rulecore {packed}, verified with {found}")
        versions = {"packed": packed.rulecore.version or "—", "found": here.rulecore.version or "—"}
        notes.append(difference("rulecore", message, **versions))
    elif packed.rulecore.sha256 != here.rulecore.sha256:
        message = N_("rulecore {version} has other code here than where it was packed")
        notes.append(difference("rulecore", message, version=here.rulecore.version))
    found = {part.distribution: part for part in here.plugins}
    idle: list[str] = []
    for part in packed.plugins:
        told = list(_compared_part(part, found.get(part.distribution), computed=computed))
        if part.used:
            differences += told
        elif told:
            idle.append(str(part))
    if idle:
        message = N_("other here or not installed, but not used by the run: {plugins}")
        notes.append(difference("plugin", message, plugins=", ".join(idle)))
    used = {part.distribution for part in packed.plugins if part.used}
    for part in here.plugins:
        if part.used and part.distribution not in used:
            message = N_("the run uses the plugin {plugin}, which was not packed as used")
            differences.append(difference("plugin", message, plugin=str(part)))
    for name, version in packed.libraries:
        own = dict(here.libraries).get(name, "—")
        if own != version:
            message = N_("packed with {library} {packed}, verified with {found}")
            notes.append(difference("library", message, library=name, packed=version, found=own))
    return differences, notes


def _compared_part(packed: Part, here: Part | None, *, computed: bool) -> Iterator[Difference]:
    values: dict[str, object] = {"plugin": str(packed), "packed": packed.sha256[:12] or "—"}
    if here is None:
        yield difference("plugin", N_("the plugin {plugin} is not installed here"), **values)
    elif packed.version != here.version:
        yield difference(
            "plugin", N_("the plugin {plugin} is {found} here"), **values, found=here.version or "—"
        )
    elif packed.sha256 != here.sha256:
        message = N_("the plugin {plugin} has other code here: SHA-256 {found}… instead of {packed}…")
        yield difference("plugin", message, **values, found=here.sha256[:12] or "—")
    elif computed and packed.used and not here.used:
        yield difference("plugin", N_("the run does not use the plugin {plugin}"), **values)


def stated_parts(plugins: object) -> list[tuple[str, str, str]]:
    """Return the plugins that a manifest names: distribution, version, and the hash of a single file.

    There are none where anything about them is not written as in a manifest.
    """
    items = plugins if isinstance(plugins, list) else []
    keys = ("distribution", "version", "sha256")
    for item in items:
        if (
            not isinstance(item, dict)
            or {*item} != {*keys}
            or not all(isinstance(item[key], str) for key in keys)
        ):
            return []
    return [(item["distribution"], item["version"], item["sha256"]) for item in items]


def parts_of(environment: Environment) -> list[tuple[str, str, str]]:
    """Return what a manifest names as its plugins: rulecore itself, and all that were loaded."""
    own = environment.rulecore
    return [
        (own.distribution, own.version, ""),
        *(
            (part.distribution, part.version, part.sha256 if part.file else "")
            for part in environment.plugins
        ),
    ]
