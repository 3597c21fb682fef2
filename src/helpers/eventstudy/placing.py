"""Where events lie on the calendar of the returns, and which of them cannot be used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.project import ProjectError

Window = tuple[int, int]
LONGEST_CLOSURE = 7  # calendar days from an event to the day that stands for it
SCALE_LIMIT = 0.2  # typical absolute return above which returns are taken for percent


@dataclass(frozen=True)
class Placed:
    """Events on the calendar.

    Attributes
    ----------
    ids, dates, positions : one an event and asset group, in the order of the list; `positions`
        counts rows of the returns.
    assets : the assets each concerns, as positions of columns.
    dropped : event_id, asset, reason, lost ("all", or the windows lost).
    snapped : event_id, date, day: events on days without trading, and the day that stands for them.
    """

    ids: list[str]
    positions: list[int]
    assets: list[np.ndarray]
    dropped: list[dict[str, str]]
    snapped: pd.DataFrame


def require_returns(returns: pd.DataFrame) -> None:
    """Refuse returns that no window can be laid over.

    Raises
    ------
    ProjectError : no dates, dates that repeat or go back, no column, values that are not numbers,
        or values of the size of percents.
    """
    where, index = "returns", returns.index
    if not isinstance(index, pd.DatetimeIndex) or not index.is_unique:
        twice = index[index.duplicated()][:1].map(str).tolist()
        raise ProjectError(
            f"the index repeats {twice[0]}" if twice else "the index holds no dates", where=where,
            expected="a DatetimeIndex of trading days, each once",
        )  # fmt: skip
    if not index.is_monotonic_increasing:
        raise ProjectError("the days are not in order", where=where, mend="returns.sort_index()")
    if returns.empty or any(kind.kind not in "fi" for kind in returns.dtypes):
        raise ProjectError("no numbers", where=where, expected="days by assets, fractions")
    if not returns.columns.is_unique:
        raise ProjectError("an asset occurs twice", where=where, expected="unique columns")
    typical = float(np.nanmedian(np.abs(returns.to_numpy(float))))
    if typical > SCALE_LIMIT:
        raise ProjectError(
            f"a typical return is {typical:.2g}", where=where, expected="fractions: 0.01 is 1%",
            mend="returns / 100",
        )  # fmt: skip


def place(events: pd.DataFrame, returns: pd.DataFrame) -> Placed:
    """Find the row of each event.

    An event on a day without trading belongs to the next trading day. One outside the returns is
    dropped.

    Parameters
    ----------
    events : columns event_id, date and, where dates differ by asset, asset.

    Raises
    ------
    ProjectError : a column is missing, a date unreadable, an id repeats, an asset is unknown.
    """
    listed = _listed(events, returns.columns)
    calendar = returns.index
    ids: list[str] = []
    positions: list[int] = []
    assets: list[np.ndarray] = []
    dropped: list[dict[str, str]] = []
    snapped: list[dict[str, object]] = []
    for event, rows in listed.groupby(["event_id", "date"], sort=False):
        name, date = str(event[0]), pd.Timestamp(event[1])
        columns = _columns(rows, returns.columns)
        position = int(calendar.searchsorted(date))
        late = position == len(calendar) or (calendar[position] - date).days > LONGEST_CLOSURE
        if late or date < calendar[0]:
            span = f"{calendar[0]:%Y-%m-%d} to {calendar[-1]:%Y-%m-%d}"
            dropped += [
                {
                    "event_id": name,
                    "asset": str(returns.columns[column]),
                    "reason": f"{date:%Y-%m-%d} is outside the returns ({span})",
                    "lost": "all",
                }
                for column in columns
            ]
            continue
        if calendar[position] != date:
            snapped.append({"event_id": name, "date": date, "day": calendar[position]})
        ids.append(name)
        positions.append(position)
        assets.append(columns)
    frame = pd.DataFrame(snapped, columns=["event_id", "date", "day"])
    return Placed(ids, positions, assets, dropped, frame)


def find_overlaps(placed: Placed, estimation: Window, window: Window) -> pd.DataFrame:
    """Events that lie in another's windows: their returns are not those of quiet days.

    Returns
    -------
    event_id, other, where ("same day", "event window", "estimation window"), day (the other's day
    0, in trading days from the event).
    """
    rows = []
    for name, at in zip(placed.ids, placed.positions, strict=True):
        for other, there in zip(placed.ids, placed.positions, strict=True):
            day = there - at
            if other == name:
                continue
            if day == 0:
                rows.append((name, other, "same day", day))
            elif window[0] <= day <= window[1]:
                rows.append((name, other, "event window", day))
            elif estimation[0] <= day <= estimation[1]:
                rows.append((name, other, "estimation window", day))
    return pd.DataFrame(rows, columns=["event_id", "other", "where", "day"])


def _listed(events: pd.DataFrame, assets: pd.Index) -> pd.DataFrame:
    for column in ("event_id", "date"):
        if column not in events:
            raise ProjectError(
                f"no column {column!r}", where="events", expected="event_id, date, perhaps asset"
            )
    found = events.assign(date=pd.to_datetime(events["date"], errors="coerce"))
    if found["date"].isna().any():
        row = int(found["date"].isna().to_numpy().argmax())
        raise ProjectError(
            f"{events['date'].iloc[row]!r} is no date", where=f"events, row {row + 1}"
        )
    by = ["event_id", "asset"] if "asset" in found else ["event_id"]
    if found.duplicated(by).any():
        row = int(found.duplicated(by).to_numpy().argmax())
        raise ProjectError(
            f"{found['event_id'].iloc[row]!r} is listed twice", where=f"events, row {row + 1}",
            mend="give each event its own id",
        )  # fmt: skip
    if "asset" in found and not found["asset"].isin(assets).all():
        stranger = found.loc[~found["asset"].isin(assets), "asset"].iloc[0]
        raise ProjectError(f"no returns of {stranger!r}", where="events")
    return found


def _columns(rows: pd.DataFrame, assets: pd.Index) -> np.ndarray:
    if "asset" not in rows:
        return np.arange(len(assets))
    return np.sort(assets.get_indexer(rows["asset"]))
