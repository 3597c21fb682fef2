"""Price changes of the dated inflations, as published and from the price index."""

from __future__ import annotations

import pandas as pd

from helpers.inflation import load_neville


def price_changes(index: pd.Series) -> pd.DataFrame:
    """Change of prices from the month before each inflation of Neville et al. (2021) to its last.

    Parameters
    ----------
    index : consumer prices, not seasonally adjusted, by month end.

    Returns
    -------
    One row an inflation whose months the index has: inflation, published, ours, difference; percent.
    """
    rows = []
    for each in load_neville().itertuples():
        before = each.first_month - pd.offsets.MonthEnd(1)
        if before not in index.index or each.last_month not in index.index:
            continue
        ours = 100 * (index[each.last_month] / index[before] - 1)
        rows.append({
            "inflation": f"{each.first_month:%Y-%m} to {each.last_month:%Y-%m}",
            "published": each.price_change_pct, "ours": ours,
            "difference": ours - each.price_change_pct,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=["inflation", "published", "ours", "difference"])
