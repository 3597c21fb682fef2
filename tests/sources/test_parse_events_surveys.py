"""Surprises, target changes, ISM and expectations in their csv formats, on invented numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.project import ProjectError
from helpers.sources.parsers import PARSERS

MARKETS = "FF1,FF2,FF3,FF4,MP1,ED1,ED2,ED3,ED4,TFUT02,TFUT05,TFUT10,TFUT30,SP500,SP500FUT"
VALUES = "NaN,0.01,0.01,0.01,0.02,0.01,0.01,0.01,0.01,0.01,0.01,0.01,0.01,-0.5,-0.6"

EVENTS = (
    f"start,description,{MARKETS},EUR\r\n"
    f'2005-05-03 14:15:00,"FOMC Rate Decision (Scheduled)",{VALUES},0.1\r\n'
    f'2005-05-03 16:00:00,"Correction, with a ""quotation""",{VALUES},0.1\r\n'
    f'2008-01-22 08:30:00,"FOMC Rate Decision (Unscheduled)",{VALUES},0.1\r\n'
    f'2022-06-13 15:15:00,"WSJ article",{VALUES},0.1\r\n'
)


def test_one_row_a_published_row_and_two_that_are_no_announcement() -> None:
    table = PARSERS["jarocinski_karadi"](EVENTS.encode(), table="markets")
    assert [f"{day:%Y-%m-%d}" for day in table.index] == [
        "2005-05-03", "2005-05-03", "2008-01-22", "2022-06-13",
    ]  # fmt: skip
    assert list(table["time"]) == ["14:15", "16:00", "08:30", "15:15"]
    assert list(table["is_announcement"]) == [1.0, 0.0, 1.0, 0.0]
    assert list(table["schedule"]) == ["scheduled", "", "unscheduled", ""]
    assert table["description"].iloc[1] == 'Correction, with a "quotation"'
    assert table["ff1_pp"].isna().all()
    assert list(table["mp1_pp"]) == [0.02] * 4
    assert list(table["sp500_pct"]) == [-0.5] * 4
    assert list(table["eur_pct"]) == [0.1] * 4


def test_the_older_vintage_has_no_seconds_and_no_euro() -> None:
    text = f"start,description,{MARKETS}\r\n2005-05-03 16:00,FOMC Announcement (Scheduled),{VALUES}\r\n"
    table = PARSERS["jarocinski_karadi"](text.encode(), table="markets")
    assert table["is_announcement"].tolist() == [0.0]
    assert "eur_pct" not in table


def test_shocks_by_event_and_by_month() -> None:
    shocks = b"start,pc1,SP500,MP_pm,CBI_pm,MP_median,CBI_median\r\n2022-06-13 15:15,0.15,-0.4,0.15,0,0.1,0.05\r\n"
    events = PARSERS["jarocinski_karadi"](shocks, table="shocks")
    assert list(events.columns) == [
        "time", "pc1_pp", "sp500_pct", "mp_pm_pp", "cbi_pm_pp", "mp_median_pp", "cbi_median_pp",
        "is_announcement",
    ]  # fmt: skip
    assert events["is_announcement"].tolist() == [0.0]
    months = b"year,month,pc1_hf,SP500_hf,MP_pm,CBI_pm,MP_median,CBI_median\n1990,2,0.1,-0.2,0,0,0,0\n1990,3,0,0,0,0,0,0\n"
    table = PARSERS["jarocinski_karadi"](months, table="months")
    assert list(table.index) == [pd.Timestamp("1990-02-28"), pd.Timestamp("1990-03-31")]
    assert list(table["pc1_hf_pp"]) == [0.1, 0.0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("FF4", "FF04", "header: no column 'FF4'"),
        ("2008-01-22 08:30:00", "2008-01-22", "row 4: start: '2008-01-22' is no date"),
        ("2008-01-22 08:30:00", "2005-05-03 16:00:00", "row 4: 2005-05-03 occurs twice"),
        ("2008-01-22 08:30:00", "2004-01-22 08:30:00", "row 4: 2004-01-22 comes after 2005-05-03"),
        (",NaN,0.01", ",missing,0.01", "row 2: FF1: 'missing' is no number"),
        (",-0.6,0.1\r\n2008", ",-999,0.1\r\n2008", "row 3: SP500FUT: -999 looks like a mark"),
    ],
)
def test_faults_of_surprises(old: str, new: str, message: str) -> None:
    assert old in EVENTS
    with pytest.raises(ProjectError) as caught:
        PARSERS["jarocinski_karadi"](EVENTS.replace(old, new, 1).encode(), table="markets")
    assert message in str(caught.value)


def test_the_first_component_surprises() -> None:
    payload = b"Date,STMT,PC,ME\n2030-01-30,0.1,NA,0.1\n2030-03-20,-0.2,0.3,0.1\n"
    table = PARSERS["usmpd_surprises"](payload, columns=["STMT", "PC", "ME"])
    assert list(table.columns) == ["stmt", "pc", "me"]
    assert table["pc"].isna().tolist() == [True, False]
    with pytest.raises(ProjectError, match="header: no column 'MIN'"):
        PARSERS["usmpd_surprises"](payload, columns=["MIN"])


TARGETS = (
    "date,change_bps,level_text,target_lower_pct,target_upper_pct,target_mid_pct\n"
    "2008-10-29,-50,1.00,1.0,1.0,1.0\n2008-12-16,,0-0.25,0.0,0.25,0.125\n"
)


def test_the_move_to_a_range_has_no_size() -> None:
    table = PARSERS["target_changes"](TARGETS.encode())
    assert table["change_bps"].isna().tolist() == [False, True]
    assert list(table["target_upper_pct"]) == [1.0, 0.25]
    assert list(table["level_text"]) == ["1.00", "0-0.25"]
    with pytest.raises(ProjectError, match="row 3: 2008-10-29 occurs twice"):
        PARSERS["target_changes"](TARGETS.replace("2008-12-16", "2008-10-29").encode())
    with pytest.raises(ProjectError, match="header: no column 'change_bps'"):
        PARSERS["target_changes"](TARGETS.replace("change_bps", "change_bp").encode())


def test_ism() -> None:
    table = PARSERS["ism"](b"date,ism_pmi\n2030-01-01,51.7\n2030-02-01,50\n")
    assert list(table["ism_pmi_index"]) == [51.7, 50.0]
    assert list(table.index) == [pd.Timestamp("2030-01-31"), pd.Timestamp("2030-02-28")]
    with pytest.raises(ProjectError, match="row 3: 2030-01-31 occurs twice"):
        PARSERS["ism"](b"date,ism_pmi\n2030-01-01,51.7\n2030-01-15,50\n")


NOWCAST = (
    "source,series_key,reference_month,value_pct_mom_sa,observed_asof,vintage_status\r\n"
    "c,cpi_core,2030-01-01,0.3,2030-02-10,point_in_time\r\n"
    "c,cpi_headline,2030-01-01,0.4,2030-02-10,point_in_time\r\n"
    "c,cpi_headline,2030-02-01,-0.1,2030-03-10,point_in_time\r\n"
)


def test_nowcasts_say_when_they_were_known() -> None:
    table = PARSERS["cleveland_nowcast"](NOWCAST.encode(), series="cpi_headline")
    assert list(table["value_pct_mom_sa"]) == [0.4, -0.1]
    assert list(table["observed_asof"]) == ["2030-02-10", "2030-03-10"]
    assert list(table.index) == [pd.Timestamp("2030-01-31"), pd.Timestamp("2030-02-28")]
    late = NOWCAST.replace("2030-02-01", "2030-03-01").replace("2030-03-10", "2030-04-10")
    gap = PARSERS["cleveland_nowcast"](late.encode(), series="cpi_headline")
    assert gap["value_pct_mom_sa"].isna().tolist() == [False, True, False]
    with pytest.raises(ProjectError, match=r"no series_key 'pce'; expected cpi_core, cpi_headline"):
        PARSERS["cleveland_nowcast"](NOWCAST.encode(), series="pce")
    early = NOWCAST.replace("2030-03-10", "2030-01-10").encode()
    with pytest.raises(ProjectError, match="row 4: observed_asof 2030-01-10 is before its month"):
        PARSERS["cleveland_nowcast"](early, series="cpi_headline")


def spf(rows: list[tuple[int, int, int, float]]) -> bytes:
    lines = [
        f"spf,cpi,{year},{quarter},{horizon},{value},x,{year}-0{3 * quarter - 1}-15"
        for year, quarter, horizon, value in rows
    ]
    head = "source,variable,survey_year,survey_quarter,horizon_q,value_annualized_pct,vintage_status,observed_asof"
    return "\r\n".join([head, *lines, ""]).encode()


SURVEYS = [(2030, quarter, horizon, quarter + horizon / 10) for quarter in (1, 2) for horizon in range(6)]  # fmt: skip


def test_surveys_by_horizon() -> None:
    table = PARSERS["spf"](spf(SURVEYS), variable="cpi")
    assert list(table.index) == [pd.Timestamp("2030-03-31"), pd.Timestamp("2030-06-30")]
    assert list(table["h0_pct"]) == [1.0, 2.0]
    assert list(table["h5_pct"]) == [1.5, 2.5]
    assert list(table["observed_asof"]) == ["2030-02-15", "2030-05-15"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (SURVEYS[:-1], "row 12: the survey of 2030-06 is not whole"),
        (SURVEYS[:3] + SURVEYS[4:], "row 5: horizon 4 of 2030-03; expected horizon 3 of 2030-03"),
        (SURVEYS[:5] + SURVEYS[11:], "row 7: horizon 5 of 2030-06; expected horizon 5 of 2030-03"),
        (SURVEYS[6:] + SURVEYS[:6], "row 8: 2030-03-31 comes after 2030-06-30"),
        (SURVEYS[:6] + SURVEYS[:6], "row 8: 2030-03-31 occurs twice"),
        ([(2030, 0, 0, 1.0)], "is no date"),
    ],
)
def test_faults_of_surveys(rows: list[tuple[int, int, int, float]], message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        PARSERS["spf"](spf(rows), variable="cpi")
    assert message in str(caught.value)
