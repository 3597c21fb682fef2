"""HAC errors for overlapping sums, with the lags of the calendar."""

from __future__ import annotations

import numpy as np
from scipy import stats
from statsmodels.stats.sandwich_covariance import S_hac_simple

from helpers.conditions._months import Floats
from helpers.conditions._rows import Rows


def default_lags(n: int, horizon: int) -> int:
    """The larger of 2 horizon and 1.3 sqrt(n) (Lazarus, Lewis, Stock and Watson 2018)."""
    return max(2 * horizon, int(np.ceil(1.3 * np.sqrt(n))))


def equivalent_df(n: int, lags: int, k: int) -> float:
    """1.5 n / (lags + 1), the degrees of freedom of Bartlett weights (Priestley 1981); at most n - k."""
    return float(min(1.5 * n / (lags + 1), n - k))


def scores_of(rows: Rows) -> Floats:
    """Regressors times residuals, (n, k); rows without a predictor are zero and keep their place."""
    slope, *_ = np.linalg.lstsq(rows.x, np.where(rows.keep, rows.y, 0.0), rcond=None)
    return np.asarray(rows.x * (rows.y - rows.x @ slope)[:, None])


def hac(x: Floats, scores: Floats, lags: int) -> Floats:
    """Newey-West (1987) covariance with the small-sample factor n / (n - k)."""
    n, k = int((x[:, 0] != 0).sum()), x.shape[1]
    return sandwich(x, S_hac_simple(scores, nlags=lags)) * n / (n - k)


def hodrick(rows: Rows) -> Floats:
    """Covariance of Hodrick (1992) 1B: one-month returns times sums of past predictors."""
    surprise = rows.months - rows.months.mean()
    past = np.column_stack([np.convolve(column, np.ones(rows.horizon)) for column in rows.x.T])
    return sandwich(rows.x, (w := past * surprise[:, None]).T @ w)


def sandwich(x: Floats, middle: Floats) -> Floats:
    """(X'X)^-1 M (X'X)^-1."""
    bread = np.linalg.inv(x.T @ x)
    return np.asarray(bread @ middle @ bread)


def two_sided(t: float, df: float) -> float:
    return float(2 * stats.t.sf(abs(t), df))
