"""Predictive regressions against statsmodels, and on synthetic months with a planted slope."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.conditions import after_months, predict, table
from helpers.conditions._rows import future_sum
from helpers.project import ProjectError


def by_hand(y: pd.Series, x: pd.DataFrame, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    rows = range(len(y) - horizon)
    ahead = np.array([100 * y.iloc[t + 1 : t + 1 + horizon].sum() for t in rows])
    return ahead, sm.add_constant(x.to_numpy()[: len(ahead)])


@pytest.mark.parametrize("horizon", [1, 3, 12])
def test_slopes_and_hac_errors_are_those_of_statsmodels(synthetic_pair, horizon: int) -> None:
    y, x = synthetic_pair(1, slope=0.3)
    other = pd.Series(np.random.default_rng(5).normal(size=len(x)), x.index, name="other")
    both = pd.concat([x, other], axis=1)
    ahead, design = by_hand(y, both, horizon)
    found = predict(y, both, horizon=horizon, draws=100)
    for lags, field, p in ((found[0].long_lags, "se", None), (horizon - 1, "se_short", "p_short")):
        theirs = sm.OLS(ahead, design).fit(
            cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
        )
        assert [s.value for s in found] == pytest.approx(theirs.params[1:])
        assert [getattr(s, field) for s in found] == pytest.approx(theirs.bse[1:])
        if p:
            assert [getattr(s, p) for s in found] == pytest.approx(theirs.pvalues[1:])
    assert found[0].r2 == pytest.approx(theirs.rsquared)
    assert found[0].jointly_with == ("other",)


def test_windows_apart_are_every_hth_row_with_hc3(synthetic_pair) -> None:
    y, x = synthetic_pair(2)
    ahead, design = by_hand(y, x.to_frame(), 6)
    theirs = sm.OLS(ahead[::6], design[::6]).fit(cov_type="HC3", use_t=True)
    (found,) = predict(y, x, horizon=6, draws=100)
    assert found.apart == pytest.approx(theirs.params[1])
    assert (found.apart_low, found.apart_high) == pytest.approx(tuple(theirs.conf_int()[1]))
    assert found.apart_least <= found.apart <= found.apart_most
    assert found.windows == found.n // 6 == 99


def test_hodrick_over_one_month_is_white_under_the_null(synthetic_pair) -> None:
    y, x = synthetic_pair(3)
    ahead, design = by_hand(y, x.to_frame(), 1)
    score = design * (ahead - ahead.mean())[:, None]
    bread = np.linalg.inv(design.T @ design)
    (found,) = predict(y, x, horizon=1, draws=100)
    assert found.se_hodrick == pytest.approx(np.sqrt((bread @ score.T @ score @ bread)[1, 1]))


def test_a_planted_slope_is_found_by_every_method(synthetic_pair) -> None:
    y, x = synthetic_pair(4, n=1200, rho=0.5, slope=0.5)
    (found,) = predict(y, x, horizon=3, draws=300)
    planted = 0.5 * (1 + 0.5 + 0.25)
    assert found.low < planted < found.high
    assert found.boot_low < planted < found.boot_high
    assert found.p_cautious < 0.01
    assert found.p_cautious == max(found.p, found.p_hodrick)
    (scaled,) = predict(y, x, horizon=3, per="sd", draws=300)
    assert scaled.value == pytest.approx(found.value * found.sd)
    assert scaled.p == pytest.approx(found.p)


def test_months_after_the_window_do_not_matter(synthetic_pair) -> None:
    y, x = synthetic_pair(5)
    cut = 400
    corrupt = y.copy()
    corrupt.iloc[cut + 1 :] = 9.9
    for series in (y, corrupt):
        ahead = future_sum(series, 6)
        assert ahead.iloc[: cut - 5].equals(future_sum(y.iloc[: cut + 1], 6).iloc[: cut - 5])
    # A predictor of the months that follow the last finished window is never used.
    late = x.copy()
    late.iloc[-6:] = 1e6
    assert predict(y, late, horizon=6, draws=100) == predict(y, x, horizon=6, draws=100)


def test_the_return_of_the_predictors_own_month_is_not_explained(synthetic_pair) -> None:
    y, _ = synthetic_pair(6)
    (found,) = predict(y, y.rename("itself"), horizon=1, draws=100)
    assert abs(found.value) < 15  # 100 per unit if a month explained itself


def test_missing_predictors_are_counted_and_lags_keep_to_the_calendar(synthetic_pair) -> None:
    y, x = synthetic_pair(7)
    holed = x.copy()
    holed.iloc[[100, 101, 300]] = np.nan
    (found,) = predict(y, holed, horizon=3, draws=100)
    assert (found.excluded, found.n) == (3, len(y) - 3 - 3)
    ahead, design = by_hand(y, x.to_frame(), 3)
    keep = np.ones(len(ahead), bool)
    keep[[100, 101, 300]] = False
    fit = sm.OLS(ahead[keep], design[keep]).fit()
    score = np.zeros_like(design)
    score[keep] = design[keep] * fit.resid[:, None]
    middle = score.T @ score
    for lag in (1, 2):
        gamma = score[lag:].T @ score[:-lag]
        middle += (1 - lag / 3) * (gamma + gamma.T)
    bread = np.linalg.inv(design[keep].T @ design[keep])
    expected = np.sqrt((bread @ middle @ bread)[1, 1] * keep.sum() / (keep.sum() - 2))
    assert found.se_short == pytest.approx(expected)


def test_table_and_estimate(synthetic_pair) -> None:
    y, x = synthetic_pair(8)
    slopes = [s for h in (1, 3) for s in predict(y, x, horizon=h, draws=100)]
    frame = table(slopes)
    assert frame["horizon"].tolist() == [1, 3]
    assert frame.drop(columns="jointly_with").notna().all(axis=None)
    estimate = slopes[1].estimate("planted")
    assert (estimate.n, estimate.n_of) == (199, "windows")
    assert "points over 3 months" in estimate.unit


def test_refusals(synthetic_pair) -> None:
    y, x = synthetic_pair(9)
    holed = y.copy()
    holed.iloc[50] = np.nan
    cases = [
        (holed, x, {}, "1954-03 is missing"),
        (y, x * 0 + 1, {}, "does not vary"),
        (y, pd.concat([x, 2 * x.rename("twice")], axis=1), {}, "collinear"),
        (y, x.replace(x.iloc[5], np.inf), {}, "infinite"),
        (y, x.drop(x.index[7]), {}, "row 7"),
        (y, x, {"horizon": 0}, "horizon=0"),
        (y, x, {"horizon": 120}, "8 windows"),
        (y, x, {"long_lags": 1}, "long_lags=1"),
        (y, x, {"per": "month"}, "per='month'"),
    ]
    for first, second, options, message in cases:
        with pytest.raises(ProjectError, match=message):
            predict(first, second, **({"horizon": 3, "draws": 100} | options))


def test_after_planted_months_a_planted_rise_is_found() -> None:
    months = pd.date_range("1950-01-31", periods=600, freq="ME")
    y = pd.Series(np.random.default_rng(0).normal(0, 0.02, 600), months, name="planted")
    chosen = months[20:580:40]
    y.loc[months[21:581:40]] += 0.05
    found = after_months(y, chosen, horizon=1)
    assert found.low < 5 < found.high + 1
    assert found.p < 0.01
    assert found.p_sign_flip < 0.01
    assert (found.n, found.overlapping, found.left_out) == (14, 0, ())
    long = after_months(y, chosen, horizon=60)
    assert (long.n, long.overlapping, long.left_out) == (13, 12, (chosen[-1],))
    with pytest.raises(ProjectError, match="out of order"):
        after_months(y, chosen[::-1], horizon=1)
    with pytest.raises(ProjectError, match="chosen months"):
        after_months(y, chosen[:2], horizon=1)
