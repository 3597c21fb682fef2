"""The stationary bootstrap over events: its definitions, its dependence, size and power."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from arch.bootstrap import StationaryBootstrap
from scipy import stats

from helpers.eventstudy import bootstrap, every_car, tidy
from helpers.eventstudy.bootstrap import Bootstrap
from helpers.eventstudy.event_level import COLUMNS
from helpers.eventstudy.placebo import EveryCar
from helpers.inference import t_mean
from helpers.project import ProjectError

DAYS = pd.bdate_range("1994-01-03", periods=3000)
SETTING: dict[str, Any] = {"estimation": (-120, -11), "window": (0, 4)}
AT = np.array([300, 650, 1000, 1400, 1402, 2000, 2300, 2600])


def synthetic(seed: int) -> tuple[pd.Series, pd.Series]:
    """An asset of beta 1 and normal noise of 1% a day."""
    generator = np.random.default_rng(seed)
    market = pd.Series(generator.normal(0, 0.01, len(DAYS)), DAYS)
    return (market + generator.normal(0, 0.01, len(DAYS))).rename("asset"), market


def listed(at: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"event_id": [f"e{i}" for i in range(len(at))], "date": DAYS[at]})


@pytest.fixture(scope="module")
def cars() -> EveryCar:
    return every_car(*synthetic(1), **SETTING)


@pytest.fixture(scope="module")
def found(cars: EveryCar) -> Bootstrap:
    return bootstrap(cars, listed(AT), draws=2000, seed=4)


def test_the_numbers_are_those_of_their_definitions(cars: EveryCar, found: Bootstrap) -> None:
    test = t_mean(cars.car[AT])
    assert (found.value, found.mean, found.n) == (test.t, test.mean, 8)
    assert found.p == (1 + (np.abs(found.statistics) >= abs(test.t)).sum()) / 2001
    low, high = np.quantile(found.statistics, [0.025, 0.975])
    assert (found.low, found.high) == pytest.approx(
        (test.mean - high * test.se, test.mean - low * test.se)
    )
    assert found.block >= 5


def test_each_draw_is_one_of_the_stationary_bootstrap(cars: EveryCar, found: Bootstrap) -> None:
    """The same generator, asked directly."""
    history = cars.by_day["car"].dropna()
    centred = (history - history.mean()).to_numpy()
    places = history.index.get_indexer(DAYS[AT])
    direct = StationaryBootstrap(
        found.block, np.arange(len(centred)), seed=np.random.default_rng(4)
    )
    for statistic in found.statistics[:20]:
        rows = direct.update_indices()[places]
        assert statistic == pytest.approx(stats.ttest_1samp(centred[rows], 0).statistic)


def test_events_far_apart_are_students_t(cars: EveryCar) -> None:
    """Eight independent normal CARs: the known law of t, with 7 degrees of freedom."""
    far = bootstrap(cars, listed(np.arange(300, 2700, 310)), draws=4000)
    assert stats.kstest(far.statistics, stats.t(7).cdf).pvalue > 0.001
    assert far.p == pytest.approx(2 * stats.t.sf(abs(far.value), 7), abs=0.03)


def test_windows_that_share_days_widen_the_law_of_t(cars: EveryCar) -> None:
    """Eight events a day apart are hardly more than one: |t| is large when nothing happened."""
    near = bootstrap(cars, listed(np.arange(1000, 1008)), draws=1000)
    far = bootstrap(cars, listed(np.arange(300, 2700, 310)), draws=1000)
    assert np.quantile(np.abs(near.statistics), 0.95) > 2 * np.quantile(
        np.abs(far.statistics), 0.95
    )


def test_the_null_has_no_mean(cars: EveryCar) -> None:
    """What every day has is in the events' t, not in the null's."""
    shifted = replace(cars, by_day=cars.by_day.assign(car=cars.by_day["car"] + 0.05))
    test = bootstrap(shifted, listed(AT), draws=2000, seed=4)
    plain = bootstrap(cars, listed(AT), draws=2000, seed=4)
    np.testing.assert_allclose(test.statistics, plain.statistics, rtol=1e-8, atol=1e-10)
    assert test.p < 0.01 < plain.p


def test_a_planted_effect_is_found_and_covered() -> None:
    returns, market = synthetic(3)
    at = np.arange(300, 2700, 310)
    returns.iloc[at] += 0.06
    test = bootstrap(every_car(returns, market, **SETTING), listed(at), draws=2000)
    assert test.p < 0.01
    assert 0 < test.low < 0.06 < test.high


def test_a_seed_gives_the_same_draws_and_a_gap_is_no_day(cars: EveryCar) -> None:
    returns, market = synthetic(1)
    returns.iloc[[500, 501]] = np.nan
    gap = every_car(returns, market, **SETTING)
    events = listed(np.append(AT, [499, 5]))
    one, same = (bootstrap(gap, events, draws=300, seed=1) for _ in range(2))
    assert (one.statistics == same.statistics).all()
    assert np.isfinite(one.statistics).all()
    assert one.n == 8
    assert one.left_out == ("e8", "e9")
    assert "2 event(s) without a CAR" in one.note
    other = bootstrap(gap, events, draws=300, seed=2)
    assert (one.statistics != other.statistics).any()


def test_a_row_of_tests(found: Bootstrap) -> None:
    row = tidy(found)
    assert list(row.columns) == COLUMNS
    assert row.loc[0, ["level", "statistic", "p", "p_floor"]].tolist() == [
        "event", "bootstrap", found.p, 1 / 2001,
    ]  # fmt: skip


@pytest.mark.parametrize("change", [{"draws": 0}, {"level": 1.0}, {"events": listed(AT[:1])}])
def test_bad_input_is_one_clear_error(cars: EveryCar, change: dict[str, Any]) -> None:
    with pytest.raises(ProjectError):
        bootstrap(cars, **({"events": listed(AT)} | change))


@pytest.mark.slow
def test_size_holds_where_students_t_does_not() -> None:
    """Pairs of events a day apart share days of their windows."""
    rejected, student, covered, runs = 0, 0, 0, 400
    for seed in range(runs):
        cars = every_car(*synthetic(seed), **SETTING)
        first = np.random.default_rng(10_000 + seed).choice(np.arange(200, 2900, 20), 5, False)
        at = np.sort(np.concatenate([first, first + 1]))
        test = bootstrap(cars, listed(at), draws=399, seed=seed)
        rejected += test.p <= 0.05
        student += t_mean(cars.car[at]).p <= 0.05
        covered += test.low <= 0 <= test.high
    error = 3 * np.sqrt(0.0475 / runs)
    assert rejected / runs == pytest.approx(0.05, abs=error)
    assert covered / runs == pytest.approx(0.95, abs=error)
    assert student / runs > 0.05 + error
