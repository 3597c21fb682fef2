"""Placebo dates: what the same statistic gives on days that are like the events' but for the event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from helpers.eventstudy.alignment import (
    Integers,
    Spans,
    Window,
    align,
    require_returns,
    require_spans,
)
from helpers.eventstudy.event_level import COLUMNS
from helpers.eventstudy.models import _COLLINEAR, _SPANNED, Floats, make_design
from helpers.inference import MeanTest, t_mean
from helpers.project import ProjectError

FEWEST_DAYS = 20  # in a cell, else it is widened
QUANTILES = (0.005, 0.025, 0.05, 0.5, 0.95, 0.975, 0.995)
_BLOCK = 4096  # days estimated at once, which bounds memory
_TRIES = 50  # to find a window apart from those drawn before
_HISTORY = 252  # days before terciles of volatility mean something
_CYCLE = 40  # weekdays from one scheduled meeting to the next, at most
# What a day shares with its event, from the strictest; columns of `_traits`.
_MATCHES = {"": [0, 1, 2], "weekday": [0, 2], "weekday, volatility": [0]}


@dataclass(frozen=True, eq=False)
class EveryCar:
    """An event study of one asset with every day as the event.

    Attributes
    ----------
    by_day : rows days, columns car and scar, as `EventStudy.car` and `EventStudy.scar`, fractions;
        missing where `run` would drop the event.
    asset, estimation, window : what was studied; windows inclusive, in trading days from the event.
    """

    by_day: pd.DataFrame
    asset: str
    estimation: Window
    window: Window

    @property
    def days(self) -> pd.DatetimeIndex:
        return pd.DatetimeIndex(self.by_day.index)

    @property
    def car(self) -> Floats:
        return self.by_day["car"].to_numpy()

    @property
    def length(self) -> int:
        """Days of the window."""
        return self.window[1] - self.window[0] + 1


class EventTest(Protocol):
    """A test over events that rests on draws."""

    @property
    def statistic(self) -> str: ...
    @property
    def asset(self) -> str: ...
    @property
    def window(self) -> Window: ...
    @property
    def value(self) -> float: ...
    @property
    def p(self) -> float: ...
    @property
    def p_floor(self) -> float: ...
    @property
    def n(self) -> int: ...
    @property
    def note(self) -> str: ...


@dataclass(frozen=True, eq=False)
class Placebo:
    """A placebo test of the mean CAR.

    Attributes
    ----------
    value : t of the events' CARs, N-1. mean : their mean, a fraction. n : events used.
    p : (1 + #{|t*| >= |t|}) / (1 + draws), two-sided. p_floor : the smallest it can be.
    statistics, means : (draws,) t and mean CAR of each draw. days : (draws, n) its days, by event.
    quantiles : of `statistics`, by probability.
    cells : by event, event_id, day, fomc (1, 0; -1 outside the list, or without one), weekday
        (Monday 0), volatility (0 to 2; -1 unknown), n_days to draw from, relaxed (what the days
        need not share, "" if nothing).
    overlapping : draws in which two windows could not be kept apart.
    left_out : ids of events without a CAR. note : what was matched, relaxed, left out.
    """

    statistic: ClassVar[str] = "placebo"
    asset: str
    window: Window
    value: float
    p: float
    p_floor: float
    n: int
    draws: int
    mean: float
    statistics: Floats
    means: Floats
    days: NDArray[np.datetime64]
    quantiles: pd.Series
    cells: pd.DataFrame
    overlapping: int
    left_out: tuple[str, ...]
    note: str


def every_car(
    returns: pd.Series, market: pd.Series, *, estimation: Window, window: Window
) -> EveryCar:
    """CAR and SCAR of the market model (MacKinlay 1997) with every day as the event.

    The numbers of `run` with its defaults, at once for all days. A fit of its own for each day, by
    centred sums: running totals would lose digits where the market explains almost all.

    Parameters
    ----------
    returns, market : by day, simple returns, fractions; the market on every day of the returns.

    Raises
    ------
    ProjectError : as `run`.
    """
    asset = str(returns.name)
    y = require_returns(returns.to_frame(asset))[:, 0]
    days = pd.DatetimeIndex(returns.index)
    m = make_design("market", days, market=market, factors=None, risk_free=None).x[:, 1]
    spans = require_spans(estimation, window, [window], None, k=2)
    around = (max(0, -estimation[0]), max(0, window[1]))
    y, m = np.pad(y, around, constant_values=np.nan), np.pad(m, around)
    parts = [
        _cars(y, m, np.arange(first, min(first + _BLOCK, len(days))) + around[0], spans)
        for first in range(0, len(days), _BLOCK)
    ]
    by_day = pd.DataFrame(np.hstack(parts).T, index=days, columns=["car", "scar"])
    return EveryCar(by_day, asset, estimation, window)


def volatility_state(returns: pd.Series, *, days: int = 21) -> pd.Series:
    """Tercile (0 to 2) of the realised volatility of the days before, known on the day before.

    The root of the mean squared return of the last `days` days, against all such values until then:
    nothing that follows can change a state. Missing for the first year and after a missing return.

    Parameters
    ----------
    returns : by trading day, any unit.
    """
    volatility = (returns**2).rolling(days).mean().pow(0.5).shift(1)
    past = volatility.expanding(_HISTORY)
    low, high = past.quantile(1 / 3), past.quantile(2 / 3)
    state = (volatility > low).astype("Int8") + (volatility > high).astype("Int8")
    return state.where(volatility.notna() & low.notna())


def placebo(
    cars: EveryCar,
    events: pd.DataFrame,
    *,
    fomc_days: pd.DatetimeIndex | None,
    volatility: pd.Series,
    draws: int = 10_000,
    seed: int = 0,
    avoid: pd.DatetimeIndex | None = None,
) -> Placebo:
    """Compare the t of the events' CARs with its t on matched days drawn in their place.

    Each event is replaced by a day of the same FOMC status, weekday and volatility state, whose
    window touches none of a real event, nor, if that can be, another of its draw. Studentised, so
    that draws with quiet and wild days can be compared. A cell with fewer than 20 days gives up the
    weekday, then the volatility state; never the status.

    Parameters
    ----------
    events : event_id, date, as `run` takes them.
    fomc_days : days on which scheduled announcements took effect, without gaps; a day beyond the
        first and last has unknown status, which is matched with its like. None: status is ignored.
    volatility : state by day, as from `volatility_state`.
    avoid : days of other real events, whose windows are not touched either.

    Raises
    ------
    ProjectError : fewer than two events with a CAR; no day to draw for one of them; no draws;
        volatility that is no state; an empty list of FOMC days.
    """
    if draws < 1:
        raise ProjectError(f"draws = {draws}", where="placebo", expected="one or more")
    ids, listed, used = events_at(cars, events)
    at, calendar = listed[used], cars.days
    real = listed[listed >= 0]
    if avoid is not None:
        real = np.concatenate([real, _rows(avoid, calendar)])
    free = np.isfinite(cars.car) & ~_near(real, len(calendar), cars.length)
    traits = _traits(calendar, fomc_days, volatility)
    pools, relaxed = _pools(traits, free, at, ids[used])
    drawn, overlapping = _draw(pools, draws, cars.length, np.random.default_rng(seed))
    means, statistics = t_of(cars.car[drawn])
    test = t_mean(cars.car[at])
    cells = pd.DataFrame(traits[at], columns=["fomc", "weekday", "volatility"])
    cells.insert(0, "event_id", ids[used])
    cells.insert(1, "day", calendar[at])
    cells["n_days"], cells["relaxed"] = [len(pool) for pool in pools], relaxed
    left_out = tuple(map(str, ids[~used]))
    notes = [f"{draws} draws", *_notes(cells, fomc_days, overlapping), *counted(left_out)]
    return Placebo(
        cars.asset, cars.window, test.t, share_reached(statistics, test.t), 1 / (1 + draws), len(at),
        draws, test.mean, statistics, means, calendar.to_numpy()[drawn],
        pd.Series(np.quantile(statistics, QUANTILES), index=QUANTILES), cells, overlapping,
        left_out, "; ".join(notes),
    )  # fmt: skip


def benchmark_days(cars: EveryCar, days: pd.DatetimeIndex) -> MeanTest:
    """Mean CAR, a fraction, of days that are a benchmark of their own, and its t test.

    Such as ordinary FOMC days (Lucca and Moench 2015), or those of even weeks (`fomc_week`). Days
    without a CAR are left out; windows that overlap are not independent.

    Raises
    ------
    ProjectError : fewer than two of the days have a CAR.
    """
    found = cars.car[np.unique(_rows(days, cars.days))]
    return t_mean(found[np.isfinite(found)])


def fomc_week(day: pd.Timestamp, meetings: pd.DatetimeIndex) -> int:
    """Week since the last scheduled meeting (Cieslak, Morse and Vissing-Jorgensen 2019).

    Week 0 starts the weekday before the announcement and ends on the third after it; each
    following week has five weekdays, until the weekday before the next announcement. Holidays
    count as weekdays.

    Parameters
    ----------
    meetings : days of scheduled announcements.

    Raises
    ------
    ProjectError : a weekend, or a day outside the cycles that the list covers.
    """
    dates = np.sort(meetings.to_numpy().astype("datetime64[D]"))
    today = np.datetime64(day, "D")
    known = np.flatnonzero(np.busday_offset(dates, -1, roll="forward") <= today)
    since = int(np.busday_count(dates[known[-1]], today)) if len(known) else 0
    beyond = not len(known) or (known[-1] == len(dates) - 1 and since > _CYCLE)
    if beyond or not np.is_busday(today):
        raise ProjectError(
            f"{day:%Y-%m-%d}, {day:%A}", where="fomc_week",
            expected="a weekday within the cycles of the listed meetings",
        )  # fmt: skip
    return (since + 1) // 5


def tidy(found: EventTest) -> pd.DataFrame:
    """One row as `EventStudy.tests`, level "event"."""
    row = {
        "level": "event", "asset": found.asset, "window": found.window,
        "statistic": found.statistic, "value": found.value, "p": found.p, "df": np.nan,
        "n": found.n, "note": found.note, "p_floor": found.p_floor,
    }  # fmt: skip
    return pd.DataFrame([row], columns=COLUMNS)


def events_at(cars: EveryCar, events: pd.DataFrame) -> tuple[pd.Index, Integers, NDArray[np.bool_]]:
    """Ids, rows of the days (-1 outside), and whether the event has a CAR; two must.

    Raises
    ------
    ProjectError : unusable events, or fewer than two with a CAR.
    """
    units = align(events[["event_id", "date"]], pd.DataFrame(index=cars.days, columns=[cars.asset]))
    used = (units.position >= 0) & np.isfinite(cars.car[units.position])
    if used.sum() < 2:
        raise ProjectError(
            f"{used.sum()} of {len(used)} event(s) with a CAR", where="events", expected="two"
        )
    return units.ids, units.position, used


def t_of(samples: Floats) -> tuple[Floats, Floats]:
    """Mean and its t, N-1, of each row."""
    mean = samples.mean(axis=1)
    with np.errstate(divide="ignore"):  # equal days: infinite, so it reaches any t
        return mean, mean / (samples.std(axis=1, ddof=1) / np.sqrt(samples.shape[1]))


def share_reached(statistics: Floats, value: float) -> float:
    """Two-sided p of a value among draws, itself counted with them."""
    reached = int((np.abs(statistics) >= abs(value) * (1 - 1e-10)).sum())
    return (1 + reached) / (1 + len(statistics))


def counted(left_out: tuple[str, ...]) -> list[str]:
    """What a note says of events without a CAR."""
    return [f"{len(left_out)} event(s) without a CAR"] if left_out else []


def _cars(y: Floats, m: Floats, at: Integers, spans: Spans) -> Floats:
    """CAR and SCAR (2, days) of the days in rows `at`; rows of zeros and NaN stand around."""
    (e0, e1), (w0, w1) = spans.estimation, spans.window
    x, z = (
        sliding_window_view(m, e1 - e0 + 1)[at + e0],
        sliding_window_view(y, e1 - e0 + 1)[at + e0],
    )
    known = np.isfinite(z)
    n = known.sum(axis=1)
    x, z = np.where(known, x, 0.0), np.where(known, z, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):  # what cannot be estimated is masked below
        mean_x, mean_y = x.sum(axis=1) / n, z.sum(axis=1) / n
        dx = np.where(known, x - mean_x[:, None], 0.0)
        dy = np.where(known, z - mean_y[:, None], 0.0)
        sxx = np.einsum("dl,dl->d", dx, dx)
        beta = np.einsum("dl,dl->d", dx, dy) / sxx
        rest = dy - beta[:, None] * dx
        s = np.sqrt(np.einsum("dl,dl->d", rest, rest) / (n - 2))
        market = sliding_window_view(m, w1 - w0 + 1)[at + w0] - mean_x[:, None]
        actual = sliding_window_view(y, w1 - w0 + 1)[at + w0]
        car = (actual - mean_y[:, None] - beta[:, None] * market).sum(axis=1)
        scar = car / (s * np.sqrt((1 + (1 / n)[:, None] + market**2 / sxx[:, None]).sum(axis=1)))
        collinear = np.sqrt(sxx) <= _COLLINEAR * np.linalg.norm(x, axis=1)
        spanned = s <= _SPANNED * np.abs(z).max(axis=1)
    return np.where((n < spans.min_estimation) | collinear | spanned, np.nan, [car, scar])


def _rows(days: pd.DatetimeIndex, calendar: pd.DatetimeIndex) -> Integers:
    """Rows of the days, or of the next trading day; those outside the calendar are left out."""
    inside = days[(days >= calendar[0]) & (days <= calendar[-1])]
    return calendar.searchsorted(inside)


def _near(rows: Integers, n: int, length: int) -> NDArray[np.bool_]:
    """(n,) whether a window of a day shares a day with that of one of `rows`."""
    marked = np.zeros(n, dtype=bool)
    marked[(rows[:, None] + np.arange(1 - length, length)).clip(0, n - 1)] = True
    return marked


def _traits(
    calendar: pd.DatetimeIndex, fomc_days: pd.DatetimeIndex | None, volatility: pd.Series
) -> Integers:
    """(days, 3) FOMC status, weekday and volatility state; -1 unknown."""
    status = np.full(len(calendar), -1)
    if fomc_days is not None:
        if not len(fomc_days):
            raise ProjectError("no day", where="fomc_days", expected="days, or None to ignore them")
        status[(calendar >= fomc_days.min()) & (calendar <= fomc_days.max())] = 0
        status[_rows(fomc_days, calendar)] = 1
    state = volatility.reindex(calendar)
    if not state.dropna().isin([0, 1, 2]).all() or state.isna().all():
        raise ProjectError(
            "no states 0 to 2 on the days of the returns", where="volatility",
            mend="pass volatility_state(returns)",
        )  # fmt: skip
    known = state.astype("Float64").fillna(-1).to_numpy(dtype=np.intp)
    return np.column_stack([status, calendar.day_of_week, known])


def _pools(
    traits: Integers, free: NDArray[np.bool_], at: Integers, ids: pd.Index
) -> tuple[list[Integers], list[str]]:
    """Days to draw from for each event, and what they need not share with it."""
    pools, relaxed = [], []
    for row, name in zip(at, ids, strict=True):
        pool, given_up = _pool(traits, free, row)
        if not len(pool):
            raise ProjectError(
                "no day is like it", where=f"placebo, {name}",
                mend="give a longer list of FOMC days, or fomc_days=None",
            )  # fmt: skip
        pools.append(pool)
        relaxed.append(given_up)
    return pools, relaxed


def _pool(traits: Integers, free: NDArray[np.bool_], row: int) -> tuple[Integers, str]:
    for given_up, shared in _MATCHES.items():
        alike = (traits[:, shared] == traits[row, shared]).all(axis=1)
        pool = np.flatnonzero(alike & free)
        if len(pool) >= FEWEST_DAYS:
            return pool, given_up
    return pool, given_up


def _draw(
    pools: list[Integers], draws: int, length: int, generator: np.random.Generator
) -> tuple[Integers, int]:
    """Rows (draws, events), and the draws in which windows touch in spite of every try.

    One event after another, from the smallest cell; a window that touches one drawn before is
    drawn again.
    """
    drawn = np.empty((draws, len(pools)), dtype=np.intp)
    touching = np.zeros(draws, dtype=bool)
    order = np.argsort([len(pool) for pool in pools], kind="stable")
    for place, event in enumerate(order):
        before, again = order[:place], np.arange(draws)
        for _ in range(1 + _TRIES):
            drawn[again, event] = generator.choice(pools[event], size=len(again))
            distance = drawn[np.ix_(again, before)] - drawn[again, event][:, None]
            again = again[(np.abs(distance) < length).any(axis=1)]
            if not len(again):
                break
        touching[again] = True
    return drawn, int(touching.sum())


def _notes(cells: pd.DataFrame, fomc_days: pd.DatetimeIndex | None, overlapping: int) -> list[str]:
    status = "" if fomc_days is None else "FOMC status, "
    notes = [f"matched by {status}weekday and volatility state"]
    if fomc_days is None:
        notes.append("no list of FOMC days: status ignored")
    elif unknown := int((cells["fomc"] == -1).sum()):
        notes.append(f"{unknown} event(s) outside the list of FOMC days")
    for given_up, group in cells[cells["relaxed"] != ""].groupby("relaxed"):
        notes.append(f"{given_up} relaxed for {len(group)} event(s)")
    if few := int((cells["n_days"] < FEWEST_DAYS).sum()):
        notes.append(f"{few} event(s) with fewer than {FEWEST_DAYS} days even so")
    if overlapping:
        notes.append(f"windows touch in {overlapping} draws")
    return notes
