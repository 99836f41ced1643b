"""Plans as Python functions over scaled integers, for one record at a time.

The rules of a plan become one function of a record's inputs, made of Python's own syntax tree (never of text). Numbers
are whole numbers times constant fractions, so the arithmetic is that of Python's integers; whatever has no such form
(logarithms, roots, texts made of numbers) calls the closures of the exact engine. Results are the exact engine's own.
"""

from rulecore.engines.compiled.program import Program, compile_program
from rulecore.engines.compiled.values import Values

__all__ = ["Program", "Values", "compile_program"]
