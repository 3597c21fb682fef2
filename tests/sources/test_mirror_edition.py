"""The mirror edition on real upstream files: every dataset, known values, and the traps."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from helpers.panel import cross_check
from helpers.project import ProjectError, Workspace
from helpers.sources import acquire, available, load, load_catalogue, provenance

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.mirror


def test_every_dataset_of_the_catalogue_loads(mirror: Workspace) -> None:
    assert available(mirror) == list(load_catalogue().of("mirror"))
    assert len(available(mirror)) > 90
    assert provenance(mirror)["rows"].gt(20).all()


def test_known_values(mirror_monthly: pd.DataFrame, mirror_daily: pd.DataFrame) -> None:
    assert mirror_monthly.loc["2023-12-31", "cpi_nsa_index"] == 306.746
    assert mirror_monthly.loc["2023-11-30", "mkt_rf"] == pytest.approx(0.0888)
    assert mirror_daily.loc["2023-12-12":"2023-12-13", "dgs2_pct"].tolist() == [4.73, 4.46]
    assert mirror_monthly.loc["2023-01-31":"2024-12-31", "fed_funds_pct"].max() == 5.33
    assert mirror_daily.loc["2023-12-13", "iwm"] == pytest.approx(0.0339, abs=5e-5)


def test_october_2025_is_missing_and_is_not_filled(mirror_monthly: pd.DataFrame) -> None:
    columns = ["cpi_nsa_index", "cpi_sa_index", "core_cpi_sa_index", "unemployment_pct"]
    assert mirror_monthly.loc["2025-10-31", columns].isna().all()
    assert mirror_monthly.loc[["2025-09-30", "2025-11-30"], columns].notna().all(axis=None)


def test_the_intraday_print_is_dropped(mirror_daily: pd.DataFrame) -> None:
    assert mirror_daily.index.max() < pd.Timestamp("2026-08-03")
    assert pd.notna(mirror_daily.loc["2026-07-31", "iwm"])


def test_the_average_stock_is_made_of_all_deciles_and_agrees_by_industry(
    mirror: Workspace, mirror_monthly: pd.DataFrame
) -> None:
    by_industry = (
        load(mirror, "industries_12_ew_monthly") * load(mirror, "industries_12_n_firms")
    ).sum(axis=1) / load(mirror, "industries_12_n_firms").sum(axis=1)
    assert mirror_monthly["ew"].corr(by_industry) > 0.99998
    checks = cross_check(mirror)
    assert len(checks) >= 5
    assert (checks["mean_abs_difference"] <= checks["tolerance"]).all()


def test_vintages_are_kept_because_they_differ(mirror: Workspace) -> None:
    vintages = provenance(mirror)["vintage"]
    assert vintages["size_ew_monthly"] == "CRSP 202510"
    assert vintages["ff3_monthly"] == "CRSP 202605"
    assert vintages["ff5_monthly"] == "CRSP 202606"


def test_rows_that_are_no_announcement_are_marked(mirror: Workspace) -> None:
    table = load(mirror, "jk_surprises")
    odd = table.index[table["is_announcement"] == 0].strftime("%Y-%m-%d").tolist()
    assert odd == ["2005-05-03", "2022-06-13"]


def test_a_day_is_a_trading_day(mirror_daily: pd.DataFrame) -> None:
    sundays = mirror_daily.index[mirror_daily.index.day_of_week == 6]
    assert len(sundays) == 0
    saturdays = mirror_daily.index[mirror_daily.index.day_of_week == 5]
    assert saturdays.max() < pd.Timestamp("1952-12-31")
    assert mirror_daily.loc[saturdays, "mkt_rf"].notna().all()


def test_the_book_to_market_rows_reset_in_july(mirror: Workspace) -> None:
    december = load(mirror, "beme_december")["small_hibm"]
    year = december.loc["2024-07-31":"2025-06-30"]
    assert year.iloc[0] != december["2024-06-30"]
    assert abs(year.pct_change().iloc[1:]).max() < abs(year.iloc[0] / december["2024-06-30"] - 1)


def test_a_mirror_without_a_file_says_which(
    mirror: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "data/raw/compiled", tmp_path / "data/raw/compiled")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("MIRROR", str(tmp_path / "empty"))
    other = Workspace.current({"HELPERS_ROOT": str(tmp_path), "EDITION": "mirror"})
    with pytest.raises(
        ProjectError, match=r"french/F-F_Research_Data_Factors.csv: the mirror lacks"
    ):
        acquire(other)
