"""Inflation as households, forecasters and markets expected it, and what then surprised them.

Every state stands in the month in which it was known: the lags are those of the column dictionary.
"""

from __future__ import annotations

import pandas as pd

from helpers.inflation.measures import direction, inflation_rate, known, surprise
from helpers.inflation.regimes import RegimeSpec, as_boolean, regime
from helpers.panel import recipes

QUARTER = 3
# Column of the monthly panel -> who expects, in the words of a figure.
EXPECTATIONS = {
    "michigan_pct": "households",
    "spf_next_year_pct": "forecasters",
    "breakeven_5y_pct": "5-year breakeven",
    "breakeven_10y_pct": "10-year breakeven",
    "cleveland_1y_pct": "model in hindsight",
}


def expected_rising(monthly: pd.DataFrame, *, change_months: int = 6) -> dict[str, pd.Series]:
    """Whether more inflation is expected than `change_months` before, by who expects it.

    A survey of a quarter holds until the next one. The Cleveland Fed's model is estimated anew
    every month, with all its history: not real time, and its label says so.

    Parameters
    ----------
    monthly : the monthly panel; expectations that it has no column for are absent.

    Returns
    -------
    Label -> nullable boolean by the month in which it was known.

    Raises
    ------
    ProjectError : as `regime`.
    """
    found = {}
    for column, label in EXPECTATIONS.items():
        if column in monthly:
            spec = RegimeSpec(
                measure="expected_inflation", change_months=change_months, lag_months=_lag(column)
            )
            held = _held(monthly[column]) if column.startswith("spf_") else monthly[column]
            found[label] = regime(held.loc[held.first_valid_index() :], spec).rising
    return found


def survey_forecast(own_quarter: pd.Series, next_quarter: pd.Series) -> pd.Series:
    """What forecasters expected of each month's quarter, by the last survey before its release.

    A survey is known in the middle month of its quarter. A month's CPI is released in the month
    after, so that the first month of a quarter is forecast by the survey of the quarter before, and
    the other two by that of their own.

    Parameters
    ----------
    own_quarter, next_quarter : forecasts (horizons 1 and 2) of the survey's quarter and of the one
        after, percent a year, in the month in which the survey was known; other months missing.

    Returns
    -------
    Percent a year by the month forecast; missing where the last survey is over a quarter old.
    """
    first_month = pd.DatetimeIndex(own_quarter.index).month % QUARTER == 1
    return _held(own_quarter).mask(first_month, _held(next_quarter)).rename("forecast_pct")


def surprises_up(monthly: pd.DataFrame, first_release: pd.Series) -> dict[str, pd.Series]:
    """Whether a month's inflation came out above what was forecast for it.

    Against forecasters: the month's annualised rate, seasonally adjusted, less their median for its
    quarter. With today's figures the seasonal factors are later ones; with `first_release` they are
    those of the day. Against the Cleveland Fed's nowcast, about four weeks before the release: the
    first release alone.

    Parameters
    ----------
    monthly : the monthly panel; surprises that it has no columns for are absent.
    first_release : percent on the month as first published, by the month described; may be empty.

    Returns
    -------
    Label -> nullable boolean by the month of the release; a figure equal to its forecast is a third
    state, and a month never published is missing.

    Raises
    ------
    ProjectError : gaps or duplicates in the months, or no month with a figure and a forecast.
    """
    pairs: dict[str, tuple[pd.Series, pd.Series]] = {}
    if {"spf_cpi_h1_pct", "spf_cpi_h2_pct"} <= set(monthly):
        forecast = survey_forecast(monthly["spf_cpi_h1_pct"], monthly["spf_cpi_h2_pct"])
        pairs["CPI above survey"] = (inflation_rate(monthly["cpi_sa_index"], 1), forecast)
        if len(first_release):
            annualised = 100 * ((1 + first_release / 100) ** 12 - 1)
            pairs["above survey, first release"] = (annualised, forecast)
    if {"spf_core_cpi_h1_pct", "spf_core_cpi_h2_pct", "core_cpi_sa_index"} <= set(monthly):
        forecast = survey_forecast(monthly["spf_core_cpi_h1_pct"], monthly["spf_core_cpi_h2_pct"])
        pairs["core CPI above survey"] = (inflation_rate(monthly["core_cpi_sa_index"], 1), forecast)
    if "cpi_nowcast_pct" in monthly and len(first_release):
        pairs["above nowcast, first release"] = (first_release, monthly["cpi_nowcast_pct"])
    return {label: _positive(*pair) for label, pair in pairs.items()}


def _positive(actual: pd.Series, expected: pd.Series) -> pd.Series:
    came = surprise(actual, expected)
    return as_boolean(known(direction(came.loc[came.first_valid_index() :]), _lag("cpi_sa_index")))


def _held(survey: pd.Series) -> pd.Series:
    """A quarterly survey until the next one is due, never longer."""
    return survey.ffill(limit=QUARTER - 1)


def _lag(column: str) -> int:
    return recipes("monthly")[column].lag_months
