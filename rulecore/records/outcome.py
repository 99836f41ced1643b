"""What reading one cell gives: a typed value, or the fault for which it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from rulecore.errors import Code, Fault
from rulecore.language import Language

CellValue = int | str | bool | date | None
"""A typed cell: numbers as integers scaled by the field's power of ten; None is *not applicable*."""


@frozen(kw_only=True)
class CellFault:
    """Why a cell was refused: a code of ``rulecore.codes.records`` with the values of its message."""

    code: Code
    values: Mapping[str, object] = field(factory=dict)
    hint: str | None = None

    def reason(self, language: Language | None = None) -> str:
        """Return the reason as a sentence in ``language``."""
        return Fault(code=self.code, values=self.values).message(language)


CellRead = tuple[CellValue, CellFault | None]
"""What reading a cell gives: the value and None, or None and the fault."""
