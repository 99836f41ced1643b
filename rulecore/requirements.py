"""What a policy requires: plugins by distribution and range, ``requires = ["rulecore-x >=1,<2"]``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from rulecore.codes import plugins as codes
from rulecore.errors import Fault
from rulecore.planned import Origin
from rulecore.registry import Registry
from rulecore.source import Place


def check_requirements(
    requires: Sequence[str], registry: Registry, places: Sequence[Place | None] = ()
) -> tuple[Fault, ...]:
    """Return a fault for each requirement that cannot be read, or that no loaded plugin meets.

    Requirements are written as in Python packaging (PEP 508: name and version ranges). ``places`` are where
    each stands in its policy, in the same order. ``rulecore`` itself may be required too. Pre-releases count
    as versions, because what is loaded was installed on purpose.
    """
    loaded: dict[str, Origin] = {
        canonicalize_name(origin.distribution): origin for origin in registry.origins()
    }
    faults: list[Fault] = []
    for index, text in enumerate(requires):
        place = places[index] if index < len(places) else None
        faults += _check(text, loaded, place)
    return tuple(faults)


def _check(text: str, loaded: dict[str, Origin], place: Place | None) -> Iterator[Fault]:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        yield Fault(code=codes.REQUIREMENT_UNREADABLE, values={"requirement": repr(text)}, place=place)
        return
    if requirement.url or requirement.marker or requirement.extras:
        yield Fault(code=codes.REQUIREMENT_UNREADABLE, values={"requirement": repr(text)}, place=place)
        return
    values: dict[str, object] = {"requirement": str(requirement)}
    origin = loaded.get(canonicalize_name(requirement.name))
    if origin is None:
        yield Fault(code=codes.REQUIREMENT_MISSING, values=values, place=place)
    elif not requirement.specifier.contains(origin.version, prereleases=True):
        shown = origin.version or "-"
        yield Fault(code=codes.REQUIREMENT_VERSION, values={**values, "version": shown}, place=place)
