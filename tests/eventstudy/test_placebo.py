"""Placebo dates: the engine's numbers on every day, what is matched, size and power by simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.eventstudy import run
from helpers.eventstudy.event_level import COLUMNS
from helpers.eventstudy.placebo import (
    EveryCar,
    Placebo,
    benchmark_days,
    every_car,
    fomc_week,
    placebo,
    tidy,
    volatility_state,
)
from helpers.inference import t_mean
from helpers.project import ProjectError

DAYS = pd.bdate_range("1994-01-03", periods=6000)
# Eight a year on Wednesdays, as scheduled meetings.
FOMC = DAYS[DAYS.day_of_week == 2][6::6]
SETTING: dict[str, Any] = {"estimation": (-120, -11), "window": (-1, 3)}


def synthetic(seed: int, days: pd.DatetimeIndex = DAYS) -> tuple[pd.Series, pd.Series]:
    """An asset and its market, beta 1.2, Student errors with volatility that clusters."""
    generator = np.random.default_rng(seed)
    wild = np.exp(np.convolve(generator.normal(0, 0.25, len(days) + 62), np.ones(63) / 3, "valid"))
    market = pd.Series(generator.normal(0, 0.008, len(days)) * wild, days)
    noise = generator.standard_t(5, len(days)) * 0.006 * wild
    return (1.2 * market + noise).rename("asset"), market


def listed(days: pd.DatetimeIndex) -> pd.DataFrame:
    return pd.DataFrame({"event_id": [f"e{i}" for i in range(len(days))], "date": days})


@pytest.fixture(scope="module")
def cars() -> EveryCar:
    return every_car(*synthetic(1), **SETTING)


@pytest.fixture(scope="module")
def states() -> pd.Series:
    return volatility_state(synthetic(1)[1])


EVENTS = listed(FOMC[[70, 90, 120, 130, 180, 190]].append(DAYS[[900, 1801, 2803, 5000]]))


@pytest.fixture(scope="module")
def found(cars: EveryCar, states: pd.Series) -> Placebo:
    return placebo(cars, EVENTS, fomc_days=FOMC, volatility=states, draws=2000, seed=3)


@pytest.mark.parametrize(
    "setting",
    [
        {"estimation": (-250, -30), "window": (0, 20)},
        {"estimation": (-120, -11), "window": (-5, 5)},
        {"estimation": (-20, -3), "window": (1, 1)},
    ],
)
def test_every_day_has_the_number_of_the_engine(setting: dict[str, Any]) -> None:
    """With gaps, an asset that nearly is the market, and days at both ends."""
    returns, market = synthetic(2, DAYS[:700])
    returns = market + (returns - 1.2 * market) * 1e-3
    returns.iloc[[40, 300, 301, 302, 555]] = np.nan
    returns.iloc[400:530] = np.nan  # too few estimation days for a while
    mine = every_car(returns.rename("asset"), market, **setting)
    study = run(
        returns.to_frame("asset"), listed(returns.index), market=market,
        car_windows=[setting["window"]], **setting,
    )  # fmt: skip
    for name, rounding in (("car", 1e-14), ("scar", 1e-10)):
        engine = getattr(study, name)["asset"].droplevel("window")
        engine = engine.reindex(listed(returns.index)["event_id"]).to_numpy()
        assert np.isnan(engine).sum() > 10
        np.testing.assert_allclose(mine.by_day[name], engine, rtol=1e-10, atol=rounding)


def test_an_asset_that_the_market_explains_has_no_car() -> None:
    _, market = synthetic(2, DAYS[:400])
    assert np.isnan(every_car((2 * market).rename("twice"), market, **SETTING).car).all()


def test_a_day_drawn_has_the_status_weekday_and_state_of_its_event(
    found: Placebo, states: pd.Series
) -> None:
    for column, cell in enumerate(found.cells.itertuples()):
        days = pd.DatetimeIndex(np.unique(found.days[:, column]))
        assert len(days) <= cell.n_days
        assert (days.isin(FOMC) == (cell.day in FOMC)).all()
        assert (days.day_of_week == cell.day.day_of_week).all()
        assert cell.relaxed == ""
        assert (states[days] == states[cell.day]).all()
    assert found.cells["fomc"].tolist() == [1] * 6 + [0] * 4


def test_no_window_drawn_touches_a_real_one_or_another_of_its_draw(found: Placebo) -> None:
    rows = DAYS.get_indexer(pd.DatetimeIndex(found.days.ravel())).reshape(found.days.shape)
    real = DAYS.get_indexer(EVENTS["date"])
    assert np.abs(rows[..., None] - real).min() >= 5
    assert np.diff(np.sort(rows, axis=1), axis=1).min() >= 5
    assert found.overlapping == 0


def test_windows_of_other_events_can_be_avoided(cars: EveryCar, states: pd.Series) -> None:
    others = DAYS[1000:3000:7]
    free = placebo(cars, EVENTS, fomc_days=None, volatility=states, draws=500, avoid=others)
    rows = DAYS.get_indexer(pd.DatetimeIndex(np.unique(free.days)))
    assert not ((rows > 1000 - 5) & (rows < 2995 + 5)).any()


def test_windows_that_cannot_be_kept_apart_are_counted(states: pd.Series) -> None:
    wide = every_car(*synthetic(1), estimation=(-120, -31), window=(-30, 30))
    events = listed(DAYS[[1000, 1100, 1200, 1300]])
    everything = placebo(
        wide, events, fomc_days=None, volatility=states, draws=50,
        avoid=DAYS[:1400].append(DAYS[1580:]),
    )  # fmt: skip
    assert everything.overlapping > 0
    assert f"windows touch in {everything.overlapping} draws" in everything.note


def test_the_numbers_are_those_of_their_definitions(cars: EveryCar, found: Placebo) -> None:
    car = cars.by_day["car"]
    test = t_mean(car[EVENTS["date"]])
    assert (found.value, found.mean, found.n) == (test.t, test.mean, 10)
    again = [t_mean(car[pd.DatetimeIndex(days)]) for days in found.days[:20]]
    assert found.statistics[:20] == pytest.approx([each.t for each in again], rel=1e-12)
    assert found.means[:20] == pytest.approx([each.mean for each in again], rel=1e-12)
    reached = sum(abs(each) >= abs(found.value) for each in found.statistics)
    assert found.p == (1 + reached) / 2001
    assert found.p_floor == 1 / 2001
    assert found.quantiles[0.5] == np.median(found.statistics)


def test_a_planted_effect_is_found(states: pd.Series) -> None:
    """Five percent on day 0, two standard deviations of the window's five days."""
    returns, market = synthetic(1)
    returns[EVENTS["date"]] += 0.05
    cars = every_car(returns, market, **SETTING)
    found = placebo(cars, EVENTS, fomc_days=FOMC, volatility=states, draws=2000)
    assert found.mean == pytest.approx(0.05, abs=0.025)
    assert found.p < 0.005
    assert abs(np.median(found.means)) < 0.005  # the draws know nothing of it


def test_what_all_fomc_days_have_is_no_effect_of_the_events(states: pd.Series) -> None:
    """A drift on every FOMC day is in the draws when status is matched, and only then."""
    returns, market = synthetic(1)
    returns[FOMC] += 0.03
    cars = every_car(returns, market, estimation=(-120, -11), window=(0, 0))
    events = listed(FOMC[[70, 90, 120, 130, 150, 180, 190]])
    matched = placebo(cars, events, fomc_days=FOMC, volatility=states, draws=1000)
    ignored = placebo(cars, events, fomc_days=None, volatility=states, draws=1000)
    assert matched.p > 0.05 > ignored.p
    assert "no list of FOMC days: status ignored" in ignored.note
    assert (ignored.cells["fomc"] == -1).all()


def test_a_small_cell_gives_up_the_weekday_then_the_state(cars: EveryCar) -> None:
    """FOMC Tuesdays are rare; wild FOMC days of any weekday too."""
    state = pd.Series(0, DAYS)
    rare = DAYS[DAYS.day_of_week == 1][50:1000:90]
    fomc = FOMC.append(rare).sort_values()
    state[FOMC[100:110]] = 2
    events = listed(pd.DatetimeIndex([rare[3], FOMC[105], DAYS[2001]]))
    found = placebo(cars, events, fomc_days=fomc, volatility=state, draws=100)
    assert found.cells["relaxed"].tolist() == ["weekday", "weekday, volatility", ""]
    assert (found.cells["n_days"] >= 20).all()
    assert "; weekday relaxed for 1 event(s)" in found.note
    assert "weekday, volatility relaxed for 1 event(s)" in found.note
    assert pd.DatetimeIndex(found.days[:, :2].ravel()).isin(fomc).all()


def test_days_beyond_the_list_have_unknown_status(cars: EveryCar, states: pd.Series) -> None:
    short = FOMC[80:]
    found = placebo(cars, EVENTS, fomc_days=short, volatility=states, draws=200)
    before = found.cells["day"] < short[0]
    assert (found.cells.loc[before, "fomc"] == -1).all()
    assert (found.cells.loc[~before, "fomc"] >= 0).all()
    unknown = pd.DatetimeIndex(found.days[:, before].ravel())
    assert ((unknown < short[0]) | (unknown > short[-1])).all()
    assert f"{before.sum()} event(s) outside the list" in found.note


def test_later_data_change_no_state() -> None:
    _, market = synthetic(5)
    state = volatility_state(market)
    changed = market.copy()
    changed.iloc[3000:] *= 7
    other = volatility_state(changed)
    pd.testing.assert_series_equal(other[:3001], state[:3001])  # the day of the change included
    assert (other[3001:] != state[3001:]).any()
    assert volatility_state(market.iloc[:2000]).equals(state[:2000])


def test_a_state_is_the_tercile_of_the_volatility_of_the_days_before() -> None:
    _, market = synthetic(6, DAYS[:600])
    state = volatility_state(market)
    assert state.first_valid_index() == DAYS[21 + 251]
    past = [np.sqrt((market.iloc[i - 21 : i] ** 2).mean()) for i in range(21, 600)]
    for row in (272, 400, 599):
        own = past[row - 21]
        cuts = np.quantile(past[: row - 20], [1 / 3, 2 / 3])
        assert state.iloc[row] == (own > cuts).sum()


def test_a_seed_gives_the_same_draws(cars: EveryCar, states: pd.Series) -> None:
    one, same, other = (
        placebo(cars, EVENTS, fomc_days=FOMC, volatility=states, draws=300, seed=seed)
        for seed in (1, 1, 2)
    )
    assert (one.days == same.days).all()
    assert one.p == same.p
    assert (one.days != other.days).any()


def test_events_without_a_car_are_named_and_left_out(cars: EveryCar, states: pd.Series) -> None:
    events = listed(DAYS[[10, 1000, 2000, 3000]])
    found = placebo(cars, events, fomc_days=None, volatility=states, draws=100)
    assert found.n == 3
    assert found.left_out == ("e0",)
    assert "1 event(s) without a CAR" in found.note


def test_a_row_of_tests(found: Placebo) -> None:
    row = tidy(found)
    assert list(row.columns) == COLUMNS
    assert row.loc[0, ["level", "asset", "statistic", "n"]].tolist() == [
        "event", "asset", "placebo", 10,
    ]  # fmt: skip
    assert row.loc[0, "window"] == (-1, 3)
    assert row.loc[0, ["value", "p", "p_floor"]].tolist() == [found.value, found.p, 1 / 2001]


def test_ordinary_fomc_days_are_a_benchmark(cars: EveryCar) -> None:
    days = FOMC[40:200].append(pd.DatetimeIndex(["1990-01-01", "2030-01-01"]))
    assert benchmark_days(cars, days) == t_mean(cars.by_day["car"][FOMC[40:200]])


def test_the_week_of_a_day_in_cycle_time() -> None:
    """Counted by hand: meetings of 2015-01-28, 03-18 and 04-29, all Wednesdays."""
    meetings = pd.DatetimeIndex(["2015-01-28", "2015-03-18", "2015-04-29"])
    weeks = {
        "2015-01-27": 0, "2015-01-28": 0, "2015-02-02": 0, "2015-02-03": 1, "2015-02-09": 1,
        "2015-02-10": 2, "2015-02-17": 3, "2015-03-10": 6, "2015-03-16": 6, "2015-03-17": 0,
        "2015-04-27": 5, "2015-04-28": 0, "2015-06-10": 6,
    }  # fmt: skip
    assert {day: fomc_week(pd.Timestamp(day), meetings) for day in weeks} == weeks
    for outside in ("2015-01-26", "2015-01-31", "2015-07-31"):
        with pytest.raises(ProjectError, match="fomc_week"):
            fomc_week(pd.Timestamp(outside), meetings)
    monday = pd.DatetimeIndex(["2015-06-15"])
    assert fomc_week(pd.Timestamp("2015-06-12"), monday) == 0  # the Friday before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"draws": 0}, "draws = 0"),
        ({"fomc_days": FOMC[:0]}, "fomc_days"),
        ({"volatility": pd.Series(0.013, DAYS)}, "volatility_state"),
        ({"volatility": pd.Series(1, DAYS[:3] - pd.Timedelta(days=9000))}, "volatility"),
        ({"events": EVENTS.iloc[:1]}, "1 of 1 event"),
        ({"avoid": DAYS}, "no day is like it"),
    ],
)
def test_bad_input_is_one_clear_error(
    cars: EveryCar, states: pd.Series, change: dict[str, Any], message: str
) -> None:
    given: dict[str, Any] = {"events": EVENTS, "fomc_days": FOMC, "volatility": states} | change
    with pytest.raises(ProjectError, match=message):
        placebo(cars, **given)


@pytest.mark.slow
def test_p_is_uniform_when_nothing_happened() -> None:
    """Random dates with volatility that clusters; wilder events than ordinary days included."""
    p = []
    for seed in range(400):
        returns, market = synthetic(seed, DAYS[:3000])
        cars, states = every_car(returns, market, **SETTING), volatility_state(market)
        generator = np.random.default_rng(10_000 + seed)
        wild = np.flatnonzero(states.fillna(0).to_numpy() == 2)
        wild = wild[wild < 2900]
        any_day = generator.choice(np.arange(300, 2900, 20), 4, replace=False)
        at = np.unique(np.concatenate([any_day, generator.choice(wild, 4, replace=False)]))
        p.append(
            placebo(
                cars, listed(DAYS[at]), fomc_days=FOMC, volatility=states, draws=399, seed=seed
            ).p
        )
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=3 * np.sqrt(0.0475 / 400))
    assert np.mean(p) == pytest.approx(0.5, abs=3 * np.sqrt(1 / 12 / 400))
