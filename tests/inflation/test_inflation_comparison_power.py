"""Power beside each comparison: its keys, its samples, and a planted difference that is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.inference import power_regime_difference
from helpers.inflation import compare_regimes, power_to_find

MONTHS = pd.date_range("1947-01-31", "2020-12-31", freq="ME", unit="us")


def test_each_comparison_has_its_power() -> None:
    """Synthetic returns, one noisy and one quiet, eight months up and seven down."""
    generator = np.random.default_rng(6)
    rising = pd.Series(np.arange(len(MONTHS)) % 15 < 8, MONTHS).astype("boolean")
    outcomes = pd.DataFrame(
        {"noisy": generator.normal(0, 0.06, 888), "quiet": generator.normal(0, 0.006, 888)},
        index=MONTHS,
    )
    found, _ = compare_regimes(
        outcomes, rising, labels={"noisy": "noisy", "quiet": "quiet"}, sample_starts=[1947, 1990],
        sample_end="2020-12", hac_lags=12, min_shift=24, draws=200, seed=1,
    )  # fmt: skip
    power = power_to_find(found, outcomes, rising, effect=5.0, seed=3, draws=400)
    assert list(power.index) == ["noisy_1947", "noisy_1990", "quiet_1947", "quiet_1990"]
    assert power.loc["quiet_1947", "power"] > 0.99
    assert power.loc["noisy_1990", "power"] < power.loc["noisy_1947", "power"] < 0.5
    assert power["size"].between(0.02, 0.12).all()
    assert (power["switches"] == power["regimes"] - 1).all()
    alone = power_regime_difference(
        100 * outcomes["noisy"].loc["1990":], rising.loc["1990":], [5.0],
        draws=400, seed=3, periods_per_year=12,
    )  # fmt: skip
    assert power.loc["noisy_1990", "power"] == pytest.approx(alone.power[0])
    by_error = [each.mde for each in found]
    assert power["mde"].to_numpy() == pytest.approx(by_error, rel=0.2)
