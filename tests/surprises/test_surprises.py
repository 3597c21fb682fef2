"""Announcements and slopes: planted truth (synthetic), a second route, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from linearmodels.system import SUR
from scipy import stats

from helpers.project import ProjectError
from helpers.surprises import (
    build_announcements,
    by_subperiod,
    equal_slopes,
    path,
    respond,
    sums_after,
)

CALENDAR = pd.bdate_range("2000-01-03", "2004-12-31", unit="us")


def jk(**rows: object) -> pd.DataFrame:
    dates = ["2001-01-03", "2001-04-18", "2001-04-18", "2001-09-15", "2002-05-07", "2003-06-25"]
    table = pd.DataFrame(
        {
            "time": ["13:15", "10:55", "14:15", "08:20", "16:00", "14:15"],
            "mp1_pp": [-0.38, -0.4, -0.03, -0.32, 0.01, np.nan],
            "ed4_pp": [-0.1, -0.2, 0.0, -0.2, 0.02, 0.05], "sp500_pct": 1.0,
            "is_announcement": [1, 1, 1, 1, 1, 0], "description": "FOMC Rate Decision",
            "schedule": "scheduled",
        },
        index=pd.DatetimeIndex(dates, name="date"),
    )  # fmt: skip
    return table.assign(**rows)


def test_one_row_a_trading_day_that_could_react() -> None:
    found = build_announcements({"jk_surprises": jk()}, CALENDAR)
    table = found.table
    assert list(table.index.strftime("%Y-%m-%d")) == [
        "2001-01-03",
        "2001-04-18",
        "2001-09-17",
        "2002-05-08",
    ]
    assert table.loc["2001-04-18", "target_pp"] == pytest.approx(-0.43)  # two announcements
    assert found.collapsed[["day", "announcements"]].to_numpy().tolist() == [
        [pd.Timestamp("2001-04-18"), 2]
    ]
    assert found.left_out["date"].tolist() == [pd.Timestamp("2003-06-25")]


def test_a_missing_quote_stays_missing() -> None:
    found = build_announcements({"jk_surprises": jk(is_announcement=1)}, CALENDAR)
    assert np.isnan(found.table.loc["2003-06-25", "target_pp"])
    assert found.table.loc["2003-06-25", "path_pp"] == 0.05


def test_outside_the_trading_days_is_left_out_and_said() -> None:
    found = build_announcements({"jk_surprises": jk()}, CALENDAR[CALENDAR < "2002-01-01"])
    assert "outside the trading days of the returns" in set(found.left_out["reason"])


def test_files_that_disagree_are_shown() -> None:
    other = jk()[["time", "mp1_pp", "ed4_pp"]].assign(ust2y_pp=0.0)
    other.loc["2001-01-03", "mp1_pp"] = -0.30
    table = build_announcements(
        {"jk_surprises": jk(), "usmpd_events": other}, CALENDAR
    ).disagreements()
    row = table.set_index("pair").loc["target_pp, usmpd_target_pp"]
    assert (row["beyond"], row["day"]) == (1, pd.Timestamp("2001-01-03"))
    assert row["largest_bp"] == pytest.approx(8)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.rename(columns={"mp1_pp": "MP1"}), r"jk_surprises: no column mp1_pp"),
        (lambda t: t.assign(time="after lunch"), r"jk_surprises, 2001-01-03: time = 'after lunch'"),
    ],
)
def test_another_vintage_is_refused_by_name(change, said: str) -> None:
    with pytest.raises(ProjectError, match=said):
        build_announcements({"jk_surprises": change(jk())}, CALENDAR)


@pytest.fixture(scope="module")
def planted() -> tuple[pd.DataFrame, pd.Series]:
    """Slopes -4 (large) and -8 (small), the small one half a day late."""
    rng = np.random.default_rng(3)
    days = CALENDAR[20::15]
    surprise = pd.Series(rng.normal(0, 0.08, len(days)), days, name="target_pp")
    returns = pd.DataFrame(rng.normal(0, 0.006, (len(CALENDAR), 2)), CALENDAR, ["large", "small"])
    at = CALENDAR.get_indexer(days)
    returns.iloc[at, 0] += -0.04 * surprise.to_numpy()
    returns.iloc[at, 1] += -0.04 * surprise.to_numpy()
    returns.iloc[at + 1, 1] += -0.04 * surprise.to_numpy()
    return returns, surprise


def test_a_planted_slope_is_found_late_responses_too(planted) -> None:
    returns, surprise = planted
    found = respond(returns["large"], surprise)
    assert found.low < -4 < found.high < 0
    late = path(returns["small"], surprise, last=3)
    assert abs(late["mean"].iloc[0] + 4) < 3 * (late["high"] - late["low"]).iloc[0] / 3.9
    assert late["low"].iloc[1] < -8 < late["high"].iloc[1]
    assert len(by_subperiod(returns["large"], surprise)) == 1


def test_slope_and_error_by_arithmetic(planted) -> None:
    returns, surprise = planted
    found = respond(returns["large"], surprise)
    x, y = surprise.to_numpy(), 100 * returns["large"].loc[surprise.index].to_numpy()
    centred = x - x.mean()
    slope = (centred * y).sum() / (centred**2).sum()
    e = y - y.mean() - slope * centred
    h = 1 / len(x) + centred**2 / (centred**2).sum()
    se = np.sqrt(((centred * e / (1 - h)) ** 2).sum()) / (centred**2).sum()
    assert found.value == pytest.approx(slope)
    assert found.se == pytest.approx(se)
    assert found.p == pytest.approx(2 * stats.t.sf(abs(slope / se), len(x) - 2))
    day = found.influence.index[0]
    rest = respond(returns["large"], surprise.drop(day))
    assert found.influence["without"].iloc[0] == pytest.approx(rest.value)


def test_equal_slopes_by_the_difference_of_two(planted) -> None:
    returns, surprise = planted
    alike = equal_slopes(returns, surprise, (0, 0))
    apart = equal_slopes(returns, surprise, (0, 1))
    assert alike.p > 0.05 > apart.p
    assert apart.df == (1, len(surprise) - 2)
    y = sums_after(returns["small"] - returns["large"], pd.DatetimeIndex(surprise.index), (0, 1))
    x = pd.DataFrame({"const": 1.0, "surprise": surprise})
    fit = SUR({"gap": {"dependent": y, "exog": x}}).fit(method="ols", cov_type="robust")
    assert apart.value == pytest.approx(fit.tstats["gap_surprise"] ** 2, rel=1e-6)


def test_nothing_after_the_window_and_nothing_before_day_0_matters(planted) -> None:
    returns, surprise = planted
    cut = surprise.iloc[:60]
    shocked = returns.copy()
    shocked.loc[cut.index[-1] + pd.Timedelta(days=3) :] += 0.5
    assert respond(shocked["large"], cut).value == respond(returns["large"], cut).value


def test_too_few_announcements_are_refused(planted) -> None:
    returns, surprise = planted
    with pytest.raises(ProjectError, match="7 announcements with a surprise and a return"):
        respond(returns["large"], surprise.iloc[:7])
