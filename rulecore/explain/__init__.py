"""Why a record's results are what they are: a tree of values, made from the plan, and its renderings.

``values`` declares the tree; ``recompute`` computes the record once more and compares; ``make`` builds the
tree; ``text`` and ``document`` render it for people and for programs; ``find`` looks up the record somebody
names.
"""

from rulecore.explain.document import explanation_document
from rulecore.explain.find import explain_entity
from rulecore.explain.make import explain_record
from rulecore.explain.text import explanation_text
from rulecore.explain.values import Explanation

__all__ = ["Explanation", "explain_entity", "explain_record", "explanation_document", "explanation_text"]
