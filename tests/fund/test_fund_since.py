"""Since: compounding, drawdowns and years by hand; short and holed histories are said or refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.fund import max_drawdown, performance_since
from helpers.project import ProjectError

DAYS = pd.bdate_range("2023-12-01", "2025-03-31", unit="us")
START = "2023-12-13"


@pytest.fixture
def returns() -> pd.DataFrame:
    """Synthetic: a market and a fund that moves half a point a month more."""
    rng = np.random.default_rng(7)
    market = rng.normal(0.0005, 0.01, len(DAYS))
    fund = market + rng.normal(0.0025, 0.003, len(DAYS))
    return pd.DataFrame({"spy": market, "fund": fund}, DAYS)


def test_the_start_itself_is_not_earned(returns: pd.DataFrame) -> None:
    wild = returns.copy()
    wild.loc[:START, "fund"] = 0.5
    (calm,), (loud,) = (performance_since(r, START, assets=("fund",)) for r in (returns, wild))
    assert calm == loud
    assert calm.first == pd.Timestamp("2023-12-14")


def test_totals_compound_and_annualise(returns: pd.DataFrame) -> None:
    fund, market = performance_since(returns, START, assets=("fund", "spy"))
    after = returns.loc["2023-12-14":, "fund"]
    assert fund.total == pytest.approx(np.expm1(np.log1p(after).sum()))
    years = (DAYS[-1] - pd.Timestamp(START)).days / 365.25
    assert fund.annualised == pytest.approx((1 + fund.total) ** (1 / years) - 1)
    assert market.against is None
    assert market.estimate() is None
    assert np.prod([1 + year.value for year in fund.years]) == pytest.approx(1 + fund.total)
    assert [(y.year, y.whole) for y in fund.years] == [(2023, False), (2024, True), (2025, False)]
    assert sum(year.days for year in fund.years) == fund.n == len(after)


def test_the_difference_is_the_hac_mean(returns: pd.DataFrame) -> None:
    (fund,) = performance_since(returns, START, assets=("fund",), hac_lags=7)
    gap = 25200 * (returns["fund"] - returns["spy"]).loc["2023-12-14":]
    fitted = sm.OLS(gap.to_numpy(), np.ones(len(gap))).fit(
        cov_type="HAC", cov_kwds={"maxlags": 7, "use_correction": True}, use_t=True
    )
    against = fund.against
    assert against is not None
    assert against.value == pytest.approx(gap.mean())
    assert [against.low, against.high] == pytest.approx(list(fitted.conf_int()[0]))
    assert against.low > 0
    told = fund.estimate()
    assert told is not None
    assert (told.n, told.unit) == (len(gap), "percentage points a year")


@pytest.mark.parametrize(
    ("moves", "depth", "peak", "trough", "recovery"),
    [
        ([0.1, -0.5, 0.2, 1.0], -0.5, 1, 2, 4),  # back above the peak
        ([-0.2, 0.1, 0.1], -0.2, 0, 1, None),  # the start is the peak
        ([0.1, 0.1], 0.0, 0, 0, 0),  # never below
    ],
)
def test_drawdown_by_hand(moves, depth, peak, trough, recovery) -> None:
    days = pd.date_range("2024-01-01", periods=len(moves) + 1)
    found = max_drawdown(pd.Series(moves, days[1:]), days[0])
    assert found.depth == pytest.approx(depth)
    assert (found.peak, found.trough) == (days[peak], days[trough])
    assert found.recovery == (None if recovery is None else days[recovery])


def test_late_and_short_histories_are_said(returns: pd.DataFrame) -> None:
    late = returns.copy()
    late.loc[:"2024-08-30", "fund"] = np.nan
    late.loc["2025-03-03":, "fund"] = np.nan
    (fund,) = performance_since(late, START, assets=("fund",))
    assert "begins on 2024-09-02" in fund.note
    assert "ends on 2025-02-28" in fund.note
    assert "not annualised" in fund.note
    assert fund.annualised is None
    assert fund.against is not None
    assert fund.against.n == fund.n
    assert not any(year.whole for year in fund.years)


def test_bad_input_is_refused(returns: pd.DataFrame) -> None:
    holed, lost, twin = returns.copy(), returns.copy(), returns.copy()
    holed.loc["2024-05-01", "fund"] = np.nan
    lost.loc["2024-05-01", "fund"] = -1.0
    twin["fund"] = twin["spy"]
    for frame, said in (
        (holed, "1 days missing, the first 2024-05-01"),
        (lost, "-100%"),
        (twin, "equal the benchmark"),
        (returns.iloc[::-1], "out of order"),
        (returns.loc[:"2023-12-29"], "12 days of returns"),
        (returns.drop(columns="spy"), "no column 'spy'"),
    ):
        with pytest.raises(ProjectError, match=said):
            performance_since(frame, START, assets=("fund",))
    with pytest.raises(ProjectError, match="level"):
        performance_since(returns, START, level=1.0)
    with pytest.raises(ProjectError, match="lags"):
        performance_since(returns, START, hac_lags=60)
