"""Power and minimum detectable effects against statsmodels, closed forms and direct simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import TTestPower

from helpers.inference import (
    hac_difference,
    mde_event_mean,
    minimum_detectable_effect,
    power_event_mean,
    power_regime_difference,
    sign_flip,
)
from helpers.project import ProjectError

MONTHS = pd.date_range("1960-01-31", periods=300, freq="ME")


def test_the_multiplier_of_bloom() -> None:
    assert minimum_detectable_effect(2.0) == pytest.approx(2 * 2.801585, abs=1e-6)
    assert minimum_detectable_effect(1.0, df=6) == pytest.approx(2.446912 + 0.905703, abs=1e-6)


@pytest.mark.parametrize(("n", "effect"), [(2, 1.0), (7, 0.0), (7, 1.5), (10, -2.0), (40, 60.0)])
def test_noncentral_t_is_that_of_statsmodels(n: int, effect: float) -> None:
    reference = TTestPower().power(abs(effect) / 2, n, 0.05)
    assert power_event_mean(n, 2.0, effect) == pytest.approx(reference, rel=1e-8)


def test_the_detectable_mean_is_that_of_statsmodels() -> None:
    reference = TTestPower().solve_power(nobs=7, alpha=0.05, power=0.8)
    assert mde_event_mean(7, 3.0) == pytest.approx(3 * reference, rel=1e-5)


def test_simulation_agrees_with_the_noncentral_t() -> None:
    exact = power_event_mean(7, 1.0, 1.2)
    found = power_event_mean(7, 1.0, 1.2, method="simulated_t", draws=40_000)
    assert found == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 40_000))
    mde = mde_event_mean(7, 1.0, method="simulated_t", draws=40_000)
    assert mde == pytest.approx(mde_event_mean(7, 1.0), rel=0.02)


def test_simulated_sign_flip_is_the_sign_flip_test() -> None:
    samples = np.random.default_rng(3).normal(0, 1, (8, 300)) + 0.9
    rejected = np.mean([sign_flip(column).p <= 0.05 for column in samples.T])
    found = power_event_mean(8, 1.0, 0.9, method="simulated_sign_flip", draws=300, seed=3)
    assert found == rejected
    assert 0.2 < found < 0.9


def test_five_events_can_never_reach_five_percent_by_sign_flip() -> None:
    assert power_event_mean(5, 1.0, 100.0, method="simulated_sign_flip", draws=200) == 0
    with pytest.raises(ProjectError, match=r"smallest p of 5 events is 0\.0625"):
        mde_event_mean(5, 1.0, method="simulated_sign_flip")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"n": 1}, "n=1"),
        ({"sd": 0}, "sd=0"),
        ({"alpha": 5}, "alpha=5"),
        ({"method": "magic"}, "noncentral_t"),
        ({"method": "simulated_sign_flip", "n": 20}, "at most 14"),
        ({"power": 0.04}, "power=0.04"),
    ],
)
def test_bad_designs_are_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(ProjectError, match=says):
        mde_event_mean(**{"n": 7, "sd": 1.0, **options})  # type: ignore[arg-type]


def test_a_bad_standard_error_is_refused() -> None:
    with pytest.raises(ProjectError, match="se=nan"):
        minimum_detectable_effect(float("nan"))


def made_state(generator: np.random.Generator) -> pd.Series:
    persistent = np.convolve(generator.normal(size=311), np.ones(12), "valid")
    return pd.Series(persistent > 0, MONTHS)


def test_regime_power_is_that_of_fresh_samples() -> None:
    """Planted truth: independent normal returns, where power can be simulated directly."""
    generator = np.random.default_rng(8)
    state = made_state(generator)
    effect = 1.6
    found = power_regime_difference(
        pd.Series(generator.normal(0, 4, 300), MONTHS), state, [0, effect, 3.2], draws=3000
    )
    direct = np.mean(
        [
            hac_difference(pd.Series(generator.normal(0, 4, 300), MONTHS) + effect * state, state).p
            < 0.05
            for _ in range(600)
        ]
    )
    # The one sample's standard deviation differs from 4 by about 4%, hence the width.
    assert found.power[1] == pytest.approx(direct, abs=0.09)
    assert found.power[0] == found.size
    assert 0.05 <= found.size < 0.11
    assert found.power[2] > 0.99


def test_regime_mde_is_found_with_the_stated_power_and_near_the_closed_form() -> None:
    generator = np.random.default_rng(9)
    state = made_state(generator)
    y = pd.Series(generator.normal(0, 4, 300), MONTHS) + 5 * state
    first = power_regime_difference(y, state, [0], draws=1000)
    again = power_regime_difference(y, state, [first.mde], draws=1000)
    assert again.power[0] == pytest.approx(0.8, abs=0.003)
    closed = minimum_detectable_effect(hac_difference(y, state).se)
    assert first.mde == pytest.approx(closed, rel=0.15)
    year = power_regime_difference(y, state, [0], draws=1000, periods_per_year=12)
    assert year.mde == pytest.approx(12 * first.mde, rel=1e-10)


def test_regime_power_rises_with_the_effect_and_its_size_is_near_nominal() -> None:
    """Planted truth: returns that depend on their past, regimes as long as those of inflation."""
    generator = np.random.default_rng(21)
    state = made_state(generator)
    noise = generator.normal(0, 4, 301)
    y = pd.Series(noise[1:] + 0.2 * noise[:-1], MONTHS)
    found = power_regime_difference(y, state, [0, 0.5, 1, 2, 4], draws=1500, seed=2)
    assert (np.diff(found.power) > 0).all()
    assert 0.03 < found.size < 0.10
    opposite = power_regime_difference(y, state, [-2], draws=1500, seed=2)
    assert opposite.power[0] == pytest.approx(found.power[3], abs=0.05)


def test_a_difference_already_there_is_no_power() -> None:
    """What the sample itself shows is taken out before anything is planted."""
    state = made_state(np.random.default_rng(4))
    y = pd.Series(np.random.default_rng(5).normal(0, 4, 300), MONTHS)
    plain = power_regime_difference(y, state, [1.0], draws=500)
    shifted = power_regime_difference(y + 20 * state, state, [1.0], draws=500)
    assert shifted.power[0] == pytest.approx(plain.power[0], abs=1e-12)
    assert shifted.size == pytest.approx(plain.size, abs=1e-12)


def test_regime_power_refuses_effects_that_are_missing() -> None:
    state = made_state(np.random.default_rng(1))
    with pytest.raises(ProjectError, match="effects"):
        power_regime_difference(pd.Series(np.arange(300.0), MONTHS), state, [np.nan])
