"""Tests over events: the numbers of `helpers.inference`, planted effects, and size by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.eventstudy import run
from helpers.inference import sign_flip, t_mean

DAYS = pd.bdate_range("1990-01-01", periods=2400)
AT = np.arange(300, 2300, 280)  # eight events that share no day
EVENTS = pd.DataFrame({"event_id": [f"e{i}" for i in range(len(AT))], "date": DAYS[AT]})
SETTING = {"estimation": (-120, -11), "window": (-5, 20)}


def planted(seed: int, effect: float = 0.0, assets: int = 3) -> tuple[pd.DataFrame, pd.Series]:
    """Returns with betas of 1, noise of 1% a day and `effect` on day 0 of each event."""
    generator = np.random.default_rng(seed)
    market = pd.Series(generator.normal(0, 0.01, len(DAYS)), DAYS)
    noise = generator.normal(0, 0.01, (len(DAYS), assets))
    noise[AT] += effect
    return pd.DataFrame(noise + market.to_numpy()[:, None], DAYS, list("abcdef")[:assets]), market


def row_of(tests: pd.DataFrame, asset: str, window: tuple[int, int], statistic: str) -> pd.Series:
    chosen = [each == window for each in tests["window"]]
    found = tests[chosen].query("asset == @asset and statistic == @statistic and level == 'event'")
    assert len(found) == 1
    return found.iloc[0]


def test_the_tests_are_those_of_the_inference_room() -> None:
    returns, market = planted(1, 0.004)
    returns.iloc[AT[2] + 10, 1] = np.nan  # asset b loses one event in the long windows
    study = run(returns, EVENTS, market=market, **SETTING)
    for window in study.spans.car_windows:
        chosen = [each == window for each in study.car.index.get_level_values("window")]
        cars = study.car[chosen].assign(**{"(mean)": study.car[chosen].mean(axis=1)})
        for asset in cars:
            values = cars[asset].dropna()
            t, flip = t_mean(values), sign_flip(values, statistic="t")
            found = row_of(study.tests, asset, window, "t_event")
            assert (found["value"], found["p"]) == pytest.approx((t.t, t.p), rel=1e-10)
            assert (found["df"], found["n"]) == (t.df, t.n)
            exact = row_of(study.tests, asset, window, "sign_flip")
            assert (exact["value"], exact["p"], exact["p_floor"]) == pytest.approx(
                (flip.value, flip.p, 2 / 2**flip.n), rel=1e-10
            )
            assert "exact" in exact["note"]
    assert row_of(study.tests, "b", (0, 20), "t_event")["n"] == 7
    assert row_of(study.tests, "b", (0, 1), "t_event")["n"] == 8
    assert study.min_attainable_p == 2 / 256


def test_the_pooled_t_takes_every_unit() -> None:
    returns, market = planted(6)
    study = run(returns, EVENTS, market=market, car_windows=[(0, 5)], **SETTING)
    test = stats.ttest_1samp(study.car.to_numpy().ravel(), 0)
    found = study.tests.query("statistic == 't_cross'").squeeze()
    assert (found["statistic"], found["asset"], found["n"]) == ("t_cross", "(all)", 24)
    assert (found["value"], found["p"]) == pytest.approx((test.statistic, test.pvalue))


def test_a_planted_effect_is_found_where_it_was_put() -> None:
    returns, market = planted(2, 0.03)
    study = run(returns, EVENTS, market=market, **SETTING)
    by_day = study.abnormal.mean(axis=1).groupby("day").mean()
    assert by_day[0] == pytest.approx(0.03, abs=0.006)  # 3 standard errors of 24 units
    assert by_day.drop(0).abs().max() < 0.008
    assert row_of(study.tests, "(mean)", (0, 0), "t_event")["p"] < 1e-4
    assert row_of(study.tests, "(mean)", (0, 0), "sign_flip")["p"] == 2 / 256
    assert row_of(study.tests, "(mean)", (1, 20), "t_event")["p"] > 0.05


def test_fewer_than_two_events_is_no_test() -> None:
    returns, market = planted(3)
    study = run(returns[["a"]], EVENTS.iloc[:1], market=market, **SETTING)
    over_events = study.tests[study.tests["statistic"] != "sq"]  # that one asks of one event
    assert over_events["value"].isna().all()
    assert over_events["note"].str.contains("two").all()
    assert (over_events["n"] == 1).all()


def test_standardized_returns_are_standard() -> None:
    """Students' t with L - 2 degrees of freedom: variance 108/106 with L = 110."""
    returns, market = planted(4, assets=6)
    study = run(returns, EVENTS, market=market, **SETTING)
    values = study.standardized.to_numpy().ravel()
    assert stats.kstest(values, stats.t(108).cdf).pvalue > 0.01
    assert values.var() == pytest.approx(108 / 106, abs=4 * np.sqrt(2 / len(values)))


@pytest.mark.slow
def test_rejections_under_the_null_are_five_in_a_hundred() -> None:
    """All assets share the dates and a common shock: over events the size holds, pooled it cannot."""
    draws, rejected, flipped, pooled = 1000, 0, 0, 0
    for seed in range(draws):
        returns, market = planted(seed)
        common = np.random.default_rng(10_000 + seed).normal(0, 0.01, len(DAYS))
        study = run(
            returns.add(common, axis=0), EVENTS, market=market, car_windows=[(0, 5)], **SETTING
        )
        rejected += row_of(study.tests, "(mean)", (0, 5), "t_event")["p"] < 0.05
        pooled += study.tests.query("statistic == 't_cross'")["p"].item() < 0.05
        flipped += row_of(study.tests, "(mean)", (0, 5), "sign_flip")["p"] <= 12 / 256
    assert rejected / draws == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / draws))
    assert flipped / draws == pytest.approx(12 / 256, abs=3 * np.sqrt(0.05 * 0.95 / draws))
    assert pooled / draws > 0.1
