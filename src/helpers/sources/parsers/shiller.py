"""Robert Shiller's long history of the U.S. stock market: his workbook, and a csv made from it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.project import ProjectError
from helpers.sources.parsers._reading import Rows, month_ends, read_rows, read_sheet

_MISSING = ("", "NA")

# The workbook's header row, which repeats names: what each place holds. Columns after the excess
# yield (bond returns, and returns over the ten years to come) are not taken.
_WORKBOOK = (
    ("Date", "date"),
    ("P", "price"),
    ("D", "dividend"),
    ("E", "earnings"),
    ("CPI", "cpi_index"),
    ("Fraction", "fraction"),
    ("Rate GS10", "gs10_pct"),
    ("Price", "real_price"),
    ("Dividend", "real_dividend"),
    ("Price", "real_total_return_price"),
    ("Earnings", "real_earnings"),
    ("Earnings", "real_tr_scaled_earnings"),
    ("CAPE", "cape"),
    ("", ""),
    ("TR CAPE", "tr_cape"),
    ("", ""),
    ("Yield", "excess_cape_yield"),
)
_CSV = {
    "SP500": "price",
    "Dividend": "dividend",
    "Earnings": "earnings",
    "Consumer Price Index": "cpi_index",
    "Long Interest Rate": "gs10_pct",
    "Real Price": "real_price",
    "Real Dividend": "real_dividend",
    "Real Earnings": "real_earnings",
    "PE10": "cape",
}


def parse_shiller(payload: bytes) -> pd.DataFrame:
    """The sheet "Data" of ie_data.xls.

    Prices are averages of the month's daily closes, and the last one is of few days. Dividends and
    earnings are interpolated from quarters. The last months' CPI is an estimate, and so is October
    2025, which was never published: take inflation from the BLS.

    Returns
    -------
    Float columns by month end: `price`, `dividend`, `earnings` (index points, the last two a year),
    `cpi_index`, `gs10_pct`, `real_price`, `real_dividend`, `real_total_return_price`,
    `real_earnings`, `real_tr_scaled_earnings` (in the last month's prices), `cape`, `tr_cape`,
    `excess_cape_yield` (a fraction). Zero, "NA" and blank are missing. `attrs["notes"]` holds the
    text rows below the table.

    Raises
    ------
    ProjectError : another header; a date whose month and fraction of the year disagree; a cell that
        is no number; months that repeat or go back.
    """
    sheet = read_sheet(payload, "Data", "Date")
    for place, (published, _) in enumerate(_WORKBOOK):
        if place >= len(sheet.header) or sheet.header[place] != published:
            raise ProjectError(
                f"column {place + 1} is {sheet.header[place : place + 1]}",
                where="header of sheet Data",
                expected=repr(published),
            )
    dated = [at for at, row in enumerate(sheet.cells) if str(row[0]).strip()]
    names = [name for _, name in _WORKBOOK]
    rows = Rows(names, sheet.cells, sheet.numbers_of_rows).of(dated)
    columns = [name for name in names if name not in ("", "date", "fraction")]
    values = rows.numbers(columns, missing=_MISSING)
    # The excess yield, a difference, may be zero; no other column can be.
    positive = values.columns != "excess_cape_yield"
    values.loc[:, positive] = values.loc[:, positive].replace(0, np.nan)
    table = rows.indexed(values, _months(rows))
    table.attrs["notes"] = " ".join(
        str(cell) for at, row in enumerate(sheet.cells) if at not in dated for cell in row if cell
    )
    return table


def parse_shiller_csv(payload: bytes) -> pd.DataFrame:
    """The csv of the same data: names and units as `parse_shiller`, fewer columns.

    Zero is missing; the months after September 2023 carry the price alone.

    Raises
    ------
    ProjectError : a column is not there; a cell that is no number or date; months that repeat or go
        back.
    """
    rows = read_rows(payload)
    values = rows.numbers(list(_CSV)).rename(columns=_CSV).replace(0, np.nan)
    return rows.indexed(values, month_ends(rows.dates("Date")))


def _months(rows: Rows) -> pd.DatetimeIndex:
    """Dates are numbers: 1871.1 is October, and the fraction of the year confirms it."""
    stamps = rows.numbers(["date", "fraction"])
    text = [f"{stamp:.2f}" for stamp in stamps["date"]]
    months = rows.as_dates(text, "Date", "%Y.%m")
    middle = months.year + (months.month - 0.5) / 12
    apart = np.abs(stamps["fraction"].to_numpy() - middle.to_numpy()) > 0.01
    if apart.any():
        at = int(apart.argmax())
        raise ProjectError(
            f"Date {text[at]} and Fraction {stamps['fraction'].iloc[at]:.3f} disagree",
            where=f"row {rows.numbers_of_rows[at]}",
            expected=f"{middle[at]:.3f}",
        )
    return month_ends(months)
