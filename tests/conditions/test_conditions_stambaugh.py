"""The bias of Stambaugh (1999) on synthetic months with a planted zero slope, and test sizes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.conditions import predict, stambaugh
from helpers.conditions.stambaugh import persistence
from helpers.project import ProjectError


@pytest.mark.parametrize(("horizon", "step"), [(1, 1), (12, 1), (12, 12)])
def test_a_planted_zero_slope_is_recovered_where_ols_is_biased(
    synthetic_pair, horizon: int, step: int
) -> None:
    found = [
        stambaugh(*synthetic_pair(seed, n=360, rho=0.98, link=-0.9), horizon=horizon, step=step)
        for seed in range(250)
    ]
    ols, corrected = ([getattr(f, name) for f in found] for name in ("ols", "value"))
    error = np.std(ols) / np.sqrt(len(found))
    # Stambaugh (1999): bias = -(1 + 3 rho) / n times cov(e, v) / var(v), here 0.03 * 100 * -0.9.
    expected = 2.7 * (1 + 3 * 0.98) / 360 * (1 if horizon == 1 else 10)
    assert np.mean(ols) == pytest.approx(expected, rel=0.25)
    assert np.mean(ols) > 8 * error
    assert abs(np.mean(corrected)) < 0.3 * np.mean(ols)
    assert np.mean([f.residual_correlation for f in found]) == pytest.approx(-0.9, abs=0.01)


def test_the_correction_is_that_of_amihud_and_hurvich_step_by_step(synthetic_pair) -> None:
    y, x = synthetic_pair(3, n=300, rho=0.9, link=-0.7)
    found = stambaugh(y, x, lags=0)
    before, now = x.to_numpy()[:-1], x.to_numpy()[1:]
    first = sm.OLS(now, sm.add_constant(before)).fit()
    n, rho = len(now), first.params[1]
    corrected = rho + (1 + 3 * rho) / n + 3 * (1 + 3 * rho) / n**2
    innovation = now - corrected * before
    design = sm.add_constant(np.column_stack([before, innovation]))
    second = sm.OLS(100 * y.to_numpy()[1:], design).fit()
    assert found.value == pytest.approx(second.params[1])
    assert found.rho_corrected == pytest.approx(corrected)
    robust = second.get_robustcov_results("HC1").bse[1]
    rho_error = first.bse[1] * (1 + 3 / n + 9 / n**2)
    assert found.se == pytest.approx(np.hypot(robust, second.params[2] * rho_error))


def test_least_squares_is_that_of_predict(synthetic_pair) -> None:
    y, x = synthetic_pair(4, slope=0.2, link=-0.3)
    for per in ("unit", "sd"):
        (plain,) = predict(y, x, horizon=12, per=per, draws=100)
        found = stambaugh(y, x, horizon=12, per=per)
        assert found.ols == pytest.approx(plain.value)
        assert found.bias == pytest.approx(found.ols - found.value)
        assert (found.n, found.windows) == (plain.n, plain.windows)
    assert found.estimate("planted").n == found.windows


def test_a_planted_slope_survives_the_correction(synthetic_pair) -> None:
    y, x = synthetic_pair(5, n=1200, rho=0.95, slope=0.4, link=-0.7)
    found = stambaugh(y, x)
    assert found.low < 0.4 < found.high
    assert found.p < 0.01


def test_a_unit_root_is_clamped_and_said_to_be(synthetic_pair) -> None:
    y, x = synthetic_pair(6)
    walk = pd.Series(np.arange(len(x)) + x.to_numpy() / 100, x.index, name="walk")
    assert stambaugh(y, walk).clamped
    assert persistence(x)[3] is False


def test_refusals(synthetic_pair) -> None:
    y, x = synthetic_pair(7)
    holed = x.copy()
    holed.iloc[9] = np.nan
    with pytest.raises(ProjectError, match="1950-10 is missing"):
        stambaugh(y, holed)
    with pytest.raises(ProjectError, match="step=5"):
        stambaugh(y, x, horizon=12, step=5)
    with pytest.raises(ProjectError, match="lags=1000"):
        stambaugh(y, x, lags=1000)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rho", "link", "most_hac", "most_corrected"),
    [(0.97, 0.0, 0.14, 0.14), (0.98, -0.6, 0.15, 0.12)],
)
def test_size_at_five_percent_over_twelve_months(
    synthetic_pair, rho: float, link: float, most_hac: float, most_corrected: float
) -> None:
    hac, short, hodrick, corrected = [], [], [], []
    for seed in range(300):
        y, x = synthetic_pair(seed, n=900, rho=rho, link=link)
        (found,) = predict(y, x, horizon=12, draws=100)
        hac.append(found.p < 0.05)
        short.append(found.p_short < 0.05)
        hodrick.append(found.p_hodrick < 0.05)
        corrected.append(stambaugh(y, x, horizon=12).p < 0.05)
    # What the docstring of `predict` says: HAC rejects too often, Hodrick holds its size.
    assert 0.05 < np.mean(hac) < most_hac
    assert np.mean(hac) <= np.mean(short) + 0.02
    assert np.mean(hodrick) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert np.mean(corrected) < most_corrected
