"""High-frequency surprises around announcements of the Federal Reserve.

Rate surprises are changes in percentage points (`_pp`), returns are in percent (`_pct`). A table of
events has one row a published row, in the file's order: a day may repeat.

Two rows of Jarociński and Karadi's files are no announcement of policy, and `is_announcement` is 0
there and 1 elsewhere:

- 2005-05-03 16:00, a correction of the statement of 14:15, after the close;
- 2022-06-13 15:15, a newspaper article. The update of 2024-01 does not have it: June 2022 of the
  monthly file is 0.076 there and 0.235 in the update of 2024-09.

Left as published, for users to know: 2020-03-03 is "Scheduled" in the update of 2024-09, and
unscheduled with the San Francisco Fed and with Bauer and Swanson; 2020-03-15, a Sunday, has no
surprise in Jarociński and Karadi's federal funds futures; before 1994 moves were not announced;
2008-11-25 is an announcement of purchases, not of a rate. Bauer and Swanson warn of 2001-09-17
(markets had been closed), and MPS_ORTH is missing from March to December 2020.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from helpers.project import ProjectError
from helpers.sources.parsers._reading import Rows, read_rows, read_sheet, snake

_MISSING = ("", "NA", "NaN")
_NOT_ANNOUNCEMENTS = ("2005-05-03 16:00", "2022-06-13 15:15")

_JK_MARKETS = (
    "FF1", "FF2", "FF3", "FF4", "MP1", "ED1", "ED2", "ED3", "ED4",
    "TFUT02", "TFUT05", "TFUT10", "TFUT30", "SP500", "SP500FUT",
)  # fmt: skip
_JK_SHOCKS = ("MP_pm", "CBI_pm", "MP_median", "CBI_median")
_JK_COLUMNS = {
    "markets": _JK_MARKETS,
    "shocks": ("pc1", "SP500", *_JK_SHOCKS),
    "months": ("pc1_hf", "SP500_hf", *_JK_SHOCKS),
}

_BS_MARKETS = (
    "FF1", "FF2", "ED1", "ED2", "ED3", "ED4", "SP500", "TNOTE02", "TNOTE05", "TNOTE10", "TBOND",
)  # fmt: skip
_BS_SURPRISES = ("MPS", "MPS_ORTH")
_USMPD_MARKETS = (
    "MP1", "MP2", "FF1", "FF2", "FF3", "FF4", "ED1", "ED2", "ED3", "ED4",
    "UST3M", "UST2Y", "UST5Y", "UST10Y", "SP500", "SPFUT",
)  # fmt: skip

# Columns by unit; a name that fits neither has no fixed unit, and keeps its name.
_IN_PERCENT = r"SP500|SP500[ _](emini|hf)|SP500FUT|SPFUT|DXY|EUR|EURUSD|USDJPY"
_IN_POINTS = r"(FF|ED|MP|TFUT|TNOTE)\d+|TBOND|(OIS|UST|TIPS)\d+[YM]|pc1(_hf)?|(MP|CBI)_(pm|median)"


def parse_jarocinski_karadi(
    payload: bytes, *, table: Literal["markets", "shocks", "months"]
) -> pd.DataFrame:
    """A csv of Jarociński and Karadi's updated Fed shocks (2020, AEJ: Macroeconomics 12(2)).

    Parameters
    ----------
    table : "markets" (fomc_surprises_jk: a column a market), "shocks" (shocks_fed_jk_t: their
        decomposition by event) or "months" (shocks_fed_jk_m: its sums by month).

    Returns
    -------
    By day of the event, float columns `ff1_pp` ... `sp500_pct` or `pc1_pp`, `mp_pm_pp` ... , the
    text `time` (Eastern, 14:00) and the float `is_announcement`; in "markets" also the text
    `description` and `schedule`, which is "scheduled", "unscheduled" or "" as the description says.
    By month end for "months": months without an event are zero, not missing.

    Raises
    ------
    ProjectError : a header without one of the table's columns; a cell that is no number or time;
        times that go back or repeat.
    """
    if table not in _JK_COLUMNS:
        raise ProjectError(f"table = {table!r}", expected=" or ".join(_JK_COLUMNS))
    rows = read_rows(payload)
    values = _values(rows, ("year", "month", "start", "description"), _JK_COLUMNS[table])
    if table == "months":
        return rows.indexed(values, rows.months("year", "month"))
    seconds = rows.text("start")[0].count(":") == 2  # one vintage gives them
    starts = rows.dates("start", "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")
    rows.indexed(values, starts)  # two rows of one time would be one event twice
    values.insert(0, "time", [f"{start:%H:%M}" for start in starts])
    values["is_announcement"] = [
        float(f"{start:%Y-%m-%d %H:%M}" not in _NOT_ANNOUNCEMENTS) for start in starts
    ]
    if table == "markets":
        values["description"] = rows.text("description")
        values["schedule"] = [_schedule(text) for text in values["description"]]
    return rows.indexed(values, starts.normalize(), repeats=True)


def parse_bauer_swanson(payload: bytes, *, sheet: str) -> pd.DataFrame:
    """A sheet of Bauer and Swanson's workbook (2023, NBER Macroeconomics Annual 37).

    Parameters
    ----------
    sheet : "FOMC (update 2023)" (by event) or "Monthly (update 2023)" (sums by month; a month
        without an event is zero), or the like of a later update.

    Returns
    -------
    Float columns `ff1_pp` ... `tbond_pp`, `sp500_pct`, `mps` and `mps_orth` (in units of the fourth
    Eurodollar future's change, percentage points), and the six predictors, whose units differ
    between the sheets. By event also `unscheduled` (1 or 0) and the text `time` ("2:00pm"); days
    with two announcements repeat (seven, all before 1992).

    Raises
    ------
    ProjectError : no such sheet or header; a cell that is no number or date; dates that go back.
    """
    monthly = sheet.startswith("Monthly")
    rows = read_sheet(payload, sheet, "Year" if monthly else "Date")
    if monthly:
        values = _values(rows, ("Year", "Month"), _BS_SURPRISES)
        return rows.indexed(values, rows.months("Year", "Month"))
    values = _values(rows, ("Date", "Time"), ("Unscheduled", *_BS_MARKETS, *_BS_SURPRISES))
    values.insert(0, "time", rows.text("Time"))
    return rows.indexed(values, rows.dates("Date"), repeats=True)


def parse_usmpd(payload: bytes, *, sheet: str) -> pd.DataFrame:
    """A sheet of the U.S. Monetary Policy Event-Study Database (Acosta and others 2025).

    Parameters
    ----------
    sheet : "Statements" (10 minutes before to 20 after), "Press Conferences" (10 before to 60
        after), "Monetary Events" (both) or "Minutes".

    Returns
    -------
    By day, float columns `mp1_pp` ... `tips30y_pp`, `sp500_pct` ... `usdjpy_pct`, the text `time`
    (Eastern) and, where the sheet has them, `sep`, `unscheduled` and `pc` (1 or 0).

    Raises
    ------
    ProjectError : no such sheet or header; a cell that is no number or date; days that repeat or go
        back.
    """
    rows = read_sheet(payload, sheet, "Date")
    values = _values(rows, ("Date", "date_time"), _USMPD_MARKETS)
    times = rows.dates("date_time", "%Y-%m-%d %H:%M:%S")
    values.insert(0, "time", [f"{time:%H:%M}" for time in times])
    return rows.indexed(values, rows.dates("Date"))


def parse_usmpd_surprises(payload: bytes, *, columns: list[str]) -> pd.DataFrame:
    """The database's first-principal-component surprises, a csv.

    Parameters
    ----------
    columns : the file's: ["STMT", "PC", "ME"] (statement, press conference, monetary event) or
        ["MIN"] (minutes).

    Returns
    -------
    By day, those columns in lower case, in the authors' scale. No press conference is missing.

    Raises
    ------
    ProjectError : no such column; a cell that is no number or date; days that repeat or go back.
    """
    rows = read_rows(payload)
    return rows.indexed(_values(rows, ("Date",), columns), rows.dates("Date"))


def _values(rows: Rows, texts: Sequence[str], required: Sequence[str]) -> pd.DataFrame:
    """All columns but `texts` as numbers; those `required` must be there."""
    for name in required:
        rows.place(name)
    names = [name for name in rows.header if name not in texts]
    table = rows.numbers(names, missing=_MISSING)
    return table.set_axis([_column(name) for name in names], axis="columns")


def _column(name: str) -> str:
    if re.fullmatch(_IN_PERCENT, name):
        return snake(name) + "_pct"
    return snake(name) + ("_pp" if re.fullmatch(_IN_POINTS, name) else "")


def _schedule(description: str) -> str:
    found = re.search(r"\((Scheduled|Unscheduled)\)", description)
    return found[1].lower() if found else ""
