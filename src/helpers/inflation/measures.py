"""Rates, changes and states of inflation: functions of one monthly series.

Every series has a row for every month, at month end. A month without a figure is a row with a
missing value, and what touches it is missing too: a comparison with nothing is not "falling".
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.project import ProjectError

RATE_MONTHS = (1, 3, 6, 12)
YEAR = 12
DIRECTIONS = ("falling", "unchanged", "rising")
LEVELS = ("below 0", "0 to 2", "2 to 4", "4 and above")
# Two rates of an index printed to 0.001 near 330 are equal, or differ by 100 x 0.001^2 / 330^2 =
# 9e-10 points at least; arithmetic in doubles errs by about 1e-12.
EXACT_PCT = 1e-10


def inflation_rate(index: pd.Series, months: int, *, annualised: bool = True) -> pd.Series:
    """Inflation over the last 1, 3, 6 or 12 months, percent.

    100 ((P_t / P_{t-m})^(12/m) - 1), or without the power when not `annualised`.

    Parameters
    ----------
    index : (n,) price index, positive.

    Returns
    -------
    (n,) named like `inflation_3m_annualised_pct`, or `inflation_12m_pct`.

    Raises
    ------
    ProjectError : other months, an index that is not positive, gaps or duplicates in its months.
    """
    require_months(index, where="inflation_rate")
    if months not in RATE_MONTHS:
        raise ProjectError(
            f"{months} months", where="inflation_rate", expected="1, 3, 6 or 12 months"
        )
    if (index <= 0).any():
        raise ProjectError(
            f"the index is {index[index <= 0].iloc[0]} in {index.index[index <= 0][0]:%Y-%m}",
            where="inflation_rate", expected="a price index, above zero",
            mend="a rate is no index: call change and direction on it",
        )  # fmt: skip
    power = YEAR / months if annualised else 1.0
    named = f"inflation_{months}m{'_annualised' if annualised and months < YEAR else ''}_pct"
    return (100 * ((index / index.shift(months)) ** power - 1)).rename(named)


def change(rate: pd.Series, months: int) -> pd.Series:
    """Rate minus the rate `months` before, percentage points.

    Raises
    ------
    ProjectError : months below one, gaps or duplicates in the months of the rate.
    """
    require_months(rate, where="change")
    if months < 1:
        raise ProjectError(f"{months} months", where="change", expected="one month or more")
    return (rate - rate.shift(months)).rename(f"change_{months}m_pp")


def direction(change: pd.Series, *, threshold_pp: float = 0.0) -> pd.Series:
    """Whether inflation is rising, falling or unchanged.

    Unchanged: within the threshold either way. At a threshold of zero that means equal as printed:
    differences below 1e-10 points are the arithmetic's, since two rates of a printed index that
    differ at all differ by more.

    Returns
    -------
    (n,) categorical, ordered falling < unchanged < rising; missing where the change is missing.

    Raises
    ------
    ProjectError : a negative threshold, gaps or duplicates in the months.
    """
    require_months(change, where="direction")
    if not threshold_pp >= 0:
        raise ProjectError(f"{threshold_pp}", where="threshold_pp", expected="zero or more")
    band = max(threshold_pp, 0.0) + EXACT_PCT
    codes = np.select([change > band, change < -band, change.notna()], [2, 0, 1], default=-1)
    return pd.Series(
        pd.Categorical.from_codes(codes, list(DIRECTIONS), ordered=True),
        index=change.index,
        name="direction",
    )


def level_bucket(rate: pd.Series) -> pd.Series:
    """Level of inflation: below 0, 0 to 2, 2 to 4, 4 and above; a bucket holds its lower end.

    Parameters
    ----------
    rate : percent a year.
    """
    require_months(rate, where="level_bucket")
    # A printed rate of two percent must not fall below two by the arithmetic.
    edges = [-np.inf, 0, 2, 4, np.inf]
    cut = pd.cut(rate + EXACT_PCT, bins=edges, labels=list(LEVELS), right=False)
    return cut.rename("level")


def level_by_direction(level: pd.Series, direction: pd.Series) -> pd.Series:
    """Level and direction as one category, like "2 to 4, rising".

    Missing where either is missing or inflation is unchanged (the third state).

    Raises
    ------
    ProjectError : the two do not have the same months.
    """
    if not level.index.equals(direction.index):
        raise ProjectError(
            "the two have different months", where="level_by_direction",
            expected="level and direction of one series",
        )  # fmt: skip
    cells = [f"{level}, {side}" for level in LEVELS for side in ("falling", "rising")]
    met = level.notna() & direction.isin(["falling", "rising"])
    joined = (level.astype("str") + ", " + direction.astype("str")).where(met)
    return joined.astype(pd.CategoricalDtype(cells, ordered=False)).rename("level_by_direction")


def known(state: pd.Series, lag_months: int) -> pd.Series:
    """The state as known in each month: that of `lag_months` before.

    A month's CPI is published in the middle of the next month. With a lag of one a row holds what
    was known when its month ended, with two what was known before it began.

    Returns
    -------
    (n,) the same values, dated `lag_months` later: the last row lies beyond the data.

    Raises
    ------
    ProjectError : a negative lag, no more months than the lag, gaps or duplicates.
    """
    require_months(state, where="known")
    if lag_months < 0:
        raise ProjectError(f"{lag_months} months", where="known", expected="a lag of zero or more")
    if len(state) <= lag_months:
        raise ProjectError(
            f"{len(state)} months", where="known", expected=f"more than the lag of {lag_months}"
        )
    return state.set_axis(state.index + pd.offsets.MonthEnd(lag_months)) if lag_months else state


def surprise(actual: pd.Series, expected: pd.Series) -> pd.Series:
    """Actual minus expected, percentage points, in the months that have both.

    Parameters
    ----------
    actual : first release by reference month. expected : survey for that reference month, as held
        before the release.

    Raises
    ------
    ProjectError : gaps or duplicates in either, or no month in common.
    """
    require_months(actual, where="surprise, actual")
    require_months(expected, where="surprise, expected")
    both = actual.index.intersection(expected.index)
    if both.empty:
        raise ProjectError("no month has both", where="surprise")
    return (actual.loc[both] - expected.loc[both]).rename("surprise_pp")


def require_months(series: pd.Series, *, where: str) -> None:
    """Refuse what is not a row for every month, at month end.

    Raises
    ------
    ProjectError : names the first month that is missing, double or out of order.
    """
    months = series.index
    expected = "a row for every month, dated at month end, in order"
    if not isinstance(months, pd.DatetimeIndex) or months.empty:
        raise ProjectError("no months", where=where, expected=expected)
    if not _is_whole(months):
        _refuse(months, where=where, expected=expected)
    if (
        pd.api.types.is_numeric_dtype(series)
        and np.isinf(series.to_numpy("float64", na_value=0)).any()
    ):
        raise ProjectError("a value is infinite", where=where, expected="numbers")


def _is_whole(months: pd.DatetimeIndex) -> bool:
    """What nearly every series is, told in microseconds: a specification curve asks a thousand times."""
    ordinal = 12 * months.year.to_numpy() + months.month.to_numpy()
    at_end = (months.day == months.days_in_month) & (months == months.normalize())
    return bool((np.diff(ordinal) == 1).all() and at_end.all())


def _refuse(months: pd.DatetimeIndex, *, where: str, expected: str) -> None:
    if (wrong := months[months != months.normalize() + pd.offsets.MonthEnd(0)]).size:
        raise ProjectError(f"a row is dated {wrong[0]}", where=where, expected=expected)
    if (wrong := months[months.duplicated()]).size:
        raise ProjectError(f"{wrong[0]:%Y-%m} stands twice", where=where, expected=expected)
    whole = pd.date_range(months.min(), months.max(), freq="ME")
    if (absent := whole.difference(months)).size:
        raise ProjectError(
            f"{absent[0]:%Y-%m} has no row", where=where, expected=expected,
            mend="give it a row with a missing value",
        )  # fmt: skip
    if not months.is_monotonic_increasing:
        raise ProjectError("the months are not in order", where=where, expected=expected)
