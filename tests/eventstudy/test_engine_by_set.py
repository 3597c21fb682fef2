"""Sets, paths and single events against sums and t intervals taken by hand (planted returns)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.eventstudy import (
    EventStudy,
    distinct_sets,
    estimate,
    forest,
    mean_path,
    run,
    summarise,
    without_each,
)
from helpers.project import ProjectError

DAYS = pd.bdate_range("2010-01-01", periods=1500)
AT = [200, 400, 600, 800, 1000, 1490]  # the last lacks most of its window
IDS = [f"e{i}" for i in range(6)]


@dataclass(frozen=True)
class Planted:
    definition: str
    direction: str
    status: str
    events: pd.DataFrame


def planted_set(ids: list[str]) -> Planted:
    days = DAYS[[AT[IDS.index(each)] for each in ids]]
    return Planted(
        "planted", "dovish", "primary", pd.DataFrame({"event_id": ids, "effective_day": days})
    )


@pytest.fixture(scope="module")
def study() -> EventStudy:
    generator = np.random.default_rng(5)
    market = pd.Series(generator.normal(0, 0.01, 1500), DAYS)
    returns = pd.DataFrame({"small": market + generator.normal(0, 0.01, 1500)})
    listed = pd.DataFrame({"event_id": IDS, "date": DAYS[AT]})
    return run(returns, listed, market=market, estimation=(-120, -11))


def sums(study: EventStudy, ids: list[str], first: int, last: int) -> np.ndarray:
    """CARs in percent, summed anew from the abnormal returns."""
    return np.array([100 * study.abnormal.loc[each, "small"].loc[first:last].sum() for each in ids])


def test_a_set_is_summarised_by_its_events(study: EventStudy) -> None:
    sets = {"all": planted_set(IDS), "one": planted_set(["e3"]), "none": planted_set(["e5"])}
    table = summarise(study, sets, asset="small", window=(0, 20)).set_index("set")
    values = sums(study, IDS[:5], 0, 20)
    test = stats.ttest_1samp(values, 0)
    low, high = test.confidence_interval(0.95)
    row = table.loc["all"]
    assert (row["n"], row["n_listed"], row["p_floor"]) == (5, 6, 2 / 32)
    assert row[["mean_car_pct", "low", "high", "t", "p_t"]].tolist() == pytest.approx(
        [values.mean(), low, high, test.statistic, test.pvalue]
    )
    signs = np.array(np.meshgrid(*[[1, -1]] * 5)).reshape(5, -1)
    flips = np.abs(values @ signs) >= abs(values.sum()) - 1e-12
    assert row["p_sign_flip"] == pytest.approx(flips.mean())
    assert table.loc["one", "mean_car_pct"] == pytest.approx(sums(study, ["e3"], 0, 20)[0])
    assert table.loc["one", ["low", "p_t", "p_sign_flip"]].isna().all()
    assert "none" not in table.index


def test_the_estimate_says_what_the_table_says(study: EventStudy) -> None:
    chosen = planted_set(IDS)
    found = estimate(study, chosen, asset="small", window=(0, 20), label="planted")
    row = summarise(study, {"all": chosen}, asset="small", window=(0, 20)).iloc[0]
    assert (found.value, found.low, found.high) == tuple(row[["mean_car_pct", "low", "high"]])
    assert (found.p, found.p_floor, found.n, found.n_of) == (
        row["p_sign_flip"],
        2 / 32,
        5,
        "events",
    )
    assert found.sample == (f"{DAYS[200]:%Y-%m-%d}", f"{DAYS[1000]:%Y-%m-%d}")
    with pytest.raises(ProjectError, match="planted: 1 events"):
        estimate(study, planted_set(["e1"]), asset="small", window=(0, 20), label="planted")


def test_a_path_sums_day_by_day(study: EventStudy) -> None:
    path = mean_path(study, IDS, asset="small").set_index("day")
    assert path.index.tolist() == list(range(-5, 21))
    assert (path["n"] == 5).all()
    for day in (-5, 0, 20):
        values = sums(study, IDS[:5], -5, day)
        low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
        assert path.loc[day, ["mean", "low", "high"]].tolist() == pytest.approx(
            [values.mean(), low, high]
        )


def test_a_path_from_the_event_counts_back_before_it(study: EventStudy) -> None:
    path = mean_path(study, IDS, asset="small", since=0).set_index("day")
    assert path.loc[20, "mean"] == pytest.approx(sums(study, IDS[:5], 0, 20).mean())
    assert path.loc[0, "mean"] == pytest.approx(sums(study, IDS[:5], 0, 0).mean())
    assert path.loc[-1, "mean"] == pytest.approx(0, abs=1e-12)
    assert path.loc[-4, "mean"] == pytest.approx(-sums(study, IDS[:5], -3, -1).mean())
    with pytest.raises(ProjectError, match="since = 40"):
        mean_path(study, IDS, asset="small", since=40)


def test_each_event_is_left_out_in_turn(study: EventStudy) -> None:
    table = without_each(study, planted_set(IDS), asset="small", window=(-1, 1))
    values = sums(study, IDS, -1, 1)
    assert table["event_id"].tolist() == IDS
    np.testing.assert_allclose(table["mean_without_pct"], (values.sum() - values) / 5)


def test_a_single_event_has_the_interval_of_its_forecast_error(study: EventStudy) -> None:
    table = forest(study, planted_set(IDS[:2]), asset="small", window=(0, 20))
    sd = (
        100 * pd.Series(dict(study.car_sd_independent["small"]))[[("e0", (0, 20)), ("e1", (0, 20))]]
    )
    np.testing.assert_allclose(
        (table["high"] - table["low"]) / 2, stats.t.isf(0.025, 108) * sd, rtol=1e-9
    )


def test_equal_sets_are_shown_once(study: EventStudy) -> None:
    sets = {
        "cuts": planted_set(IDS), "same": planted_set(IDS[:5]), "two": planted_set(IDS[:2]),
        "all_dovish": planted_set(IDS[1:]),
    }  # fmt: skip
    assert distinct_sets(study, sets, asset="small", at_least=3) == ["cuts"]
