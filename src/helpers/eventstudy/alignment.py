"""Events on the calendar of the returns: which day, which assets, what lies in whose window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.eventstudy.models import Floats, require_fractions
from helpers.project import ProjectError

Window = tuple[int, int]
Integers = NDArray[np.intp]
LONGEST_CLOSURE = 7  # calendar days from an event to the trading day that stands for it


@dataclass(frozen=True)
class Units:
    """Pairs of event and asset, in the order of the list.

    Attributes
    ----------
    ids : event ids, each once. assets : column names.
    event, asset : (units,) positions in `ids` and `assets`.
    position : (units,) row of the returns that is day 0; -1 outside the data.
    snapped : event_id, date, day: events without trading, and the day that stands for them.
    """

    ids: pd.Index
    assets: pd.Index
    event: Integers
    asset: Integers
    position: Integers
    snapped: pd.DataFrame
    by_asset: bool

    def take(self, mask: NDArray[np.bool_]) -> Units:
        return replace(
            self, event=self.event[mask], asset=self.asset[mask], position=self.position[mask]
        )


@dataclass(frozen=True)
class Spans:
    """Windows, inclusive, in trading days from the event."""

    estimation: Window
    window: Window
    car_windows: tuple[Window, ...]
    min_estimation: int

    @property
    def days(self) -> range:
        return range(self.window[0], self.window[1] + 1)

    def rows(self, window: Window) -> slice:
        """Where a CAR window lies among `days`."""
        return slice(window[0] - self.window[0], window[1] - self.window[0] + 1)


def require_returns(returns: pd.DataFrame) -> Floats:
    """The returns as numbers (days, assets).

    Raises
    ------
    ProjectError : no dates, days that repeat or go back, no or repeated columns, values that are no
        numbers, infinite, or of the size of percents.
    """
    where, index = "returns", returns.index
    if not isinstance(index, pd.DatetimeIndex) or index.hasnans or index.tz is not None:
        raise ProjectError("the index holds no days", where=where, expected="days without zone")
    if not index.is_unique:
        raise ProjectError(
            f"{index[index.duplicated()][0]:%Y-%m-%d} occurs twice", where=where,
            expected="each day once",
        )  # fmt: skip
    if not index.is_monotonic_increasing:
        raise ProjectError("the days are not in order", where=where, mend="sort by day")
    if returns.empty or not returns.columns.is_unique:
        raise ProjectError(
            "no days or assets" if returns.empty else "an asset occurs twice", where=where,
            expected="days x assets, each asset once",
        )  # fmt: skip
    for asset, kind in returns.dtypes.items():
        if not pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind):
            raise ProjectError(f"{asset!r} holds no numbers", where=where, expected="fractions")
    values = returns.to_numpy(float, na_value=np.nan)
    size = np.abs(values).mean(axis=0)
    if not np.isfinite(size).all():
        if np.isinf(values).any():
            raise ProjectError("an infinite return", where=where, expected="finite or missing")
        known = np.isfinite(values).sum(axis=0)
        size = np.nansum(np.abs(values), axis=0) / np.maximum(known, 1)
    require_fractions(float(size.max()), f"returns, {returns.columns[size.argmax()]}")
    return values


def require_spans(
    estimation: Window,
    window: Window,
    car_windows: Sequence[Window],
    min_estimation: int | None,
    *,
    k: int,
) -> Spans:
    """The windows, checked.

    Raises
    ------
    ProjectError : a window that ends before it starts, that reaches into the estimation days or
        outside the event window; no more estimation days than coefficients; no CAR window.
    """
    for name, (first, last) in (("estimation", estimation), ("window", window)):
        if first > last:
            raise ProjectError(f"({first}, {last}) ends before it starts", where=name)
    if estimation[1] >= window[0]:
        raise ProjectError(
            f"{window} reaches into the estimation days {estimation}", where="window",
            expected=f"a first day after {estimation[1]}",
        )  # fmt: skip
    length = estimation[1] - estimation[0] + 1
    if length <= k:
        raise ProjectError(
            f"{length} estimation day(s) for {k} coefficients", where="estimation",
            expected="more days than coefficients",
        )  # fmt: skip
    least = max(k + 1, -(-length // 2)) if min_estimation is None else min_estimation
    if not k < least <= length:
        raise ProjectError(f"{least}", where="min_estimation", expected=f"{k + 1} to {length}")
    chosen = tuple((int(first), int(last)) for first, last in car_windows)
    for first, last in chosen:
        if not window[0] <= first <= last <= window[1]:
            raise ProjectError(
                f"({first}, {last})", where="car_windows", expected=f"windows within {window}"
            )
    if not chosen or len(set(chosen)) < len(chosen):
        raise ProjectError(
            "a window occurs twice" if chosen else "no window", where="car_windows",
            expected="each window once",
        )  # fmt: skip
    return Spans(estimation, window, chosen, least)


def align(events: pd.DataFrame, returns: pd.DataFrame) -> Units:
    """Day 0 of each event: its date, or the next trading day when there was no trading.

    Parameters
    ----------
    events : event_id, date and, where dates differ by asset, asset.

    Raises
    ------
    ProjectError : a column is missing, no event, an unreadable date, an id that repeats (within an
        asset), an asset without returns.
    """
    dates = _require_events(events, returns.columns)
    calendar = pd.DatetimeIndex(returns.index)
    position = calendar.searchsorted(dates)
    day = calendar[np.minimum(position, len(calendar) - 1)]
    late = (position == len(calendar)) | ((day - dates) > pd.Timedelta(days=LONGEST_CLOSURE))
    position = np.where(late | (dates < calendar[0]), -1, position)
    event, ids = pd.factorize(events["event_id"], sort=False)
    moved = (position >= 0) & (day != dates)
    snapped = pd.DataFrame(
        {"event_id": ids[event[moved]], "date": dates[moved], "day": day[moved]}
    ).drop_duplicates(ignore_index=True)
    by_asset = "asset" in events
    if by_asset:
        asset = returns.columns.get_indexer(pd.Index(events["asset"]))
    else:
        assets = len(returns.columns)
        asset = np.tile(np.arange(assets), len(events))
        event, position = np.repeat(event, assets), np.repeat(position, assets)
    return Units(pd.Index(ids), returns.columns, event, asset, position, snapped, by_asset)


def find_overlaps(units: Units, spans: Spans) -> pd.DataFrame:
    """Events that lie in another's windows: those days are not quiet.

    Where dates differ by asset, events are compared within each asset.

    Returns
    -------
    event_id, other, where, day (day 0 of the other, from the event). `where` is "same day", "event
    window", "estimation window", or "event windows overlap" when day 0 of the other is in neither.
    """
    inside = units.position >= 0
    event, position = units.event[inside], units.position[inside]
    group = units.asset[inside] if units.by_asset else np.zeros(len(event), dtype=int)
    (e0, e1), (w0, w1) = spans.estimation, spans.window
    # Groups so far apart that no window reaches from one into the next.
    key = group * (int(position.max(initial=0)) + 2 * (w1 - e0) + 1) + position
    _, first = np.unique(np.column_stack([key, event]), axis=0, return_index=True)
    key, event = key[first], event[first]
    left = np.searchsorted(key, key + e0)
    count = np.searchsorted(key, key + (w1 - w0), side="right") - left
    mine = np.repeat(np.arange(len(key)), count)
    other = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + left[mine]
    day = key[other] - key[mine]
    where = np.select(
        [day == 0, (day >= w0) & (day <= w1), day <= e1, np.abs(day) <= w1 - w0],
        ["same day", "event window", "estimation window", "event windows overlap"],
        default="",
    )
    keep = (event[mine] != event[other]) & (where != "")
    found = pd.DataFrame({
        "event_id": units.ids[event[mine[keep]]], "other": units.ids[event[other[keep]]],
        "where": where[keep], "day": day[keep],
    })  # fmt: skip
    return found.drop_duplicates(ignore_index=True)


def _require_events(events: pd.DataFrame, assets: pd.Index) -> pd.DatetimeIndex:
    for column in ("event_id", "date"):
        if column not in events:
            raise ProjectError(
                f"no column {column!r}", where="events", expected="event_id, date, perhaps asset"
            )
    if events.empty:
        raise ProjectError("no event", where="events", expected="at least one")
    dates = pd.DatetimeIndex(pd.to_datetime(events["date"], errors="coerce"))
    if dates.hasnans or dates.tz is not None or not dates.equals(dates.normalize()):
        row = int(np.argmax(dates.isna() | (dates != dates.normalize())))
        raise ProjectError(
            f"date = {events['date'].iloc[row]!r}", where=f"events, row {row + 1}",
            expected="a day without time or zone",
        )  # fmt: skip
    by = ["event_id", "asset"] if "asset" in events else ["event_id"]
    repeats = events.duplicated(by).to_numpy()
    if repeats.any() or events["event_id"].isna().any():
        row = int(np.argmax(repeats | events["event_id"].isna().to_numpy()))
        raise ProjectError(
            f"event_id {events['event_id'].iloc[row]!r} is missing or repeats",
            where=f"events, row {row + 1}", mend="give each event its own id",
        )  # fmt: skip
    if "asset" in events and not events["asset"].isin(assets).all():
        row = int(np.argmin(events["asset"].isin(assets).to_numpy()))
        raise ProjectError(
            f"no returns of {events['asset'].iloc[row]!r}", where=f"events, row {row + 1}",
            expected=", ".join(map(str, assets[:20])),
        )  # fmt: skip
    return dates
