"""Adjusted p-values against hand calculation and a direct, slow implementation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from helpers.inference import benjamini_hochberg, holm, romano_wolf, sign_flip
from helpers.project import ProjectError


def romano_wolf_directly(x: np.ndarray) -> np.ndarray:
    """Step-down max |t| by its definition: one loop over flips, one over steps."""
    n, m = x.shape

    def t(sample: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return np.abs(sample.mean(0) / (sample.std(0, ddof=1) / np.sqrt(n)))

    observed = t(x)
    flipped = [t(np.array(s)[:, None] * x) for s in itertools.product((1, -1), repeat=n)]
    adjusted, remaining, largest = np.empty(m), list(range(m)), 0.0
    while remaining:
        best = max(remaining, key=lambda j: observed[j])
        reached = [f[remaining].max() >= observed[best] * (1 - 1e-10) for f in flipped]
        largest = adjusted[best] = max(largest, float(np.mean(reached)))
        remaining.remove(best)
    return adjusted


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.7]) == pytest.approx([1, 1])


def test_benjamini_hochberg_by_hand() -> None:
    # Sorted 0.005, 0.01, 0.03, 0.04 times 4/rank: 0.02, 0.02, 0.04, 0.04.
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])


@pytest.mark.parametrize("seed", range(4))
def test_romano_wolf_is_that_of_the_definition(seed: int) -> None:
    generator = np.random.default_rng(seed)
    x = generator.normal(0.6, 1, (8, 5)) + generator.normal(0, 1, (8, 1))
    assert romano_wolf(x) == pytest.approx(romano_wolf_directly(x), rel=1e-12)


def test_romano_wolf_of_one_hypothesis_is_the_sign_flip() -> None:
    x = np.random.default_rng(9).normal(0.5, 1, 9)
    assert romano_wolf(x[:, None])[0] == sign_flip(x).p


def test_romano_wolf_of_copies_pays_nothing() -> None:
    x = np.random.default_rng(2).normal(0.7, 1, (7, 1))
    assert romano_wolf(np.repeat(x, 6, axis=1)) == pytest.approx([sign_flip(x[:, 0]).p] * 6)


def test_romano_wolf_by_random_flips_agrees_with_all_flips() -> None:
    x = np.random.default_rng(11).normal(0.5, 1, (12, 4))
    assert romano_wolf(x, draws=4000, seed=3) == pytest.approx(romano_wolf(x), abs=0.03)
    assert romano_wolf(x + 9, draws=999) == pytest.approx([1 / 1000] * 4, abs=3 / 1000)


def test_family_error_holds_under_the_null() -> None:
    generator = np.random.default_rng(21)
    common = generator.normal(size=(600, 8, 1))
    samples = common + generator.normal(size=(600, 8, 4))
    rejected = np.mean([romano_wolf(x).min() <= 0.05 for x in samples])
    assert 0.02 < rejected < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 600)


@pytest.mark.parametrize("p", [[0.1, np.nan], [1.2], [-0.1], []])
@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_bad_p_values_are_refused(adjust: object, p: list[float]) -> None:
    with pytest.raises(ProjectError):
        adjust(p)  # type: ignore[operator]


def test_romano_wolf_refuses_a_column_of_zeros() -> None:
    with pytest.raises(ProjectError, match="only zeros"):
        romano_wolf([[1.0, 0.0], [2.0, 0.0]])
