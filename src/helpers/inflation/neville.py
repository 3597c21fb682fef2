"""The eight US inflation regimes of Neville, Draaisma, Funnell, Harvey and van Hemert (2021).

They end where inflation peaked, which nobody knew at the time: a description, never tradable.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.inflation.measures import require_months

HINDSIGHT = "the regimes end at peaks of inflation, known only in hindsight"


def load_neville() -> pd.DataFrame:
    """The published regimes.

    Returns
    -------
    first_month, last_month : month ends, both inside the regime.
    price_change_pct : as published, whole percent. CPI-U not seasonally adjusted gives it from the
        month before the first to the last.
    hindsight : always True.
    """
    table = pd.read_csv(Path(__file__).with_name("neville_2021.csv"))
    for column in ("first_month", "last_month"):
        table[column] = pd.to_datetime(table[column]) + pd.offsets.MonthEnd(0)
    return table.assign(hindsight=True)


def in_neville_regime(months: pd.DatetimeIndex) -> pd.Series:
    """Whether each month lies in one of the regimes; missing after 2020, where the study ends.

    Raises
    ------
    ProjectError : months not at month end, with gaps or duplicates.
    """
    inside = pd.Series(False, index=months, dtype="boolean", name="neville_regime")
    require_months(inside, where="in_neville_regime")
    for row in load_neville().itertuples():
        inside.loc[row.first_month : row.last_month] = True
    inside.loc["2021-01-01":] = pd.NA
    return inside
