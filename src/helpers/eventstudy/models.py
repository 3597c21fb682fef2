"""Normal returns: what each day would have brought without the event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.project import ProjectError
from helpers.project.errors import nearest

Floats = NDArray[np.float64]
# By the names of the French library, in lower case.
FACTORS = {
    "ff3": ("mkt_rf", "smb", "hml"),
    "ff5": ("mkt_rf", "smb", "hml", "rmw", "cma"),
    "carhart": ("mkt_rf", "smb", "hml", "mom"),
}
MODELS = ("mean", "market_adjusted", "market", "dimson", *FACTORS)
_COLLINEAR = 1e-8  # part of a regressor that the ones before it leave unexplained
_SPANNED = 1e-10  # residual standard deviation against the root mean square of the returns


@dataclass(frozen=True)
class Design:
    """A model on the days of the returns.

    Attributes
    ----------
    names : coefficients, "alpha" first where there is a constant.
    x : (days, k) regressors of the least squares; missing where a lead or lag has no day.
    forecast : (days, k) what the coefficients are multiplied with to give the normal return; `x`
        itself, but for Dimson's model.
    base : (days,) taken off the returns first: the market, the risk-free return, or zero.
    """

    names: tuple[str, ...]
    x: Floats
    forecast: Floats
    base: Floats


@dataclass(frozen=True)
class Fit:
    """Least squares of some assets on the same days, each on those it has.

    Attributes
    ----------
    coefficients : (assets, k). r2 : (assets,), against their mean. s : (assets,) residual standard
        deviation, with days less k degrees of freedom; missing where regressors are collinear.
    spanned : (assets,) whether regressors explain the asset wholly, so that nothing is abnormal.
    inverse : (1 or assets, k, k), (X'X)^-1.
    """

    coefficients: Floats
    s: Floats
    r2: Floats
    spanned: NDArray[np.bool_]
    inverse: Floats


def make_design(
    model: str,
    days: pd.DatetimeIndex,
    *,
    market: pd.Series | None,
    factors: pd.DataFrame | None,
    risk_free: pd.Series | None,
) -> Design:
    """Regressors of a model on the days of the returns.

    mean: a constant (Brown and Warner 1985). market_adjusted: none; the market is the normal
    return. market: constant and market (MacKinlay 1997, equation 3). ff3, ff5, carhart: returns
    above the risk-free one on factors (Fama and French 1993, 2015; Carhart 1997).

    dimson: the market of the day before, of the day and of the day after, their slopes summed
    (Dimson 1979, equation 4). With regressors m(t), m(t-1) - m(t), m(t+1) - m(t) the slope of the
    first is that sum; normal returns are alpha + beta m(t), so no day after the window is used.

    Raises
    ------
    ProjectError : unknown model; a series that it needs is absent, lacks a day, or is in percent.
    """
    if model not in MODELS:
        raise ProjectError(
            f"no model is called {model!r}{nearest(model, MODELS)}", where="model",
            expected=", ".join(MODELS),
        )  # fmt: skip
    one, zero = np.ones(len(days)), np.zeros(len(days))
    if model == "mean":
        return Design(("alpha",), one[:, None], one[:, None], zero)
    if model in FACTORS:
        names = FACTORS[model]
        given = pd.DataFrame() if factors is None else factors
        columns = [_on(given.get(name), days, name, model, most=0.1) for name in names]
        x = np.column_stack([one, *columns])
        return Design(("alpha", *names), x, x, _on(risk_free, days, "risk_free", model, most=0.006))
    m = _on(market, days, "market", model, most=0.1)
    if model == "market_adjusted":
        nothing = np.empty((len(days), 0))
        return Design((), nothing, nothing, m)
    if model == "market":
        x = np.column_stack([one, m])
        return Design(("alpha", "beta"), x, x, zero)
    around = np.pad(m, 1, constant_values=np.nan)
    return Design(
        ("alpha", "beta", "beta_lag", "beta_lead"),
        np.column_stack([one, m, around[:-2] - m, around[2:] - m]),
        np.column_stack([one, m, zero, zero]),
        zero,
    )


def explained(values: Floats, design: Design) -> Floats:
    """What is regressed: the returns (days, assets) less the base, turned to (assets, days).

    Missing where a regressor is. Frames hold an asset's days side by side, so that most often
    nothing is copied.
    """
    left = values - design.base[:, None] if design.base.any() else values
    absent = np.isnan(design.x.sum(axis=1))
    if absent.any():
        left = np.where(absent[:, None], np.nan, left)
    return np.ascontiguousarray(left.T)


def fit(x: Floats, forecast: Floats, y: Floats) -> Fit:
    """Least squares by QR.

    Parameters
    ----------
    x, forecast : (days, k), as in `Design`. y : (assets, days); a missing return is left out of its
        own asset's regression alone. Every asset has more than k days, and `x` is complete on
        every day that any has.
    """
    known = np.isfinite(y)
    used = known.any(axis=0)
    if not used.all():
        x, forecast, y, known = x[used], forecast[used], y[:, used], known[:, used]
    same = bool(known.all())
    n = y.shape[1] if same else known.sum(axis=1)
    # A day of zeros takes part in nothing, so assets with gaps keep the shape of the others.
    filled = y if same else np.where(known, y, 0.0)
    stacked = x[None] if same else known[:, :, None] * x
    q, r = np.linalg.qr(stacked)
    bad = _collinear(stacked, r)
    root = np.linalg.inv(np.where(bad[:, None, None], np.eye(x.shape[1]), r))
    onto = root @ q.transpose(0, 2, 1)
    beta = filled @ onto[0].T if same else (onto @ filled[:, :, None])[..., 0]
    rest = beta @ forecast.T
    np.subtract(filled, rest, out=rest)
    if not same:
        rest *= known
    squares, size = np.vecdot(rest, rest), np.vecdot(filled, filled)
    total = size - filled.sum(axis=1) ** 2 / n
    s = np.sqrt(squares / (n - x.shape[1]))
    return Fit(
        coefficients=beta,
        s=np.where(bad, np.nan, s),
        r2=1 - squares / np.where(total > 0, total, np.nan),
        spanned=s <= _SPANNED * np.sqrt(size / n),
        inverse=root @ root.transpose(0, 2, 1),
    )


def _collinear(x: Floats, r: Floats) -> NDArray[np.bool_]:
    left = np.abs(np.diagonal(r, axis1=1, axis2=2))
    return (left <= _COLLINEAR * np.sqrt((x**2).sum(axis=1))).any(axis=1)


def _on(
    series: pd.Series | None, days: pd.DatetimeIndex, name: str, model: str, *, most: float
) -> Floats:
    """A series on the days of the returns, complete and, by its mean size, in fractions."""
    if series is None:
        raise ProjectError(f"the model {model!r} needs {name!r}, which is absent", where="run")
    if not series.index.is_unique:
        raise ProjectError("a day occurs twice", where=name, expected="each day once")
    values = series.reindex(days).to_numpy(float)
    missing = ~np.isfinite(values)
    if missing.any():
        raise ProjectError(
            f"{missing.sum()} days of the returns are missing, the first {days[missing][0]:%Y-%m-%d}",
            where=name, mend="keep the days that both have",
        )  # fmt: skip
    require_fractions(float(np.abs(values).mean()), name, most=most)
    return values


def require_fractions(size: float, name: str, *, most: float = 0.1) -> None:
    """Refuse returns whose mean absolute value a day's fractions cannot have."""
    if size > most:
        raise ProjectError(
            f"the mean absolute return is {size:.3g}", where=name,
            expected=f"fractions of at most {most:g} (0.01 is one percent)",
            mend="divide percent by 100; turn prices into returns",
        )  # fmt: skip
