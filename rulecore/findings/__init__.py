"""What is found in policies: what the checks say, less what comments allow, rendered for people or tools."""

from rulecore.findings.collect import find
from rulecore.findings.render import FORMATS, render

__all__ = ["FORMATS", "find", "render"]
