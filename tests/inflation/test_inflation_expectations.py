"""Expectations and surprises: each forecast meets its month, and nothing is known before its release."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.inflation import (
    expected_rising,
    inflation_rate,
    surprises_up,
    survey_forecast,
)
from helpers.panel import build
from helpers.project import ProjectError
from helpers.sources.parsers import PARSERS

MONTHS = pd.date_range("2000-01-31", "2009-12-31", freq="ME", unit="us")


def synthetic_panel() -> tuple[pd.DataFrame, pd.Series]:
    """Made-up prices and forecasts, as the monthly panel has them, and first releases."""
    generator = np.random.default_rng(11)
    n = len(MONTHS)
    index = 100 * np.exp(np.cumsum(generator.normal(0.002, 0.003, n)))
    panel = pd.DataFrame(
        {name: np.cumsum(generator.normal(0, 0.2, n)) for name in ("michigan_pct",
         "breakeven_5y_pct", "breakeven_10y_pct", "cleveland_1y_pct")},
        index=MONTHS,
    )  # fmt: skip
    panel["cpi_sa_index"] = panel["core_cpi_sa_index"] = index
    asked = MONTHS.month % 3 == 2
    for name in ("spf_next_year_pct", "spf_cpi_h1_pct", "spf_cpi_h2_pct", "spf_core_cpi_h1_pct",
                 "spf_core_cpi_h2_pct"):  # fmt: skip
        panel[name] = np.where(asked, 2.5 + generator.normal(0, 0.5, n), np.nan)
    panel["cpi_nowcast_pct"] = generator.normal(0.2, 0.2, n)
    first = 100 * panel["cpi_sa_index"].pct_change(fill_method=None) + generator.normal(0, 0.01, n)
    return panel, first.iloc[1:]


def test_a_forecast_is_that_of_the_last_survey_before_the_release() -> None:
    """By hand: surveys of November, February and May; a month's CPI comes out in the next month."""
    months = pd.date_range("2000-10-31", "2001-09-30", freq="ME", unit="us")
    own = pd.Series(np.nan, months)
    following = own.copy()
    own["2000-11-30"], following["2000-11-30"] = 1.0, 1.5
    own["2001-02-28"], following["2001-02-28"] = 2.0, 2.5
    own["2001-05-31"], following["2001-05-31"] = 3.0, 3.5
    found = survey_forecast(own, following)
    nan = float("nan")
    #                  Oct  Nov  Dec  Jan  Feb  Mar  Apr  May  Jun  Jul  Aug  Sep
    expected = [nan, 1.0, 1.0, 1.5, 2.0, 2.0, 2.5, 3.0, 3.0, 3.5, nan, nan]
    assert found.tolist() == pytest.approx(expected, nan_ok=True)


def test_a_surprise_stands_in_the_month_of_its_release() -> None:
    panel, first = synthetic_panel()
    panel["cpi_nowcast_pct"] = first.reindex(MONTHS) + 0.1
    panel.loc["2004-03-31", "cpi_nowcast_pct"] -= 0.2
    state = surprises_up(panel, first)["above nowcast, first release"]
    assert state.index[state.fillna(False)].tolist() == [pd.Timestamp("2004-04-30")]
    forecast = survey_forecast(panel["spf_cpi_h1_pct"], panel["spf_cpi_h2_pct"])
    above = inflation_rate(panel["cpi_sa_index"], 1) > forecast
    above.index += pd.offsets.MonthEnd(1)
    found = surprises_up(panel, first)["CPI above survey"].dropna()
    assert found.astype(bool).tolist() == above[found.index].tolist()
    assert len(found) > 100


def test_expectations_rise_where_they_were_made_to() -> None:
    panel, _ = synthetic_panel()
    panel["spf_next_year_pct"] = np.where(MONTHS.month % 3 == 2, np.arange(len(MONTHS)), np.nan)
    panel["breakeven_5y_pct"] = -np.arange(len(MONTHS), dtype=float)
    panel.loc["2005-01-31":, "spf_next_year_pct"] *= -1
    panel.loc["2005-01-31":, "breakeven_5y_pct"] *= -1
    found = expected_rising(panel)
    survey = found["forecasters"].loc["2001":].dropna().astype(bool)
    assert survey.loc[:"2005-01"].all()
    assert not survey.loc["2005-02":].any()
    assert survey.index[-1] == MONTHS[-1]  # the survey of November still holds in December
    market = found["5-year breakeven"].dropna().astype(bool)
    assert not market.loc[:"2004"].any()
    assert market.loc["2005-01":].all()


@pytest.mark.parametrize("from_month", ["2003-01-31", "2003-02-28", "2005-06-30"])
def test_what_is_published_later_changes_nothing_before(from_month: str) -> None:
    """Prices from a month on are known a month later; surveys and markets in their own month."""
    panel, first = synthetic_panel()
    prices, other_first = panel.copy(), first.copy()
    generator = np.random.default_rng(2)
    later = prices.loc[from_month:].index
    for name in ("cpi_sa_index", "core_cpi_sa_index"):
        prices.loc[later, name] *= np.exp(np.cumsum(generator.normal(0, 0.02, len(later))))
    other_first.loc[from_month:] += generator.normal(0, 1, len(later))
    changed = False
    for label, before in surprises_up(panel, first).items():
        after = surprises_up(prices, other_first)[label]
        pd.testing.assert_series_equal(after.loc[:from_month], before.loc[:from_month])
        changed |= not after.equals(before)
    assert changed

    asked = panel.copy()
    columns = [name for name in panel if name.endswith("_pct")]
    asked.loc[from_month:, columns] += generator.normal(0, 3, (len(later), len(columns)))
    strictly_before = slice(None, later[0] - pd.Timedelta(days=1))
    for made in (expected_rising, lambda each: surprises_up(each, first)):
        for label, before in made(panel).items():
            after = made(asked)[label]
            pd.testing.assert_series_equal(after.loc[strictly_before], before.loc[strictly_before])
            assert not after.equals(before), label


def test_an_equal_figure_is_no_surprise_and_a_missing_one_is_missing() -> None:
    panel, first = synthetic_panel()
    panel["cpi_nowcast_pct"] = (first + 0.1).reindex(MONTHS)
    panel.loc["2004-03-31", "cpi_nowcast_pct"] = first["2004-03-31"]
    first["2004-06-30"] = np.nan
    state = surprises_up(panel, first)["above nowcast, first release"]
    assert state.loc[["2004-04-30", "2004-07-31"]].isna().all()
    assert state.notna().sum() == len(first) - 2


def test_what_the_panel_lacks_is_absent() -> None:
    panel, first = synthetic_panel()
    assert expected_rising(panel[["cpi_sa_index"]]) == {}
    assert surprises_up(panel[["cpi_sa_index"]], first) == {}
    assert "above nowcast, first release" not in surprises_up(panel, first.iloc[:0])


def test_a_forecast_without_a_figure_is_refused() -> None:
    panel, _ = synthetic_panel()
    other = pd.Series(0.1, pd.date_range("1990-01-31", periods=20, freq="ME", unit="us"))
    with pytest.raises(ProjectError, match="no month has both"):
        surprises_up(panel[["cpi_nowcast_pct"]], other)


@pytest.mark.mirror
@pytest.mark.skipif(
    not os.environ.get("MIRROR"), reason="MIRROR is not set: no upstream files to try"
)
def test_a_nowcast_is_of_the_month_in_which_it_was_read() -> None:
    """The file files it a month earlier: there it misses the month's inflation by a third more."""
    mirror = Path(os.environ["MIRROR"])
    payload = (mirror / "expectations/cleveland_nowcast.csv").read_bytes()
    filed = PARSERS["cleveland_nowcast"](payload, series="cpi_headline")
    read = build._transformed(filed, "value_pct_mom_sa", "when_known")
    prices = pd.read_csv(mirror / "fred/CPIAUCSL.csv", index_col=0, parse_dates=True, na_values=".")
    came = 100 * prices["CPIAUCSL"].pct_change(fill_method=None)
    came.index += pd.offsets.MonthEnd(0)
    as_filed = filed["value_pct_mom_sa"]
    assert (came - as_filed).std() > 1.3 * (came - read).std()
    assert came.corr(read) > came.corr(as_filed) + 0.2
