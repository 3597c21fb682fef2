"""Every file of a mirror parses as its manifest says, and known values hold."""

from __future__ import annotations

import csv
import functools
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.sources.parsers import PARSERS

pytestmark = pytest.mark.mirror

FOLDER = Path(os.environ.get("MIRROR", "."))
QUARTERLY = ("GDP", "GDPC1")
DAILY = (
    "DFF", "DFEDTAR", "DFEDTARL", "DFEDTARU", "DFII10", "DGS1", "DGS2", "DGS3MO", "DGS10",
    "BAA10Y", "T5YIE", "T5YIFR", "T10YIE", "VIXCLS",
)  # fmt: skip
TITLED = (
    "12_Industry_Portfolios", "49_Industry_Portfolios", "5_Industry_Portfolios_Daily",
    "6_Portfolios_2x3", "Portfolios_Formed_on_ME",
)  # fmt: skip
OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "alfred/pcpiMvMd.xlsx": ("real_time", {"sheet": "pcpi", "variable": "PCPI"}),
    "fomc/fed_funds_target_events.csv": ("target_changes", {}),
    "ism/ism_pmi.csv": ("ism", {}),
    "shiller/data.csv": ("shiller_csv", {}),
    "shiller/ie_data.xls": ("shiller", {}),
    "surprises/FOMC_surprises_Bauer_Swanson.xlsx": (
        "bauer_swanson",
        {"sheet": "FOMC (update 2023)"},
    ),
    "surprises/USMPD.xlsx": ("usmpd", {"sheet": "Statements"}),
    "surprises/usmpd_mps.csv": ("usmpd_surprises", {"columns": ["STMT", "PC", "ME"]}),
    "surprises/usmpd_mps_minutes.csv": ("usmpd_surprises", {"columns": ["MIN"]}),
}
LONG = {
    "expectations/cleveland_nowcast.csv": (
        "cleveland_nowcast",
        "series",
        ("cpi_headline", "cpi_core", "pce_headline", "pce_core"),
        1,
    ),
    "expectations/spf_median.csv": ("spf", "variable", ("cpi", "core_cpi", "pce", "core_pce"), 6),
}


def manifest() -> dict[str, dict[str, str]]:
    path = FOLDER / "MANIFEST.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as stream:
        return {row["file"]: row for row in csv.DictReader(stream)}


MANIFEST = manifest()


@functools.cache
def parsed(file: str, parser: str, *options: tuple[str, str]) -> pd.DataFrame:
    return PARSERS[parser]((FOLDER / file).read_bytes(), **dict(options))


def french(name: str, section: str = "untitled") -> pd.DataFrame:
    return parsed(f"french/{name}", "french", ("section", section))


def fred(series: str) -> pd.Series:
    frequency = "daily" if series in DAILY else "quarterly" if series in QUARTERLY else "monthly"
    options = (("series", series), ("frequency", frequency))
    return parsed(f"fred/{series}.csv", "fred", *options)[series.lower()]


def quotes(name: str) -> pd.DataFrame:
    return parsed(f"prices/{name}.csv", "quotes")


def first_table(file: str) -> pd.DataFrame:
    """The table that the manifest describes."""
    folder, *_, name = file.split("/")
    stem = name.split(".")[0]
    if folder == "fred":
        return fred(stem).to_frame()
    if folder == "prices":
        return quotes(name.removesuffix(".csv"))
    if folder == "french":
        return french(name, "value_weighted" if stem in TITLED else "untitled")
    if "_jk" in stem:
        table = {"fomc_surprises_jk": "markets", "shocks_fed_jk_t": "shocks"}.get(stem, "months")
        return PARSERS["jarocinski_karadi"]((FOLDER / file).read_bytes(), table=table)
    parser, options = OTHERS[file]
    return PARSERS[parser]((FOLDER / file).read_bytes(), **options)


@pytest.mark.parametrize(
    "file", [file for file in MANIFEST if file not in LONG] or ["MANIFEST.csv"]
)
def test_a_file_holds_the_rows_and_dates_of_the_manifest(file: str) -> None:
    table, said = first_table(file), MANIFEST[file]
    assert len(table) == int(said["rows"])
    for stamp, text in ((table.index[0], said["first_date"]), (table.index[-1], said["last_date"])):
        is_month = len(text) == 7 or (stamp.is_month_end and text.endswith("-01"))
        form = "Q" if file.removeprefix("fred/").removesuffix(".csv") in QUARTERLY else "M"
        unit = form if is_month else "D"
        assert pd.Period(stamp, unit) == pd.Period(text, unit)
    numbers = table.select_dtypes("number")
    assert (numbers.dtypes == "float64").all()
    assert np.isfinite(numbers).to_numpy().any(axis=0).all()
    assert not numbers.isin([-99.99, -999.0]).to_numpy().any()
    assert table.index.name == "date"
    assert table.index.is_monotonic_increasing


@pytest.mark.parametrize("file", LONG)
def test_a_long_file_is_taken_apart_without_loss(file: str) -> None:
    parser, option, names, values_a_row = LONG[file]
    tables = [parsed(file, parser, (option, name)).dropna(how="all") for name in names]
    assert sum(map(len, tables)) * values_a_row == int(MANIFEST[file]["rows"])
    unit = "Q" if "Q" in MANIFEST[file]["first_date"] else "M"
    ends = [min(table.index[0] for table in tables), max(table.index[-1] for table in tables)]
    assert [pd.Period(end, unit) for end in ends] == [
        pd.Period(MANIFEST[file][key], unit) for key in ("first_date", "last_date")
    ]


def test_the_manifest_leaves_no_file_out() -> None:
    there = {str(p.relative_to(FOLDER)) for p in FOLDER.rglob("*") if p.is_file()}
    assert there - {"MANIFEST.csv"} == set(MANIFEST)


# --- Known values ---------------------------------------------------------------------------------


def test_consumer_prices() -> None:
    for series in ("CPIAUCNS", "CPIAUCSL", "CPILFESL", "UNRATE"):
        values = fred(series)
        assert list(values.index[values.isna()]) == [pd.Timestamp("2025-10-31")]
    assert fred("CPIAUCNS")["2023-12-31"] == 306.746


def test_rates() -> None:
    assert fred("DGS2")["2023-12-12":"2023-12-13"].tolist() == [4.73, 4.46]
    assert fred("FEDFUNDS")["2022":].max() == 5.33
    assert fred("DFEDTARU")["2023-12-13"] == 5.5


def test_returns() -> None:
    factors = french("F-F_Research_Data_Factors.csv")
    assert factors.loc["2023-11-30", "mkt_rf"] == 8.88
    assert factors.attrs["vintage"] == "CRSP 202605"
    iwm = quotes("IWM")["close"].pct_change()["2023-12-13"]
    assert round(100 * iwm, 2) == 3.39


def test_the_intraday_print_goes() -> None:
    payload = (FOLDER / "prices/SPY.csv").read_bytes()
    kept = PARSERS["quotes"](payload, last_date="2026-07-31")
    assert kept.index[-1] == pd.Timestamp("2026-07-31")
    assert len(kept) == len(quotes("SPY")) - 1


def test_two_sources_of_the_russell_2000_agree() -> None:
    ratio = (quotes("^RUT")["close"] / quotes("RUT_ibkr")["close"]).dropna()
    assert len(ratio) > 2000
    assert (ratio - 1).abs().max() < 1e-5


# --- Traps ----------------------------------------------------------------------------------------


def test_mangled_deciles_and_an_empty_column() -> None:
    deciles = [f"dec_{number}" for number in range(2, 10)]
    for name, section in (
        ("Portfolios_Formed_on_ME.csv", "equal_weighted"),
        ("Portfolios_Formed_on_ME.csv", "n_firms"),
        ("Portfolios_Formed_on_ME_Daily.csv.gz", "untitled"),
    ):
        columns = list(french(name, section).columns)
        assert columns[8:] == ["lo_10", *deciles, "hi_10"]
        assert "le_0" not in columns


def test_the_equal_weighted_market_is_the_same_by_deciles_and_by_industries() -> None:
    def market(name: str, columns: slice) -> pd.Series:
        returns = french(name, "equal_weighted").iloc[:, columns]
        firms = french(name, "n_firms").iloc[:, columns]
        return (returns * firms).sum(axis=1) / firms.sum(axis=1)

    deciles = market("Portfolios_Formed_on_ME.csv", slice(8, None))
    industries = market("12_Industry_Portfolios.csv", slice(None))
    assert deciles.corr(industries) > 0.9999


@pytest.mark.parametrize("section", ["beme_december", "beme_june"])
def test_book_to_market_changes_in_july_when_portfolios_are_formed(section: str) -> None:
    change = french("6_Portfolios_2x3.csv", section).pct_change().abs().mean(axis=1)
    by_month = change.groupby(change.index.month).mean()
    assert by_month.idxmax() == 7
    assert by_month.drop(7).max() < 0.1 * by_month[7]


def test_rows_that_are_no_announcement() -> None:
    new = first_table("surprises/fomc_surprises_jk.csv")
    old = first_table("surprises/jk_202401/fomc_surprises_jk.csv")
    not_announced = new[new["is_announcement"] == 0]
    assert list(not_announced.index) == [pd.Timestamp("2005-05-03"), pd.Timestamp("2022-06-13")]
    assert not_announced["description"].str.startswith(("Correction", "WSJ article")).all()
    assert list(old.index[old["is_announcement"] == 0]) == [pd.Timestamp("2005-05-03")]
    assert new["schedule"]["2020-03-03":"2020-03-15"].tolist() == ["scheduled", "unscheduled"]
    assert new.loc["2020-03-15", ["ff1_pp", "mp1_pp"]].isna().all()


def test_two_vintages_disagree_about_june_2022() -> None:
    files = ("surprises/shocks_fed_jk_m.csv", "surprises/jk_202401/shocks_fed_jk_m.csv")
    june = [round(first_table(file).loc["2022-06-30", "pc1_hf_pp"], 3) for file in files]
    assert june == [0.235, 0.076]


def test_bauer_swanson_by_month_sums_the_events() -> None:
    file = "surprises/FOMC_surprises_Bauer_Swanson.xlsx"
    events = first_table(file)["mps"]
    months = parsed(file, "bauer_swanson", ("sheet", "Monthly (update 2023)"))["mps"]
    sums = events.groupby(events.index + pd.offsets.MonthEnd(0)).sum()
    both = pd.concat([sums, months], axis=1, join="inner").loc["2020":]
    assert len(both) > 30
    assert (both.iloc[:, 0] - both.iloc[:, 1]).abs().max() < 1e-3


@pytest.mark.parametrize(
    ("sheet", "rows"), [("Press Conferences", 90), ("Monetary Events", 274), ("Minutes", 201)]
)
def test_the_other_windows_of_the_event_study_database(sheet: str, rows: int) -> None:
    assert len(parsed("surprises/USMPD.xlsx", "usmpd", ("sheet", sheet))) == rows


def test_a_vintage_ends_a_month_before_itself_but_for_the_shutdown() -> None:
    table = first_table("alfred/pcpiMvMd.xlsx")
    last = table.apply(lambda column: column.last_valid_index().to_period("M"))
    months = [(pd.Period(vintage, "M") - end).n for vintage, end in last.items()]
    late = {vintage: n for vintage, n in zip(table.columns, months, strict=True) if n != 1}
    assert late == {"2025-11": 2}
    assert table.loc["2025-10-31"].isna().all()


def test_nowcasts_lack_every_december_and_october_2025() -> None:
    table = parsed(
        "expectations/cleveland_nowcast.csv", "cleveland_nowcast", ("series", "cpi_core")
    )
    absent = table.index[table["value_pct_mom_sa"].isna()]
    assert list(absent[absent.month != 12]) == [pd.Timestamp("2025-10-31")]
    assert (table.index[table.index.month == 12]).isin(absent).all()


def test_shiller_gives_an_estimate_where_no_index_was_published() -> None:
    table = first_table("shiller/ie_data.xls")
    assert "Oct '25" in table.attrs["notes"]
    assert table.loc["2025-10-31", "cpi_index"] > 0
    csv_table = first_table("shiller/data.csv")
    assert csv_table["cpi_index"].last_valid_index() < pd.Timestamp("2025-10-31")
    assert (table["dividend"] - csv_table["dividend"]).abs().max() < 0.005


def test_target_changes_are_the_steps_of_the_target() -> None:
    changes = first_table("fomc/fed_funds_target_events.csv")
    steps = 100 * changes["target_upper_pct"].diff()
    assert (steps - changes["change_bps"]).abs().max() < 1e-9
    assert list(changes.index[changes["change_bps"].isna()]) == [pd.Timestamp("2008-12-16")]
    upper = fred("DFEDTARU")
    assert (changes["target_upper_pct"]["2008-12-17":] == upper[changes["2008-12-17":].index]).all()
