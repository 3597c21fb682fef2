"""Style: planted weights come back, the sum is known where its parts are not, bands cover."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from helpers.fund import rolling_style, style_analysis
from helpers.project import ProjectError

SECTORS = ["xlk", "xly", "xlf", "xli", "xle", "xlv", "ibb", "xbi"]
PLANTED = np.array([0.25, 0.10, 0.10, 0.0, 0.0, 0.10, 0.15, 0.30])  # healthcare 0.55


def market(seed: int, n: int, twins: float = 0.9) -> pd.DataFrame:
    """Synthetic sector returns: one market, own moves, healthcare funds correlated by `twins`."""
    rng = np.random.default_rng(seed)
    common = rng.standard_t(6, (n, 1)) * 0.008
    own = rng.normal(0, 0.008, (n, len(SECTORS)))
    health = rng.normal(0, 0.01, (n, 1))
    own[:, 5:] = np.sqrt(twins) * health + np.sqrt(1 - twins) * own[:, 5:]
    return pd.DataFrame(common + own, pd.bdate_range("2020-01-01", periods=n), SECTORS)


def fund_of(sectors: pd.DataFrame, seed: int, noise: float) -> pd.Series:
    """Synthetic fund: the planted mix and noise of its own."""
    own = np.random.default_rng(seed + 10_000).normal(0.0002, 1, len(sectors)) * noise
    return (sectors @ PLANTED + own).rename("fund")


def test_planted_weights_come_back_exactly_without_noise() -> None:
    sectors = market(1, 300)
    found = style_analysis(fund_of(sectors, 1, 0.0), sectors, draws=100)
    assert found.weights["weight"].to_numpy() == pytest.approx(PLANTED, abs=1e-6)
    assert found.share == pytest.approx(0.55, abs=1e-6)
    assert found.r2 == pytest.approx(1.0)
    assert found.against_half == "above"


def test_weights_are_those_of_a_general_optimiser() -> None:
    sectors = market(2, 400)
    fund = fund_of(sectors, 2, 0.01)
    found = style_analysis(fund, sectors, draws=100)
    best = minimize(
        lambda w: 1e4 * (fund - sectors @ w).var(), np.full(8, 1 / 8), method="SLSQP",
        bounds=[(0, 1)] * 8, constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 1000},
    )  # fmt: skip
    weights = found.weights["weight"].to_numpy()
    assert weights == pytest.approx(best.x, abs=2e-4)
    assert (fund - sectors @ weights).var() <= (fund - sectors @ best.x).var() * (1 + 1e-9)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()


def test_a_mean_return_does_not_move_weights() -> None:
    sectors = market(3, 300)
    fund = fund_of(sectors, 3, 0.004)
    one, two = (style_analysis(f, sectors, draws=100) for f in (fund, fund + 0.01))
    assert one.weights["weight"].to_numpy() == pytest.approx(two.weights["weight"].to_numpy())


def test_the_sum_is_identified_where_the_parts_are_not() -> None:
    sectors = market(4, 500, twins=0.999)
    found = style_analysis(fund_of(sectors, 4, 0.006), sectors, draws=300)
    parts = found.weights.loc[["xlv", "ibb", "xbi"]]
    assert found.correlation > 0.98
    assert (parts["high"] - parts["low"]).max() > 3 * (found.high - found.low)
    assert found.low < 0.55 < found.high
    assert found.high - found.low < 0.2
    assert "sum is better determined than its parts" in found.note


def test_identical_sectors_still_give_one_sum() -> None:
    sectors = market(5, 300)
    sectors["ibb"] = sectors["xbi"]
    found = style_analysis(fund_of(sectors, 5, 0.003), sectors, draws=100)
    assert found.share == pytest.approx(0.55, abs=0.05)
    assert np.isfinite(found.weights).all(axis=None)


def test_the_same_seed_gives_the_same_band() -> None:
    sectors = market(6, 300)
    fund = fund_of(sectors, 6, 0.005)
    one, two, other = (style_analysis(fund, sectors, draws=200, seed=s) for s in (1, 1, 2))
    assert (one.low, one.high) == (two.low, two.high) != (other.low, other.high)
    told = one.estimate()
    assert told.value == pytest.approx(100 * one.share)
    assert told.low == pytest.approx(100 * one.low)


@pytest.mark.parametrize(("noise", "side"), [(0.002, "above"), (0.03, "across")])
def test_the_rule_of_one_half(noise: float, side: str) -> None:
    sectors = market(7, 400)
    assert style_analysis(fund_of(sectors, 7, noise), sectors, draws=300).against_half == side


def test_a_group_of_one_below_half() -> None:
    sectors = market(8, 400)
    found = style_analysis(fund_of(sectors, 8, 0.002), sectors, group=("xlk",), draws=200)
    assert found.against_half == "below"
    assert found.correlation is None


def test_rolling_windows_see_only_their_days() -> None:
    sectors = market(9, 600)
    fund = fund_of(sectors, 9, 0.002)
    half = sectors.index[300]
    fund[half:] = sectors.loc[half:, "xlk"]  # synthetic: sells all healthcare that day
    found = rolling_style(fund, sectors, window=126, step=42)
    before, after = found.loc[: half - pd.Timedelta(days=1)], found.loc[half:].iloc[4:]
    assert before["share"].to_numpy() == pytest.approx(0.55, abs=0.06)
    assert after["share"].to_numpy() == pytest.approx(0, abs=1e-6)
    assert found.index[-1] == sectors.index[-1]
    cut = rolling_style(fund.loc[: before.index[-1]], sectors, window=126, step=42)
    pd.testing.assert_frame_equal(cut, before)


def test_days_without_a_return_are_counted() -> None:
    sectors = market(10, 400)
    fund = fund_of(sectors, 10, 0.004)
    sectors.iloc[100:103, 2] = np.nan
    fund.iloc[:20] = np.nan
    found = style_analysis(fund, sectors, draws=100)
    assert (found.n, found.n_excluded) == (377, 3)
    assert found.first == sectors.index[20]


def test_bad_input_is_refused() -> None:
    sectors = market(11, 300)
    fund = fund_of(sectors, 11, 0.004)
    with pytest.raises(ProjectError, match="60 days with all returns"):
        style_analysis(fund.iloc[:60], sectors)
    with pytest.raises(ProjectError, match="group"):
        style_analysis(fund, sectors.drop(columns="xbi"))
    with pytest.raises(ProjectError, match="never moves"):
        style_analysis(fund, sectors.assign(xlk=0.0))
    with pytest.raises(ProjectError, match="draws = 5"):
        style_analysis(fund, sectors, draws=5)
    with pytest.raises(ProjectError, match="out of order"):
        style_analysis(fund.iloc[::-1], sectors)
    with pytest.raises(ProjectError, match="window = 30"):
        rolling_style(fund, sectors, window=30)


@pytest.mark.slow
@pytest.mark.parametrize(("days", "noise"), [(290, 0.0065), (950, 0.008)])
def test_the_band_of_the_share_covers(days: int, noise: float) -> None:
    """Synthetic funds of the length and R2 seen: a 95% band covers the planted 0.55 about so often."""
    runs = 300
    covered = 0
    for seed in range(runs):
        sectors = market(seed, days)
        found = style_analysis(fund_of(sectors, seed, noise), sectors, draws=300, seed=seed)
        covered += found.low <= 0.55 <= found.high
    assert 0.91 <= covered / runs <= 0.98
