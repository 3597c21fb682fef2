"""From the minute of an announcement to the first trading day that could react."""

from __future__ import annotations

from typing import NoReturn

import pandas as pd

from helpers.project import ProjectError

CLOSE_HOUR = 16  # New York
LONGEST_CLOSURE = pd.Timedelta(days=7)  # 2001-09-11 to 16, and weekends beside holidays


def effective_day(announced_at: pd.Timestamp, calendar: pd.DatetimeIndex) -> pd.Timestamp:
    """First trading day that could react to an announcement.

    At or after 16:00, or on a day without trading: the next trading day. The rule does not know
    of days on which the exchange closed early.

    Parameters
    ----------
    announced_at : on the clock of New York, with or without its zone.
    calendar : (n,) trading days as observed in the returns, midnight, no zone, increasing.

    Raises
    ------
    ProjectError : announced outside the calendar, a calendar with a hole there, or no calendar.
    """
    _require_days(calendar)
    moment = announced_at.tz_localize(None)
    day = moment.normalize()
    late = moment.hour >= CLOSE_HOUR
    position = calendar.searchsorted(day, side="right" if late else "left")
    # A later first or last trading day than the data's own cannot be told from a missing one.
    if day < calendar[0] or position == len(calendar):
        _refuse(f"announced {moment:%Y-%m-%d %H:%M}, outside the trading days", calendar)
    found = calendar[position]
    if found - day > LONGEST_CLOSURE:
        _refuse(f"announced {moment:%Y-%m-%d}, next trading day {found:%Y-%m-%d}", calendar)
    return found


def events_for_engine(events: pd.DataFrame, calendar: pd.DatetimeIndex) -> pd.DataFrame:
    """An event list as `helpers.eventstudy.run` takes it.

    Parameters
    ----------
    events : as from `load_pivots` or `read_event_list`.
    calendar : trading days of the returns.

    Returns
    -------
    Columns event_id, date: the listed effective day; where none is listed, the rule's. Listed days
    outside the calendar are kept: the engine drops them and says so.

    Raises
    ------
    ProjectError : a listed day that contradicts the rule, or an announcement outside the calendar
        of an event that lists no effective day; names file, row and event.
    """
    _require_days(calendar)
    dates = [_date(row, label, events, calendar) for label, row in events.iterrows()]
    return pd.DataFrame({
        "event_id": events["event_id"].to_numpy(),
        "date": pd.DatetimeIndex(dates, dtype=calendar.dtype),
    })  # fmt: skip


def _date(
    event: pd.Series, row: object, events: pd.DataFrame, calendar: pd.DatetimeIndex
) -> pd.Timestamp:
    listed, announced = event["effective_day"], event["announced_at"]
    inside = pd.notna(listed) and calendar[0] <= listed <= calendar[-1]
    if pd.isna(announced) or (pd.notna(listed) and not inside):
        return listed
    where = f"{events.attrs.get('file', 'event list')}, row {row}, {event['event_id']}"
    try:
        ruled = effective_day(announced, calendar)
    except ProjectError as error:
        raise ProjectError(
            error.what, where=where, expected=error.expected,
            mend="correct the date, or leave the event out",
        ) from None  # fmt: skip
    if pd.notna(listed) and listed != ruled:
        raise ProjectError(
            f"effective_day {listed:%Y-%m-%d}", where=where,
            expected=f"{ruled:%Y-%m-%d} for {announced:%Y-%m-%d %H:%M}",
            mend="correct either, or leave effective_day empty",
        )  # fmt: skip
    return ruled


def _require_days(calendar: pd.DatetimeIndex) -> None:
    days = isinstance(calendar, pd.DatetimeIndex) and len(calendar) > 0
    if not (
        days
        and calendar.tz is None
        and calendar.is_monotonic_increasing
        and calendar.is_unique
        and calendar.equals(calendar.normalize())
    ):
        raise ProjectError(
            "no calendar of trading days", where="effective_day",
            expected="a DatetimeIndex of midnights without zone, increasing, each day once",
        )  # fmt: skip


def _refuse(what: str, calendar: pd.DatetimeIndex) -> NoReturn:
    span = f"{calendar[0]:%Y-%m-%d} to {calendar[-1]:%Y-%m-%d}"
    raise ProjectError(what, where="effective_day", expected=f"a day within {span}")
