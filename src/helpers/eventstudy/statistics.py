"""The statistics of the literature, as functions of arrays: a unit is an event and an asset.

Shapes: N units, L estimation days, W event days; missing values are NaN. All p are two-sided. Every
one of these treats units as independent, or corrects for correlation by its average: with a few
portfolios on shared dates the sample is the number of events, and these are a check, not a verdict.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

from helpers.eventstudy.models import Floats
from helpers.eventstudy.ranks import RankSums


@dataclass(frozen=True)
class Statistic:
    """A test statistic.

    Attributes
    ----------
    value, p : the statistic and its two-sided p. df : degrees of freedom of Student's t; None for
        the normal distribution. n : units used. note : what to know about this value.
    """

    statistic: str
    value: float
    p: float
    df: float | None
    n: int
    note: str = ""


def t_cross(car: Floats) -> Statistic:
    """Mean CAR over its cross-sectional standard error, N-1 (Brown and Warner 1980; MacKinlay 1997).

    Allows for variance that rises at the event; not for units that share dates.
    """
    values = car[np.isfinite(car)]
    return _student("t_cross", _t(values), len(values) - 1, len(values))


def patell(scar: Floats, df: Floats) -> Statistic:
    """Sum of standardised CARs over its standard deviation (Patell 1976).

    Parameters
    ----------
    scar : (N,). df : (N,), L less the regressors; a SCAR is Student t and has variance df/(df-2).

    Not valid when the variance rises at the event, nor on shared dates.
    """
    known = np.isfinite(scar)
    z = scar[known].sum() / math.sqrt((df[known] / (df[known] - 2)).sum())
    return _normal("patell", z, int(known.sum()))


def bmp(scar: Floats) -> Statistic:
    """Student's t of the standardised CARs across units (Boehmer, Musumeci and Poulsen 1991).

    Allows for unlike volatility and for variance that rises at the event; not for shared dates.
    """
    values = scar[np.isfinite(scar)]
    return _student("bmp", _t(values), len(values) - 1, len(values))


def kp_patell(scar: Floats, df: Floats, correlation: float) -> Statistic:
    """Patell's statistic over sqrt(1 + (N-1) r) (Kolari and Pynnönen 2010)."""
    plain = patell(scar, df)
    value = plain.value / _inflation(correlation, plain.n)
    return _normal("kp_patell", value, plain.n, _of_correlation(correlation))


def kp_bmp(scar: Floats, correlation: float) -> Statistic:
    """BMP times sqrt((1-r) / (1 + (N-1) r)) (Kolari and Pynnönen 2010).

    With a negative mean correlation the statistic grows: that is reported, not clamped.
    """
    plain = bmp(scar)
    value = plain.value * math.sqrt(1 - correlation) / _inflation(correlation, plain.n)
    return _student("kp_bmp", value, plain.n - 1, plain.n, _of_correlation(correlation))


def cowan(car: Floats, positive_share: Floats) -> Statistic:
    """Generalised sign test (Cowan 1992).

    Parameters
    ----------
    car : (N,). positive_share : (N,) share of positive abnormal returns in each estimation window.

    The number of positive CARs against the number that estimation windows let expect; not valid
    over long windows of skewed returns, nor on shared dates.
    """
    known = np.isfinite(car) & np.isfinite(positive_share)
    n, share = int(known.sum()), float(positive_share[known].mean())
    positive = int((car[known] > 0).sum())
    z = (positive - n * share) / math.sqrt(n * share * (1 - share))
    return _normal("cowan", z, n, f"{positive} of {n} positive, {share:.3f} expected")


def corrado(sums: RankSums, days: NDArray[np.intp], n: int) -> Statistic:
    """Rank test (Corrado 1989), over the event days `days` (positions in `sums`).

    S(K)^2 is the mean over all T days of the squared mean rank distance. Over several days their
    mean distances are summed and S is multiplied by the root of their number (Campbell and Wasley
    1993). Returns may be far from normal; their variance may not rise at the event, and dates may
    not be shared by correlated units in the estimation window only.
    """
    mean = sums.total / np.where(sums.count > 0, sums.count, np.nan)
    spread = math.sqrt(float(np.nanmean(mean**2)))
    z = float(mean[days].sum()) / (math.sqrt(len(days)) * spread)
    return _normal("corrado", z, n)


def corrado_zivney(sums: RankSums, days: NDArray[np.intp], n: int) -> Statistic:
    """Rank test with missing days (Corrado and Zivney 1992).

    As `corrado` on scaled ranks; a day's sum is divided by the root of its number of units, so that
    days with few returns count as such.
    """
    day = sums.total / np.sqrt(np.where(sums.count > 0, sums.count, np.nan))
    spread = math.sqrt(float(np.nanmean(day**2)))
    z = float(day[days].sum()) / (math.sqrt(len(days)) * spread)
    return _normal("corrado_zivney", z, n)


def restandardise(standardized: Floats) -> Floats:
    """Event-day SARs over their cross-sectional standard deviation of that day, N-1.

    Takes out variance that rises at the event (Corrado and Zivney 1992; Kolari and
    Pynnönen 2011). One column a day, or one for a SCAR.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return standardized / cross_section(standardized)


def cross_section(standardized: Floats) -> Floats:
    """Standard deviation of each column over the units that have it, N-1; missing for one."""
    # By rows that a core keeps near: of a million units, whole copies cost more than the sums.
    parts = [standardized[i : i + 4096] for i in range(0, len(standardized), 4096)]
    n = np.sum([np.isfinite(each).sum(axis=0, dtype=np.int32) for each in parts], axis=0)
    total = np.sum if (n == len(standardized)).all() else np.nansum
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.sum([total(each, axis=0) for each in parts], axis=0) / n
        squares = np.sum([total((each - mean) ** 2, axis=0) for each in parts], axis=0)
        return np.sqrt(np.where(n > 1, squares / (n - 1), np.nan))


def grank_t(sums: RankSums, n: int) -> Statistic:
    """Generalised rank t (Kolari and Pynnönen 2011).

    Parameters
    ----------
    sums : scaled ranks of the L standardised residuals and, last, of the restandardised SCAR: a
        window of any length becomes one day.

    Student's t with T-2 degrees of freedom, T = L+1. Allows for variance that rises at the event,
    and for correlation as far as the estimation window shows it.
    """
    known = sums.count > 0
    mean = np.where(known, sums.total / np.where(known, sums.count, 1), 0)
    weights = sums.count / n
    days = int(known.sum())
    spread = math.sqrt(float((weights * mean**2)[known].sum()) / days)
    z = float(mean[-1]) / spread
    value = z * math.sqrt((days - 2) / (days - 1 - z**2))
    return _student("grank_t", value, days - 2, n)


def sq(residuals: Floats, car: float, length: int) -> Statistic:
    """Sample-quantile test of one unit (Gelbach, Helland and Klick 2013).

    The CAR against all sums of `length` following estimation residuals; two-sided, p = 2 min(lower,
    upper), each with one added to count and number. Sums overlap: over long windows their number
    overstates what is known. `value` is the share of sums below the CAR.
    """
    sums = np.lib.stride_tricks.sliding_window_view(residuals, length).sum(axis=1)
    sums = sums[np.isfinite(sums)]
    below = int((sums <= car).sum())
    above = int((sums >= car).sum())
    p = min(1.0, 2 * (1 + min(below, above)) / (1 + len(sums)))
    value = below / len(sums)
    note = f"smallest attainable p {2 / (1 + len(sums)):.3g}"
    return Statistic("sq", value, p, None, len(sums), note)


def correlated_pairs(residuals: Floats, event: NDArray[np.intp]) -> float:
    """Sum of the correlations of all pairs of units that share an event.

    Parameters
    ----------
    residuals : (N, L) standardised. event : (N,) ascending, which event a unit belongs to.

    Units of one event share their calendar days, so that day j is day j for all; days that a unit
    of the event lacks are left out. Over N(N-1)/2 this is the mean correlation, units of different
    events counting as uncorrelated.
    """
    first = np.flatnonzero(np.diff(event, prepend=-1))
    if np.isfinite(residuals).all():
        return _pairs(residuals, first)
    total = 0.0
    for each in np.split(residuals, first[1:]):
        whole = each[:, np.isfinite(each).all(axis=0)]
        if len(whole) > 1 and whole.shape[1] > 1:
            total += _pairs(whole, np.array([0]))
    return total


def _pairs(rows: Floats, first: NDArray[np.intp]) -> float:
    """The square of a sum of unit vectors is their number and twice the products of its pairs.

    Residuals have means near zero, which are as well taken off the sums as off each row.
    """
    mean = rows.mean(axis=1)
    length = np.sqrt(np.vecdot(rows, rows) - rows.shape[1] * mean**2)
    within = (1 / length, np.arange(len(rows)), np.append(first, len(rows)))
    by_event = sparse.csr_array(within, shape=(len(first), len(rows)))
    sums = by_event @ rows - (by_event @ mean)[:, None]
    return (float((sums**2).sum()) - len(rows)) / 2


def _t(values: Floats) -> float:
    return float(values.mean() / (values.std(ddof=1) / math.sqrt(len(values))))


def _inflation(correlation: float, n: int) -> float:
    return math.sqrt(1 + (n - 1) * correlation)


def _of_correlation(correlation: float) -> str:
    said = f"mean correlation {correlation:.3f}"
    return said + ", negative: the adjustment inflates" if correlation < 0 else said


def _normal(name: str, value: float, n: int, note: str = "") -> Statistic:
    return Statistic(name, float(value), 2 * float(stats.norm.sf(abs(value))), None, n, note)


def _student(name: str, value: float, df: float, n: int, note: str = "") -> Statistic:
    return Statistic(name, float(value), 2 * float(stats.t.sf(abs(value), df)), df, n, note)
