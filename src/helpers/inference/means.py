"""The mean of a few independent units, such as one number an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from helpers.inference._checks import FloatArray, finite_sample, probability
from helpers.project import ProjectError


@dataclass(frozen=True)
class MeanTest:
    """Student's t test of a zero mean.

    Attributes
    ----------
    mean, se, low, high : in the unit of the data; `low` and `high` end the interval.
    t, p : statistic and two-sided p.
    df, n : degrees of freedom (n - 1) and number of units.
    """

    mean: float
    se: float
    low: float
    high: float
    t: float
    p: float
    df: int
    n: int


def t_mean(x: ArrayLike, *, level: float = 0.95) -> MeanTest:
    """Mean of `x` (n,), its t interval of coverage `level`, and the t test of zero.

    Units must be independent (Student 1908); with few units the test leans on normality, so show
    `sign_flip` beside it.

    Raises
    ------
    ProjectError : fewer than two units, a missing value, or units that are all equal.
    """
    where = "t_mean"
    values = finite_sample(x, where=where)
    probability(level, name="level", where=where)
    n, mean, spread = len(values), float(values.mean()), float(values.std(ddof=1))
    if spread <= 1e-14 * float(np.abs(values).max()):
        raise ProjectError(f"all {n} values are equal", where=where, expected="values that vary")
    se = spread / float(np.sqrt(n))
    t, half = mean / se, float(stats.t.isf((1 - level) / 2, n - 1)) * se
    p = 2 * float(stats.t.sf(abs(t), n - 1))
    return MeanTest(mean, se, mean - half, mean + half, t, p, n - 1, n)


def leave_one_out(
    x: ArrayLike, estimator: Callable[[FloatArray], float | np.floating] = np.mean
) -> FloatArray:
    """`estimator` of `x` (n,) without each unit in turn: shape (n,), in the unit of the estimator.

    Raises
    ------
    ProjectError : fewer than two units, or a missing value.
    """
    values = finite_sample(x, where="leave_one_out")
    return np.array([float(estimator(np.delete(values, i))) for i in range(len(values))])
