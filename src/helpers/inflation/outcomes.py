"""What C12 is about: the average stock, alone, after inflation, and against the market."""

from __future__ import annotations

import pandas as pd

from helpers.project import ProjectError

# The average stock, best first: column of the monthly panel -> what it is.
AVERAGES = {
    "ew": "the average US stock",
    "avg9": "a stand-in for the average stock (nine size-by-value portfolios)",
}
LABELS = {
    "average_excess": "average stock over bills",
    "average_real": "average stock, real",
    "average_minus_market": "average stock minus market",
    "smb": "small minus big (SMB)",
}


def average_stock(monthly: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str], str]:
    """The outcomes of C12, from the monthly panel.

    Parameters
    ----------
    monthly : months x columns rf, mkt, smb, cpi_nsa_index, and ew or avg9; fractions a month.

    Returns
    -------
    outcomes : months x average_excess, average_real, average_minus_market, smb; fractions. The real
        return of a month without a price index, or after one, is missing.
    labels : outcome -> words.
    words : what stands for the average stock.

    Raises
    ------
    ProjectError : no column that could stand for the average stock.
    """
    average = next((name for name in AVERAGES if name in monthly), None)
    if average is None:
        raise ProjectError(
            "no column for the average stock",
            where="monthly panel",
            expected=" or ".join(AVERAGES),
            mend="make data",
        )
    inflation = monthly["cpi_nsa_index"].pct_change(fill_method=None)
    outcomes = pd.DataFrame(
        {
            "average_excess": monthly[average] - monthly["rf"],
            "average_real": (1 + monthly[average]) / (1 + inflation) - 1,
            "average_minus_market": monthly[average] - monthly["mkt"],
            "smb": monthly["smb"],
        }
    )
    return outcomes, dict(LABELS), AVERAGES[average]
