"""What is found in policies: the checks run, what comments allow taken out, and the rest rendered for people or tools."""

from rulecore.findings.collect import find
from rulecore.findings.render import FORMATS, render

__all__ = ["FORMATS", "find", "render"]
