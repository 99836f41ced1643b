"""Moved: see :mod:`rulecore.requirements`, which plans may import and this package they may not."""

from rulecore.requirements import check_requirements

__all__ = ["check_requirements"]
