"""The ledger: for any numeric rule of a record, lines that add up exactly to its value.

``values`` declares lines and ledgers; ``marks`` finds full marks; ``sums``, ``products`` and ``choices`` say how
each kind of expression is taken apart; ``compiled`` makes one writer for a plan, once for all records; ``make``
gives the ledgers of a record; ``text`` and ``document`` render them, ``write`` writes those of all records.
"""

from rulecore.ledger.make import LedgerBook, ledgers_of
from rulecore.ledger.values import Ledgers, Line, Reason, RuleLedger

__all__ = ["LedgerBook", "Ledgers", "Line", "Reason", "RuleLedger", "ledgers_of"]
