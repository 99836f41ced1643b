"""Routing: every raw row to the one policy whose ``applies_to`` and ``effective`` fit it, or to the quarantine."""

from rulecore.routing.route import Routed, route

__all__ = ["Routed", "route"]
