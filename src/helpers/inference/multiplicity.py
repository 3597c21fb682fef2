"""Adjusting p-values for the number of questions asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests

from helpers.inference._checks import FloatArray, finite_sample, require_draws
from helpers.inference.exact import flipped_sums, is_exact, root_sum_squares
from helpers.project import ProjectError


def holm(p: ArrayLike) -> FloatArray:
    """Holm (1979) step-down adjusted p (m,): family-wise error, under any dependence.

    Raises
    ------
    ProjectError : a p that is missing or outside 0 to 1.
    """
    return _adjusted(p, "holm")


def benjamini_hochberg(p: ArrayLike) -> FloatArray:
    """Benjamini-Hochberg (1995) adjusted p (m,): false discovery rate, positive dependence.

    Raises
    ------
    ProjectError : a p that is missing or outside 0 to 1.
    """
    return _adjusted(p, "fdr_bh")


def romano_wolf(x: ArrayLike, *, draws: int = 20_000, seed: int = 0) -> FloatArray:
    """Step-down max-t adjusted p of zero means, one a column of `x` (events x hypotheses).

    Romano and Wolf (2005, studentised; p-values as in their note of 2016), with signs flipped event
    by event, which keeps the dependence between hypotheses: all 2**n flips when they are no more
    than `draws`, else `draws` random ones with the +1 correction. Returns shape (hypotheses,).

    Raises
    ------
    ProjectError : fewer than two events, a missing value, a column of zeros, no draws.
    """
    values = finite_sample(x, where="romano_wolf", ndim=2)
    require_draws(draws, where="romano_wolf")
    exact = is_exact(len(values), draws)
    # t = r * sqrt((n - 1) / (1 - r**2)) rises with r, so the maxima of |r| are those of |t|.
    scale = np.sqrt(len(values)) * root_sum_squares(values, where="romano_wolf")
    observed = np.abs(values.sum(0)) / scale
    order = np.argsort(-observed, kind="stable")
    count, total = np.zeros(len(order)), 0
    for sums in flipped_sums(values, exact=exact, draws=draws, seed=seed):
        ranked = (np.abs(sums) / scale)[:, order]
        maxima = np.maximum.accumulate(ranked[:, ::-1], axis=1)[:, ::-1]
        count += (maxima >= observed[order] - 1e-12).sum(0)
        total += len(sums)
    p = count / total if exact else (1 + count) / (1 + total)
    adjusted = np.empty(len(order))
    adjusted[order] = np.maximum.accumulate(p)
    return adjusted


def _adjusted(p: ArrayLike, method: str) -> FloatArray:
    values = finite_sample(p, where=method, least=1)
    if ((values < 0) | (values > 1)).any():
        raise ProjectError("a p outside 0 to 1", where=method, expected="probabilities")
    return np.asarray(multipletests(values, method=method)[1], dtype=float)
