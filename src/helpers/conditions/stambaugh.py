"""Slopes on persistent predictors, freed of the bias of Stambaugh (1999)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from helpers.conditions._hac import default_lags, equivalent_df, hac, scores_of, two_sided
from helpers.conditions._months import without_ends
from helpers.conditions._rows import Per, Rows, rows_of
from helpers.inference import minimum_detectable_effect
from helpers.project import Estimate, ProjectError

CEILING = 0.9999  # a corrected persistence at or above one would have no stationary meaning


@dataclass(frozen=True)
class Corrected:
    """A slope before and after the correction, in percentage points over the horizon.

    Attributes
    ----------
    ols, value : least squares, and corrected. bias : ols - value, estimated.
    se, low, high, p : of `value`. mde : smallest true slope found with probability 0.8.
    rho, rho_corrected : persistence of the predictor over `step` months, least squares and corrected.
    clamped : the corrected persistence reached 1 and was set to 0.9999.
    residual_correlation : of one-month return surprises and predictor surprises; the bias grows
        with it and with rho.
    n, windows : months, and windows of `horizon` that fit into the sample.
    """

    predictor: str
    outcome: str
    horizon: int
    step: int
    unit: str
    ols: float
    value: float
    bias: float
    se: float
    low: float
    high: float
    p: float
    mde: float
    rho: float
    rho_corrected: float
    clamped: bool
    residual_correlation: float
    n: int
    windows: int
    lags: int
    df: float
    first: pd.Timestamp
    last: pd.Timestamp
    level: float

    def estimate(self, label: str) -> Estimate:
        """As a result file holds it; n counts windows, for months of one window are not independent."""
        return Estimate(
            label=label, value=self.value, unit=self.unit, low=self.low, high=self.high, p=self.p,
            level=self.level, p_floor=None, mde=self.mde, n=self.windows, n_of="windows",
            method=f"Amihud and Hurvich (2004), HAC with {self.lags} lags",
            sample=(f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"),
            note=f"{self.n} months; least squares {self.ols:.4g}, persistence {self.rho:.4g}",
        )  # fmt: skip


def stambaugh(
    y: pd.Series,
    x: pd.Series,
    *,
    horizon: int = 1,
    step: int = 1,
    per: Per = "unit",
    lags: int | None = None,
    level: float = 0.95,
) -> Corrected:
    """Slope of the sum of `y` over the next months on `x`, reduced-bias.

    Amihud and Hurvich (2004): x follows an AR(1) whose least-squares rho is corrected to
    rho + (1 + 3 rho) / n + 3 (1 + 3 rho) / n^2; its innovation under the corrected rho joins the
    regression, and the slope of x there is free of the bias to order 1/n. Over h months the
    innovation is x(t+h) - rho^(h/step) x(t). Error: theirs, phi^2 var(rho^(h/step)) + var(slope),
    the second by HAC, the first by the delta method.

    Parameters
    ----------
    y : fractions, month ends, no hole. x : by the month at whose end it was known, no hole.
    step : months over which x is taken for an AR(1): 1, or 12 for what is renewed once a year, as
        book-to-market is; a divisor of `horizon`.

    Notes
    -----
    Synthetic samples as in `predict`, persistence 0.98 and correlation -0.6, over 1, 3, 12 and 36
    months: least squares off by 0.008, 0.025, 0.094 and 0.240, this by 0.001, 0.001, 0.000 and
    -0.015 (Monte Carlo error 0.001, 0.004, 0.013, 0.033). A true null is rejected at 5% in 6, 7, 8
    and 11 percent of samples; with 0.99 and -0.8 in 7, 7, 9 and 9; with a step of 12 over 12 and 36 months in 8 and 10.

    Raises
    ------
    ProjectError : as `predict`; a hole in `x`.
    """
    where = f"stambaugh, {y.name} over {horizon} months"
    if step < 1 or horizon % step:
        raise ProjectError(f"step={step}", where=where, expected=f"a divisor of {horizon}")
    whole = without_ends(x, where=f"{where}, {x.name}")
    rows = rows_of(y.loc[: whole.index[-1]], whole.to_frame(), horizon, per)
    rho, rho_corrected, rho_se, clamped = persistence(whole.loc[rows.dates[0] :], step)
    n = len(rows.y)
    used = default_lags(n, horizon) if lags is None else lags
    if not 0 <= used < n - 3 or not 0 < level < 1:
        raise ProjectError(
            f"lags={used}, level={level} with {n} months", where=where,
            expected="fewer lags than months, a level between 0 and 1",
        )  # fmt: skip
    scale = float(rows.sd[0])
    unit = scale if per == "sd" else 1.0
    now = whole.loc[rows.dates].to_numpy()
    at = whole.index.get_indexer(rows.dates)
    later = whole.to_numpy()[at + horizon]
    ahead = rho_corrected ** (horizon // step)
    innovation = (later - ahead * now) / unit
    both = Rows(
        rows.y, np.column_stack([rows.x, innovation - innovation.mean()]), rows.keep, rows.months,
        rows.dates, rows.names, horizon, rows.sd,
    )  # fmt: skip
    fit = sm.OLS(both.y, both.x).fit()
    _, value, phi = fit.params
    variance = hac(both.x, scores_of(both), used)[1, 1]
    rho_h_se = horizon // step * ahead / rho_corrected * rho_se
    se = float(np.sqrt(variance + phi**2 * rho_h_se**2))
    df = equivalent_df(n, used, 3)
    half = float(stats.t.isf((1 - level) / 2, df)) * se
    ols = float(sm.OLS(rows.y, rows.x).fit().params[1])
    return Corrected(
        predictor=str(x.name),
        outcome=str(y.name),
        horizon=horizon,
        step=step,
        unit=f"percentage points over {horizon} months per "
        + ("standard deviation" if per == "sd" else "unit"),
        ols=ols,
        value=float(value),
        bias=ols - float(value),
        se=se,
        low=float(value) - half,
        high=float(value) + half,
        p=two_sided(value / se, df),
        mde=minimum_detectable_effect(se, df=df),
        rho=rho,
        rho_corrected=rho_corrected,
        clamped=clamped,
        residual_correlation=_residual_correlation(y, whole),
        n=n,
        windows=n // horizon,
        lags=used,
        df=df,
        first=rows.dates[0],
        last=rows.dates[-1],
        level=level,
    )


def persistence(x: pd.Series, step: int = 1) -> tuple[float, float, float, bool]:
    """AR(1) coefficient over `step` months: least squares, corrected, its error, whether clamped.

    Amihud and Hurvich (2004), with n the number of whole steps; the error is
    least squares' times 1 + 3/n + 9/n^2, and times sqrt(step), for overlapping rows add little.
    """
    values = x.to_numpy(dtype=float)
    fit = sm.OLS(values[step:], sm.add_constant(values[:-step])).fit()
    n, rho = (len(values) - step) / step, float(fit.params[1])
    corrected = rho + (1 + 3 * rho) / n + 3 * (1 + 3 * rho) / n**2
    error = float(fit.bse[1]) * np.sqrt(step) * (1 + 3 / n + 9 / n**2)
    return rho, min(corrected, CEILING), float(error), corrected > CEILING


def _residual_correlation(y: pd.Series, x: pd.Series) -> float:
    """Correlation of the month's return surprise and the month's predictor surprise."""
    pairs = pd.DataFrame({"y": y, "x": x, "before": x.shift(1)}).dropna()
    design = sm.add_constant(pairs["before"].to_numpy())
    surprises = [sm.OLS(pairs[name].to_numpy(), design).fit().resid for name in ("y", "x")]
    return float(np.corrcoef(*surprises)[0, 1])
