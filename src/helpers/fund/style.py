"""Returns-based style analysis: which mix of sector funds moves as the fund does (Sharpe 1992)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import nnls

from helpers.inference.resampling import block_length, resampled_rows
from helpers.project import Estimate, ProjectError

Floats = NDArray[np.float64]
HEALTHCARE = ("xlv", "ibb", "xbi")
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Style:
    """Weights of sector funds, zero or more and summing to one, that track the fund best.

    Attributes
    ----------
    weights : one row a sector: weight, low, high (fractions).
    share, low, high : summed weight of `group`, fractions, and its bootstrap interval.
    r2 : 1 - tracking variance / the fund's variance. tracking : standard deviation of the daily
        tracking difference, fraction.
    first, last, n : days used. n_excluded : days inside them without all returns.
    block, draws : mean block length in days, resamples. level : coverage.
    correlation : largest correlation between two funds of the group, None for a group of one; near
        one, their parts are not identified and only the sum is.
    """

    fund: str
    group: tuple[str, ...]
    weights: pd.DataFrame
    share: float
    low: float
    high: float
    r2: float
    tracking: float
    first: pd.Timestamp
    last: pd.Timestamp
    n: int
    n_excluded: int
    block: float
    draws: int
    level: float
    correlation: float | None

    @property
    def against_half(self) -> str:
        """Where the interval of the share lies: "above", "below" or "across" one half."""
        return "above" if self.low > HALF else "below" if self.high < HALF else "across"

    @property
    def note(self) -> str:
        """What a reader must know of the parts."""
        parts = (
            f"R2 {self.r2:.2f}",
            f"the group's funds correlate up to {self.correlation:.2f}, so the sum is better "
            "determined than its parts" if self.correlation is not None else "",
            "bands of weights at zero are only rough",
            "a behaviour of returns, not holdings",
        )  # fmt: skip
        return "; ".join(filter(None, parts))

    def estimate(self) -> Estimate:
        """The share as a result, in percent."""
        return Estimate(
            label=f"weight of {' + '.join(self.group)} in the mix that tracks {self.fund}",
            value=100 * self.share, unit="percent of the fund", low=100 * self.low,
            high=100 * self.high, level=self.level, p=None, p_floor=None, mde=None,
            n=self.n, n_of="days",
            method=f"style analysis (Sharpe 1992), stationary bootstrap, percentile, "
            f"mean block {self.block:.3g}, {self.draws} draws",
            sample=(f"{self.first:%Y-%m-%d}", f"{self.last:%Y-%m-%d}"), note=self.note,
        )  # fmt: skip


def style_analysis(
    fund: pd.Series,
    sectors: pd.DataFrame,
    *,
    group: tuple[str, ...] = HEALTHCARE,
    draws: int = 2000,
    block: float | None = None,
    seed: int = 0,
    level: float = 0.95,
    least_days: int = 250,
) -> Style:
    """Style weights of `fund` on `sectors`, and the summed weight of `group`.

    Sharpe (1992): minimise the variance of the fund's return less the mix's, subject to weights
    that are zero or more and sum to one. Intervals: stationary bootstrap of days (Politis and
    Romano 1994), percentile. Its mean block is the longest Politis-White length (2004; corrected
    2009) among the scores, tracking difference times sector return, unless `block` is given.

    A percentile band suits a sum well inside 0 to 1 (a 95% one covers 93 to 95%: tests/fund). At a
    bound it does not (Andrews 2000): a weight of zero has a band touching zero, whatever the truth.

    Parameters
    ----------
    fund : (n,) daily simple returns, fractions. sectors : (n, k) of the same kind.
    least_days : days with every return below which the fund is refused.

    Raises
    ------
    ProjectError : too few days, with their number; a group that is not among the sectors; fewer
        than two sectors or 100 draws; a level outside 0 to 1; unordered or duplicate dates; a
        series without variation.
    """
    r, x, excluded, days = _aligned(fund, sectors, group, least_days)
    if draws < 100 or not 0 < level < 1:
        raise ProjectError(
            f"draws = {draws}, level = {level}", where="style_analysis",
            expected="100 draws or more, a level between 0 and 1",
        )  # fmt: skip
    member = np.isin(sectors.columns, group)
    best = _weights(_moments(r, x, np.ones((1, len(r))))[0])
    difference = (r - r.mean()) - (x - x.mean(0)) @ best
    if block is None:
        scores = difference[:, None] * (x - x.mean(0))
        # A fund that is exactly a mix has scores without variation, and any length serves.
        moving = scores[:, scores.std(0) > 1e-14]
        lengths = [block_length(s, kind="stationary", block=None, where="style_analysis")
                   for s in moving.T]  # fmt: skip
        block = min(max([1.0, *lengths]), len(r) / 4)
    sample = np.array(list(_resampled(r, x, block, draws, seed)))
    tail = [(1 - level) / 2, (1 + level) / 2]
    bands = np.quantile(sample, tail, axis=0)
    low, high = np.quantile(sample[:, member].sum(1), tail)
    pairs = pd.DataFrame(x[:, member]).corr().to_numpy()[np.triu_indices(int(member.sum()), 1)]
    return Style(
        fund=str(fund.name), group=group,
        weights=pd.DataFrame({"weight": best, "low": bands[0], "high": bands[1]},
                             index=sectors.columns),
        share=float(best[member].sum()), low=float(low), high=float(high),
        r2=float(1 - difference.var() / r.var()), tracking=float(difference.std()),
        first=days[0], last=days[-1], n=len(r), n_excluded=excluded, block=block, draws=draws,
        level=level, correlation=float(pairs.max()) if len(pairs) else None,
    )  # fmt: skip


def rolling_style(
    fund: pd.Series,
    sectors: pd.DataFrame,
    *,
    group: tuple[str, ...] = HEALTHCARE,
    window: int = 126,
    step: int = 21,
) -> pd.DataFrame:
    """Style weights over moving windows of `window` days, each ending on its row's date.

    Returns
    -------
    One row a window: the sectors' weights, `share` of the group (fractions), `r2`, `n`. The last
    window ends on the last day; a window knows nothing after its date. No intervals: windows
    overlap, and 126 days determine a share to some tenths only.

    Raises
    ------
    ProjectError : as `style_analysis`; a window that is not longer than 5 days a sector; a step
        below one.
    """
    if step < 1 or window <= 5 * sectors.shape[1]:
        raise ProjectError(
            f"window = {window}, step = {step}, {sectors.shape[1]} sectors", where="rolling_style",
            expected="a step of 1 or more and a window of more than 5 days a sector",
        )  # fmt: skip
    r, x, _, days = _aligned(fund, sectors, group, window)
    ends = range(len(r), window - 1, -step)
    rows: dict[pd.Timestamp, dict[str, float]] = {}
    for end in sorted(ends):
        a, b = r[end - window : end], x[end - window : end]
        best = _weights(_moments(a, b, np.ones((1, window)))[0])
        row = dict(zip(map(str, sectors.columns), map(float, best), strict=True))
        row["share"] = sum(row[name] for name in group)
        row["r2"] = float(1 - (a - b @ best).var() / a.var())
        rows[days[end - 1]] = row | {"n": window}
    return pd.DataFrame.from_dict(rows, orient="index").astype({"n": int}).rename_axis("date")


def _moments(r: Floats, x: Floats, counts: Floats) -> Floats:
    """(draws, k, k) second moments of (sector - fund), centred, each day taken `counts` times."""
    gap = x - r[:, None]
    n, k = gap.shape
    products = (gap[:, :, None] * gap[:, None, :]).reshape(n, k * k)
    mean = counts @ gap / n
    second = (counts @ products / n).reshape(-1, k, k)
    return np.asarray(second - mean[:, :, None] * mean[:, None, :])


def _weights(moment: Floats) -> Floats:
    """Weights w >= 0 summing to one that minimises w' M w, exactly.

    With w summing to one the tracking difference is minus (sectors - fund) w. For v = s w, the best
    s makes v'Mv + (1'v - 1)^2 equal q / (1 + q), q = w'Mw, which rises with q: so the non-negative
    least squares of Lawson and Hanson (1974) for v, scaled to one, is the minimum. M's scale does
    not matter; it is set to one for the sake of rounding.
    """
    values, vectors = np.linalg.eigh(moment / np.trace(moment))
    root = np.sqrt(np.clip(values, 0, None))[:, None] * vectors.T
    k = len(moment)
    found, _ = nnls(np.vstack([root, np.ones((1, k))]), np.r_[np.zeros(k), 1.0])
    return np.asarray(found / found.sum())


def _resampled(r: Floats, x: Floats, block: float, draws: int, seed: int) -> Iterator[Floats]:
    left, n = draws, len(r)
    for rows in resampled_rows(n, "stationary", block, seed):
        counts = np.stack([np.bincount(row, minlength=n) for row in rows[:left]]).astype(float)
        for moment in _moments(r, x, counts):
            yield _weights(moment)
        left -= len(counts)
        if left < 1:
            return


def _aligned(
    fund: pd.Series, sectors: pd.DataFrame, group: tuple[str, ...], least: int
) -> tuple[Floats, Floats, int, pd.DatetimeIndex]:
    """Fund (n,), sectors (n, k), days left out between the first and the last, the days."""
    where = f"style of {fund.name}"
    strangers = [name for name in group if name not in sectors.columns]
    if strangers or not group or sectors.shape[1] < 2 or not sectors.columns.is_unique:
        raise ProjectError(
            f"group {group} in {list(sectors.columns)}", where=where,
            expected="two different sectors or more, the group among them",
        )  # fmt: skip
    for index in (fund.index, sectors.index):
        if not (index.is_monotonic_increasing and index.is_unique):
            raise ProjectError("dates out of order or twice", where=where, expected="one row a day")
    both = pd.concat([fund.rename("\0fund"), sectors], axis=1, join="inner")
    lived = both.loc[fund.first_valid_index() : fund.last_valid_index()]
    used = lived.dropna()
    if len(used) < least:
        raise ProjectError(
            f"{len(used)} days with all returns", where=where, expected=f"at least {least}"
        )
    values = used.to_numpy(float)
    if not np.isfinite(values).all() or (values.std(0) <= 1e-12).any():
        raise ProjectError(
            "an infinite return, or a series that never moves", where=where, expected="returns"
        )
    return values[:, 0], values[:, 1:], len(lived) - len(used), pd.DatetimeIndex(used.index)
