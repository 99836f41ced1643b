"""What plugins that add commands return."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    import click


@frozen(kw_only=True)
class Command:
    """A command of the ``rulecore`` program; ``load`` returns it when it is asked for, so that others start fast."""

    name: str
    summary: str
    load: Callable[[], click.Command]
