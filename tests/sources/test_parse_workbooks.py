"""Workbooks in their publishers' layouts, with invented numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

import pandas as pd
import pytest

from helpers.project import ProjectError
from helpers.sources.parsers import PARSERS

Table = Sequence[Sequence[object]]


def workbook(sheets: Mapping[str, Table]) -> bytes:
    """An xlsx of these sheets. None is an empty cell; dates are numbers in a date format."""
    name = "http://schemas.openxmlformats.org/"
    main, office = f"{name}spreadsheetml/2006/main", f"{name}officeDocument/2006/relationships"
    package = f"{name}package/2006/"
    numbered = list(enumerate(sheets.items(), 1))
    listed = "".join(f'<sheet name="{s}" sheetId="{i}" r:id="r{i}"/>' for i, (s, _) in numbered)
    related = "".join(
        f'<Relationship Id="r{i}" Type="{office}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _ in numbered
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}relationships"><Relationship Id="r0" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}relationships">{related}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>',
    }
    for i, (_, table) in numbered:
        body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in table)
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
        )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in parts.items():
            archive.writestr(path, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return target.getvalue()


def cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, date):
        days = (pd.Timestamp(value) - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
        return f'<c s="{2 if isinstance(value, datetime) else 1}"><v>{days!r}</v></c>'
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def refused(parse: Callable[[], object], message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        parse()
    assert message in str(caught.value)


# --- San Francisco Fed ----------------------------------------------------------------------------

MARKETS = [
    "MP1", "MP2", "FF1", "FF2", "FF3", "FF4", "ED1", "ED2", "ED3", "ED4", "OIS1Y",
    "UST3M", "UST2Y", "UST5Y", "UST10Y", "SP500", "SPFUT", "DXY",
]  # fmt: skip
HEAD = ["Date", "date_time", "SEP", "Unscheduled", *MARKETS]


def usmpd_row(day: date, minute: int, first: object) -> list[object]:
    at = datetime(day.year, day.month, day.day, 14, minute)
    return [day, at, 1.0, 0.0, first, *[0.01] * 9, None, *[0.5] * 7]


def usmpd(*rows: list[object], head: list[str] = HEAD) -> bytes:
    return workbook({"README": [["Invented"]], "Statements": [head, *rows]})


TWO = (usmpd_row(date(2030, 1, 30), 0, 0.02), usmpd_row(date(2030, 3, 20), 15, -0.07))


def test_usmpd() -> None:
    table = PARSERS["usmpd"](usmpd(*TWO), sheet="Statements")
    assert list(table.index) == [pd.Timestamp("2030-01-30"), pd.Timestamp("2030-03-20")]
    assert list(table["time"]) == ["14:00", "14:15"]
    assert list(table["mp1_pp"]) == [0.02, -0.07]
    assert table["ois1y_pp"].isna().all()
    assert list(table.columns[:5]) == ["time", "sep", "unscheduled", "mp1_pp", "mp2_pp"]
    assert list(table.columns[-3:]) == ["sp500_pct", "spfut_pct", "dxy_pct"]


def test_faults_of_usmpd() -> None:
    parse = PARSERS["usmpd"]
    renamed = ["FFR1" if name == "FF1" else name for name in HEAD]
    for payload, sheet, message in (
        (usmpd(*TWO), "Speeches", "no sheet 'Speeches'; expected README, Statements"),
        (usmpd(*TWO), "README", "sheet README: no header row that begins with 'Date'"),
        (usmpd(*TWO, head=renamed), "Statements", "header: no column 'FF1'"),
        (usmpd(TWO[1], TWO[0]), "Statements", "row 3: 2030-01-30 comes after 2030-03-20"),
        (usmpd(TWO[0], TWO[0]), "Statements", "row 3: 2030-01-30 occurs twice"),
        (usmpd(usmpd_row(date(2030, 1, 30), 0, "n/a")), "Statements", "row 2: MP1: 'n/a' is no number"),
        (usmpd(), "Statements", "no row below the header"),
        (b"Date,MP1\n", "Statements", "no readable workbook"),
        (usmpd(*TWO)[:300], "Statements", "the packed file is damaged"),
    ):  # fmt: skip
        refused(lambda p=payload, s=sheet: parse(p, sheet=s), message)


# --- Bauer and Swanson ----------------------------------------------------------------------------

BS_HEAD = [
    "Date", "Time", "Unscheduled", "FF1", "FF2", "ED1", "ED2", "ED3", "ED4", "SP500",
    "SP500 emini", "TNOTE02", "TNOTE05", "TNOTE10", "TBOND", "MPS", "MPS_ORTH", "NFP_SURP",
]  # fmt: skip


def bs_row(day: date, time: str, mps: object) -> list[object]:
    return [day, time, 1.0, "NA", *[0.01] * 11, mps, "NA", 151.0]


def test_bauer_swanson_by_event_and_by_month() -> None:
    day = date(1991, 2, 1)
    payload = workbook({
        "FOMC (update 2023)": [BS_HEAD, bs_row(day, "9:15am", -0.2), bs_row(day, "10:15am", 0.1)],
        "Monthly (update 2023)": [
            ["Year", "Month", "MPS", "MPS_ORTH", "NFP_SURP"],
            [1991.0, 2.0, -0.1, "NaN", 0.151], [1991.0, 3.0, 0.0, 0.0, None],
        ],
    })  # fmt: skip
    events = PARSERS["bauer_swanson"](payload, sheet="FOMC (update 2023)")
    assert list(events.index) == [pd.Timestamp(day)] * 2
    assert list(events["time"]) == ["9:15am", "10:15am"]
    assert list(events["mps"]) == [-0.2, 0.1]
    assert events["ff1_pp"].isna().all()
    assert {"sp500_pct", "sp500_emini_pct", "tnote02_pp", "tbond_pp"} <= set(events.columns)
    months = PARSERS["bauer_swanson"](payload, sheet="Monthly (update 2023)")
    assert list(months.index) == [pd.Timestamp("1991-02-28"), pd.Timestamp("1991-03-31")]
    assert list(months["mps"]) == [-0.1, 0.0]
    assert months["nfp_surp"].isna().tolist() == [False, True]


def test_bauer_swansons_events_may_repeat_but_not_go_back() -> None:
    rows = [bs_row(date(1991, 2, 2), "9:15am", 0.1), bs_row(date(1991, 2, 1), "9:15am", 0.1)]
    payload = workbook({"FOMC": [BS_HEAD, *rows]})
    refused(
        lambda: PARSERS["bauer_swanson"](payload, sheet="FOMC"),
        "row 3: 1991-02-01 comes after 1991-02-02",
    )


# --- Shiller --------------------------------------------------------------------------------------

SHILLER_HEAD = [
    "Date", "P", "D", "E", "CPI", "Fraction", "Rate GS10", "Price", "Dividend", "Price",
    "Earnings", "Earnings", "CAPE", None, "TR CAPE", None, "Yield", "Returns",
]  # fmt: skip


def shiller_row(stamp: float, fraction: float, price: object = 4.5) -> list[object]:
    return [
        stamp, price, 0.26, 0.4, 12.5, fraction, 5.3, 100.0, 7.0, 110.0,
        0.0, 10.0, "NA", None, "NA", None, 0.0, 1.004,
    ]  # fmt: skip


def shiller(*rows: list[object], head: list[object] = SHILLER_HEAD) -> bytes:
    notes = [None, "The last price is of one day"]
    sheet = [["Invented data"], [None, "S&P"], head, *rows, notes]
    return workbook({
        "Data": [[*row, *[None] * (len(head) - len(row))] for row in sheet],
        "Disclaimer": [["none"]],
    })  # fmt: skip


SEPTEMBER, OCTOBER = shiller_row(1871.09, 1871 + 8.5 / 12), shiller_row(1871.1, 1871 + 9.5 / 12)


def test_shillers_october_is_written_as_point_one() -> None:
    table = PARSERS["shiller"](shiller(SEPTEMBER, OCTOBER))
    assert list(table.index) == [pd.Timestamp("1871-09-30"), pd.Timestamp("1871-10-31")]
    assert list(table["price"]) == [4.5, 4.5]
    assert list(table["real_total_return_price"]) == [110.0, 110.0]
    assert table["real_earnings"].isna().all()  # zero is missing
    assert table["cape"].isna().all()
    assert list(table["excess_cape_yield"]) == [0.0, 0.0]
    assert table.attrs["notes"] == "The last price is of one day"


def test_faults_of_shiller() -> None:
    moved = [*SHILLER_HEAD[:4], "Index", *SHILLER_HEAD[5:]]
    for payload, message in (
        (shiller(SEPTEMBER, head=moved), "header of sheet Data: column 5 is ['Index']; expected 'CPI'"),
        (shiller(shiller_row(1871.1, 1871 + 0.5 / 12)), "row 4: Date 1871.10 and Fraction 1871.042 disagree"),
        (shiller(shiller_row(1871.13, 1871.99)), "row 4: Date: '1871.13' is no date"),
        (shiller(OCTOBER, SEPTEMBER), "row 5: 1871-09-30 comes after 1871-10-31"),
        (shiller(shiller_row(1871.1, 1871 + 9.5 / 12, "n/a")), "row 4: price: 'n/a' is no number"),
    ):  # fmt: skip
        refused(lambda p=payload: PARSERS["shiller"](p), message)


def test_shillers_csv() -> None:
    head = (
        "Date,SP500,Dividend,Earnings,Consumer Price Index,Long Interest Rate,Real Price,"
        "Real Dividend,Real Earnings,PE10\n"
    )
    payload = (head + "2030-01-01,5.5,0.3,0.4,12.5,5.3,100,7,10,0.0\n").encode()
    table = PARSERS["shiller_csv"](payload)
    assert table.index[0] == pd.Timestamp("2030-01-31")
    assert table["price"].iloc[0] == 5.5
    assert table["cape"].isna().all()
    renamed = payload.replace(b"PE10", b"CAPE")
    refused(lambda: PARSERS["shiller_csv"](renamed), "header: no column 'PE10'")


# --- Philadelphia Fed -----------------------------------------------------------------------------


def vintages(*names: str, middle: object = 101.5) -> bytes:
    return workbook({
        "pcpi": [
            ["DATE", *names],
            ["1999:10", *[100.0] * len(names)],
            ["1999:11", "#N/A", *[middle] * (len(names) - 1)],
        ]
    })  # fmt: skip


def test_vintages_across_the_century() -> None:
    payload = vintages("PCPI99M12", "PCPI00M1", "PCPI00M2")
    table = PARSERS["real_time"](payload, sheet="pcpi", variable="PCPI")
    assert list(table.columns) == ["1999-12", "2000-01", "2000-02"]
    assert list(table.index) == [pd.Timestamp("1999-10-31"), pd.Timestamp("1999-11-30")]
    assert table["1999-12"].isna().tolist() == [False, True]
    assert table.loc["1999-11-30", "2000-02"] == 101.5


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (vintages("PCPI99M12", "PCPI00M2"), "header: the vintage PCPI00M2; expected 2000-01"),
        (vintages("PCPI00M1", "PCPI99M12"), "header: the vintage PCPI99M12; expected 2000-02"),
        (vintages("PCPI99M12", "PCPI99M12"), "header: the vintage PCPI99M12; expected 2000-01"),
        (vintages("CPI99M12"), "header: the column 'CPI99M12'; expected PCPI98M11"),
        (vintages("PCPI99M12", "PCPI00M1", middle="#REF!"), "row 3: PCPI00M1: '#REF!' is no number"),
        (vintages("PCPI99M12", "PCPI00M1", middle=-999), "row 3: PCPI00M1: -999 looks like a mark"),
    ],
)  # fmt: skip
def test_faults_of_vintages(payload: bytes, message: str) -> None:
    refused(lambda: PARSERS["real_time"](payload, sheet="pcpi", variable="PCPI"), message)
