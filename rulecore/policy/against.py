"""A changed base tried before it is issued: the policies that extend it, over the new one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from rulecore.errors import Fault, PolicyError
from rulecore.policy.chain import read_chain
from rulecore.policy.document import Document
from rulecore.policy.load import LoadedBase, LoadedPolicy, load_chain
from rulecore.policy.merge import merge_chain
from rulecore.policy.origins import Change, differences


@frozen(kw_only=True)
class Trial:
    """One policy under a changed base: what it then is, or its faults, and the values that differ."""

    path: Path
    document: Document
    loaded: LoadedPolicy | LoadedBase | None
    faults: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()


def base_chain(path: Path, inside: Path | None = None) -> tuple[Document, ...]:
    """Return the documents of a changed base, its own first. Raises PolicyError where it cannot be read."""
    return read_chain(path, None, inside)


def try_against(
    new_base: Sequence[Document], path: Path, root: Path | None = None, inside: Path | None = None
) -> Trial | None:
    """Return the policy at ``path`` as it would be over ``new_base``, or None if it extends another.

    The base is replaced, with everything it extends itself, by ``new_base``. It is the one in the same
    file, else the nearest with the same ``policy.name``.
    """
    chain = read_chain(path, root, inside)
    layer = replaced_layer(chain, new_base[0])
    if layer is None:
        return None
    changed = (*chain[:layer], *new_base)
    document = merge_chain(changed)
    faults: tuple[Fault, ...] = ()
    loaded: LoadedPolicy | LoadedBase | None = None
    try:
        loaded = load_chain(changed)
    except PolicyError as error:
        faults = error.faults
    return Trial(
        path=path,
        document=document,
        loaded=loaded,
        faults=faults,
        changes=differences(merge_chain(chain), document),
    )


def replaced_layer(chain: Sequence[Document], new_base: Document) -> int | None:
    """Return the number of the base in a chain that a changed base stands for, or None."""
    name = new_base.value_at(("policy", "name"))
    file = new_base.path.resolve()
    for layer in range(1, len(chain)):
        if chain[layer].path.resolve() == file:
            return layer
    return next(
        (
            layer
            for layer in range(1, len(chain))
            if name is not None and chain[layer].value_at(("policy", "name")) == name
        ),
        None,
    )
