"""FRED's and the quotes sites' formats, on invented numbers."""

from __future__ import annotations

import gzip
import io
import zipfile

import pandas as pd
import pytest

from helpers.project import ProjectError
from helpers.sources.parsers import PARSERS

fred, quotes = PARSERS["fred"], PARSERS["quotes"]

INVENTED = "2030-01-01,100.5\n2030-02-01,.\n2030-03-01,\n2030-04-01,101.25\n"


@pytest.mark.parametrize("heading", ["observation_date", "DATE"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_headers_and_both_marks_for_missing(heading: str, end: str) -> None:
    text = f"{heading},CPIAUCNS\n{INVENTED}".replace("\n", end)
    table = fred(text.encode(), series="CPIAUCNS", frequency="monthly")
    assert list(table.columns) == ["cpiaucns"]
    assert table["cpiaucns"].dtype == "float64"
    assert table["cpiaucns"].isna().tolist() == [False, True, True, False]
    assert list(table.index) == list(pd.date_range("2030-01-31", periods=4, freq="ME"))
    assert table.index.name == "date"


def test_days_stay_days_and_quarters_end_their_quarter() -> None:
    daily = fred(b"DATE,DGS2\n2030-01-02,4.73\n2030-01-03,4.46\n", series="DGS2")
    assert list(daily.index) == [pd.Timestamp("2030-01-02"), pd.Timestamp("2030-01-03")]
    text = b"observation_date,GDPC1\n2030-01-01,1.0\n2030-04-01,2.0\n"
    quarterly = fred(text, series="GDPC1", frequency="quarterly")
    assert list(quarterly.index) == [pd.Timestamp("2030-03-31"), pd.Timestamp("2030-06-30")]


def test_zip_gzip_and_a_byte_order_mark() -> None:
    plain = f"DATE,X\n{INVENTED}".encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("README.md", "notes")
        archive.writestr("X.CSV", plain)
    expected = fred(plain, series="X")
    for payload in (target.getvalue(), gzip.compress(plain), b"\xef\xbb\xbf" + plain):
        pd.testing.assert_frame_equal(fred(payload, series="X"), expected)


@pytest.mark.parametrize(
    ("text", "frequency", "message"),
    [
        ("date,X\n2030-01-01,1\n", "daily", "header: the header begins with 'date'; expected observation_date or DATE"),
        ("DATE,Y\n2030-01-01,1\n", "daily", "header: no column 'X'; expected one, among: DATE, Y"),
        ("DATE,X\n2030-01-01,1\n2030-01-02,abc\n", "daily", "row 3: X: 'abc' is no number"),
        ("DATE,X\n2030-01-01,1\n2030-01-02,nan\n", "daily", "row 3: X: 'nan' is no number"),
        ("DATE,X\n2030-01-01,inf\n", "daily", "row 2: X: 'inf' is no number"),
        ("DATE,X\n2030-01-01,-9999\n", "daily", "row 2: X: -9999 looks like a mark"),
        ("DATE,X\n01/02/2030,1\n", "daily", "row 2: DATE: '01/02/2030' is no date"),
        ("DATE,X\n2030-01-01,1\n2030-01-01,1\n", "daily", "row 3: 2030-01-01 occurs twice"),
        ("DATE,X\n2030-01-02,1\n2030-01-01,1\n", "daily", "row 3: 2030-01-01 comes after 2030-01-02"),
        ("DATE,X\n2030-01-15,1\n", "monthly", "row 2: 2030-01-15 begins no month"),
        ("DATE,X\n2030-02-01,1\n", "quarterly", "row 2: 2030-02-01 begins no quarter"),
        ("DATE,X\n2030-01-01,1,2\n", "daily", "row 2: 3 fields; expected 2, as the header"),
        ("DATE,X\n2030-01-01,1\n2030-01-\n", "daily", "row 3: 1 fields; expected 2, as the header"),
        ("DATE,X\n", "daily", "no row below the header"),
        (",,\n,,\n", "daily", "no row below the header"),
        ("", "daily", "the file is empty"),
        ("<html>" + "x" * 200_000 + "</html>", "daily", "no csv"),
    ],
)  # fmt: skip
def test_faults_of_fred(text: str, frequency: str, message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        fred(text.encode(), series="X", frequency=frequency)
    assert message in str(caught.value)


YAHOO = (
    "Date,Open,High,Low,Close,Adj Close,Volume\n"
    "2030-01-02,9,11,8,10.0,9.5,100\n2030-01-03,10,12,9,11.0,10.5,200\n2030-01-04,1,2,1,2.0,2.0,1\n"
)


def test_quotes_in_full_and_in_short_form() -> None:
    full = quotes(YAHOO.encode())
    assert list(full.columns) == ["open", "high", "low", "close", "adj_close", "volume"]
    assert full["adj_close"].iloc[0] == 9.5
    assert full["close"].iloc[0] == 10.0
    short = quotes(b"date,close,wap\r\n2030-01-02,10.0,\r\n2030-01-03,null,1\r\n")
    assert short["close"].isna().tolist() == [False, True]
    assert (short.dtypes == "float64").all()


def test_rows_after_the_last_day_go() -> None:
    assert list(quotes(YAHOO.encode(), last_date="2030-01-03")["close"]) == [10.0, 11.0]
    assert len(quotes(YAHOO.encode(), last_date="2040-01-01")) == 3


@pytest.mark.parametrize(
    ("text", "last", "message"),
    [
        ("Day,Close\n2030-01-02,1\n", "", "header: no column 'date'"),
        ("Date,Last\n2030-01-02,1\n", "", "header: no column 'close'"),
        ("Date,Close\n2030-01-02,-\n", "", "row 2: Close: '-' is no number"),
        ("Date,Close\n2030-01-03,1\n2030-01-02,1\n", "", "row 3: 2030-01-02 comes after"),
        ("Date,Close\n2030-01-03,1\n2030-01-03,1\n", "", "row 3: 2030-01-03 occurs twice"),
        ("Date,Close\n2030-01-03,1\n", "2030-01-02", "last_date = '2030-01-02'; expected a day from 2030-01-03"),
        ("Date,Close\n2030-01-03,1\n", "soon", "last_date = 'soon'"),
    ],
)  # fmt: skip
def test_faults_of_quotes(text: str, last: str, message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        quotes(text.encode(), last_date=last)
    assert message in str(caught.value)
