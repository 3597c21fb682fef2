"""Normal returns: what a day would have brought without the event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.project import ProjectError
from helpers.project.errors import nearest

Floats = NDArray[np.float64]
# Factors of each model, by the names of the French library.
FACTORS = {
    "ff3": ("mkt_rf", "smb", "hml"),
    "ff5": ("mkt_rf", "smb", "hml", "rmw", "cma"),
    "carhart": ("mkt_rf", "smb", "hml", "mom"),
}
MODELS = ("mean", "market_adjusted", "market", "dimson", *FACTORS)


@dataclass(frozen=True)
class Design:
    """Regressors by day, and what is taken off the returns before they are regressed.

    Attributes
    ----------
    names : regressors, "alpha" first where there is a constant.
    x : (days, k). base : (days,), zero for most models.
    """

    names: tuple[str, ...]
    x: Floats
    base: Floats


@dataclass(frozen=True)
class Fit:
    """One event's estimation, for assets that have the same estimation days.

    Attributes
    ----------
    coefficients : (k, assets). s : (assets,) residual standard deviation with L - k degrees of
        freedom. residuals : (L, assets). r2 : (assets,). days : L.
    abnormal : (W, assets). leverage : (W, W), X (X'X)^-1 X' of the event window: its diagonal is
        the forecast-error term of each day, the rest the covariance across days.
    """

    coefficients: Floats
    s: Floats
    residuals: Floats
    r2: Floats
    days: int
    abnormal: Floats
    leverage: Floats


def make_design(
    model: str,
    index: pd.DatetimeIndex,
    market: pd.Series | None,
    factors: pd.DataFrame | None,
    risk_free: pd.Series | None,
) -> Design:
    """Regressors of a model on the days of the returns.

    mean: a constant (Brown and Warner 1985). market_adjusted: none, the market itself is the normal
    return. market: constant and market (MacKinlay 1997, equation 3). dimson: the market of the day
    before, the day and the day after (Dimson 1979), for assets that trade late. ff3, ff5, carhart:
    excess returns on factors (Fama and French 1993, 2015; Carhart 1997).

    Raises
    ------
    ProjectError : unknown model; a series it needs is not given, or lacks a day of the returns.
    """
    if model not in MODELS:
        raise ProjectError(
            f"no model is called {model!r}{nearest(model, MODELS)}", expected=", ".join(MODELS)
        )
    one, zero = np.ones(len(index)), np.zeros(len(index))
    if model == "mean":
        return Design(("alpha",), one[:, None], zero)
    if model in FACTORS:
        names = FACTORS[model]
        if factors is None or not set(names) <= set(factors.columns):
            raise ProjectError(f"{model} needs factors", where="factors", expected=", ".join(names))
        columns = [_on(factors[name], index, name) for name in names]
        base = _on(risk_free, index, "risk_free")
        return Design(("alpha", *names), np.column_stack([one, *columns]), base)
    days = _on(market, index, "market")
    if model == "market_adjusted":
        return Design((), np.empty((len(index), 0)), days)
    if model == "market":
        return Design(("alpha", "beta"), np.column_stack([one, days]), zero)
    before, after = np.roll(days, 1), np.roll(days, -1)
    before[0] = after[-1] = np.nan
    names = ("alpha", "beta_lag", "beta", "beta_lead")
    return Design(names, np.column_stack([one, before, days, after]), zero)


def fit(returns: Floats, design: Design, estimation: slice, window: slice) -> Fit:
    """Least squares on the estimation days; abnormal returns of the event window.

    Parameters
    ----------
    returns : (days, assets), complete on the estimation days but for days missing in all of them.
        In the event window a missing return gives a missing abnormal return.
    """
    y = returns - design.base[:, None]
    x_est, y_est = design.x[estimation], y[estimation]
    complete = np.isfinite(y_est[:, 0]) & np.isfinite(x_est).all(axis=1)
    x_est, y_est = x_est[complete], y_est[complete]
    k = x_est.shape[1]
    inverse = np.linalg.pinv(x_est.T @ x_est)
    beta = inverse @ x_est.T @ y_est
    residuals = y_est - x_est @ beta
    total = ((y_est - y_est.mean(axis=0)) ** 2).sum(axis=0)
    squares = (residuals**2).sum(axis=0)
    x_win = design.x[window]
    return Fit(
        coefficients=beta,
        s=np.sqrt(squares / (len(y_est) - k)),
        residuals=residuals,
        r2=1 - squares / np.where(total > 0, total, np.nan),
        days=len(y_est),
        abnormal=y[window] - x_win @ beta,
        leverage=x_win @ inverse @ x_win.T,
    )


def _on(series: pd.Series | None, index: pd.DatetimeIndex, name: str) -> Floats:
    if series is None:
        raise ProjectError("the model needs it", where=name, expected=f"a series {name}=...")
    values = series.reindex(index)
    if values.isna().any():
        first = values.index[values.isna()][0]
        raise ProjectError(
            f"{int(values.isna().sum())} days of the returns are missing, first {first:%Y-%m-%d}",
            where=name,
            mend="take both on the days that both have",
        )
    return values.to_numpy(float)
