"""Where events fall, what is left out and why, and what overlaps (planted returns)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.eventstudy import run

DAYS = pd.bdate_range("2020-01-01", periods=400)
GENERATOR = np.random.default_rng(11)
MARKET = pd.Series(GENERATOR.normal(0, 0.01, 400), DAYS)
RETURNS = pd.DataFrame(
    {name: MARKET + GENERATOR.normal(0, 0.01, 400) for name in ("a", "b", "c")}, DAYS
)
SETTING = {"estimation": (-120, -11), "window": (-5, 20), "min_estimation": 100}


def events(*at: int | str, **more: object) -> pd.DataFrame:
    """Events named e0, e1, ... on trading days counted from the first, or on dates."""
    dates = [DAYS[each] if isinstance(each, int) else pd.Timestamp(each) for each in at]
    return pd.DataFrame({"event_id": [f"e{i}" for i in range(len(at))], "date": dates, **more})


def study_of(listed: pd.DataFrame, returns: pd.DataFrame = RETURNS, **changed: object):
    return run(returns, listed, market=MARKET.loc[returns.index], **(SETTING | changed))


def test_a_weekend_means_the_next_trading_day() -> None:
    friday = next(day for day in DAYS[200:] if day.day_of_week == 4)
    saturday, monday = friday + pd.Timedelta(days=1), friday + pd.Timedelta(days=3)
    listed = pd.DataFrame({"event_id": ["weekend", "monday"], "date": [saturday, monday]})
    study = study_of(listed)
    pd.testing.assert_frame_equal(study.abnormal.loc["weekend"], study.abnormal.loc["monday"])
    assert study.snapped.to_dict("records") == [
        {"event_id": "weekend", "date": saturday, "day": monday}
    ]
    assert "same day" in study.overlaps["where"].tolist()


def test_a_long_hole_is_no_weekend() -> None:
    returns = RETURNS.drop(DAYS[200:210])
    study = study_of(events(200, 300), returns)
    assert study.dropped["event_id"].unique().tolist() == ["e0"]
    assert study.dropped["reason"].str.startswith("outside the returns").all()


def test_events_outside_the_data_are_dropped_with_the_reason() -> None:
    study = study_of(events("2019-12-31", 200, "2022-01-01"))
    assert study.dropped["event_id"].tolist() == ["e0"] * 3 + ["e2"] * 3
    assert (study.dropped["lost"] == "all").all()
    assert study.car.index.get_level_values("event_id").unique().tolist() == ["e1"]


@pytest.mark.parametrize(("at", "kept"), [(111, True), (110, True), (109, False)])
def test_a_thin_estimation_window_is_dropped(at: int, kept: bool) -> None:
    study = study_of(events(at, 300))
    assert ("e0" in study.coefficients.index) == kept
    if kept:
        assert study.coefficients.loc[("e0", "a"), "n_estimation"] == at - 10
    else:
        assert study.dropped["reason"].tolist() == ["99 estimation days, fewer than 100"] * 3


def test_windows_cut_by_the_end_of_the_data_are_lost_alone() -> None:
    study = study_of(events(200, 390))
    assert study.dropped["lost"].unique().tolist() == ["(0, 20), (1, 20)"]
    car = study.car.loc["e1"]
    assert car.index[car["a"].notna()].tolist() == [(0, 0), (0, 1), (-1, 1), (-5, 5)]
    assert study.dropped["reason"].iloc[0] == "the returns end within the window: 11 day(s) cut"


def test_a_missing_return_costs_its_windows_in_its_asset() -> None:
    returns = RETURNS.copy()
    returns.loc[DAYS[201], "b"] = np.nan
    study = study_of(events(200), returns)
    assert study.dropped[["asset", "lost"]].to_numpy().tolist() == [
        ["b", "(0, 1), (-1, 1), (-5, 5), (0, 20), (1, 20)"]
    ]
    assert (
        study.dropped["reason"].item()
        == "1 return(s) missing within the window, the first on day 1"
    )
    whole = study_of(events(200))
    assert study.car["a"].equals(whole.car["a"])
    assert study.car["b"].iloc[0] == whole.car["b"].iloc[0]
    assert study.bhar["b"].notna().tolist() == study.car["b"].notna().tolist()


def test_a_unit_without_a_whole_window_is_dropped() -> None:
    returns = RETURNS.copy()
    returns.loc[DAYS[200], "b"] = returns.loc[DAYS[201], "b"] = np.nan
    study = study_of(events(200), returns)
    assert study.dropped["lost"].tolist() == ["all"]
    assert study.abnormal["b"].isna().all()
    assert ("e0", "b") not in study.coefficients.index


def test_the_market_itself_has_no_abnormal_return() -> None:
    study = study_of(events(200), RETURNS.assign(index=MARKET))
    assert study.dropped[["asset", "lost"]].to_numpy().tolist() == [["index", "all"]]
    assert "explains the asset wholly" in study.dropped["reason"].item()


def test_a_constant_market_cannot_be_regressed_on() -> None:
    market = MARKET.copy()
    market.iloc[70:195] = 0.001
    study = run(RETURNS, events(200, 330), market=market, **SETTING)
    assert study.dropped["reason"].unique().tolist() == [
        "regressors are collinear on the estimation days"
    ]


def test_dates_that_differ_by_asset() -> None:
    """One id, three dates; each unit as if it were studied alone."""
    listed = pd.DataFrame({
        "event_id": ["earnings"] * 3, "asset": ["c", "a", "b"], "date": DAYS[[150, 200, 250]],
    })  # fmt: skip
    study = study_of(listed)
    for asset, date in (("c", 150), ("a", 200), ("b", 250)):
        alone = study_of(events(date), RETURNS[[asset]])
        assert study.car.loc["earnings", asset].tolist() == alone.car[asset].tolist()
    assert study.overlaps.empty  # other assets' events are not in the way


def test_the_list_may_repeat_assets_and_skip_others() -> None:
    listed = events(150, 250, 250, asset=["a", "a", "b"])
    study = study_of(listed)
    assert study.car["c"].isna().all()
    assert study.car.loc["e0", "b"].isna().all()
    assert set(study.coefficients.index) == {("e0", "a"), ("e1", "a"), ("e2", "b")}
    assert study.overlaps[["event_id", "other", "where"]].to_numpy().tolist() == [
        ["e1", "e0", "estimation window"]
    ]


def test_overlaps_are_told_from_both_sides() -> None:
    study = study_of(events(200, 200, 210, 223, 300))
    told = {(a, b): (where, day) for a, b, where, day in study.overlaps.itertuples(index=False)}
    assert told[("e0", "e1")] == told[("e1", "e0")] == ("same day", 0)
    assert told[("e0", "e2")] == ("event window", 10)
    assert told[("e2", "e0")] == ("event windows overlap", -10)
    assert told[("e0", "e3")] == ("event windows overlap", 23)
    assert told[("e3", "e0")] == ("estimation window", -23)
    assert told[("e4", "e0")] == ("estimation window", -100)
    assert ("e0", "e4") not in told  # what comes later is not in the way
    assert len(told) == len(study.overlaps) == 16


@pytest.mark.parametrize("model", ["market", "mean", "market_adjusted", "dimson"])
def test_nothing_after_the_window_matters(model: str) -> None:
    """Not even to Dimson's model, which regresses on the day after."""
    changed, market = RETURNS.copy(), MARKET.copy()
    changed.iloc[221:], market.iloc[221:] = 0.07, -0.05
    before = run(RETURNS, events(200), model=model, market=MARKET, **SETTING)
    after = run(changed, events(200), model=model, market=market, **SETTING)
    pd.testing.assert_frame_equal(before.abnormal, after.abnormal, check_exact=True)
    pd.testing.assert_frame_equal(before.standardized, after.standardized, check_exact=True)
    assert before.car_sd.equals(after.car_sd)
    assert before.tests.equals(after.tests)


def test_windows_that_do_not_fit_are_told_or_refused() -> None:
    study = study_of(events(200), window=(-1, 5))
    assert study.spans.car_windows == ((0, 0), (0, 1), (-1, 1))
    assert study.notes == ("CAR windows outside (-1, 5) left out: (-5, 5), (0, 20), (1, 20)",)


def test_the_order_of_events_and_assets_does_not_matter() -> None:
    forward = study_of(events(150, 250))
    turned = study_of(events(150, 250).iloc[::-1], RETURNS[["c", "b", "a"]])
    for event in ("e0", "e1"):
        np.testing.assert_allclose(
            forward.car.loc[event][["a", "b", "c"]], turned.car.loc[event][["a", "b", "c"]],
            rtol=1e-12,
        )  # fmt: skip
