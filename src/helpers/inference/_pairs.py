"""An outcome beside a regime, row by row, and the difference between the regime's two sides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.inference._checks import FloatArray, finite_sample
from helpers.project import ProjectError


@dataclass(frozen=True)
class Pairs:
    """Complete rows in time order: `outcome`, and 0/1 arrays for "state is True" and "is False".

    Rows whose state is missing are 0 in both: they keep their place, so that lags, blocks and
    shifts stay those of the calendar, and they weigh nothing.
    """

    outcome: FloatArray
    true: FloatArray
    false: FloatArray

    @property
    def n_true(self) -> int:
        return int(self.true.sum())

    @property
    def n_false(self) -> int:
        return int(self.false.sum())

    @property
    def n_excluded(self) -> int:
        return len(self.outcome) - self.n_true - self.n_false

    @property
    def influence(self) -> FloatArray:
        """What each row adds to the error of the difference: shape (n,)."""
        return difference_and_influence(self.outcome, self.true, self.false)[1]

    @property
    def switches(self) -> int:
        """Changes from one known state to the next known one; a gap by itself is no change."""
        known = self.true[(self.true + self.false) > 0]
        return int((np.diff(known) != 0).sum())


def pair(y: pd.Series, state: pd.Series, *, periods_per_year: int | None, where: str) -> Pairs:
    """Align `y` and `state` on the dates they share; scale `y` to a year if asked.

    Raises
    ------
    ProjectError : see `hac_difference`.
    """
    if periods_per_year is not None and periods_per_year <= 0:
        raise ProjectError(f"periods_per_year={periods_per_year}", where=where, expected="12, say")
    for name, series in (("y", y), ("state", state)):
        _require_dates(series, where=f"{where}, {name}")
    if not pd.api.types.is_bool_dtype(state.dtype):
        raise ProjectError(
            f"a state of dtype {state.dtype}",
            where=where,
            expected="True, False or missing",
            mend='state.astype("boolean")',
        )
    dates = _common_dates(y.index, state.index, where=where)
    known = state.loc[dates].astype("boolean")
    outcome = finite_sample(y.loc[dates], where=f"{where}, y", least=4)
    paired = Pairs(
        outcome * (periods_per_year or 1),
        known.eq(True).fillna(False).to_numpy(dtype=float),
        known.eq(False).fillna(False).to_numpy(dtype=float),
    )
    for side, count in (("True", paired.n_true), ("False", paired.n_false)):
        if count == 0:
            raise ProjectError(
                f"the state is never {side} in {len(dates)} rows, so it has no switch",
                where=where,
                expected="both states",
            )
    if np.abs(paired.influence).max() <= 1e-14 * np.abs(paired.outcome).max():
        raise ProjectError("y does not vary within the states", where=where)
    return paired


def difference_and_influence(
    outcome: FloatArray, true: FloatArray, false: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Mean where true minus mean where false (time axis kept, length 1), and each row's influence.

    Arrays broadcast over leading axes; time is the last one. The influence of a row is its residual
    times true / n1 - false / n0: what it adds to the difference's error.
    """
    n1, n0 = true.sum(-1, keepdims=True), false.sum(-1, keepdims=True)
    mean1 = (outcome * true).sum(-1, keepdims=True) / n1
    mean0 = (outcome * false).sum(-1, keepdims=True) / n0
    return mean1 - mean0, (outcome - mean1) * true / n1 - (outcome - mean0) * false / n0


def difference_and_se(
    outcome: FloatArray, true: FloatArray, false: FloatArray, lags: int
) -> tuple[FloatArray, FloatArray]:
    """The difference and its Newey-West standard error, over leading axes; time is the last one.

    The slope of y on a constant and the state has HAC variance sum_l w_l sum_t h_t h_(t-l), with h
    the influence and Bartlett weights w_l = 1 - l / (lags + 1) (Newey and West 1987), here times
    n / (n - 2).
    """
    difference, h = difference_and_influence(outcome, true, false)
    n = (true + false).sum(-1)
    return difference[..., 0], np.sqrt(hac_variance(h, lags) * n / (n - 2))


def hac_variance(influence: FloatArray, lags: int) -> FloatArray:
    """sum_l w_l sum_t h_t h_(t-l) with Bartlett weights (Newey and West 1987); time is last."""
    h = influence
    variance = (h * h).sum(-1)
    for lag in range(1, lags + 1):
        weight = 2 * (1 - lag / (lags + 1))
        variance += weight * np.einsum("...t,...t->...", h[..., lag:], h[..., :-lag])
    return np.maximum(variance, 0)


def require_lags(n_known: int, lags: int, *, where: str) -> None:
    """Refuse a sample that is no longer than the lags."""
    if lags < 0 or n_known <= lags + 2:
        raise ProjectError(
            f"{n_known} known rows with {lags} lags",
            where=where,
            expected="more rows than lags and two means",
            mend="a longer sample or fewer hac_lags",
        )


def _require_dates(series: pd.Series, *, where: str) -> None:
    if not series.index.is_unique:
        twice = series.index[series.index.duplicated()][0]
        raise ProjectError(f"{_day(twice)} appears twice", where=where, expected="one row a date")
    if not series.index.is_monotonic_increasing:
        raise ProjectError("dates are not in order", where=where, mend="sort_index()")


def _common_dates(y: pd.Index, state: pd.Index, *, where: str) -> pd.Index:
    """The dates both have; a date inside that span which only one has is refused."""
    dates = y.intersection(state)
    if dates.empty:
        raise ProjectError("y and state share no date", where=where, expected="the same calendar")
    for name, index in (("y", y), ("state", state)):
        inside = index[(index >= dates[0]) & (index <= dates[-1])]
        alone = inside.difference(dates)
        if len(alone):
            other = "state" if name == "y" else "y"
            raise ProjectError(
                f"{other} has no row for {_day(alone[0])}",
                where=where,
                expected="every date of the common span in both",
                mend="reindex the state and leave it missing there",
            )
    return dates


def _day(label: object) -> str:
    return str(label).removesuffix(" 00:00:00")
