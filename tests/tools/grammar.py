"""Write ``rulecore/expr/grammar.json``, the tables of the grammar: ``python tests/tools/grammar.py``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from rulecore.expr.grammar import grammar_tables, grammar_text

TABLES = Path(__file__).parents[2] / "rulecore" / "expr" / "grammar.json"

if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Lark's tables are in the order of its sets: with one seed they are the same every time.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606
    tables = grammar_tables(grammar_text())
    TABLES.write_text(json.dumps(tables, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
