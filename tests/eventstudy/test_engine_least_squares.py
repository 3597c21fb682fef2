"""Each model's numbers against statsmodels, by its own formulas for prediction errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from arch.data import nasdaq, sp500
from linearmodels.datasets import french

from helpers.eventstudy import run

EVENTS = pd.DataFrame({"event_id": ["2001", "2007"], "date": ["2001-01-03", "2007-09-18"]})
FACTORS = {
    "ff3": ["mkt_rf", "smb", "hml"],
    "carhart": ["mkt_rf", "smb", "hml", "mom"],
}


@pytest.fixture(scope="module")
def quotes() -> pd.DataFrame:
    closes = {"nasdaq": nasdaq.load()["Adj Close"], "sp500": sp500.load()["Adj Close"]}
    return pd.DataFrame(closes).pct_change().dropna()


@pytest.fixture(scope="module")
def library() -> pd.DataFrame:
    """French's monthly portfolios and factors: to the algebra a month is as good as a day."""
    names = {"MktRF": "mkt_rf", "SMB": "smb", "HML": "hml", "Mom": "mom", "RF": "rf"}
    table = french.load().rename(columns=names)
    table["dates"] = pd.to_datetime(table["dates"])
    return table.set_index("dates")


def rows_of(index: pd.DatetimeIndex, date: str, first: int, last: int) -> slice:
    at = index.get_loc(date)
    return slice(at + first, at + last + 1)


def check_against_statsmodels(
    y: pd.Series, x: pd.DataFrame, study, event: str, asset: str, date: str, gaps: bool = False
) -> None:
    est, win = rows_of(y.index, date, -250, -30), rows_of(y.index, date, -5, 20)
    model = sm.OLS(y[est], sm.add_constant(x[est]), missing="drop" if gaps else "raise").fit()
    ahead = sm.add_constant(x[win], has_constant="add")
    predicted = model.get_prediction(ahead)
    abnormal = y[win] - predicted.predicted_mean
    row = study.coefficients.loc[(event, asset)]
    np.testing.assert_allclose(row.iloc[: len(model.params)], model.params, rtol=1e-9, atol=1e-12)
    assert row["s"] == pytest.approx(np.sqrt(model.scale), rel=1e-10)
    assert row["r2"] == pytest.approx(model.rsquared, rel=1e-9)
    assert row["n_estimation"] == model.nobs
    np.testing.assert_allclose(study.abnormal.loc[event, asset], abnormal, rtol=1e-9, atol=1e-14)
    # obs: spread of a new observation, s sqrt(1 + x'(X'X)^-1 x).
    np.testing.assert_allclose(
        study.standardized.loc[event, asset], abnormal / predicted.se_obs, rtol=1e-9
    )
    for first, last in study.spans.car_windows:
        days = slice(first + 5, last + 6)
        total = ahead.iloc[days].sum().to_numpy()
        exact = (last - first + 1) * model.scale + total @ model.cov_params().to_numpy() @ total
        loose = (predicted.se_obs[days] ** 2).sum()
        at = [(event, (first, last)) == each for each in study.car.index]
        assert study.car.loc[at, asset].item() == pytest.approx(
            abnormal.iloc[days].sum(), abs=1e-13
        )
        assert study.car_sd.loc[at, asset].item() == pytest.approx(np.sqrt(exact), rel=1e-10)
        assert study.car_sd_independent.loc[at, asset].item() == pytest.approx(np.sqrt(loose))
        for scar, variance in ((study.scar, loose), (study.scar_exact, exact)):
            z = abnormal.iloc[days].sum() / np.sqrt(variance)
            assert scar.loc[at, asset].item() == pytest.approx(z, rel=1e-8)


def test_market_model(quotes: pd.DataFrame) -> None:
    study = run(quotes[["nasdaq"]], EVENTS, market=quotes["sp500"])
    assert list(study.coefficients.columns) == ["alpha", "beta", "s", "r2", "n_estimation"]
    for event, date in EVENTS.itertuples(index=False):
        check_against_statsmodels(quotes["nasdaq"], quotes[["sp500"]], study, event, "nasdaq", date)


def test_the_forecast_error_is_that_of_patell(quotes: pd.DataFrame) -> None:
    """C = 1 + 1/L + (Rm - mean Rm)^2 / Sxx, written out for the market model."""
    study = run(quotes[["nasdaq"]], EVENTS, market=quotes["sp500"])
    market = quotes["sp500"]
    est = market[rows_of(market.index, "2007-09-18", -250, -30)]
    now = market[rows_of(market.index, "2007-09-18", -5, 20)]
    c = 1 + 1 / 221 + (now - est.mean()) ** 2 / ((est - est.mean()) ** 2).sum()
    s = study.coefficients.loc[("2007", "nasdaq"), "s"]
    expected = study.abnormal.loc["2007", "nasdaq"].to_numpy() / (s * np.sqrt(c))
    np.testing.assert_allclose(study.standardized.loc["2007", "nasdaq"], expected, rtol=1e-10)


def test_each_asset_is_regressed_on_its_own_days(quotes: pd.DataFrame) -> None:
    """Gaps in one asset change neither its neighbour nor the way its own days are used."""
    generator = np.random.default_rng(3)
    at = quotes.index.get_loc("2007-09-18")
    gaps = generator.choice(np.arange(at - 250, at - 30), 40, replace=False)
    returns = quotes[["nasdaq"]].assign(gappy=quotes["nasdaq"])
    returns.iloc[gaps, 1] = np.nan
    study = run(returns, EVENTS, market=quotes["sp500"])
    for asset in returns:
        check_against_statsmodels(
            returns[asset], quotes[["sp500"]], study, "2007", asset, "2007-09-18", gaps=True
        )
    assert study.coefficients.loc[("2007", "gappy"), "n_estimation"] == 181


def test_constant_mean_is_the_mean_of_the_estimation_days(quotes: pd.DataFrame) -> None:
    study = run(quotes[["nasdaq"]], EVENTS, model="mean")
    y = quotes["nasdaq"]
    est, win = (rows_of(y.index, "2001-01-03", *each) for each in ((-250, -30), (-5, 20)))
    s = y[est].std(ddof=1)
    assert study.coefficients.loc[("2001", "nasdaq"), "s"] == pytest.approx(s)
    np.testing.assert_allclose(study.abnormal.loc["2001", "nasdaq"], y[win] - y[est].mean())
    # Exact: twenty-one days share one mean, so variance is s^2 (m + m^2 / L).
    key = ("2001", (0, 20))
    assert dict(study.car_sd["nasdaq"])[key] == pytest.approx(s * np.sqrt(21 + 21**2 / 221))
    loose = dict(study.car_sd_independent["nasdaq"])[key]
    assert loose == pytest.approx(s * np.sqrt(21 + 21 / 221))


def test_market_adjusted_estimates_nothing(quotes: pd.DataFrame) -> None:
    study = run(quotes[["nasdaq"]], EVENTS, model="market_adjusted", market=quotes["sp500"])
    spread = quotes["nasdaq"] - quotes["sp500"]
    est, win = (rows_of(spread.index, "2001-01-03", *each) for each in ((-250, -30), (-5, 20)))
    np.testing.assert_allclose(study.abnormal.loc["2001", "nasdaq"], spread[win])
    s = np.sqrt((spread[est] ** 2).mean())
    np.testing.assert_allclose(study.standardized.loc["2001", "nasdaq"], spread[win] / s)
    assert list(study.coefficients.columns) == ["s", "r2", "n_estimation"]


@pytest.mark.parametrize("model", FACTORS)
def test_factor_models(library: pd.DataFrame, model: str) -> None:
    assets = ["S1V1", "S3V5"]
    events = pd.DataFrame({"event_id": ["a", "b"], "date": ["1990-08-01", "1987-10-01"]})
    study = run(library[assets], events, model=model, factors=library, risk_free=library["rf"])
    factors = library[FACTORS[model]]
    assert list(study.coefficients.columns[:-3]) == ["alpha", *factors.columns]
    for asset in assets:
        for event, date in events.itertuples(index=False):
            excess = library[asset] - library["rf"]
            check_against_statsmodels(excess, factors, study, event, asset, date)


def test_five_factors_are_taken_in_their_order(library: pd.DataFrame) -> None:
    """RMW and CMA are not in this copy of the library; two other columns stand in."""
    factors = library.assign(rmw=library["mom"], cma=library["S3M3"] - library["S1M1"])
    events = pd.DataFrame({"event_id": ["a"], "date": ["1990-08-01"]})
    study = run(library[["S1V1"]], events, model="ff5", factors=factors, risk_free=library["rf"])
    names = ["mkt_rf", "smb", "hml", "rmw", "cma"]
    check_against_statsmodels(
        library["S1V1"] - library["rf"], factors[names], study, "a", "S1V1", "1990-08-01"
    )


def test_dimson_sums_the_slopes_of_three_days(quotes: pd.DataFrame) -> None:
    study = run(quotes[["nasdaq"]], EVENTS, model="dimson", market=quotes["sp500"])
    m, y = quotes["sp500"], quotes["nasdaq"]
    x = pd.DataFrame({"lag": m.shift(1), "same": m, "lead": m.shift(-1)})
    est, win = (rows_of(y.index, "2001-01-03", *each) for each in ((-250, -30), (-5, 20)))
    model = sm.OLS(y[est], sm.add_constant(x[est])).fit()
    row = study.coefficients.loc[("2001", "nasdaq")]
    beta = model.params[["lag", "same", "lead"]].sum()
    assert row["beta"] == pytest.approx(beta, rel=1e-10)
    assert row["beta_lag"] == pytest.approx(model.params["lag"], rel=1e-9)
    assert row["beta_lead"] == pytest.approx(model.params["lead"], rel=1e-9)
    normal = model.params["const"] + beta * m
    np.testing.assert_allclose(study.abnormal.loc["2001", "nasdaq"], (y - normal)[win], rtol=1e-9)
    s = np.sqrt(((y - normal)[est] ** 2).sum() / (221 - 4))
    assert row["s"] == pytest.approx(s, rel=1e-10)
    # Error of the forecast itself, from the covariance of the coefficients.
    weights = np.column_stack([np.ones(26), m[win], m[win], m[win]])
    c = 1 + np.einsum("dk,kl,dl->d", weights, model.normalized_cov_params, weights)
    expected = (y - normal)[win] / (s * np.sqrt(c))
    np.testing.assert_allclose(study.standardized.loc["2001", "nasdaq"], expected, rtol=1e-9)


def test_buy_and_hold_compounds_both_returns(quotes: pd.DataFrame) -> None:
    study = run(quotes[["nasdaq"]], EVENTS, market=quotes["sp500"])
    alpha, beta = study.coefficients.loc[("2007", "nasdaq"), ["alpha", "beta"]]
    at = quotes.index.get_loc("2007-09-18")
    held, normal = 1.0, 1.0
    for day in range(at, at + 21):
        held *= 1 + quotes["nasdaq"].iloc[day]
        normal *= 1 + alpha + beta * quotes["sp500"].iloc[day]
    assert dict(study.bhar["nasdaq"])[("2007", (0, 20))] == pytest.approx(held - normal, rel=1e-10)


def test_three_days_by_hand() -> None:
    """Returns -1, 1, -1, 1 percent: mean 0, s^2 = 4/3; then 2 and 4 percent."""
    days = pd.bdate_range("2024-01-01", periods=7)
    returns = pd.DataFrame({"a": [-0.01, 0.01, -0.01, 0.01, 0.5, 0.02, 0.04]}, days)
    events = pd.DataFrame({"event_id": ["e"], "date": [days[5]]})
    study = run(
        returns, events, model="mean", estimation=(-5, -2), window=(0, 1), car_windows=[(0, 1)]
    )
    s = 0.02 / np.sqrt(3)
    assert study.coefficients.loc[("e", "a"), ["alpha", "s"]].tolist() == pytest.approx([0, s])
    assert study.standardized["a"].tolist() == pytest.approx(
        [0.02 / (s * np.sqrt(1.25)), 0.04 / (s * np.sqrt(1.25))]
    )
    assert study.car["a"].tolist() == pytest.approx([0.06])
    assert study.scar["a"].tolist() == pytest.approx([0.06 / (s * np.sqrt(2.5))])
    assert study.scar_exact["a"].tolist() == pytest.approx([0.06 / (s * np.sqrt(3))])
    assert study.bhar["a"].tolist() == pytest.approx([1.02 * 1.04 - 1])


@pytest.mark.parametrize("model", ["mean", "market_adjusted", "market", "dimson"])
def test_estimation_days_have_the_spread_that_is_reported(quotes: pd.DataFrame, model: str) -> None:
    returns = quotes[["nasdaq"]].assign(gappy=quotes["nasdaq"])
    returns.iloc[300:340:3, 1] = np.nan
    study = run(returns.iloc[280:], EVENTS, model=model, market=quotes["sp500"])
    found, table = study.estimation_abnormal(), study.coefficients
    assert found.shape == (len(table), 221)
    n, k = np.isfinite(found).sum(axis=1), study.measured.coefficients.shape[1]
    np.testing.assert_array_equal(n, table["n_estimation"])
    assert n.min() < 221  # the first event has a short past
    np.testing.assert_allclose(np.sqrt(np.nansum(found**2, axis=1) / (n - k)), table["s"])
    np.testing.assert_allclose(
        study.estimation_abnormal(slice(1, 3)), found[1:3], rtol=1e-12, atol=1e-15
    )
