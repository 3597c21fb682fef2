"""Panels: units, months that do not exist, and routes that must agree."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from helpers.panel import (
    as_known,
    build,
    build_panel,
    cross_check,
    firm_weighted,
    load_panel,
    save_panel,
)
from helpers.panel import crosschecks as crosschecks_module
from helpers.panel.build import month_ends
from helpers.project import ProjectError, Workspace
from helpers.sources import acquire, load

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("panel")
    shutil.copytree(ROOT / "data/raw/compiled", root / "data/raw/compiled")
    found = Workspace.current({"HELPERS_ROOT": str(root)})
    acquire(found)
    return found


@pytest.fixture(scope="session")
def monthly(workspace: Workspace) -> pd.DataFrame:
    return build_panel(workspace, "monthly")[0]


def test_returns_are_fractions_and_the_market_is_excess_plus_bills(
    workspace: Workspace, monthly: pd.DataFrame
) -> None:
    assert monthly.loc["1926-07-31", "mkt_rf"] == pytest.approx(0.0296)
    assert monthly.loc["1926-07-31", "mkt"] == pytest.approx(0.0318)
    nine = load(workspace, "size_value_9_monthly").loc["1987-10-31"]
    assert monthly.loc["1987-10-31", "avg9"] == pytest.approx(nine.mean() / 100)


def test_every_month_has_a_row_and_the_missing_one_stays_missing(monthly: pd.DataFrame) -> None:
    assert monthly.index.equals(
        pd.date_range(monthly.index[0], monthly.index[-1], freq="ME", name="date", unit="us")
    )
    hole = monthly.loc["2025-10-31"]
    assert hole.filter(like="cpi").isna().all()
    assert monthly.loc[["2025-09-30", "2025-11-30"], "cpi_nsa_index"].notna().all()


def test_daily_returns_are_those_of_their_own_calendar(workspace: Workspace) -> None:
    daily, dictionary = build_panel(workspace, "daily")
    close = load(workspace, "sp500_daily")["close"]
    assert daily.loc["2001-09-17", "sp500"] == pytest.approx(
        close["2001-09-17"] / close["2001-09-10"] - 1
    )
    assert daily.loc["1999-01-04":"1999-01-04", "sp500"].isna().all()
    assert daily["sp500"].eq(0).sum() == 3  # closes that repeat in the file: looked at one by one
    assert dictionary.loc["dgs2_pct", "unit"] == "percent a year"


def test_every_column_is_in_the_dictionary_with_its_unit(workspace: Workspace) -> None:
    for frequency in ("daily", "monthly"):
        panel, dictionary = build_panel(workspace, frequency)
        assert list(panel.columns) == list(dictionary.index)
        assert dictionary["unit"].str.len().gt(3).all()


def test_saving_twice_gives_the_same_bytes_and_reading_gives_the_panel(
    workspace: Workspace, monthly: pd.DataFrame
) -> None:
    panel, dictionary = build_panel(workspace, "monthly")
    save_panel(workspace, "monthly", panel, dictionary)
    first = workspace.read("processed/monthly.parquet").read_bytes()
    save_panel(workspace, "monthly", panel, dictionary)
    assert workspace.read("processed/monthly.parquet").read_bytes() == first
    pd.testing.assert_frame_equal(load_panel(workspace, "monthly"), monthly, check_freq=False)


def test_a_broken_panel_is_refused(workspace: Workspace) -> None:
    workspace.write("processed/daily.parquet").parent.mkdir(parents=True, exist_ok=True)
    workspace.write("processed/daily.parquet").write_bytes(b"no parquet")
    with pytest.raises(ProjectError, match=r"unreadable.*make"):
        load_panel(workspace, "daily")


def test_the_second_routes_agree_and_a_wrong_one_would_be_refused(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = cross_check(workspace)
    assert len(checks) == 4
    assert (checks["mean_abs_difference"] <= checks["tolerance"]).all()

    def scaled(workspace: Workspace, name: str) -> pd.DataFrame:
        return load(workspace, name) * (100 if name == "ff3_monthly" else 1)

    monkeypatch.setattr(crosschecks_module, "load", scaled)
    with pytest.raises(ProjectError, match="market return, two copies: they differ by"):
        cross_check(workspace)


def test_what_is_published_later_is_known_later_and_nothing_else_moves(
    monthly: pd.DataFrame,
) -> None:
    known = as_known(monthly, "monthly")
    assert known["cpi_nsa_index"].equals(monthly["cpi_nsa_index"].shift(1))
    assert known["mkt"].equals(monthly["mkt"])
    later = monthly.copy()
    later.loc["2001-06-30":, "cpi_nsa_index"] *= 2
    before = slice(None, "2001-06-30")
    again = as_known(later, "monthly").loc[before]
    pd.testing.assert_frame_equal(again, known.loc[before])


def test_a_month_ends_on_its_last_day_with_a_value_and_not_before_it_is_over() -> None:
    days = pd.to_datetime(["2020-01-02", "2020-01-31", "2020-02-28", "2020-03-30", "2020-04-15"])
    closes = pd.Series([9.0, 10.0, 11.0, 12.1, 99.0], days)
    closes["2020-03-31"] = float("nan")
    found = month_ends(closes.sort_index())
    assert found.index.tolist() == list(pd.to_datetime(["2020-01-31", "2020-02-29", "2020-03-31"]))
    assert found.tolist() == [10.0, 11.0, 12.1]
    table = closes.sort_index().to_frame("close")
    returns = build._transformed(table, "close", "month_return")
    assert returns.tolist() == pytest.approx([0.1, 0.1])
    without = build._transformed(table.drop(days[2]), "close", "month_return")
    assert without.isna().all()  # from a month without a close there is no return


def test_a_value_stands_in_the_month_in_which_it_was_known() -> None:
    quarters = pd.to_datetime(["2020-03-31", "2020-06-30", "2020-09-30"])
    table = pd.DataFrame(
        {"h1": [1.0, 2.0, float("nan")], "observed_asof": ["2020-02-15", "2020-05-15", None]},
        index=quarters,
    )
    found = build._transformed(table, "h1", "when_known")
    assert found.to_dict() == {pd.Timestamp("2020-02-29"): 1.0, pd.Timestamp("2020-05-31"): 2.0}
    table["observed_asof"] = "2020-02-15"
    with pytest.raises(ProjectError, match="two were known in 2020-02"):
        build._transformed(table, "h1", "when_known")


def test_firms_count_alike() -> None:
    returns = pd.DataFrame({"small": [0.10, 0.0, 0.2], "big": [0.02, 0.04, float("nan")]})
    firms = pd.DataFrame({"small": [300.0, 300.0, 300.0], "big": [100.0, 100.0, 0.0]})
    assert firm_weighted(returns, firms).tolist() == pytest.approx([0.08, 0.01, 0.2])
    firms.loc[2, "big"] = 5
    assert firm_weighted(returns, firms).isna().tolist() == [False, False, True]
