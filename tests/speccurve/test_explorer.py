"""What readers choose from, against one regression at a time; what they cannot, with the reason."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.inference import hac_difference
from helpers.inflation import RegimeSpec, regime
from helpers.speccurve import (
    EXPLORED,
    SpecificationCurve,
    estimate_curve,
    explore,
    is_primary,
    load_grid,
)
from helpers.speccurve.sample import build_outcomes

LAGS = 12


@pytest.fixture(scope="module")
def made(
    panel: Callable[..., pd.DataFrame],
) -> tuple[pd.DataFrame, SpecificationCurve, pd.DataFrame]:
    monthly = panel(3, planted=0.012)
    grid = load_grid().only(threshold_pp=[0.0, 0.5], without=["none", "january"])
    curve = estimate_curve(monthly, grid, sample_end="2018-12", hac_lags=LAGS)
    return monthly, curve, explore(curve, hac_lags=LAGS)


def pair(monthly: pd.DataFrame, row: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Outcome, percent a year, and whether inflation was rising; months with both."""
    y = 1200 * build_outcomes(monthly)[row["outcome"]].loc[str(row["start"]) : "2018-12"].dropna()
    spec = RegimeSpec(row["measure"], row["rate_months"], row["change_months"])
    rising = regime(monthly[f"{row['measure']}_index"], spec).rising.reindex(y.index)
    return y, rising


def test_each_is_the_regression_by_itself(
    made: tuple[pd.DataFrame, SpecificationCurve, pd.DataFrame],
) -> None:
    monthly, _, table = made
    for _, row in table[table["reason"] == ""].sample(30, random_state=0).iterrows():
        y, rising = pair(monthly, row)
        one = hac_difference(y, rising, hac_lags=LAGS)
        names = ["rising_mean", "falling_mean", "value", "low", "high", "p"]
        np.testing.assert_allclose(
            row[names].to_numpy(dtype=float),
            (one.mean_true, one.mean_false, one.value, one.low, one.high, one.p),
            rtol=1e-9, atol=1e-12,
        )  # fmt: skip
        counted = y.index[rising.notna()]
        assert (row["months"], row["regimes"]) == (one.n_true + one.n_false, one.regimes)
        assert (row["first"], row["last"]) == (
            counted[0].strftime("%Y-%m"), counted[-1].strftime("%Y-%m"),
        )  # fmt: skip


def test_intervals_of_the_means_are_those_of_statsmodels(
    made: tuple[pd.DataFrame, SpecificationCurve, pd.DataFrame],
) -> None:
    monthly, _, table = made
    for _, row in table[table["reason"] == ""].sample(30, random_state=1).iterrows():
        y, rising = pair(monthly, row)
        counted = rising.notna()  # no hole: prices here are never unchanged
        assert counted[counted.to_numpy().argmax() :].all()
        sides = pd.DataFrame({"rising": rising[counted] == True, "falling": rising[counted] == False})  # noqa: E712 # fmt: skip
        fit = sm.OLS(y[counted], sides.astype(float)).fit(
            cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": True}, use_t=True
        )
        names = ["rising_mean", "rising_low", "rising_high"]
        names += [name.replace("rising", "falling") for name in names]
        expected = np.column_stack([fit.params, fit.conf_int()]).ravel()
        np.testing.assert_allclose(row[names].to_numpy(dtype=float), expected, rtol=1e-8)


def test_every_crossing_has_a_value_or_a_reason(
    made: tuple[pd.DataFrame, SpecificationCurve, pd.DataFrame],
) -> None:
    _, curve, table = made
    axes = [curve.grid.axes[name].choices for name in EXPLORED]
    assert len(table) == np.prod([len(choices) for choices in axes])
    assert not table.duplicated(list(EXPLORED)).any()
    estimated = table["reason"] == ""
    values = table.drop(columns=[*EXPLORED, "reading", "primary", "reason"])
    assert values[estimated].notna().all(axis=None)
    assert values[~estimated].isna().all(axis=None)
    fixed = curve.table.query("threshold_pp == 0 and lag_months == 1 and without == 'none'")
    assert len(fixed) == estimated.sum() > 100
    assert set(table.loc[table["primary"], "outcome"]) == set(
        curve.table.loc[is_primary(curve), "outcome"]
    )
    assert table["primary"].sum() == is_primary(curve).sum() == 2


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        ({"measure": "pce"}, "no data for it in this edition"),
        ({"measure": "core_cpi_sa", "start": 1947, "rate_months": 12}, "begins in 1957"),
        ({"measure": "cpi_nsa", "rate_months": 3}, "follows the seasons"),
        ({"measure": "cpi_sa", "rate_months": 6, "change_months": 12, "start": 1963}, "exchanged"),
        (
            {
                "outcome": "smb",
                "measure": "cpi_nsa",
                "rate_months": 12,
                "change_months": 6,
                "start": 1926,
            },
            "too late",
        ),
    ],
)
def test_the_reason_is_that_of_the_grid_or_the_data(
    made: tuple[pd.DataFrame, SpecificationCurve, pd.DataFrame], choice: dict, reason: str
) -> None:
    table = made[2]
    hit = pd.concat([table[name] == value for name, value in choice.items()], axis=1).all(axis=1)
    assert hit.any()
    assert table.loc[hit, "reason"].str.contains(reason).all()


def test_few_regimes_are_a_reason(panel: Callable[..., pd.DataFrame]) -> None:
    monthly = panel(3)
    late = monthly.index >= "1990"  # prices that bend twice in the last sample
    monthly.loc[late, "cpi_nsa_index"] = 100 * np.exp(
        np.cumsum(0.004 + 0.002 * np.sin(np.linspace(0, 2 * np.pi, late.sum())))
    )
    grid = load_grid().only(measure=["cpi_nsa"], outcome=["smb"], start=[1947, 1990])
    table = explore(
        estimate_curve(monthly, grid, sample_end="2018-12", hac_lags=LAGS), hac_lags=LAGS
    )
    chosen = table.query("rate_months == 12 and change_months == 6").set_index("start")["reason"]
    assert chosen.to_dict() == {1947: "", 1990: "fewer than 6 regimes"}


def test_the_place_is_counted_within_the_reading(
    made: tuple[pd.DataFrame, SpecificationCurve, pd.DataFrame],
) -> None:
    _, curve, table = made
    for _, row in table[table["reason"] == ""].sample(20, random_state=2).iterrows():
        values = curve.table.loc[curve.table["reading"] == row["reading"], "value"]
        assert row["n"] == len(values)
        assert row["rank"] == 1 + (values < row["value"]).sum()
