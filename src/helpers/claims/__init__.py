"""The ledger of claims, and the rules that turn result files into verdicts."""

from helpers.claims.ledger import Claim, Ledger, Reading
from helpers.claims.verdicts import (
    NOT_TESTED,
    Decision,
    ReadingDecision,
    decide,
    ledger_table,
    since_table,
)

__all__ = [
    "NOT_TESTED",
    "Claim",
    "Decision",
    "Ledger",
    "Reading",
    "ReadingDecision",
    "decide",
    "ledger_table",
    "since_table",
]
