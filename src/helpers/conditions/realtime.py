"""The state of the economy as it was known, and as hindsight has it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.conditions._months import require_months, without_ends
from helpers.panel import as_known, recipes
from helpers.project import ProjectError
from helpers.project.errors import nearest

WEAK_GAP_PP = 0.5  # Sahm (2019): a recession has begun when the gap reaches this
NO_CHANGE = 50.0  # an ISM index above it says that more firms report growth than decline
STATES = ("weak", "between", "strong")
NBER_DELAY = 12  # months until a call of the NBER, and its silence, may be relied on


@dataclass(frozen=True)
class Troughs:
    """Low points of an index.

    Attributes
    ----------
    table : trough (month), reading, known (first month at whose end it could be told).
    below, window, lag_months : the rule. months : in the index searched.
    """

    table: pd.DataFrame
    below: float
    window: int
    lag_months: int
    months: int


def sahm_gap(unemployment: pd.Series) -> pd.Series:
    """Mean of 3 months of unemployment minus the least such mean of the 12 months before, points.

    Sahm (2019), from today's seasonally adjusted figures, which differ from those of the day by a
    tenth or two. By the month described. One missing month of three is passed over, and
    one of the twelve before (the survey of October 2025 was never made); more leave a missing value.

    Raises
    ------
    ProjectError : months that are not consecutive.
    """
    require_months(unemployment, where="sahm_gap")
    mean = unemployment.rolling(3, min_periods=2).mean().where(unemployment.notna())
    gap = mean - mean.shift(1).rolling(12, min_periods=11).min()
    # Thirds of tenths: without rounding a gap of exactly 0.5 would fall on either side.
    return gap.round(6).rename("sahm_gap_pp")


def state_at(dates: pd.DatetimeIndex, monthly: pd.DataFrame) -> pd.DataFrame:
    """Strong, weak or between, from what had been published by each date.

    Strong: Sahm gap below 0.5 and ISM at 50 or more. Weak: the gap at 0.5 or more and ISM below 50.
    Between: they disagree. A date sees the table as known at the end of the last month that had
    ended by then, so figures that came out earlier in its own month are not used.

    Parameters
    ----------
    dates : any days, one row each. monthly : the panel as published, with `unemployment_pct`
        and `ism_pmi_index`, month ends; lags are applied here by `helpers.panel.as_known`.

    Returns
    -------
    By date: state (ordered; missing where either reading is), sahm_gap_pp, ism_pmi_index, known
    (the month end whose table was used).

    Raises
    ------
    ProjectError : a column lacking, months not consecutive, a date after the table by more than
        a month or before it.
    """
    published = _columns(monthly, ["unemployment_pct", "ism_pmi_index"], where="state_at")
    published = published.assign(sahm_gap_pp=sahm_gap(published["unemployment_pct"]))
    lagged = as_known(published, "monthly")
    delay = recipes("monthly")["unemployment_pct"].lag_months
    lagged["sahm_gap_pp"] = published["sahm_gap_pp"].shift(delay)
    ends = _month_ended(dates, lagged.index, where="state_at")
    found = lagged.loc[ends, ["sahm_gap_pp", "ism_pmi_index"]].set_axis(dates)
    low = found["sahm_gap_pp"] >= WEAK_GAP_PP
    shrinks = found["ism_pmi_index"] < NO_CHANGE
    words = np.select([low & shrinks, ~low & ~shrinks], ["weak", "strong"], "between")
    kind = pd.CategoricalDtype(list(STATES), ordered=True)
    state = pd.Series(words, dates).where(found.notna().all(axis=1)).astype(kind)
    return found.assign(state=state, known=ends)[["state", "sahm_gap_pp", "ism_pmi_index", "known"]]


def near_recession(
    dates: pd.DatetimeIndex, monthly: pd.DataFrame, *, months_before: int = 12
) -> pd.DataFrame:
    """Whether a date lay in an NBER recession or at most `months_before` months before one.

    HINDSIGHT: no one knew at the time. The last year of the table is not relied on, as the NBER
    speaks about a year late.

    Returns
    -------
    By date: near (nullable boolean, missing where the months ahead are not settled), known (month
    end by which it was settled; missing with `near`).

    Raises
    ------
    ProjectError : as `state_at`; a negative `months_before`.
    """
    where = "near_recession"
    if months_before < 0:
        raise ProjectError(f"months_before={months_before}", where=where, expected="zero or more")
    recession = without_ends(
        _columns(monthly, ["us_recession"], where=where)["us_recession"], where=where
    )
    settled = recession.iloc[:-NBER_DELAY]
    rows = []
    for date in dates:
        month = date + pd.offsets.MonthEnd(0)
        ahead = pd.date_range(month.normalize(), periods=months_before + 1, freq="ME")
        if ahead[0] < recession.index[0]:
            raise ProjectError(f"{date:%Y-%m-%d} is before the table", where=where)
        seen = settled.reindex(ahead)
        hit = seen[seen == 1]
        if hit.empty and seen.isna().any():
            rows.append((pd.NA, pd.NaT))
            continue
        last = hit.index[0] if len(hit) else ahead[-1]
        rows.append((not hit.empty, last + pd.offsets.MonthEnd(NBER_DELAY)))
    found = pd.DataFrame(rows, index=dates, columns=["near", "known"])
    return found.astype({"near": "boolean", "known": "datetime64[us]"})


def pmi_troughs(
    pmi: pd.Series, *, below: float = NO_CHANGE, window: int = 6, lag_months: int = 1
) -> Troughs:
    """Months whose reading is below `below` and the least of `window` months on either side.

    The first of equal readings counts. A trough can be told once `window` later readings are out:
    `window` + `lag_months` months after it. Troughs at the ends, with fewer readings on
    a side, are not listed. Two of them are more than `window` months apart.

    Parameters
    ----------
    pmi : by the month described, as published; no hole.

    Raises
    ------
    ProjectError : a hole, months not consecutive, a window or lag out of range.
    """
    where = "pmi_troughs"
    if window < 1 or lag_months < 0:
        raise ProjectError(
            f"window={window}, lag_months={lag_months}", where=where,
            expected="one month or more, and no negative lag",
        )  # fmt: skip
    whole = without_ends(pmi, where=where)
    least = whole.rolling(2 * window + 1, center=True).min()
    before = whole.shift(1).rolling(window).min()
    found = whole.index[(whole == least) & (whole < before) & (whole < below)]
    table = pd.DataFrame(
        {
            "trough": found,
            "reading": whole.loc[found].to_numpy(),
            "known": found + pd.offsets.MonthEnd(window + lag_months),
        }
    )
    return Troughs(table, below, window, lag_months, len(whole))


def _columns(monthly: pd.DataFrame, names: list[str], *, where: str) -> pd.DataFrame:
    for name in names:
        if name not in monthly.columns:
            raise ProjectError(
                f"no column {name!r}{nearest(name, map(str, monthly.columns))}", where=where
            )
    require_months(monthly, where=where)
    return monthly[names].astype(float)


def _month_ended(dates: pd.DatetimeIndex, table: pd.Index, *, where: str) -> pd.DatetimeIndex:
    """The last month end at or before each date."""
    days = pd.DatetimeIndex(dates).normalize()
    ends = pd.DatetimeIndex([d if d.is_month_end else d - pd.offsets.MonthEnd(1) for d in days])
    for date, end in zip(days, ends, strict=True):
        if end not in table:
            raise ProjectError(
                f"{date:%Y-%m-%d} needs the table of {end:%Y-%m}", where=where,
                expected=f"dates from {table[0]:%Y-%m} to {table[-1]:%Y-%m}",
            )  # fmt: skip
    return ends
