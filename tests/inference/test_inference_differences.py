"""The HAC difference against statsmodels, and everything it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.inference import hac_difference
from helpers.project import ProjectError

MONTHS = pd.date_range("1960-01-31", periods=240, freq="ME")


def made_sample(seed: int = 0, missing: bool = False) -> tuple[pd.Series, pd.Series]:
    generator = np.random.default_rng(seed)
    persistent = np.convolve(generator.normal(size=251), np.ones(12), "valid")
    y = generator.normal(0.5, 4, 240) + np.convolve(generator.normal(size=242), np.ones(3), "valid")
    state = pd.Series(persistent > 0, MONTHS).astype("boolean")
    if missing:
        state.iloc[[0, 1, 50, 51, 52, 120, 239]] = pd.NA
    return pd.Series(y, MONTHS), state


@pytest.mark.parametrize("lags", [0, 1, 12])
def test_equals_statsmodels(lags: int) -> None:
    y, state = made_sample()
    fit = sm.OLS(y, sm.add_constant(state.astype(float).rename("state"))).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
    )
    found = hac_difference(y, state, hac_lags=lags)
    low, high = fit.conf_int().loc["state"]
    assert (found.value, found.se) == pytest.approx(
        (fit.params["state"], fit.bse["state"]), rel=1e-10
    )
    assert (found.t, found.p) == pytest.approx(
        (fit.tvalues["state"], fit.pvalues["state"]), rel=1e-10
    )
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-10)
    assert found.mean_false == pytest.approx(fit.params["const"], rel=1e-10)


def test_missing_states_keep_their_place_in_the_calendar() -> None:
    """Rows of zeros weigh nothing in a regression and keep the lags: the same, by statsmodels."""
    y, state = made_sample(missing=True)
    known = state.notna().to_numpy(dtype=float)
    regressors = np.column_stack([known, state.fillna(False).to_numpy(dtype=float)])
    fit = sm.OLS(y.to_numpy() * known, regressors).fit(
        cov_type="HAC", cov_kwds={"maxlags": 12, "use_correction": False}
    )
    found = hac_difference(y, state)
    n = known.sum()
    assert found.se == pytest.approx(fit.bse[1] * np.sqrt(n / (n - 2)), rel=1e-10)
    assert found.value == pytest.approx(y[state.eq(True).fillna(False)].mean() - found.mean_false)
    assert (found.n_excluded, found.n_true + found.n_false) == (7, 233)


def test_missing_is_never_false() -> None:
    y = pd.Series([1.0, 3.0, 100.0, 2.0, 6.0, 5.0], MONTHS[:6])
    state = pd.Series([True, True, pd.NA, False, False, True], MONTHS[:6], dtype="boolean")
    found = hac_difference(y, state, hac_lags=0)
    assert (found.mean_true, found.mean_false, found.value) == (3, 4, -1)
    assert (found.n_true, found.n_false, found.n_excluded) == (3, 2, 1)
    assert (found.switches, found.regimes) == (2, 3)


def test_a_gap_inside_a_run_is_no_switch() -> None:
    y = pd.Series(np.arange(6.0) ** 2, MONTHS[:6])
    state = pd.Series([True, pd.NA, True, False, pd.NA, False], MONTHS[:6], dtype="boolean")
    assert hac_difference(y, state, hac_lags=0).regimes == 2


def test_a_year_is_twelve_times_a_month() -> None:
    y, state = made_sample()
    month, year = hac_difference(y, state), hac_difference(y, state, periods_per_year=12)
    for name in ("value", "se", "low", "high", "mean_true", "mean_false"):
        assert getattr(year, name) == pytest.approx(12 * getattr(month, name), rel=1e-12)
    assert (year.t, year.p) == pytest.approx((month.t, month.p), rel=1e-12)


def test_swapping_the_states_changes_the_sign_alone() -> None:
    y, state = made_sample(missing=True)
    one, other = hac_difference(y, state), hac_difference(y, ~state)
    assert (other.value, other.se) == pytest.approx((-one.value, one.se), rel=1e-12)
    assert other.regimes == one.regimes


def test_only_shared_dates_are_compared() -> None:
    y, state = made_sample()
    assert hac_difference(y, state.iloc[40:]) == hac_difference(y.iloc[40:], state.iloc[40:])


def refused(y: pd.Series, state: pd.Series, says: str, **options: object) -> None:
    with pytest.raises(ProjectError, match=says) as caught:
        hac_difference(y, state, **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_bad_input_gets_one_clear_line() -> None:
    y, state = made_sample()
    refused(y, state | True, "never False in 240 rows, so it has no switch")
    refused(y, state & False, "never True")
    refused(y, state.mask(state.index > "1900", pd.NA), "never True")
    refused(y, state.astype(float), "dtype float64")
    refused(y, state.astype(object), "dtype object")
    refused(y, pd.concat([state, state.iloc[:1]]), "1960-01-31 appears twice")
    refused(pd.concat([y, y.iloc[:1]]), state, "1960-01-31 appears twice")
    refused(y.iloc[::-1], state, "not in order")
    refused(y.drop(MONTHS[7]), state, "y has no row for 1960-08-31")
    refused(y, state.drop(MONTHS[7]), "state has no row for 1960-08-31")
    refused(y.mask(y.index == MONTHS[3]), state, "1 missing")
    refused(y, state.rename(lambda day: day + pd.Timedelta(1, "h")), "share no date")
    refused(y, state, "240 known rows with 238 lags", hac_lags=238)
    refused(y, state, "lags", hac_lags=-1)
    refused(y, state, "periods_per_year=0", periods_per_year=0)
    refused(y, state, "level=1.5", level=1.5)
    refused(y * 0 + 1, state, "does not vary")
