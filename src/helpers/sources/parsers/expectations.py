"""What inflation was expected to be: the Cleveland Fed's nowcasts and the professional forecasters."""

from __future__ import annotations

import pandas as pd

from helpers.project import ProjectError
from helpers.sources.parsers._reading import Rows, month_ends, read_rows

_HORIZONS = ("0", "1", "2", "3", "4", "5")
_LAST_MONTH = {"1": "3", "2": "6", "3": "9", "4": "12"}


def parse_cleveland_nowcast(payload: bytes, *, series: str) -> pd.DataFrame:
    """Nowcasts as they stood on the day of a release, by the month that was released.

    What was nowcast on that day is the month after it (see `monthly.cpi_nowcast_pct`).

    Parameters
    ----------
    series : "cpi_headline", "cpi_core", "pce_headline" or "pce_core".

    Returns
    -------
    By end of the month that the file names: `value_pct_mom_sa` (percent on the month, seasonally adjusted)
    and the text `observed_asof`, the day on which it was known. A month that the file leaves out
    is a missing row: October 2025, never released, and in the file seen every December.

    Raises
    ------
    ProjectError : no such series or column; a cell that is no number or date; a nowcast known
        before its month began; months that repeat or go back.
    """
    rows = _of(read_rows(payload), "series_key", series)
    months = rows.dates("reference_month")
    known = rows.dates("observed_asof")
    if (known < months).any():
        at = int((known < months).argmax())
        raise ProjectError(
            f"observed_asof {known[at]:%Y-%m-%d} is before its month",
            where=f"row {rows.numbers_of_rows[at]}",
        )
    table = rows.numbers(["value_pct_mom_sa"])
    table["observed_asof"] = rows.text("observed_asof")
    table = rows.indexed(table, month_ends(months))
    whole = pd.date_range(table.index[0], table.index[-1], freq="ME", name="date", unit="us")
    return table.reindex(whole)


def parse_spf(payload: bytes, *, variable: str) -> pd.DataFrame:
    """Median forecasts of the Survey of Professional Forecasters, by survey.

    Parameters
    ----------
    variable : "cpi", "core_cpi", "pce" or "core_pce".

    Returns
    -------
    By end of the survey's quarter: `h0_pct` to `h5_pct` (percent a year, quarter on quarter) and
    the text `observed_asof`, about the survey's deadline. Horizon 0 is the quarter before the
    survey, already known; 1 is the survey's own; 5 is four quarters after it.

    Raises
    ------
    ProjectError : no such variable or column; a cell that is no number or date; a survey without
        one of the horizons, or with one twice; surveys that go back.
    """
    rows = _of(read_rows(payload), "variable", variable)
    last_months = [_LAST_MONTH.get(quarter, "?") for quarter in rows.text("survey_quarter")]
    text = [f"{y}-{m}" for y, m in zip(rows.text("survey_year"), last_months, strict=True)]
    ends = month_ends(rows.as_dates(text, "survey_year, survey_quarter", "%Y-%m"))
    _refuse_uneven(rows, ends)
    known = rows.dates("observed_asof")[:: len(_HORIZONS)]
    values = rows.numbers(["value_annualized_pct"]).to_numpy().reshape(-1, len(_HORIZONS))
    table = pd.DataFrame(values, columns=[f"h{horizon}_pct" for horizon in _HORIZONS])
    table["observed_asof"] = [f"{day:%Y-%m-%d}" for day in known]
    return rows.of(range(0, len(ends), len(_HORIZONS))).indexed(table, ends[:: len(_HORIZONS)])


def _refuse_uneven(rows: Rows, ends: pd.DatetimeIndex) -> None:
    """Each survey has each horizon once, in order."""
    wanted = len(_HORIZONS)
    for at, horizon in enumerate(rows.text("horizon_q")):
        expected = _HORIZONS[at % wanted]
        if horizon != expected or ends[at] != ends[at - at % wanted]:
            raise ProjectError(
                f"horizon {horizon} of {ends[at]:%Y-%m}",
                where=f"row {rows.numbers_of_rows[at]}",
                expected=f"horizon {expected} of {ends[at - at % wanted]:%Y-%m}",
            )
    if len(ends) % wanted:
        raise ProjectError(
            f"the survey of {ends[-1]:%Y-%m} is not whole",
            where=f"row {rows.numbers_of_rows[-1]}",
            expected="horizons " + ", ".join(_HORIZONS),
        )


def _of(rows: Rows, column: str, wanted: str) -> Rows:
    """The rows that say `wanted` in a column."""
    said = rows.text(column)
    chosen = [at for at, text in enumerate(said) if text == wanted]
    if not chosen:
        raise ProjectError(f"no {column} {wanted!r}", expected=", ".join(sorted(set(said))[:8]))
    return rows.of(chosen)
