"""Predictive regressions: a return summed over the next months on what was known before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from helpers.conditions._hac import default_lags, equivalent_df, hac, hodrick, scores_of, two_sided
from helpers.conditions._months import Floats
from helpers.conditions._rows import Per, Rows, rows_of
from helpers.inference import minimum_detectable_effect
from helpers.inference.resampling import block_length, resampled_rows
from helpers.project import Estimate, ProjectError


@dataclass(frozen=True)
class Slope:
    """The slope of one predictor, in percentage points over the horizon (`unit` says per what).

    Attributes
    ----------
    value : least squares on overlapping sums.
    se, low, high, p : HAC with `long_lags`; the p that counts (see `predict`).
    se_short, p_short : HAC with `short_lags` = horizon - 1; rejects far too often when x persists.
    se_hodrick, p_hodrick : Hodrick (1992) 1B, an error that holds under no predictability.
    boot_low, boot_high : stationary bootstrap of whole rows, percentile; block in months.
    apart, apart_low, apart_high, apart_p : windows that do not overlap, from the first month on,
        HC3 and Student's t. apart_least, apart_most : the same slope over all starting months.
    n, windows : months with a predictor; windows of `horizon` that fit into the sample.
    excluded : months inside the sample whose predictor is missing. sd : of the predictor, in its
        own unit. mde : smallest true slope found with probability 0.8, from `se`.
    first, last : months at whose end the predictor was known.
    """

    predictor: str
    outcome: str
    horizon: int
    unit: str
    value: float
    se: float
    low: float
    high: float
    p: float
    se_short: float
    p_short: float
    se_hodrick: float
    p_hodrick: float
    boot_low: float
    boot_high: float
    block: float
    draws: int
    apart: float
    apart_low: float
    apart_high: float
    apart_p: float
    apart_least: float
    apart_most: float
    n: int
    windows: int
    excluded: int
    short_lags: int
    long_lags: int
    df: float
    r2: float
    sd: float
    mde: float
    first: pd.Timestamp
    last: pd.Timestamp
    level: float
    jointly_with: tuple[str, ...] = ()

    @property
    def p_cautious(self) -> float:
        """The larger p of HAC and Hodrick: HAC alone rejects a true null too often (`predict`)."""
        return max(self.p, self.p_hodrick)

    def estimate(self, label: str) -> Estimate:
        """As a result file holds it; n counts windows, for months of one window are not independent."""
        return Estimate(
            label=label, value=self.value, unit=self.unit, low=self.low, high=self.high, p=self.p,
            level=self.level, p_floor=None, mde=self.mde, n=self.windows, n_of="windows",
            method=f"least squares on overlapping sums, HAC with {self.long_lags} lags",
            sample=(f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"),
            note=f"{self.n} months, {self.excluded} left out; p by Hodrick {self.p_hodrick:.3g}",
        )  # fmt: skip


def predict(
    y: pd.Series,
    predictors: pd.Series | pd.DataFrame,
    *,
    horizon: int,
    per: Per = "unit",
    long_lags: int | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[Slope, ...]:
    """Regress the sum of `y` over the next `horizon` months on predictors, jointly.

    The p that counts is Newey-West (1987) with `long_lags`, by default the larger of 2 horizon and
    1.3 sqrt(n) (Lazarus, Lewis, Stock and Watson 2018), and Student's t with 1.5 n / (lags + 1)
    degrees of freedom, the equivalent ones of Bartlett weights (Priestley 1981, table 6.2), at most
    n - k. Beside it: horizon - 1 lags; the error of Hodrick (1992, his 1B) from one-month returns;
    windows that do not overlap; a stationary bootstrap (Politis and Romano 1994) of whole rows,
    mean block that of Politis and White (2004) for the scores, at least the horizon.

    Parameters
    ----------
    y : simple monthly returns or differences of returns, fractions, month ends; no hole.
    predictors : by the month at whose end they were known (`helpers.panel.as_known`). Months with
        one missing are left out and counted; lags go on counting the calendar across them.
    per : slopes per unit of the predictor, or per standard deviation in the sample (a scale
        for reading, which no test depends on).

    Notes
    -----
    Share of true nulls rejected at 5%, in percent, over 1, 3, 12 and 36 months: 400 synthetic
    samples of 900 months, an AR(1) predictor of persistence 0.97 whose shocks are independent of
    returns, then 0.99 with correlation -0.8 (Monte Carlo error 1.1 points at 5, 2 at 20):

        HAC, long_lags       8  8 10 11    11 11 15 21
        HAC, horizon - 1     5 11 12 13     8 16 21 24
        Hodrick              4  4  6  5     8  9  8  9
        windows apart        5  4  6  7     8 10  7  8
        bootstrap            7  9 13 13    12 17 22 27

    So read HAC and the bootstrap with Hodrick beside them (`p_cautious`), and use
    `stambaugh` where shocks of the predictor and of the return are correlated.

    Raises
    ------
    ProjectError : dates that are not consecutive month ends, a hole in `y`, an infinite value, a
        predictor that does not vary, collinear predictors, fewer than 8 windows, lags out of range.
    """
    table = predictors.to_frame() if isinstance(predictors, pd.Series) else predictors
    rows = rows_of(y, table, horizon, per)
    where = f"predict, {y.name} over {horizon} months"
    n, k = int(rows.keep.sum()), rows.x.shape[1]
    lags = default_lags(n, horizon) if long_lags is None else long_lags
    if not horizon - 1 <= lags < n - k or not 0 < level < 1 or draws < 100:
        raise ProjectError(
            f"long_lags={lags}, level={level}, draws={draws} with {n} months", where=where,
            expected="lags of horizon - 1 or more and fewer than months, a level, 100 draws",
        )  # fmt: skip
    fit = sm.OLS(rows.y[rows.keep], rows.x[rows.keep]).fit()
    scores = scores_of(rows)
    df = equivalent_df(n, lags, k)
    se = np.sqrt(np.diag(hac(rows.x, scores, lags)))
    short = np.sqrt(np.diag(hac(rows.x, scores, horizon - 1)))
    under_null = np.sqrt(np.diag(hodrick(rows)))
    half = float(stats.t.isf((1 - level) / 2, df)) * se
    block = max([float(horizon), *(
        block_length(scores[:, j], kind="stationary", block=None, where=where) for j in range(1, k)
    )])  # fmt: skip
    low, high = _bootstrap(rows, min(block, len(rows.y) / 2), draws, seed, level)
    apart = _apart(rows, level)
    value = fit.params
    return tuple(
        Slope(
            predictor=name,
            outcome=str(y.name),
            horizon=horizon,
            unit=f"percentage points over {horizon} months per "
            + ("standard deviation" if per == "sd" else "unit"),
            value=float(value[j]),
            se=float(se[j]),
            low=float(value[j] - half[j]),
            high=float(value[j] + half[j]),
            p=two_sided(value[j] / se[j], df),
            se_short=float(short[j]),
            p_short=two_sided(value[j] / short[j], n - k),
            se_hodrick=float(under_null[j]),
            p_hodrick=two_sided(value[j] / under_null[j], n - k),
            boot_low=float(low[j]),
            boot_high=float(high[j]),
            block=float(min(block, len(rows.y) / 2)),
            draws=draws,
            **{key: float(part[j]) for key, part in apart.items()},
            n=n,
            windows=n // horizon,
            excluded=len(rows.keep) - n,
            short_lags=horizon - 1,
            long_lags=lags,
            df=df,
            r2=float(fit.rsquared),
            sd=float(rows.sd[j - 1]),
            mde=minimum_detectable_effect(float(se[j]), df=df),
            first=rows.dates[0],
            last=rows.dates[-1],
            level=level,
            jointly_with=tuple(other for other in rows.names if other != name),
        )
        for j, name in enumerate(rows.names, start=1)
    )


def table(slopes: Iterable[Slope]) -> pd.DataFrame:
    """One row a slope, the columns of `Slope`; `jointly_with` in words."""
    frame = pd.DataFrame([asdict(each) for each in slopes])
    return frame.assign(jointly_with=[", ".join(each) for each in frame["jointly_with"]])


def _bootstrap(
    rows: Rows, block: float, draws: int, seed: int, level: float
) -> tuple[Floats, Floats]:
    """Percentile ends of the slopes, shape (k,); whole rows are resampled."""
    found: list[Floats] = []
    done = 0
    for index in resampled_rows(len(rows.y), "stationary", block, seed):
        x, y = rows.x[index], rows.y[index]
        gram = np.einsum("btj,btk->bjk", x, x)
        # A resample in which the predictor stands still has no slope; another takes its place.
        usable = np.linalg.cond(gram) < 1e12
        moment = np.einsum("btj,bt->bj", x, y)[usable]
        found.append(np.linalg.solve(gram[usable], moment[..., None])[..., 0])
        done += int(usable.sum())
        if done >= draws:
            break
    sample = np.concatenate(found)[:draws]
    tail = (1 - level) / 2
    low, high = np.quantile(sample, [tail, 1 - tail], axis=0)
    return low, high


def _apart(rows: Rows, level: float) -> dict[str, Floats]:
    """Slopes of every `horizon`-th row: from the first month, and their range over all starts."""
    slopes, first = [], None
    for start in range(rows.horizon):
        chosen = np.arange(start, len(rows.y), rows.horizon)
        chosen = chosen[rows.keep[chosen]]
        if len(chosen) < rows.x.shape[1] + 3:
            continue
        fit = sm.OLS(rows.y[chosen], rows.x[chosen]).fit(cov_type="HC3", use_t=True)
        first = fit if first is None else first
        slopes.append(fit.params)
    if first is None:
        raise ProjectError(f"too few windows of {rows.horizon} months", where="predict")
    low, high = first.conf_int(alpha=1 - level).T
    least, most = np.min(slopes, axis=0), np.max(slopes, axis=0)
    return {
        "apart": first.params, "apart_low": low, "apart_high": high, "apart_p": first.pvalues,
        "apart_least": least, "apart_most": most,
    }  # fmt: skip
