"""Bootstrap intervals and circular-shift tests of a difference between two states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import fft
from scipy.stats.mstats import mjci

from helpers.inference._checks import FloatArray, probability, require_draws
from helpers.inference._pairs import Pairs, difference_and_se, pair, require_lags
from helpers.project import ProjectError

# arch is imported where it draws: a page without a bootstrap need not wait for it.

Kind = Literal["stationary", "circular"]
_ROWS = 256  # resamples or shifts held at once


@dataclass(frozen=True)
class Interval:
    """A bootstrap interval of a difference.

    Attributes
    ----------
    low, high : in the unit of y a period, or a year when `periods_per_year` was given.
    block : (mean) block length in rows.
    draws, redrawn : resamples used, and those replaced because one side was empty.
    method : in words.
    low_mc_se, high_mc_se : Monte Carlo standard error of each end, in its unit: another seed moves
        the end by about this much.
    """

    low: float
    high: float
    block: float
    draws: int
    method: str
    redrawn: int
    low_mc_se: float
    high_mc_se: float


@dataclass(frozen=True)
class ShiftTest:
    """A circular-shift test.

    Attributes
    ----------
    value : difference in the unit of y a period, or its HAC t.
    p : two-sided. p_floor : smallest attainable, 1 / (1 + n_shifts).
    n_shifts : shifts the observed statistic was compared with.
    """

    value: float
    p: float
    p_floor: float
    n_shifts: int


def bootstrap_difference(
    y: pd.Series,
    state: pd.Series,
    *,
    kind: Kind = "stationary",
    block: float | None = None,
    draws: int = 5000,
    seed: int = 0,
    level: float = 0.95,
    periods_per_year: int | None = None,
) -> Interval:
    """Percentile interval of the difference, rows of (y, state) resampled together in blocks.

    Stationary (Politis and Romano 1994) or circular blocks. Their length, unless given, is that of
    Politis and White (2004; corrected by Patton, Politis and White 2009) for the series whose mean
    the difference is: the influence of each row. Percentile, not studentised: a resample with few
    rows on one side has a tiny, noisy standard error, which makes studentised ends wild, and the
    difference is nearly symmetric anyway. Resamples with one side empty are replaced and counted.
    As `hac_difference`, it excludes zero a little too often when nothing is there: about 6.5%.

    Raises
    ------
    ProjectError : as `hac_difference`; an unknown kind; a block outside 1 to n; fewer than 100 draws.
    """
    where = "bootstrap_difference"
    pairs = pair(y, state, periods_per_year=periods_per_year, where=where)
    require_draws(draws, where=where, least=100)
    tail = (1 - probability(level, name="level", where=where)) / 2
    length = block_length(pairs.influence, kind=kind, block=block, where=where)
    values: list[FloatArray] = []
    found = redrawn = 0
    for index in resampled_rows(len(pairs.outcome), kind, length, seed):
        differences = _differences(pairs, index)
        usable = differences[np.isfinite(differences)]
        values.append(usable)
        found, redrawn = found + len(usable), redrawn + len(index) - len(usable)
        if found >= draws:
            break
    sample = np.concatenate(values)[:draws]
    low, high = np.quantile(sample, [tail, 1 - tail])
    low_error, high_error = mjci(sample, [tail, 1 - tail])
    method = f"{kind} bootstrap, percentile, mean block {length:.3g}, {draws} draws"
    return Interval(
        float(low),
        float(high),
        length,
        draws,
        method,
        redrawn,
        float(low_error),
        float(high_error),
    )


def circular_shift(
    y: pd.Series,
    state: pd.Series,
    *,
    min_shift: int = 24,
    statistic: Literal["difference", "t"] = "difference",
    hac_lags: int = 12,
) -> ShiftTest:
    """Compare the difference with those of the state moved round the sample, by every shift.

    All n - 2 min_shift + 1 shifts at least `min_shift` rows from zero in both directions;
    p = (1 + #{|d_s| >= |d|}) / (1 + shifts). Each shift keeps the regimes' number and lengths and
    the outcome's own dependence, and breaks only the link between them; valid, but for the seam
    where the sample's ends meet, if `y` is stationary and independent of the state. Missing states move with the rest, so pass the sample that is meant.
    Nothing is random.

    Raises
    ------
    ProjectError : as `hac_difference`; a sample shorter than twice `min_shift`; an unknown statistic.
    """
    where = "circular_shift"
    pairs = pair(y, state, periods_per_year=None, where=where)
    n = len(pairs.outcome)
    if min_shift < 1 or 2 * min_shift > n:
        raise ProjectError(
            f"min_shift={min_shift} in {n} rows", where=where, expected="1 to half of the rows"
        )
    shifts = np.arange(min_shift, n - min_shift + 1)
    if statistic == "difference":
        statistics = _shifted_differences(pairs)[np.r_[0, shifts]]
    elif statistic == "t":
        require_lags(pairs.n_true + pairs.n_false, hac_lags, where=where)
        statistics = _shifted_t(pairs, np.r_[0, shifts], hac_lags)
    else:
        raise ProjectError(f"statistic={statistic!r}", where=where, expected="difference or t")
    value, others = float(statistics[0]), statistics[1:]
    reached = int((np.abs(others) >= abs(value) * (1 - 1e-10)).sum())
    total = 1 + len(shifts)
    return ShiftTest(value, (1 + reached) / total, 1 / total, len(shifts))


def block_length(series: FloatArray, *, kind: Kind, block: float | None, where: str) -> float:
    """`block` if given, else the Politis-White length of `series`: at least 1, whole if circular."""
    if kind not in ("stationary", "circular"):
        raise ProjectError(f"kind={kind!r}", where=where, expected="stationary or circular")
    if block is None:
        from arch.bootstrap import optimal_block_length

        block = max(1.0, float(optimal_block_length(series)[kind].iloc[0]))
    if not 1 <= block <= len(series):
        raise ProjectError(f"block={block}", where=where, expected=f"1 to {len(series)} rows")
    return float(np.ceil(block)) if kind == "circular" else float(block)


def resampled_rows(n: int, kind: Kind, length: float, seed: int) -> Iterator[NDArray[np.int64]]:
    """Endless blocks of resampled row numbers, shape (rows at once, n)."""
    from arch.bootstrap import CircularBlockBootstrap, StationaryBootstrap

    generator = np.random.default_rng(seed)
    rows = np.arange(n)
    bootstrap: StationaryBootstrap | CircularBlockBootstrap
    if kind == "stationary":
        bootstrap = StationaryBootstrap(length, rows, seed=generator)  # type: ignore[arg-type]  # a mean
    else:
        bootstrap = CircularBlockBootstrap(int(length), rows, seed=generator)
    while True:
        yield np.stack([bootstrap.update_indices() for _ in range(_ROWS)])


def _differences(pairs: Pairs, index: NDArray[np.int64]) -> FloatArray:
    outcome, true, false = pairs.outcome[index], pairs.true[index], pairs.false[index]
    with np.errstate(invalid="ignore"):  # 0 / 0 marks a resample without one side
        return np.asarray(
            np.einsum("bt,bt->b", outcome, true) / true.sum(1)
            - np.einsum("bt,bt->b", outcome, false) / false.sum(1)
        )


def _shifted_differences(pairs: Pairs) -> FloatArray:
    """The difference for every shift 0..n-1 at once, by correlation (convolution theorem)."""
    n = len(pairs.outcome)
    weights = pairs.true / pairs.n_true - pairs.false / pairs.n_false
    centred = pairs.outcome - pairs.outcome.mean()
    spectrum = fft.rfft(centred) * np.conj(fft.rfft(weights))
    return np.asarray(fft.irfft(spectrum, n))


def _shifted_t(pairs: Pairs, shifts: NDArray[np.int64], lags: int) -> FloatArray:
    n = len(pairs.outcome)
    parts = []
    for start in range(0, len(shifts), _ROWS):
        rows = (np.arange(n) - shifts[start : start + _ROWS, None]) % n
        value, se = difference_and_se(pairs.outcome, pairs.true[rows], pairs.false[rows], lags)
        with np.errstate(divide="ignore"):  # no variation left by one shift: infinite, so reached
            parts.append(value / se)
    return np.concatenate(parts)
