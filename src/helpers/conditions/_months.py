"""What every function of this room asks of a monthly table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.project import ProjectError

Floats = NDArray[np.float64]
PERCENT = 100


def require_months(table: pd.Series | pd.DataFrame, *, where: str) -> None:
    """Refuse an index that is not consecutive month ends.

    Raises
    ------
    ProjectError : no row, a date that is no month end, a month twice or left out.
    """
    index = table.index
    if not isinstance(index, pd.DatetimeIndex) or index.empty:
        raise ProjectError("no monthly rows", where=where, expected="month ends as the index")
    whole = pd.date_range(index[0], periods=len(index), freq="ME")
    wrong = np.flatnonzero(index.to_numpy() != whole.to_numpy().astype(index.to_numpy().dtype))
    if len(wrong):
        raise ProjectError(
            f"row {wrong[0]} is {index[wrong[0]]:%Y-%m-%d}", where=where,
            expected="consecutive month ends, each once",
            mend="reindex to month ends and leave absent months missing",
        )  # fmt: skip


def without_ends(series: pd.Series, *, where: str) -> pd.Series:
    """The series without missing months at its ends.

    Raises
    ------
    ProjectError : not consecutive months, no value, an infinite value, or a hole inside.
    """
    require_months(series, where=where)
    present = series.dropna()
    if present.empty:
        raise ProjectError("no value at all", where=where)
    inside = series.loc[present.index[0] : present.index[-1]].astype(float)
    for bad, words in ((inside.isna(), "is missing"), (np.isinf(inside), "is infinite")):
        if bad.any():
            raise ProjectError(
                f"{inside.index[bad][0]:%Y-%m} {words}", where=where,
                expected="no hole between the first month and the last",
            )  # fmt: skip
    return inside
