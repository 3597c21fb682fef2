"""The Philadelphia Fed's Real-Time Data Set for Macroeconomists: a column a vintage."""

from __future__ import annotations

import re

import pandas as pd

from helpers.project import ProjectError
from helpers.sources.parsers._reading import month_ends, read_sheet

_FIRST_VINTAGE = 65  # the data set begins in 1965: 65 to 99 are of the last century


def parse_real_time(payload: bytes, *, sheet: str, variable: str) -> pd.DataFrame:
    """Monthly vintages of a monthly series (file pcpiMvMd.xlsx: the CPI, seasonally adjusted).

    Parameters
    ----------
    sheet, variable : "pcpi" and "PCPI", which begins the columns' names (PCPI98M11).

    Returns
    -------
    Float columns named by vintage, "1998-11", each as known in the middle of that month; by end of
    the month spoken of. What was not published then is missing: a vintage ends a month or two
    before its own date.

    Raises
    ------
    ProjectError : no such sheet; a column that is no vintage of the variable; vintages or months
        that repeat, go back or leave one out; a cell that is no number.
    """
    rows = read_sheet(payload, sheet, "DATE")
    names = rows.header[1:]
    vintages = [_vintage(name, variable) for name in names]
    wanted = pd.period_range(vintages[0], periods=len(vintages), freq="M").strftime("%Y-%m")
    for name, found, expected in zip(names, vintages, wanted, strict=True):
        if found != expected:
            raise ProjectError(f"the vintage {name}", where="header", expected=expected)
    values = rows.numbers(names, missing=("", "#N/A")).set_axis(vintages, axis="columns")
    return rows.indexed(values, month_ends(rows.dates("DATE", "%Y:%m")))


def _vintage(name: str, variable: str) -> str:
    found = re.fullmatch(rf"{variable}(\d\d)M(\d{{1,2}})", name)
    if found is None:
        raise ProjectError(f"the column {name!r}", where="header", expected=f"{variable}98M11")
    year, month = int(found[1]), int(found[2])
    return f"{year + (1900 if year >= _FIRST_VINTAGE else 2000)}-{month:02d}"
