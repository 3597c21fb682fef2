"""The fund's numbers as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from helpers.project import Estimate

if TYPE_CHECKING:
    from helpers.fund import Since

PERCENT = 100


def since_table(funds: Sequence[Since]) -> pd.DataFrame:
    """One row a fund: total, a_year, drawdown (percent), against_spy, low, high (points a year), n."""
    rows = []
    for fund in funds:
        found = fund.estimate()
        rows.append({
            "fund": fund.asset.upper(), "total": PERCENT * fund.total,
            "a_year": None if fund.annualised is None else PERCENT * fund.annualised,
            "drawdown": PERCENT * fund.drawdown.depth, "trough": fund.drawdown.trough,
            "against_spy": found.value if found else None, "low": found.low if found else None,
            "high": found.high if found else None, "days": fund.n,
        })  # fmt: skip
    return pd.DataFrame(rows)


def variants_table(variants: Mapping[str, Estimate]) -> pd.DataFrame:
    """One row a variant: share, low, high, days."""
    rows = [
        {"variant": label, "share": each.value, "low": each.low, "high": each.high, "days": each.n}
        for label, each in variants.items()
    ]
    return pd.DataFrame(rows)
