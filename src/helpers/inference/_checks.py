"""What every function of this room asks of its input."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from helpers.project import ProjectError

FloatArray = NDArray[np.float64]


def finite_sample(x: ArrayLike, *, where: str, ndim: int = 1, least: int = 2) -> FloatArray:
    """`x` as floats: of `ndim` dimensions, at least `least` rows, every value finite."""
    values = np.asarray(x, dtype=float)
    if values.ndim != ndim or values.size == 0:
        raise ProjectError(
            f"an array of shape {values.shape}",
            where=where,
            expected=f"{ndim} dimension(s), filled",
        )
    if len(values) < least:
        raise ProjectError(
            f"{len(values)} observation(s)", where=where, expected=f"at least {least}"
        )
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        raise ProjectError(
            f"{len(bad)} missing or infinite value(s), the first at position {tuple(map(int, bad[0]))}",
            where=where,
            expected="finite numbers",
            mend="leave the unit out and say so among the exclusions",
        )
    return values


def require_draws(draws: int, *, where: str, least: int = 1) -> None:
    """Refuse fewer than `least` simulated samples."""
    if draws < least:
        raise ProjectError(f"draws={draws}", where=where, expected=f"at least {least}")


def probability(value: float, *, name: str, where: str) -> float:
    """`value`, strictly between 0 and 1."""
    if not 0 < value < 1:
        raise ProjectError(f"{name}={value}", where=where, expected="a number between 0 and 1")
    return value
