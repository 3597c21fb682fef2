"""The curve against one regression at a time, and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.inference import hac_difference
from helpers.inflation import RegimeSpec, regime
from helpers.project import ProjectError
from helpers.speccurve import SpecificationCurve, estimate_curve, load_grid, mapper
from helpers.speccurve.sample import build_outcomes

Panel = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def planted(panel: Panel) -> tuple[pd.DataFrame, SpecificationCurve]:
    monthly = panel(1, planted=0.012)
    return monthly, estimate_curve(monthly, load_grid(), sample_end="2018-12", hac_lags=12)


def one_by_one(monthly: pd.DataFrame, row: pd.Series) -> tuple[float, ...]:
    y = build_outcomes(monthly)[row["outcome"]].loc[str(row["start"]) : "2018-12"].dropna()
    spec = RegimeSpec(
        row["measure"], row["rate_months"], row["change_months"], row["lag_months"],
        row["threshold_pp"],
    )  # fmt: skip
    rising = regime(monthly[f"{row['measure']}_index"], spec).rising.reindex(y.index)
    if row["without"] == "january":
        rising = rising.mask(y.index.month == 1)
    if row["without"] == "ten_largest":
        rising = rising.mask(y.abs().rank(ascending=False) <= 10)
    found = hac_difference(100 * y, rising, hac_lags=12, periods_per_year=12)
    return (
        found.value, found.low, found.high, found.p, found.regimes, found.n_true,
        found.n_true + found.n_false,
    )  # fmt: skip


def test_each_is_the_regression_by_itself(
    planted: tuple[pd.DataFrame, SpecificationCurve],
) -> None:
    monthly, curve = planted
    names = ["value", "low", "high", "p", "regimes", "rising", "months"]
    for _, row in curve.table.sample(40, random_state=0).iterrows():
        np.testing.assert_allclose(
            row[names].to_numpy(dtype=float), one_by_one(monthly, row), rtol=1e-9, atol=1e-12
        )


def test_a_planted_difference_is_found(planted: tuple[pd.DataFrame, SpecificationCurve]) -> None:
    _, curve = planted
    primary = curve.table.query(
        "measure == 'cpi_nsa' and rate_months == 12 and change_months == 6 and threshold_pp == 0"
        " and lag_months == 1 and outcome == 'average_minus_market' and start == 1947"
        " and without == 'none'"
    )
    assert len(primary) == 1
    error = (primary["value"] / primary["t"]).item()
    assert abs(primary["value"].item() - 12 * 1.2) < 3 * error < 12 * 1.2
    summary = curve.summary().set_index("reading")
    assert summary.loc["relative", "share_negative"] < 0.1
    assert summary["n"].sum() == len(curve.table) > 5000


def test_nothing_is_missing_and_everything_left_out_has_a_reason(
    planted: tuple[pd.DataFrame, SpecificationCurve],
) -> None:
    _, curve = planted
    assert not curve.table.isna().any().any()
    assert (curve.table["regimes"] >= 6).all()
    said = {(each.what, each.reason) for each in curve.left_out}
    assert ("pce", "no data for it in this edition") in said
    assert ("average_excess from 1926", "its data begin too late") in said
    assert len(said) == len(curve.left_out)


def test_which_choices_move_the_answer(planted: tuple[pd.DataFrame, SpecificationCurve]) -> None:
    _, curve = planted
    choices = curve.choices().set_index(["reading", "axis", "choice"])
    lag = curve.table.query("reading == 'relative' and lag_months == 2")["value"].median()
    assert choices.loc[("relative", "lag_months", 2), "median"] == lag
    assert (choices["moves"] >= 0).all()


@pytest.mark.parametrize("where", ["all cores", "dask"])
def test_the_digits_do_not_depend_on_where_it_runs(panel: Panel, where: str) -> None:
    grid = load_grid().only(start=[1963], without=["none"], outcome=["smb", "average_real"])
    here = estimate_curve(panel(2), grid, sample_end="2018-12", hac_lags=12)
    with mapper(where) as over:  # type: ignore[arg-type]
        there = estimate_curve(panel(2), grid, sample_end="2018-12", hac_lags=12, mapper=over)
    pd.testing.assert_frame_equal(here.table, there.table, check_exact=True)


def test_a_scheduler_that_is_there_is_used_and_one_that_is_not_is_named(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from distributed import LocalCluster

    grid = load_grid().only(start=[1990], without=["none"], outcome=["smb"], measure=["cpi_nsa"])
    with LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        with mapper("dask") as over:
            curve = estimate_curve(panel(2), grid, sample_end="2018-12", hac_lags=12, mapper=over)
    assert len(curve.table) == 24
    monkeypatch.setattr("helpers.speccurve.mappers.ANSWER_SECONDS", 1)
    with (
        pytest.raises(ProjectError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"),
        mapper("dask", address="tcp://127.0.0.1:9"),
    ):
        pass


def test_a_panel_without_the_data_is_refused(panel: Panel) -> None:
    monthly = panel(2).drop(columns=["cpi_sa_index", "core_cpi_sa_index"])
    grid = load_grid().only(measure=["core_cpi_sa"])
    with pytest.raises(ProjectError, match="no specification has data"):
        estimate_curve(monthly, grid, sample_end="2018-12", hac_lags=12)
    short = load_grid().only(start=[1990], outcome=["smb"], measure=["cpi_nsa"])
    with pytest.raises(ProjectError, match="with 600 lags"):
        estimate_curve(monthly, short, sample_end="2018-12", hac_lags=600)
