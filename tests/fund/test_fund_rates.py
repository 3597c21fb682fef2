"""Rate beta: a planted slope comes back; a change across a hole is left out and counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.fund import rate_beta
from helpers.project import ProjectError

DAYS = pd.bdate_range("2022-01-03", periods=500)


@pytest.fixture
def data() -> pd.DataFrame:
    """Synthetic: the fund loses 3 percent for a percentage point, and follows the market."""
    rng = np.random.default_rng(2)
    change = rng.normal(0, 0.07, len(DAYS))
    market = rng.normal(0, 0.01, len(DAYS)) + 0.02 * change
    fund = 1.2 * market - 0.03 * change + rng.normal(0, 0.004, len(DAYS))
    return pd.DataFrame({"fund": fund, "spy": market, "yield": 4 + change.cumsum()}, DAYS)


def test_the_planted_slope_comes_back(data: pd.DataFrame) -> None:
    found = rate_beta(data["fund"], data["yield"], controls=data[["spy"]])
    assert found.low < -3 < found.high < 0
    assert (found.n, found.n_excluded, found.controls) == (499, 1, ("spy",))
    alone = rate_beta(data["fund"], data["yield"])
    assert alone.low < -0.6 < alone.high  # 1.2 * 2 - 3
    assert found.estimate().unit == "percent for a percentage point"


def test_it_is_the_regression_it_says(data: pd.DataFrame) -> None:
    found = rate_beta(data["fund"], data["yield"], hac_lags=4)
    x = sm.add_constant(data["yield"].diff().iloc[1:].to_numpy())
    fitted = sm.OLS(100 * data["fund"].iloc[1:].to_numpy(), x).fit(
        cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True}, use_t=True
    )
    assert [found.value, found.p] == pytest.approx([fitted.params[1], fitted.pvalues[1]])
    assert [found.low, found.high] == pytest.approx(list(fitted.conf_int()[1]))


def test_a_hole_costs_two_days(data: pd.DataFrame) -> None:
    holed = data["yield"].copy()
    holed.iloc[100] = np.nan
    found = rate_beta(data["fund"], holed)
    assert (found.n, found.n_excluded) == (497, 3)


def test_bad_input_is_refused(data: pd.DataFrame) -> None:
    with pytest.raises(ProjectError, match="29 usable days"):
        rate_beta(data["fund"].iloc[:30], data["yield"])
    with pytest.raises(ProjectError, match="move on their own"):
        rate_beta(data["fund"], 0 * data["yield"] + 4)
    with pytest.raises(ProjectError, match="out of order"):
        rate_beta(data["fund"].iloc[::-1], data["yield"])
    with pytest.raises(ProjectError, match="hac_lags = -1"):
        rate_beta(data["fund"], data["yield"], hac_lags=-1)
