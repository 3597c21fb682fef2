"""Future returns beside what was known before them, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.conditions._months import PERCENT, Floats, require_months, without_ends
from helpers.project import ProjectError

Per = Literal["unit", "sd"]
LEAST_WINDOWS = 8


def future_sum(y: pd.Series, horizon: int) -> pd.Series:
    """Sum of `y` over the `horizon` months after each month, in percent; missing where unfinished.

    `y` : simple monthly returns or differences of returns, fractions, without a hole.

    Raises
    ------
    ProjectError : a hole or an infinite value in `y`, a horizon below one.
    """
    if horizon < 1:
        raise ProjectError(f"horizon={horizon}", where="future_sum", expected="one month or more")
    whole = without_ends(y, where=f"future_sum, {y.name}")
    total = np.r_[0.0, whole.to_numpy().cumsum()] * PERCENT
    ahead = np.full(len(whole), np.nan)
    if len(whole) > horizon:
        ahead[:-horizon] = total[horizon + 1 :] - total[1:-horizon]
    return pd.Series(ahead, whole.index, name=y.name)


@dataclass(frozen=True)
class Rows:
    """Rows of a regression in calendar order; those without a predictor weigh nothing.

    Attributes
    ----------
    y : (n,) future sums, percent. x : (n, k) constant first, zeros where `keep` is False.
    months : (n + horizon - 1,) one-month returns after the first row, percent.
    """

    y: Floats
    x: Floats
    keep: NDArray[np.bool_]
    months: Floats
    dates: pd.DatetimeIndex
    names: tuple[str, ...]
    horizon: int
    sd: Floats


def rows_of(y: pd.Series, predictors: pd.DataFrame, horizon: int, per: Per) -> Rows:
    """Align returns and predictors: the predictor of a row is known before its first return.

    Raises
    ------
    ProjectError : see `predict`.
    """
    where = f"predict, {y.name} over {horizon} months"
    if per not in ("unit", "sd"):
        raise ProjectError(f"per={per!r}", where=where, expected="unit or sd")
    require_months(predictors, where=f"{where}, predictors")
    ahead = future_sum(y, horizon).dropna()
    known = predictors.astype(float).reindex(ahead.index)
    if np.isinf(known).any(axis=None):
        raise ProjectError("an infinite predictor", where=where)
    full = known.dropna()
    if len(full) < LEAST_WINDOWS * horizon or len(full) < LEAST_WINDOWS + predictors.shape[1]:
        raise ProjectError(
            f"{len(full)} months with a predictor and a finished return", where=where,
            expected=f"{LEAST_WINDOWS} windows or more", mend="a shorter horizon",
        )  # fmt: skip
    known = known.loc[full.index[0] : full.index[-1]]
    ahead = ahead.loc[known.index]
    sd = full.std().to_numpy()
    if (sd <= 1e-12 * np.abs(full).max().to_numpy()).any():
        raise ProjectError("a predictor does not vary", where=where)
    keep = known.notna().all(axis=1).to_numpy()
    scale = sd if per == "sd" else np.ones_like(sd)
    centred = (known - full.mean()).to_numpy() / scale
    x = np.where(keep[:, None], np.column_stack([np.ones(len(known)), centred]), 0.0)
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise ProjectError("predictors are collinear", where=where)
    start = y.index.get_loc(known.index[0]) + 1
    months = y.iloc[start : start + len(known) + horizon - 1].to_numpy(dtype=float) * PERCENT
    return Rows(
        ahead.to_numpy(), x, keep, months, pd.DatetimeIndex(known.index),
        tuple(map(str, predictors.columns)), horizon, sd,
    )  # fmt: skip
