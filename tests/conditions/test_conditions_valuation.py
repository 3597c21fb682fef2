"""The size spread on a synthetic table of six portfolios with planted ratios."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.conditions import expanding_percentile, size_spread, standing
from helpers.conditions.valuation import BIG, SMALL
from helpers.project import ProjectError

MONTHS = pd.date_range("1930-01-31", periods=480, freq="ME")
NAMES = [*SMALL, *BIG]


@pytest.fixture
def synthetic_ratios() -> pd.DataFrame:
    noise = np.random.default_rng(4).normal(0, 0.1, (480, 6))
    return pd.DataFrame(np.exp(noise), MONTHS, NAMES)


@pytest.fixture
def synthetic_returns() -> pd.DataFrame:
    noise = np.random.default_rng(5).normal(0.01, 0.05, (480, 6))
    return pd.DataFrame(noise, MONTHS, NAMES)


def test_a_planted_ratio_comes_back() -> None:
    ratios = pd.DataFrame(1.0, MONTHS, NAMES)
    ratios[list(SMALL)] = 1.5
    assert size_spread(ratios).to_numpy() == pytest.approx(np.log(1.5))


def test_prices_are_brought_up_to_the_month(
    synthetic_ratios: pd.DataFrame, synthetic_returns: pd.DataFrame
) -> None:
    found = size_spread(synthetic_ratios, returns=synthetic_returns)
    assert found.index[0] == pd.Timestamp("1930-07-31")
    july, month = pd.Timestamp("1940-07-31"), pd.Timestamp("1941-02-28")
    growth = (1 + synthetic_returns.loc[july:month]).prod()
    log = np.log(synthetic_ratios.loc[july] / growth)
    assert found[month] == pytest.approx(log[list(SMALL)].mean() - log[list(BIG)].mean())


def test_pooled_by_worth(synthetic_ratios: pd.DataFrame, synthetic_returns: pd.DataFrame) -> None:
    worth = pd.DataFrame([[1.0, 2.0, 3.0, 5.0, 3.0, 1.0]] * 480, MONTHS, NAMES)
    ratios = pd.DataFrame([[0.3, 0.8, 2.0, 0.2, 0.7, 1.5]] * 480, MONTHS, NAMES)
    small, big = (0.3 + 1.6 + 6) / 6, (1 + 2.1 + 1.5) / 9
    assert size_spread(ratios, market_equity=worth).to_numpy() == pytest.approx(np.log(small / big))
    updated = size_spread(ratios, returns=synthetic_returns, market_equity=worth)
    growth = (1 + synthetic_returns.loc["1940-07":"1940-09"]).prod().to_numpy()
    sides = [
        (worth.iloc[0] * ratios.iloc[0]).to_numpy()[part].sum()
        / (worth.iloc[0].to_numpy() * growth)[part].sum()
        for part in (slice(0, 3), slice(3, 6))
    ]
    assert updated["1940-09-30"] == pytest.approx(np.log(sides[0] / sides[1]))


def test_later_months_change_neither_spread_nor_percentile(
    synthetic_ratios: pd.DataFrame, synthetic_returns: pd.DataFrame
) -> None:
    at = pd.Timestamp("1955-12-31")
    ratios, returns = synthetic_ratios.copy(), synthetic_returns.copy()
    ratios.loc[ratios.index > at] = 77.0
    returns.loc[returns.index > at] = 0.9
    before = size_spread(synthetic_ratios, returns=synthetic_returns)
    after = size_spread(ratios, returns=returns)
    pd.testing.assert_series_equal(after.loc[:at], before.loc[:at])
    one, two = standing(before, at, draws=200), standing(after, at, draws=200)
    assert (one.then, one.low, one.high, one.n) == (two.then, two.low, two.high, two.n)
    assert expanding_percentile(after)[at] == expanding_percentile(before)[at] == one.then


def test_standing_by_hand() -> None:
    values = np.r_[np.linspace(0, 1, 300), 0.9, np.full(179, 2.0)]
    found = standing(pd.Series(values, MONTHS), MONTHS[300], draws=200)
    assert found.then == pytest.approx(100 * np.mean(np.linspace(0, 1, 300) < 0.9))
    assert found.full == pytest.approx(100 * (np.linspace(0, 1, 300) < 0.9).sum() / 479)
    assert found.low < found.then < found.high
    # MONTHS[300] is January 1955: formed in June 1954 with the books of 1953.
    assert (found.n, found.book_year, found.formed) == (300, 1953, pd.Timestamp("1954-06-30"))
    record = standing(pd.Series(values, MONTHS), MONTHS[301], draws=200)
    assert (record.then, record.block) == (100, 0)


def test_refusals(synthetic_ratios: pd.DataFrame, synthetic_returns: pd.DataFrame) -> None:
    spread = size_spread(synthetic_ratios)
    for call, message in (
        (lambda: size_spread(synthetic_ratios.drop(columns="me1_bm2")), "no column me1_bm2"),
        (lambda: size_spread(-synthetic_ratios), "not positive"),
        (lambda: size_spread(synthetic_ratios.drop(MONTHS[3])), "row 3"),
        (lambda: size_spread(synthetic_ratios, returns=synthetic_returns - 2), "loss of all"),
        (lambda: size_spread(synthetic_ratios, returns=synthetic_returns.iloc[100:]), "begin"),
        (lambda: size_spread(synthetic_ratios.mask(synthetic_ratios > 1.2)), "missing"),
        (lambda: standing(spread, "1931-01"), "fewer than 120"),
        (lambda: standing(spread, "2050-01"), "outside"),
        (lambda: standing(spread, "1960-01", draws=5), "draws=5"),
        (lambda: expanding_percentile(spread, least=0), "least=0"),
    ):
        with pytest.raises(ProjectError, match=message):
            call()
