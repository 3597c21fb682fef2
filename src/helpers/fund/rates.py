"""How much the fund moves with the 2-year yield."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm

from helpers.project import Estimate, ProjectError


@dataclass(frozen=True)
class RateBeta:
    """Slope of a daily return on the same day's change of a yield.

    Attributes
    ----------
    value, se, low, high : percent for a percentage point. t, p : Newey-West (1987), `lags` lags,
        Student's t.
    r2 : of the regression. n : days. n_excluded : days of the asset without a change of the yield.
    level : coverage of the interval. controls : other returns held fixed.
    """

    asset: str
    value: float
    se: float
    low: float
    high: float
    t: float
    p: float
    r2: float
    n: int
    n_excluded: int
    lags: int
    level: float
    controls: tuple[str, ...]
    first: pd.Timestamp
    last: pd.Timestamp

    def estimate(self) -> Estimate:
        """The slope as a result."""
        held = f", given {', '.join(self.controls)}" if self.controls else ""
        return Estimate(
            label=f"{self.asset} on the daily change of the 2-year yield{held}", value=self.value,
            unit="percent for a percentage point", low=self.low, high=self.high,
            level=self.level, p=self.p, p_floor=None, mde=None, n=self.n, n_of="days", method=f"least squares, HAC with {self.lags} lags",
            sample=(f"{self.first:%Y-%m-%d}", f"{self.last:%Y-%m-%d}"),
            note=f"{self.n_excluded} days without a change of the yield left out",
        )  # fmt: skip


def rate_beta(
    returns: pd.Series,
    yields: pd.Series,
    *,
    controls: pd.DataFrame | None = None,
    hac_lags: int = 5,
    level: float = 0.95,
    least_days: int = 60,
) -> RateBeta:
    """Regress the return on a constant, the change of the yield, and any controls.

    A change needs the yield of the day and of the asset's trading day before: across a hole a
    change of several days would stand beside a return of one. It is no forecast: both are of one
    day, and what moves yields may move the fund by itself.

    Parameters
    ----------
    returns : (n,) simple returns, fractions. yields : percent a year. controls : simple returns,
        fractions.

    Raises
    ------
    ProjectError : fewer usable days than `least_days`, with their number; a yield that never moves;
        negative lags; a level outside 0 to 1; unordered or duplicate dates.
    """
    where = f"rate beta of {returns.name}"
    if hac_lags < 0 or not 0 < level < 1:
        raise ProjectError(
            f"hac_lags = {hac_lags}, level = {level}", where=where,
            expected="lags >= 0, a level between 0 and 1",
        )  # fmt: skip
    for index in (returns.index, yields.index):
        if not (index.is_monotonic_increasing and index.is_unique):
            raise ProjectError("dates out of order or twice", where=where, expected="one row a day")
    held = 100 * returns.dropna()
    columns = {"change": yields.reindex(held.index).diff()}
    names = () if controls is None else tuple(map(str, controls.columns))
    if controls is not None:
        columns |= {name: 100 * controls[name].reindex(held.index) for name in names}
    used = pd.DataFrame(columns | {"\0return": held}).dropna()
    n = len(used)
    if n < max(least_days, len(columns) + hac_lags + 2):
        raise ProjectError(f"{n} usable days", where=where, expected=f"at least {least_days}")
    x = sm.add_constant(used[list(columns)].to_numpy(float), has_constant="raise")
    if not np.isfinite(used.to_numpy(float)).all() or np.linalg.matrix_rank(x) < x.shape[1]:
        raise ProjectError(
            "an infinite value, or a regressor that adds nothing", where=where,
            expected="a yield and controls that move on their own",
        )  # fmt: skip
    fit = sm.OLS(used["\0return"].to_numpy(float), x).fit(
        cov_type="HAC", cov_kwds={"maxlags": hac_lags, "use_correction": True}, use_t=True
    )
    low, high = fit.conf_int(1 - level)[1]
    return RateBeta(
        asset=str(returns.name), value=float(fit.params[1]), se=float(fit.bse[1]),
        low=float(low), high=float(high), t=float(fit.tvalues[1]), p=float(fit.pvalues[1]),
        r2=float(fit.rsquared), n=n, n_excluded=len(held) - n, lags=hac_lags, level=level, controls=names,
        first=used.index[0], last=used.index[-1],
    )  # fmt: skip
