"""Files that installed packages carry (arch, linearmodels, cpi), and our own compiled tables."""

from __future__ import annotations

import io
from typing import Literal

import pandas as pd

from helpers.project import ProjectError

_MISSING = (".", "")


def parse_delimited(
    payload: bytes,
    *,
    date_column: str = "Date",
    date_format: str = "%Y-%m-%d",
    period: Literal["day", "month"] = "day",
    compression: Literal["none", "gzip", "bz2"] = "none",
) -> pd.DataFrame:
    """A plain csv with one date column and number columns.

    Dates are read as text in `date_format`: a key such as 192607 is no number of nanoseconds.

    Returns
    -------
    Float columns named as in the file; the index "date" holds days, or month ends for months.

    Raises
    ------
    ProjectError : not a csv of that compression, no date column, a date or number unreadable.
    """
    chosen = None if compression == "none" else compression
    try:
        text = pd.read_csv(io.BytesIO(payload), dtype=str, compression=chosen, na_filter=False)
    except (OSError, EOFError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise ProjectError(f"no readable csv: {error}") from None
    except pd.errors.EmptyDataError:
        raise ProjectError("the file is empty") from None
    if date_column not in text:
        raise ProjectError(f"no column {date_column!r}", expected=", ".join(text.columns[:8]))
    dates = pd.to_datetime(text.pop(date_column), format=date_format, errors="coerce")
    if dates.isna().any():
        raise ProjectError("not a date", where=f"row {int(dates.isna().argmax()) + 2}")
    if period == "month":
        dates = dates + pd.offsets.MonthEnd(0)
    table = text.apply(_numbers)
    table.index = pd.DatetimeIndex(dates, name="date").as_unit("us")
    return table


def parse_bls_extract(payload: bytes, *, series: str) -> pd.DataFrame:
    """One monthly series of the extract that `helpers.sources.store` takes out of cpi's database.

    Rows of the period M13 are annual averages and go.

    Returns
    -------
    Column `index`, by month end; a month the publisher never published is a missing row.

    Raises
    ------
    ProjectError : the series is not in the extract.
    """
    rows = pd.read_csv(io.BytesIO(payload), dtype={"series": str, "period": str})
    chosen = rows[(rows["series"] == series) & (rows["period"] != "M13")]
    if chosen.empty:
        raise ProjectError(f"no series {series!r}", expected=", ".join(rows["series"].unique()))
    months = pd.to_datetime(
        chosen["year"].astype(str) + chosen["period"].str.removeprefix("M"), format="%Y%m"
    )
    values = pd.Series(
        chosen["value"].to_numpy(float), pd.DatetimeIndex(months + pd.offsets.MonthEnd(0))
    )
    whole = pd.date_range(values.index[0], values.index[-1], freq="ME", name="date", unit="us")
    return values.reindex(whole).to_frame("index")


def _numbers(column: pd.Series) -> pd.Series:
    stripped = column.str.strip()
    numbers = pd.to_numeric(stripped, errors="coerce")
    bad = numbers.isna() & ~stripped.isin(_MISSING)
    if bad.any():
        row = int(bad.to_numpy().argmax())
        raise ProjectError(
            f"{column.name}: {stripped.iloc[row]!r} is no number", where=f"row {row + 2}"
        )
    return numbers.astype(float)


def parse_events(payload: bytes, *, date_column: str = "effective_day") -> pd.DataFrame:
    """A list of events as text, by day; `helpers.pivots` reads and checks its columns.

    Raises
    ------
    ProjectError : no such column, or a day that is no date.
    """
    text = pd.read_csv(io.BytesIO(payload), dtype=str, na_filter=False)
    if date_column not in text:
        raise ProjectError(f"no column {date_column!r}", expected=", ".join(text.columns[:8]))
    days = pd.to_datetime(text[date_column], format="%Y-%m-%d", errors="coerce")
    if days.isna().any():
        raise ProjectError("not a date", where=f"row {int(days.isna().to_numpy().argmax()) + 2}")
    return text.set_index(pd.DatetimeIndex(days, name="date"))
