"""FRED's csv downloads."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from helpers.project import ProjectError
from helpers.sources.parsers._reading import month_ends, read_rows, snake

_DATES = ("observation_date", "DATE")
_FIRST_MONTHS = {"monthly": range(1, 13), "quarterly": (1, 4, 7, 10)}


def parse_fred(
    payload: bytes, *, series: str, frequency: Literal["daily", "monthly", "quarterly"] = "daily"
) -> pd.DataFrame:
    """One series of a csv from FRED, in FRED's units.

    Parameters
    ----------
    series : FRED's name of it, which heads its column: "CPIAUCNS".
    frequency : FRED dates a month or a quarter by its first day; here it is dated by its last.

    Returns
    -------
    One float column, the series in snake case. A blank or "." is a missing value in a row that
    stays: October 2025 of the CPI is there, and missing.

    Raises
    ------
    ProjectError : a header with neither `observation_date` nor `DATE`, or without the series; a
        cell that is no number or date; a date that is no first day; dates that repeat or go back.
    """
    rows = read_rows(payload)
    heading = next((name for name in _DATES if name in rows.header), None)
    if heading is None:
        raise ProjectError(
            f"the header begins with {rows.header[0][:40]!r}",
            where="header",
            expected=" or ".join(_DATES),
        )
    days = rows.dates(heading)
    if frequency != "daily":
        odd = ~((days.day == 1) & days.month.isin(_FIRST_MONTHS[frequency]))
        if odd.any():
            at = int(odd.argmax())
            raise ProjectError(
                f"{days[at]:%Y-%m-%d} begins no {'month' if frequency == 'monthly' else 'quarter'}",
                where=f"row {rows.numbers_of_rows[at]}",
                expected=f"{frequency} data",
            )
    values = rows.numbers([series], missing=("", "."))
    if frequency == "monthly":
        days = month_ends(days)
    elif frequency == "quarterly":
        days = (days + pd.offsets.QuarterEnd(0)).as_unit("us")
    return rows.indexed(values.set_axis([snake(series)], axis="columns"), days)
