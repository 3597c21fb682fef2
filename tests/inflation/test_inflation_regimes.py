"""Regimes: by hand, on the CPI as bundled, without look-ahead, and what is refused."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from helpers.inflation import (
    MEASURES,
    PRIMARY,
    RegimeSpec,
    change,
    direction,
    in_neville_regime,
    inflation_rate,
    load_neville,
    real_time_directions,
    regime,
)
from helpers.project import ProjectError


def monthly(values: object, first: str = "2000-01") -> pd.Series:
    values = list(values)  # type: ignore[call-overload]
    return pd.Series(values, pd.date_range(first, periods=len(values), freq="ME"))


def index_with_waves(months: int = 240) -> pd.Series:
    """Synthetic: 3% a year, two points up and down every four years, from 1980."""
    t = np.arange(months)
    return monthly(100 * np.exp(np.cumsum((3 + 2 * np.sin(t / 48 * 2 * np.pi)) / 1200)), "1980-01")


@pytest.fixture(scope="module")
def cpi() -> pd.Series:
    """CPI-U, all items, not seasonally adjusted, from the installed package's own database."""
    spec = importlib.util.find_spec("cpi")
    assert spec is not None
    assert spec.origin is not None
    with sqlite3.connect(Path(spec.origin).with_name("cpi.db")) as database:
        table = pd.read_sql(
            "select year, period, value from indexes where series = 'CUUR0000SA0' "
            "and period between 'M01' and 'M12'",
            database,
        )
    months = pd.PeriodIndex.from_fields(
        year=table["year"].astype(int), month=table["period"].str[1:].astype(int), freq="M"
    )
    ends = months.to_timestamp(how="end").normalize()
    return pd.Series(table["value"].to_numpy(), ends).sort_index().asfreq("ME")


def test_the_primary_rule() -> None:
    assert RegimeSpec("cpi_nsa", 12, 6, 1, 0.0) == PRIMARY


def test_a_hand_made_rate() -> None:
    rate = monthly([1.0, 2.0, 3.0, 3.0, 2.0, np.nan, 2.0, 1.0, 2.0])
    found = regime(rate, RegimeSpec("expected_inflation", change_months=1, lag_months=1))
    assert found.state.index[0] == pd.Timestamp("2000-03-31"), "the change of February, in March"
    assert found.rising.astype(object).where(found.rising.notna(), None).tolist() == [
        True, True, None, False, None, None, False, True,
    ]  # fmt: skip
    assert found.counts == {"rising": 3, "falling": 2, "unchanged": 1, "missing": 2}
    assert (found.switches, found.regimes) == (2, 3)
    assert found.rising.dtype == "boolean"


def test_the_state_is_the_sign_of_the_six_month_change(cpi: pd.Series) -> None:
    """Independent route: integers. Rising when P(t) P(t-18) > P(t-12) P(t-6)."""
    last = "2020-12"
    p = (cpi.loc[:last] * 1000).round().astype(int).to_numpy()
    signs = np.sign(p[18:] * p[:-18] - p[6:-12] * p[12:-6])
    found = regime(cpi.loc[:last]).state
    assert found.map({"falling": -1, "unchanged": 0, "rising": 1}).astype(int).tolist() == [*signs]


@pytest.mark.parametrize(("months", "count"), [(1, 113), (6, 7)])
def test_months_without_change_are_counted(cpi: pd.Series, months: int, count: int) -> None:
    found = regime(cpi.loc[:"2020-12"], RegimeSpec(change_months=months))
    assert found.counts["unchanged"] == count


def test_the_month_that_does_not_exist_is_never_falling(cpi: pd.Series) -> None:
    assert cpi.index[cpi.isna()].strftime("%Y-%m").tolist() == ["2025-10"]
    found = regime(cpi)
    missing = found.state.index[found.state.isna()].strftime("%Y-%m").tolist()
    assert missing[:2] == ["2025-11", "2026-05"], "known a month after October and April"
    assert found.rising.loc["2025-11-30"] is pd.NA
    assert found.counts["missing"] == len(missing)


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_no_look_ahead(lag: int) -> None:
    """Whatever is published after t may change nothing known at t."""
    index = index_with_waves()
    spec = RegimeSpec(lag_months=lag)
    before = regime(index, spec).state
    for t in index.index[[100, 101, 137, 200]]:
        published_later = index.index > t - pd.offsets.MonthEnd(lag)
        altered = index.where(~published_later, index * (2 + np.sin(np.arange(len(index)))))
        after = regime(altered, spec).state
        pd.testing.assert_series_equal(after.loc[:t], before.loc[:t])
        assert not after.loc[t:].iloc[1:].equals(before.loc[t:].iloc[1:]), "the change was seen"


def test_one_lag_more_is_one_month_later() -> None:
    index = index_with_waves()
    one, two = (regime(index, RegimeSpec(lag_months=lag)).rising for lag in (1, 2))
    assert two.tolist() == one.tolist()
    assert two.index[0] == one.index[0] + pd.offsets.MonthEnd(1)


def test_refused() -> None:
    with pytest.raises(ProjectError, match=r"no measure is called 'cpi_nas'.*name: cpi_nsa"):
        RegimeSpec("cpi_nas")
    for fault in ({"rate_months": 5}, {"change_months": 0}, {"lag_months": -1},
                  {"threshold_pp": -0.1}, {"threshold_pp": float("nan")}):  # fmt: skip
        with pytest.raises(ProjectError, match=f"{next(iter(fault))} = "):
            RegimeSpec(**fault)  # type: ignore[arg-type]
    steady = monthly(range(30))
    spec = RegimeSpec("expected_inflation")
    with pytest.raises(ProjectError, match="never falling in 24 months, so no regime switches"):
        regime(steady, spec)
    with pytest.raises(ProjectError, match="never rising"):
        regime(-steady, spec)
    with pytest.raises(ProjectError, match="18 months make no change; expected 19 months or more"):
        regime(index_with_waves(18))
    with pytest.raises(ProjectError, match="has no row"):
        regime(index_with_waves().drop(pd.Timestamp("1985-03-31")))
    with pytest.raises(ProjectError, match="stands twice"):
        regime(pd.concat([index_with_waves(), index_with_waves().iloc[:1]]))


def test_every_measure_can_be_asked_for() -> None:
    index = index_with_waves()
    rate = inflation_rate(index, 12)
    for measure, kind in MEASURES.items():
        found = regime(index if kind == "index" else rate, RegimeSpec(measure))
        assert found.state.equals(regime(index).state)


def test_neville_regimes_are_reproduced(cpi: pd.Series) -> None:
    """Published in whole percent: each of the eight is met to the digit printed.

    From the level of the month before the first; from the first month itself three of them miss.
    """
    table = load_neville()
    last = cpi.reindex(table["last_month"]).to_numpy()
    start = table["first_month"] - pd.offsets.MonthEnd(1)
    found = 100 * (last / cpi.reindex(start).to_numpy() - 1)
    assert found.round().tolist() == table["price_change_pct"].tolist()
    assert np.abs(found - table["price_change_pct"]).max() < 0.5
    from_first = 100 * (last / cpi.reindex(table["first_month"]).to_numpy() - 1)
    assert from_first.round().tolist() != table["price_change_pct"].tolist()


def test_neville_months_are_hindsight() -> None:
    table = load_neville()
    assert table["hindsight"].all()
    months = pd.date_range("1926-07-31", "2022-12-31", freq="ME")
    found = in_neville_regime(months)
    lengths = [14, 13, 7, 48, 30, 38, 46, 11]
    assert found.sum() == sum(lengths)
    assert found.loc["1973-06-30"]
    assert not found.loc["1975-01-31"]
    assert found.loc["2021":].isna().all()
    assert found.loc[:"2020-12"].notna().all()


def made_vintages(index: pd.Series, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Synthetic: each vintage ends a month before it is published."""
    columns = {v: index.where(index.index < v - pd.offsets.MonthEnd(0)) for v in months}
    return pd.DataFrame(columns)


def test_vintages_without_revision_give_the_lagged_rule() -> None:
    index = index_with_waves()
    found = real_time_directions(made_vintages(index, index.index[60:200]))
    lagged = regime(index).state.reindex(index.index[60:200])
    assert found["direction"].tolist() == lagged.tolist()
    assert (found["reference_month"] == found.index - pd.offsets.MonthEnd(1)).all()


def test_a_revision_is_seen_only_when_published() -> None:
    index = index_with_waves()
    months = index.index[60:64]
    vintages = made_vintages(index, months)
    told = real_time_directions(vintages)["direction"]
    rebased = vintages.copy()
    rebased[months[2]] = vintages[months[2]] / 2  # a new base year is no news
    assert real_time_directions(rebased)["direction"].equals(told)
    revised = vintages.copy()
    opposite = 0.5 if told.iloc[2] == "rising" else 2.0
    revised.loc[months[1], months[2]] *= opposite
    found = real_time_directions(revised)["direction"]
    assert (found == told).tolist() == [True, True, False, True]


def test_faulty_vintages_are_refused() -> None:
    index = index_with_waves()
    vintages = made_vintages(index, index.index[60:64])
    early = vintages.copy()
    early.loc[index.index[70], index.index[62]] = 1.0
    with pytest.raises(ProjectError, match=r"vintage 1985-03.*1985-11, after it was published"):
        real_time_directions(early)
    with pytest.raises(ProjectError, match="no figure"):
        real_time_directions(vintages.mask(np.ones(vintages.shape, dtype=bool)))
    with pytest.raises(ProjectError, match="vintages: 1985-02 stands twice"):
        real_time_directions(pd.concat([vintages, vintages.iloc[:, 1:2]], axis=1))


@pytest.mark.mirror
def test_real_vintages_agree_with_the_unrevised_index(cpi: pd.Series) -> None:
    """Seasonally adjusted vintages against the rule on the unadjusted index, known a month late."""
    path = Path(os.environ["MIRROR"]) / "alfred/pcpiMvMd.xlsx"
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    names = [name.removeprefix("PCPI").split("M") for name in rows[0][1:]]
    columns = [f"{'19' if int(y) > 50 else '20'}{y}-{int(m):02}" for y, m in names]
    ends = pd.DatetimeIndex(columns) + pd.offsets.MonthEnd(0)
    frame = pd.DataFrame([row[1:] for row in rows[1:]], columns=ends)
    months = pd.PeriodIndex([row[0].replace(":", "-") for row in rows[1:]], freq="M")
    frame.index = months.to_timestamp(how="end").normalize()
    vintages = frame.apply(pd.to_numeric, errors="coerce")
    found = real_time_directions(vintages)
    both = pd.concat([found["direction"], regime(cpi).state], axis=1, join="inner").dropna()
    agreement = (both.iloc[:, 0].astype(str) == both.iloc[:, 1].astype(str)).mean()
    assert len(both) > 300
    assert agreement > 0.9


def test_direction_by_its_own_route() -> None:
    index = index_with_waves()
    assert direction(change(inflation_rate(index, 12), 6)).dropna().tolist() == [
        *regime(index).state
    ]
