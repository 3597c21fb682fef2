import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from helpers.project import Workspace
from helpers.replications import price_changes, replicate
from helpers.replications.studies import cycle_weeks
from helpers.surprises import build_announcements, load_surprise_files


def _days(n: int, start: str = "1989-06-01") -> pd.DatetimeIndex:
    return pd.bdate_range(start, periods=n, name="day")


@pytest.fixture(scope="module")
def planted() -> dict[str, pd.DataFrame]:
    """Invented panels in which the slopes of the studies are planted."""
    draw = np.random.default_rng(1989)
    days = _days(9200)
    months = pd.date_range("1926-07-31", "2020-12-31", freq="ME", name="month")
    bill = pd.Series(draw.uniform(0.001, 0.006, len(months)), months)
    monthly = pd.DataFrame({
        "mkt": 0.02 - 5.5 * bill + draw.normal(0, 1e-4, len(months)), "rf": bill,
        "cpi_nsa_index": 100 * np.exp(0.0025 * np.arange(len(months))),
    }, months)  # fmt: skip
    daily = pd.DataFrame(draw.normal(0, 1e-3, (len(days), 3)), days, ["mkt", "mkt_rf", "smb"])
    on = days[5::32]
    surprise = pd.Series(draw.normal(0, 0.1, len(on)), on)
    daily.loc[on, "mkt"] += -0.05 * surprise
    daily.loc[on, "mkt_rf"] += 0.01
    surprises = pd.DataFrame({
        "target_pp": surprise, "path_pp": surprise, "sp500_pct": -4.0 * surprise, "scheduled": True,
    }, on)  # fmt: skip
    return {"daily": daily, "monthly": monthly, "surprises": surprises}


def test_planted_slopes_are_recovered(planted: dict[str, pd.DataFrame]) -> None:
    found = replicate(**planted)
    ours = {key: each.value for key, each in found.estimates.items()}
    assert ours["bernanke_kuttner"] == pytest.approx(-5.0, abs=0.6)
    assert ours["gurkaynak_sack_swanson"] == pytest.approx(-4.0)
    assert ours["fama_schwert"] == pytest.approx(-5.5, abs=0.05)
    assert ours["lucca_moench"] == pytest.approx(1.0, abs=0.1)
    assert ours["jarocinski_karadi"] == 0.0  # every stock move is against the rate
    assert ours["cieslak"] > 0.0  # the announcement's day lies in week 0
    assert found.left_out == []
    inside = found.table.set_index("what")["inside"]
    assert not inside["stocks moved with the rate"]
    assert inside.isna().sum() == found.table["published"].isna().sum()


def test_a_study_without_data_is_named(planted: dict[str, pd.DataFrame]) -> None:
    found = replicate(
        planted["daily"].drop(columns="smb"), planted["monthly"],
        planted["surprises"].drop(columns=["sp500_pct"]),
    )  # fmt: skip
    said = {each.what: each.reason for each in found.left_out}
    assert said == {
        "Gürkaynak, Sack and Swanson 2005": "no data for sp500_pct",
        "Jarociński and Karadi 2020": "no data for sp500_pct",
        "Ehrmann and Fratzscher 2004; Maio 2014": "no data for smb",
    }


def test_weeks_of_the_announcement_cycle_by_hand() -> None:
    days = _days(30)
    week, cycle = cycle_weeks(days, days[[3, 20]])
    assert week.isna().to_list() == [True, True] + [False] * 28
    assert week.iloc[2:].astype(int).to_list() == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 2 + [0] * 5 + [1] * 5 + [2]  # fmt: skip
    assert cycle.iloc[2:].astype(int).to_list() == [0] * 17 + [1] * 11


def test_real_returns_inside_and_outside_match_a_formula(planted: dict[str, pd.DataFrame]) -> None:
    from helpers.inflation import in_neville_regime

    found = replicate(**planted).estimates
    frame = planted["monthly"].assign(
        real=lambda x: np.log1p(x["mkt"]) - np.log(x["cpi_nsa_index"]).diff()
    ).dropna()  # fmt: skip
    frame["inside"] = in_neville_regime(pd.DatetimeIndex(frame.index)).astype(float)
    fit = smf.ols("real ~ inside", frame).fit(cov_type="HAC", cov_kwds={"maxlags": 12}, use_t=True)
    outside = fit.params["Intercept"]
    assert found["neville_outside"].value == pytest.approx(100 * np.expm1(12 * outside))
    assert found["neville_inside"].value == pytest.approx(
        100 * np.expm1(12 * (outside + fit.params["inside"]))
    )
    assert found["neville_outside"].low == pytest.approx(
        100 * np.expm1(12 * fit.conf_int().loc["Intercept", 0])
    )


def test_prices_of_an_inflation_start_the_month_before_it() -> None:
    months = pd.date_range("1941-03-31", "1942-05-31", freq="ME")
    index = pd.Series(np.linspace(100, 115, len(months)), months)
    (row,) = price_changes(index).to_dict("records")
    assert row["inflation"] == "1941-04 to 1942-05"
    assert row["ours"] == pytest.approx(15.0)
    assert row["difference"] == pytest.approx(0.0)


@pytest.mark.mirror
def test_published_figures_lie_in_our_intervals(
    mirror: Workspace, mirror_daily: pd.DataFrame, mirror_monthly: pd.DataFrame
) -> None:
    announcements = build_announcements(load_surprise_files(mirror), mirror_daily.index)
    found = replicate(mirror_daily, mirror_monthly, announcements.table)
    ours = {key: each.value for key, each in found.estimates.items()}
    assert found.estimates["gurkaynak_sack_swanson"].n == 138
    assert ours["bernanke_kuttner"] == pytest.approx(-4.68, abs=1.0)
    assert ours["bernanke_kuttner_fewer"] == pytest.approx(-2.55, abs=0.5)
    assert ours["gurkaynak_sack_swanson"] == pytest.approx(-4.3, abs=0.3)
    assert ours["lucca_moench"] == pytest.approx(0.49, abs=0.2)
    assert ours["jarocinski_karadi"] == pytest.approx(100 / 3, abs=2)
    assert ours["neville_inside"] == pytest.approx(-7, abs=1)
    assert ours["neville_outside"] == pytest.approx(10, abs=1)
    assert ours["fama_schwert"] == pytest.approx(-5.5, abs=0.5)
    assert found.estimates["cieslak"].low > 0
    assert price_changes(mirror_monthly["cpi_nsa_index"])["difference"].abs().max() < 0.5
