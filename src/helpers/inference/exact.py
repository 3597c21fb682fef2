"""Sign-flip tests: exact for symmetric errors, whatever their variances (Fisher 1935, section 21)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from helpers.inference._checks import FloatArray, finite_sample, require_draws
from helpers.project import ProjectError

_BLOCK = 2**22  # numbers held at once


@dataclass(frozen=True)
class ExactTest:
    """A sign-flip test of a zero centre.

    Attributes
    ----------
    value : the statistic: mean in the unit of the data, or t.
    p : two-sided p.
    p_floor : smallest p this sample size (or number of draws) can give.
    n : number of units.
    method : "exact" or "monte carlo".
    """

    value: float
    p: float
    p_floor: float
    n: int
    method: Literal["exact", "monte carlo"]


def sign_flip(
    x: ArrayLike,
    *,
    statistic: Literal["mean", "t"] = "mean",
    max_exact: int = 2**20,
    draws: int = 100_000,
    seed: int = 0,
) -> ExactTest:
    """Test that `x` (n,) is symmetric about zero, over all 2**n assignments of signs.

    Above `max_exact` assignments, `draws` random ones with p = (1 + count) / (1 + draws)
    (Phipson and Smyth 2010). Flips leave the sum of squares alone, so t rises with the
    mean and `statistic` chooses only the value reported: the p is the same.

    Raises
    ------
    ProjectError : fewer than two units, a missing value, only zeros, an unknown statistic,
        no draws.
    """
    column = finite_sample(x, where="sign_flip")[:, None]
    return sign_flip_columns(
        column, statistic=statistic, max_exact=max_exact, draws=draws, seed=seed
    )[0]


def sign_flip_columns(
    x: ArrayLike,
    *,
    statistic: Literal["mean", "t"] = "mean",
    max_exact: int = 2**20,
    draws: int = 100_000,
    seed: int = 0,
) -> tuple[ExactTest, ...]:
    """`sign_flip` of every column of `x` (units x outcomes), with the same flips for all.

    Raises
    ------
    ProjectError : as `sign_flip`.
    """
    values = finite_sample(x, where="sign_flip", ndim=2)
    require_draws(draws, where="sign_flip")
    if statistic not in ("mean", "t"):
        raise ProjectError(f"statistic={statistic!r}", where="sign_flip", expected="mean or t")
    n, exact = len(values), is_exact(len(values), max_exact)
    root = root_sum_squares(values, where="sign_flip")
    observed = np.abs(values.sum(0))
    count, total = np.zeros(values.shape[1]), 0
    for sums in flipped_sums(values, exact=exact, draws=draws, seed=seed):
        count += (np.abs(sums) >= observed - 1e-12 * root).sum(0)
        total += len(sums)
    p = count / total if exact else (1 + count) / (1 + total)
    floor = 2.0 ** (1 - n) if exact else 1 / (1 + total)
    reported = values.mean(0) if statistic == "mean" else _t(values)
    method: Literal["exact", "monte carlo"] = "exact" if exact else "monte carlo"
    return tuple(
        ExactTest(float(v), float(q), floor, n, method) for v, q in zip(reported, p, strict=True)
    )


def is_exact(n: int, limit: int) -> bool:
    """Whether all 2**n assignments stay within `limit`."""
    return n < 63 and 2**n <= limit


def root_sum_squares(values: FloatArray, *, where: str) -> FloatArray:
    """Root of each column's sum of squares, the scale that flips leave alone."""
    root = np.sqrt((values**2).sum(0))
    if not root.all():
        raise ProjectError("only zeros", where=where, expected="at least one value that is not 0")
    return root


def flipped_sums(values: FloatArray, *, exact: bool, draws: int, seed: int) -> Iterator[FloatArray]:
    """Column sums of `values` (n x k) under flips of whole rows, in blocks (flips x k).

    Exact: one of each pair of opposite assignments, the observed one among them, since the tests
    are two-sided.
    """
    n, k = values.shape
    if not exact:
        generator = np.random.default_rng(seed)
        size = max(1, _BLOCK // max(n, k))
        for start in range(0, draws, size):
            rows = min(size, draws - start)
            yield (2.0 * generator.integers(0, 2, (rows, n)) - 1) @ values
        return
    # The last units are enumerated once by doubling; the leading ones steer the blocks.
    tail = min(n - 1, max(1, int(np.log2(max(2, _BLOCK // k)))))
    block = np.zeros((1, k))
    for row in values[n - tail :]:
        block = np.concatenate([block + row, block - row])
    head = values[: n - tail]
    lead = head[:1]
    for row in head[1:]:
        lead = np.concatenate([lead + row, lead - row])
    for offset in lead:
        yield block + offset


def _t(values: FloatArray) -> FloatArray:
    spread = values.std(0, ddof=1)
    if (spread <= 1e-14 * np.abs(values).max(0)).any():
        raise ProjectError("all values are equal", where="sign_flip", expected="values that vary")
    return values.mean(0) / (spread / np.sqrt(len(values)))
