"""Daily quotes of funds and indices, as public quotes sites give them."""

from __future__ import annotations

import pandas as pd

from helpers.project import ProjectError
from helpers.sources.parsers._reading import read_rows, snake

_MISSING = ("", "null")


def parse_quotes(payload: bytes, *, last_date: str = "") -> pd.DataFrame:
    """Daily bars: a date column, a close, and whatever else the file has.

    Yahoo's `Close` of an auto-adjusted download is adjusted for splits and dividends, so its past
    changes with every dividend; where the file has an `Adj Close` beside it, `Close` is adjusted
    for splits only. An index (a name that begins with ^) is a price index: no dividends.

    Parameters
    ----------
    last_date : the last day to keep, as 2026-07-31, because a file taken while the market was
        open ends with a price that is no close. "" keeps all.

    Returns
    -------
    Float columns by day, in the quote's currency or in index points: `close` always, and of `open`,
    `high`, `low`, `adj_close`, `volume` and others what the file has.

    Raises
    ------
    ProjectError : no column Date or Close (in either case); a cell that is no number or date; dates
        that repeat or go back; a `last_date` that is no day, or before the first.
    """
    rows = read_rows(payload)
    names = {snake(name): name for name in rows.header}
    for wanted in ("date", "close"):
        if wanted not in names:
            raise ProjectError(
                f"no column {wanted!r}", where="header", expected=", ".join(rows.header[:12])
            )
    days = rows.dates(names.pop("date"))
    values = rows.numbers(list(names.values()), missing=_MISSING)
    table = rows.indexed(values.set_axis(list(names), axis="columns"), days)
    if not last_date:
        return table
    last = pd.to_datetime(last_date, format="%Y-%m-%d", errors="coerce")
    if pd.isna(last) or last < days[0]:
        raise ProjectError(
            f"last_date = {last_date!r}", expected=f"a day from {days[0]:%Y-%m-%d} on, in this form"
        )
    return table.loc[:last]
