"""What returns did after surprises: robust slopes, their path, their influential days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from linearmodels.system import SUR
from scipy import stats

from helpers.inference import minimum_detectable_effect
from helpers.project import Estimate, ProjectError

PERCENT = 100
FEWEST = 20  # announcements
UNIT = "percent for a percentage point"
SUBPERIODS = {
    "before 1994": ("1900-01-01", "1993-12-31"),
    "1994 to 2007": ("1994-01-01", "2007-12-31"),
    "zero bound, 2008-12 to 2015-12": ("2008-12-16", "2015-12-15"),
    "since 2015-12": ("2015-12-16", "2100-12-31"),
}


@dataclass(frozen=True)
class Response:
    """Slope of a return on a surprise, percent for a percentage point of surprise.

    Attributes
    ----------
    low, high, p : HC3 (MacKinnon and White 1985), Student's t. n : announcements.
    influence : by day: surprise, outcome (percent), cook (Cook's distance 1977), without (the slope
        when that day is left out), most influential first.
    """

    asset: str
    surprise: str
    window: tuple[int, int]
    value: float
    se: float
    low: float
    high: float
    p: float
    r2: float
    n: int
    first: pd.Timestamp
    last: pd.Timestamp
    influence: pd.DataFrame

    def estimate(self, label: str) -> Estimate:
        """As a result file holds it."""
        return Estimate(
            label=label, value=self.value, unit=UNIT, low=self.low, high=self.high, level=0.95,
            p=self.p, mde=minimum_detectable_effect(self.se, df=self.n - 2), n=self.n,
            p_floor=None, n_of="announcements", sample=(f"{self.first:%Y-%m-%d}", f"{self.last:%Y-%m-%d}"),
            method=f"least squares on the {self.surprise.removesuffix('_pp')} surprise, HC3, days "
            f"{self.window[0]} to {self.window[1]}", note=f"R2 {self.r2:.2f}",
        )  # fmt: skip


def sums_after(returns: pd.Series, days: pd.DatetimeIndex, window: tuple[int, int]) -> pd.Series:
    """Sum of simple returns over trading days of the window, percent; missing if one day is.

    Days of `days` on which the asset has no return are missing, not moved.
    """
    held = returns.dropna()
    position = held.index.get_indexer(days)
    rows = position[:, None] + np.arange(window[0], window[1] + 1)
    inside = (position >= 0) & (rows >= 0).all(axis=1) & (rows < len(held)).all(axis=1)
    values = held.to_numpy()[rows.clip(0, len(held) - 1)].sum(axis=1)
    return PERCENT * pd.Series(np.where(inside, values, np.nan), days, name=returns.name)


def respond(returns: pd.Series, surprise: pd.Series, window: tuple[int, int] = (0, 0)) -> Response:
    """Regress the sum of returns over a window on the surprise of its day 0.

    Parameters
    ----------
    returns : fractions by trading day. surprise : percentage points by effective day; a missing
        quote leaves its announcement out.

    Raises
    ------
    ProjectError : fewer than twenty announcements with both.
    """
    y = sums_after(returns, pd.DatetimeIndex(surprise.index), window)
    both = pd.DataFrame({"surprise": surprise, "outcome": y}).dropna()
    if len(both) < FEWEST:
        raise ProjectError(
            f"{len(both)} announcements with a surprise and a return", where=f"respond, {returns.name}",
            expected=f"{FEWEST} or more",
        )  # fmt: skip
    fit = sm.OLS(both["outcome"], sm.add_constant(both["surprise"])).fit(cov_type="HC3", use_t=True)
    low, high = fit.conf_int(0.05).loc["surprise"]
    measures = fit.get_influence()
    without = fit.params["surprise"] - measures.dfbeta[:, 1]
    influence = both.assign(cook=measures.cooks_distance[0], without=without)
    return Response(
        asset=str(returns.name), surprise=str(surprise.name), window=window,
        value=float(fit.params["surprise"]), se=float(fit.bse["surprise"]), low=float(low),
        high=float(high), p=float(fit.pvalues["surprise"]), r2=float(fit.rsquared), n=len(both),
        first=both.index[0], last=both.index[-1],
        influence=influence.sort_values("cook", ascending=False),
    )  # fmt: skip


def path(returns: pd.Series, surprise: pd.Series, last: int = 20) -> pd.DataFrame:
    """Slopes of the sums from day 0 to each day up to `last`: day, mean, low, high, n."""
    found = [respond(returns, surprise, (0, day)) for day in range(last + 1)]
    return pd.DataFrame(
        {"day": [each.window[1] for each in found], "mean": [each.value for each in found],
         "low": [each.low for each in found], "high": [each.high for each in found],
         "n": [each.n for each in found]}
    )  # fmt: skip


def by_subperiod(
    returns: pd.Series, surprise: pd.Series, window: tuple[int, int] = (0, 0)
) -> dict[str, Response]:
    """The slope in each of `SUBPERIODS` that has announcements enough."""
    found = {}
    for name, (first, last) in SUBPERIODS.items():
        try:
            found[name] = respond(returns, surprise.loc[first:last], window)
        except ProjectError:
            continue  # the caller's table has no row for it
    return found


@dataclass(frozen=True)
class EqualSlopes:
    """Wald test that portfolios respond alike. value : F. df : (restrictions, n - 2)."""

    value: float
    p: float
    df: tuple[int, int]
    n: int


def equal_slopes(
    returns: pd.DataFrame, surprise: pd.Series, window: tuple[int, int] = (0, 0)
) -> EqualSlopes:
    """Are all slopes equal? Seemingly unrelated regressions (Zellner 1962), robust covariance.

    Raises
    ------
    ProjectError : fewer than twenty announcements with all.
    """
    days = pd.DatetimeIndex(surprise.index)
    y = pd.DataFrame({str(name): sums_after(returns[name], days, window) for name in returns})
    both = y.assign(surprise=surprise).dropna()
    if len(both) < FEWEST:
        raise ProjectError(f"{len(both)} announcements", where="equal_slopes", expected=f"{FEWEST}")
    x = sm.add_constant(both["surprise"])
    equations = {name: {"dependent": both[name], "exog": x} for name in y}
    fit = SUR(equations).fit(method="ols", cov_type="robust")
    names = [f"{name}_surprise" for name in y]
    slopes, cov = fit.params[names].to_numpy(), fit.cov.loc[names, names].to_numpy()
    apart = np.eye(len(names))[1:] - np.eye(len(names))[0]
    gap = apart @ slopes
    df = (len(names) - 1, len(both) - 2)
    value = float(gap @ np.linalg.solve(apart @ cov @ apart.T, gap)) / df[0]
    return EqualSlopes(value, float(stats.f.sf(value, *df)), df, len(both))


def responses_table(found: Sequence[Response]) -> pd.DataFrame:
    """One row a response, without its influential days."""
    names = ("asset", "surprise", "window", "value", "low", "high", "p", "r2", "n", "first", "last")
    return pd.DataFrame([{name: getattr(each, name) for name in names} for each in found])
