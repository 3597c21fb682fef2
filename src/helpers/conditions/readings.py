"""Predictors made of published figures: surprises against a series' own past, growth by quarter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.conditions._months import without_ends
from helpers.project import ProjectError


def own_surprise(series: pd.Series, *, lags: int = 3, least: int = 60) -> pd.Series:
    """Each reading minus its forecast from the series' own past, in its unit.

    A stand-in for a survey, which is not open: an autoregression of `lags` months and a constant,
    fitted by least squares anew each month on the readings before, at least `least` of them. Dated
    by the month described: shift by the publication lag before use.

    Parameters
    ----------
    series : no hole; pass changes or growth of what trends.

    Raises
    ------
    ProjectError : a hole, too few months, lags out of range.
    """
    where = f"own_surprise, {series.name}"
    whole = without_ends(series, where=where)
    if not 1 <= lags < least or len(whole) <= lags + least:
        raise ProjectError(
            f"{len(whole)} months with lags={lags}, least={least}", where=where,
            expected="more months than lags + least, and fewer lags than least",
        )  # fmt: skip
    values = whole.to_numpy()
    past = np.column_stack(
        [np.ones(len(values) - lags), *(values[lags - j : -j] for j in range(1, lags + 1))]
    )
    now = values[lags:]
    errors = np.full(len(now), np.nan)
    for t in range(least, len(now)):
        slope, *_ = np.linalg.lstsq(past[:t], now[:t], rcond=None)
        errors[t] = now[t] - past[t] @ slope
    return pd.Series(np.r_[np.full(lags, np.nan), errors], whole.index, name=series.name)


def quarterly_growth(
    level: pd.Series, *, quarters: int = 1, lag_months: int = 1, through: pd.Timestamp | None = None
) -> pd.Series:
    """Annualised growth of a quarterly level, percent, by the month at whose end it was known.

    Known `lag_months` after the quarter ends and carried until the next figure: one month for
    the first estimate of GDP, whose later revisions are in the figures used (no vintages).

    Parameters
    ----------
    level : quarter ends, positive, no hole. through : last month carried to; by default the last
        month before another figure is due.

    Raises
    ------
    ProjectError : dates that are not consecutive quarter ends, a level that is not positive.
    """
    where = f"quarterly_growth, {level.name}"
    present = level.dropna()
    whole = pd.date_range(present.index[0], periods=len(present), freq="QE") if len(present) else ()
    if len(present) <= quarters or quarters < 1 or lag_months < 0:
        raise ProjectError(f"{len(present)} quarters", where=where, expected="more quarters")
    if list(present.index) != list(whole):
        raise ProjectError("not consecutive quarter ends", where=where)
    if not (present > 0).all():
        raise ProjectError("a level that is not positive", where=where)
    growth = 100 * ((present / present.shift(quarters)) ** (4 / quarters) - 1)
    growth.index = present.index + pd.offsets.MonthEnd(lag_months)
    end = growth.index[-1] + pd.offsets.MonthEnd(2) if through is None else through
    months = pd.date_range(growth.index[0], end, freq="ME")
    return growth.reindex(months).ffill(limit=2).rename(level.name)
