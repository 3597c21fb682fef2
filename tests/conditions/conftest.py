"""Synthetic months with planted truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter


@pytest.fixture
def synthetic_pair():
    """Returns and a persistent predictor: y(t+1) = slope x(t) + e, x an AR(1), corr(e, v) = link."""

    def make(
        seed: int, n: int = 600, rho: float = 0.95, slope: float = 0.0, link: float = 0.0
    ) -> tuple[pd.Series, pd.Series]:
        noise = np.random.default_rng([seed, 11]).normal(size=(n + 300, 2))
        x = lfilter([1], [1, -rho], noise[:, 0])
        e = link * noise[:, 0] + np.sqrt(1 - link**2) * noise[:, 1]
        y = 0.03 * e + slope * np.r_[0, x[:-1]] / 100
        months = pd.date_range("1950-01-31", periods=n, freq="ME")
        return (
            pd.Series(y[300:], months, name="planted_return"),
            pd.Series(x[300:], months, name="planted_predictor"),
        )

    return make
