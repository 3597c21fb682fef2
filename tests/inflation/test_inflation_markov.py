"""Filtered probabilities: planted states found, Hamilton's recursion by hand, no look-ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.inflation import filtered_probability
from helpers.inflation.markov import _estimated
from helpers.project import ProjectError


def planted(months: int = 240) -> tuple[pd.Series, np.ndarray]:
    """Synthetic: 2% (sd 0.5) and 7% (sd 1), 40 months each, by turns."""
    high = (np.arange(months) // 40) % 2 == 1
    noise = np.random.default_rng(7).normal(size=months)
    values = np.where(high, 7 + noise, 2 + 0.5 * noise)
    return pd.Series(values, pd.date_range("1960-01-31", periods=months, freq="ME")), high


def test_planted_states_are_found() -> None:
    rate, high = planted()
    found = filtered_probability(rate, first="1968-01", step_months=36)
    assert found.index[0] == pd.Timestamp("1968-01-31")
    assert len(found) == 240 - 96
    assert ((found > 0.5).to_numpy() == high[96:]).mean() > 0.97


def test_one_estimation_is_hamiltons_filter() -> None:
    rate, _ = planted(120)
    found = filtered_probability(rate, first="1969-01", step_months=200)
    estimate = _estimated(rate.iloc[:109])
    stay, enter = estimate["p[0->0]"], estimate["p[1->0]"]
    moves = np.array([[stay, enter], [1 - stay, 1 - enter]])  # column: from
    probability = np.array([enter, 1 - stay]) / (1 - stay + enter)
    by_hand = []
    for value in rate:
        density = [
            stats.norm.pdf(value, estimate[f"const[{k}]"], np.sqrt(estimate[f"sigma2[{k}]"]))
            for k in (0, 1)
        ]
        probability = moves @ probability * density
        probability /= probability.sum()
        by_hand.append(probability[int(estimate["const[1]"] > estimate["const[0]"])])
    assert found.to_numpy() == pytest.approx(by_hand[108:], abs=1e-8)


def test_no_look_ahead() -> None:
    rate, _ = planted()
    before = filtered_probability(rate, first="1970-01", step_months=60)
    t = rate.index[200]
    altered = rate.where(rate.index <= t, 9.0 - rate)
    after = filtered_probability(altered, first="1970-01", step_months=60)
    pd.testing.assert_series_equal(after.loc[:t], before.loc[:t])
    assert not np.allclose(after.loc[t:].iloc[1:], before.loc[t:].iloc[1:])


def test_a_missing_month_has_no_probability() -> None:
    rate, _ = planted(160)
    rate.iloc[130] = np.nan
    found = filtered_probability(rate, first="1969-01", step_months=100)
    assert found.index[found.isna()].tolist() == [rate.index[130]]
    assert len(found) == 160 - 108


def test_refused() -> None:
    rate, _ = planted()
    with pytest.raises(ProjectError, match="24 of 240 months come before 1962-01"):
        filtered_probability(rate, first="1962-01")
    with pytest.raises(ProjectError, match="240 of 240 months"):
        filtered_probability(rate, first="1999-01")
    with pytest.raises(ProjectError, match="step_months: 0 months"):
        filtered_probability(rate, first="1970-01", step_months=0)
    with pytest.raises(ProjectError, match="has no row"):
        filtered_probability(rate.drop(rate.index[3]), first="1970-01")
