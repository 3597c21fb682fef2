"""States as they were known, on synthetic months: nothing after a date may change what it sees."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.conditions import (
    near_recession,
    own_surprise,
    pmi_troughs,
    quarterly_growth,
    sahm_gap,
    state_at,
)
from helpers.project import ProjectError

MONTHS = pd.date_range("1990-01-31", periods=240, freq="ME")


@pytest.fixture
def synthetic_months() -> pd.DataFrame:
    """Unemployment that jumps in 2000-01 and a PMI that falls below 50 in 1999-11; both planted."""
    generator = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "unemployment_pct": np.full(240, 5.0),
            "ism_pmi_index": 55 + generator.normal(0, 0.5, 240),
            "us_recession": 0.0,
        },
        MONTHS,
    )
    table.loc["2000-01":"2000-12", "unemployment_pct"] = 7.0
    table.loc["1999-11":"2000-10", "ism_pmi_index"] = 45.0
    table.loc["2000-02":"2000-09", "us_recession"] = 1.0
    return table


def states(days: list[str], table: pd.DataFrame) -> list[object]:
    return state_at(pd.DatetimeIndex(days), table)["state"].tolist()


def test_the_state_waits_for_publication(synthetic_months: pd.DataFrame) -> None:
    # The PMI of November is out in December, so the table of December's end has it; January's rise
    # of unemployment (a gap of two thirds) is known at the end of February.
    days = ["1999-12-15", "1999-12-31", "2000-01-31", "2000-02-28", "2000-02-29", "2000-03-15"]
    found = ["strong", "between", "between", "between", "weak", "weak"]
    assert states(days, synthetic_months) == found


def test_what_comes_after_a_date_leaves_its_state_alone(synthetic_months: pd.DataFrame) -> None:
    days = pd.DatetimeIndex(["1999-12-15", "2000-03-01", "2000-06-30", "2001-02-10"])
    whole = state_at(days, synthetic_months)
    for day in days:
        corrupt = synthetic_months.copy()
        # A month's own figures come out after it has ended.
        corrupt.loc[day.to_period("M").to_timestamp() :, :] = -1e3
        pd.testing.assert_series_equal(state_at(days, corrupt).loc[day], whole.loc[day])


def test_sahm_gap_by_hand() -> None:
    values = pd.Series(np.r_[np.full(14, 4.0), 4.2, 4.6, 4.8, np.full(13, 4.8)], MONTHS[:30])
    gap = sahm_gap(values)
    assert gap.iloc[:12].isna().all()
    assert gap.iloc[14:18].tolist() == pytest.approx([0.2 / 3, 0.8 / 3, 1.6 / 3, 2.2 / 3], abs=1e-6)
    hole = values.copy()
    hole.iloc[20] = np.nan
    assert sahm_gap(hole).isna().sum() == gap.isna().sum() + 1


def test_a_missing_reading_has_no_state(synthetic_months: pd.DataFrame) -> None:
    synthetic_months.loc["1999-06-30", "ism_pmi_index"] = np.nan
    found = state_at(pd.DatetimeIndex(["1999-07-31", "1999-08-31"]), synthetic_months)["state"]
    assert found.isna().tolist() == [True, False]


def test_near_recession_is_settled_late(synthetic_months: pd.DataFrame) -> None:
    days = pd.DatetimeIndex(
        ["1999-01-15", "1999-02-10", "2000-05-05", "2000-10-01", "2008-02-01", "2009-06-01"]
    )
    found = near_recession(days, synthetic_months)
    # The table ends in December 2009 and is relied on until December 2008: the year after February
    # 2008 reaches beyond.
    assert found["near"].iloc[:4].tolist() == [False, True, True, False]
    assert found["near"].iloc[4:].isna().all()
    assert found["known"].dt.strftime("%Y-%m").iloc[:3].tolist() == [
        "2001-01",
        "2001-02",
        "2001-05",
    ]
    assert (found["known"].iloc[:4] > days[:4]).all()


def test_troughs_by_hand_and_when_they_are_known() -> None:
    pmi = pd.Series(55.0, MONTHS[:60], name="planted")
    pmi.iloc[20:25] = [48, 45, 44, 44, 49]  # the first of two equal readings
    pmi.iloc[40] = 50.5  # a low point above 50 is none
    pmi.iloc[57] = 40.0  # too near the end to be told
    found = pmi_troughs(pmi, window=6, lag_months=1)
    assert found.table["trough"].tolist() == [MONTHS[22]]
    assert found.table["known"].tolist() == [MONTHS[29]]
    assert found.table["reading"].tolist() == [44]


def test_a_trough_is_the_same_as_soon_as_it_is_known() -> None:
    noise = np.random.default_rng(1).normal(size=240).cumsum()
    pmi = pd.Series(50 + 4 * np.sin(np.arange(240) / 7) + noise / 8, MONTHS, name="synthetic")
    whole = pmi_troughs(pmi)
    assert len(whole.table) > 3
    for _, row in whole.table.iterrows():
        # At the end of the known month the last reading published is of the month before.
        then = pmi.loc[: row["known"] - pd.offsets.MonthEnd(1)]
        seen = pmi_troughs(then).table
        assert seen["trough"].iloc[-1] == row["trough"]
        before = pmi_troughs(then.iloc[:-1]).table
        assert row["trough"] not in before["trough"].tolist()
    assert whole.table["trough"].diff().dropna().gt(pd.Timedelta(days=200)).all()


def test_own_surprise_finds_planted_shocks_and_does_not_look_ahead() -> None:
    generator = np.random.default_rng(2)
    shocks = generator.normal(size=240)
    values = np.zeros(240)
    for t in range(1, 240):
        values[t] = 0.8 * values[t - 1] + shocks[t]
    series = pd.Series(values, MONTHS, name="synthetic")
    found = own_surprise(series, lags=1, least=60)
    assert found.isna().sum() == 61
    assert np.corrcoef(found.dropna(), shocks[61:])[0, 1] > 0.98
    corrupt = series.copy()
    corrupt.iloc[151:] = 1e3
    pd.testing.assert_series_equal(own_surprise(corrupt, lags=1).iloc[:151], found.iloc[:151])


def test_growth_is_carried_from_the_month_it_is_known() -> None:
    quarters = pd.date_range("2000-03-31", periods=8, freq="QE")
    level = pd.Series(100 * 1.01 ** np.arange(8), quarters, name="planted")
    level.iloc[-1] *= 1.01
    found = quarterly_growth(level)
    assert found.index[0] == pd.Timestamp("2000-04-30")
    assert found.loc["2000-07-31":"2002-01-01"].to_numpy() == pytest.approx(100 * (1.01**4 - 1))
    # The last quarter ends in December 2001 and shows from January 2002 until March.
    assert found.loc["2002-01-31":].tolist() == pytest.approx([100 * (1.01**8 - 1)] * 3)
    far = quarterly_growth(level, through=pd.Timestamp("2002-12-31"))
    assert far.loc["2002-04-30":].isna().all()


def test_refusals(synthetic_months: pd.DataFrame) -> None:
    pmi = synthetic_months["ism_pmi_index"]
    day = pd.DatetimeIndex(["1980-01-01"])
    quarters = pd.Series([1.0, 2.0], pd.to_datetime(["2000-03-31", "2000-09-30"]))
    for call, message in (
        (lambda: state_at(day, synthetic_months), "needs the table of 1979-12"),
        (lambda: state_at(day, synthetic_months.drop(columns="ism_pmi_index")), "no column"),
        (lambda: state_at(MONTHS, synthetic_months.drop(MONTHS[4])), "row 4"),
        (lambda: near_recession(day, synthetic_months), "before the table"),
        (lambda: near_recession(day, synthetic_months, months_before=-1), "months_before=-1"),
        (lambda: pmi_troughs(pmi.where(pmi.index != MONTHS[9])), "1990-10 is missing"),
        (lambda: pmi_troughs(pmi, window=0), "window=0"),
        (lambda: own_surprise(pmi, lags=0), "lags=0"),
        (lambda: own_surprise(pmi.iloc[:50]), "50 months"),
        (lambda: quarterly_growth(quarters), "consecutive quarter ends"),
        (lambda: quarterly_growth(quarters.iloc[:1]), "1 quarters"),
    ):
        with pytest.raises(ProjectError, match=message):
            call()
