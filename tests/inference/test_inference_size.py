"""How often a true null is rejected at 5%, with regimes and returns as persistent as those found.

Synthetic data only. The state is "the 12-month rate of a simulated price index rose over 6 months":
about 135 switches in 888 months, as the consumer price index has in 1947-2020. Returns have first
autocorrelation 0.2 and GARCH(1,1) variance. Measured at 5%, in percent (2,000 samples, bootstrap
and shifted t 1,000 with 500 draws; Monte Carlo error 0.5 and 0.7 points):

    regimes                                        HAC(12)  bootstrap  shift  shift of t
    found: 134 switches, independent of returns       6.3        6.3    5.2         5.2
    volatile: half as volatile again when True        6.0        6.5    5.3         5.2
    slow: 43 switches                                 5.9        6.6    5.3         5.0
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter

from helpers.inference import bootstrap_difference, circular_shift, hac_difference

MONTHS = pd.date_range("1947-01-31", periods=888, freq="ME")
N = len(MONTHS)


def simulated_state(generator: np.random.Generator, slow: bool) -> NDArray[np.bool_]:
    """Rising inflation: about 135 switches, or about 45 when `slow`."""
    drift = lfilter([1], [1, -0.9], generator.normal(0, 0.1, N + 100))
    monthly = drift + (0 if slow else 0.5) * generator.normal(size=N + 100)
    rate = np.convolve(monthly, np.ones(12), "valid")
    change = rate[6:] - rate[:-6] if not slow else np.convolve(rate[12:] - rate[:-12], np.ones(12))
    return change[30 : 30 + N] > 0


def simulated_returns(
    generator: np.random.Generator, volatility: NDArray[np.float64]
) -> NDArray[np.float64]:
    """AR(1) with 0.2 and GARCH(1,1) with 0.1 and 0.88, unit variance, times `volatility`."""
    shocks, variance, past = generator.normal(size=N), 1.0, 0.0
    noise = np.empty(N)
    for t in range(N):
        variance = 0.02 + 0.1 * past**2 + 0.88 * variance
        past = noise[t] = shocks[t] * np.sqrt(variance)
    return 5 * volatility * lfilter([1], [1, -0.2], noise)


def sample(seed: int, case: str) -> tuple[pd.Series, pd.Series]:
    generator = np.random.default_rng([seed, 7])
    state = simulated_state(generator, slow=case == "slow")
    volatility = np.where(state & (case == "volatile"), 1.5, 1.0)
    y = simulated_returns(generator, volatility)
    return pd.Series(y, MONTHS), pd.Series(state, MONTHS)


def test_the_simulated_regimes_are_as_persistent_as_those_found() -> None:
    switches = [np.diff(sample(seed, "found")[1]).sum() for seed in range(30)]
    assert 110 < np.mean(switches) < 160


@pytest.mark.slow
@pytest.mark.parametrize("case", ["found", "volatile", "slow"])
def test_size_at_five_percent(case: str) -> None:
    hac, shift, shift_t, bootstrap = [], [], [], []
    for seed in range(600):
        y, state = sample(seed, case)
        hac.append(hac_difference(y, state).p < 0.05)
        shift.append(circular_shift(y, state).p <= 0.05)
        if seed < 300:
            shift_t.append(circular_shift(y, state, statistic="t").p <= 0.05)
            interval = bootstrap_difference(y, state, draws=400, seed=seed)
            bootstrap.append(interval.low > 0 or interval.high < 0)
    error = np.sqrt(0.05 * 0.95 / 600)
    # Shifts hold their size; HAC and bootstrap reject 1 to 2 points too often, and not more.
    assert abs(np.mean(shift) - 0.05) < 3 * error
    assert abs(np.mean(shift_t) - 0.05) < 3 * np.sqrt(2) * error
    assert 0.05 - 3 * error < np.mean(hac) < 0.065 + 3 * error
    assert 0.05 - 3 * np.sqrt(2) * error < np.mean(bootstrap) < 0.065 + 3 * np.sqrt(2) * error
