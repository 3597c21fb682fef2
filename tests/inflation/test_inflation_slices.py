"""Slices: planted differences come back where they were planted, and months left out weigh nothing."""

from __future__ import annotations

import tomllib

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.inflation import RegimeSpec, regime, slices

MONTHS = pd.date_range("1947-01-31", "2020-12-31", freq="ME", unit="us")


@pytest.fixture
def rising() -> pd.Series:
    """Synthetic: eight months up, seven down."""
    return pd.Series(np.arange(len(MONTHS)) % 15 < 8, MONTHS).astype("boolean")


@pytest.fixture
def noise() -> pd.Series:
    """Synthetic returns without any regime in them."""
    return pd.Series(np.random.default_rng(3).normal(0.01, 0.05, len(MONTHS)), MONTHS)


def planted(noise: pd.Series, rising: pd.Series, where: object) -> pd.Series:
    return noise + 0.04 * (rising & where).astype(float)


def test_a_row_is_the_regression_it_says(noise: pd.Series, rising: pd.Series) -> None:
    table, left_out = slices.compare([("all", noise, rising)], hac_lags=12)
    fitted = sm.OLS(1200 * noise.to_numpy(), sm.add_constant(rising.astype(float).to_numpy())).fit(
        cov_type="HAC", cov_kwds={"maxlags": 12, "use_correction": True}, use_t=True
    )
    row = table.iloc[0]
    assert left_out == []
    assert row["value"] == pytest.approx(fitted.params[1])
    assert [row["low"], row["high"]] == pytest.approx(list(fitted.conf_int()[1]))
    assert row["p"] == pytest.approx(fitted.pvalues[1])
    assert (row["months"], row["rising"]) == (888, int(rising.sum()))


def test_only_the_planted_decade_differs(noise: pd.Series, rising: pd.Series) -> None:
    table, left_out = slices.by_decade(
        planted(noise, rising, MONTHS.year // 10 == 197), rising, hac_lags=12
    )
    table = table.set_index("label")
    assert table.loc["1970s", "value"] > 30
    assert table.drop("1970s")["value"].abs().max() < 30
    assert table["months"].sum() == 888 - 12
    assert [each.what for each in left_out] == ["2020s"]  # a year is no longer than the lags


def test_january_alone_and_without_share_the_months(noise: pd.Series, rising: pd.Series) -> None:
    table, _ = slices.without(planted(noise, rising, MONTHS.month == 1), rising, hac_lags=12)
    table = table.set_index("label")
    assert table.loc["January alone", "value"] > table.loc["without January", "value"] + 20
    assert table.loc[["January alone", "without January"], "months"].sum() == 888
    assert table.loc["without the ten largest months", "months"] == 878
    assert "without the 1930s" not in table.index


def test_levels_split_the_months_and_are_adjusted_together(
    noise: pd.Series, rising: pd.Series
) -> None:
    rate = pd.Series(np.linspace(-1.9, 5.9, len(MONTHS)), MONTHS)
    table, left_out = slices.by_level(
        planted(noise, rising, rate.shift(1) < 0), rising, rate, lag_months=1, hac_lags=12
    )
    assert left_out == []
    assert table["months"].sum() == 887  # the first month's level is not known yet
    assert table.set_index("label").loc["inflation below 0%", "value"] > 20
    assert (table["p_holm"] >= table["p"]).all()


def test_a_forecast_sees_only_what_comes_after(noise: pd.Series, rising: pd.Series) -> None:
    outcome = noise + 0.04 * rising.shift(1, fill_value=False).astype(float)
    ahead = slices.forecasts(outcome, rising, hac_lags=12)[0].set_index("label")
    assert ahead.loc["the next month", "value"] == pytest.approx(48, abs=12)
    same = slices.compare([("now", noise, rising)], hac_lags=12)[0]["value"].iloc[0]
    assert abs(same) < 12


def test_of_many_portfolios_the_planted_one_stays_after_adjustment(rising: pd.Series) -> None:
    generator = np.random.default_rng(8)
    many = pd.DataFrame(
        generator.normal(0.01, 0.05, (len(MONTHS), 20)),
        index=MONTHS,
        columns=[f"industry49_{code}" for code in ("hlth", *map(str, range(19)))],
    )
    many["industry49_hlth"] += 0.03 * rising.astype(float)
    many.loc[:"1969", "industry49_hlth"] = np.nan  # begins late: compared over its own months
    table, left_out = slices.by_portfolio(many, rising, hac_lags=12)
    table = table.set_index("label")
    assert left_out == []
    assert table.index[table["p_holm"] < 0.05].tolist() == ["health services"]
    assert table.loc["health services", "months"] == 12 * 51
    assert (table["p_holm"] >= table["p_bh"]).all()
    assert (table["p_bh"] >= table["p"]).all()


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("industry12_hlth", "health care"),
        ("industry49_hlth", "health services"),
        ("size_value_s1v5", "s1v5"),
        ("size_ew_lo_10", "lo 10"),
    ],
)
def test_a_column_in_words(column: str, words: str) -> None:
    assert slices.portfolio_name(column) == words


def test_every_industry_has_a_name_of_its_own() -> None:
    named = tomllib.loads(slices.INDUSTRIES.read_text(encoding="utf-8"))
    assert {family: len(names) for family, names in named.items()} == {
        "industry12": 12,
        "industry49": 49,
    }
    for names in named.values():
        assert len(set(names.values())) == len(names)
        assert max(map(len, names.values())) <= 23  # one line of a figure's margin


def test_a_case_without_a_switch_is_left_out_and_said(noise: pd.Series) -> None:
    never = pd.Series(False, MONTHS).astype("boolean")
    table, left_out = slices.compare([("never", noise, never)], hac_lags=12)
    assert table.empty
    assert left_out[0].what == "never"
    assert "no switch" in left_out[0].reason


def test_two_names_of_one_regime() -> None:
    """P(t) P(t-15) against P(t-3) P(t-12), whichever rate and change are named."""
    prices = pd.Series(np.random.default_rng(5).normal(0.002, 0.004, 400).cumsum(), MONTHS[:400])
    index = np.exp(prices)
    one = regime(index, RegimeSpec(rate_months=12, change_months=3)).rising
    other = regime(index, RegimeSpec(rate_months=3, change_months=12)).rising
    both = one.notna() & other.notna()
    assert both.sum() > 370
    assert (one[both] == other[both]).all()


def test_an_outcome_without_a_month_is_left_out_and_said() -> None:
    months = pd.date_range("2000-01-31", periods=60, freq="ME", unit="us")
    outcome = pd.Series(np.nan, months)
    table, left_out = slices.compare(
        [("none", outcome, pd.Series(True, months, dtype="boolean"))], hac_lags=2
    )
    assert table.empty
    assert [(each.what, each.reason) for each in left_out] == [("none", "no month of it")]
