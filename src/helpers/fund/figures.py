"""The commentary's two Russell 2000 figures: on which date, under which day count, do they hold?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
import pandas as pd

from helpers.project import Estimate, ProjectError

Roll = Literal["previous", "next", "none"]
TARGETS = (12.07, 8.49)  # percent, as printed: over a month, over ninety days
PRINTED = 0.005  # points: half of the last printed digit
MONTHS = ("1 calendar month", "30 calendar days", "31 calendar days",
          "21 trading days", "22 trading days")  # fmt: skip
QUARTERS = ("90 calendar days", "3 calendar months", "63 trading days")


@dataclass(frozen=True)
class Nearest:
    """The date on which one pair of day counts comes nearest to both figures.

    Attributes
    ----------
    asset : whose closes. short, long : day counts, in words. roll : where a start that is no
        trading day moves; "none" when both counts are in trading days.
    date : date of the statement. close : trading day whose close it quotes. short_start,
        long_start : trading days measured from.
    short_value, long_value : percent. short_error, long_error : value less target, points.
    """

    asset: str
    short: str
    long: str
    roll: Roll
    date: pd.Timestamp
    close: pd.Timestamp
    short_start: pd.Timestamp
    long_start: pd.Timestamp
    short_value: float
    long_value: float
    short_error: float
    long_error: float

    @property
    def error(self) -> float:
        """The larger of the two errors, points: both figures must be met."""
        return max(abs(self.short_error), abs(self.long_error))


@dataclass(frozen=True)
class Search:
    """What the search found.

    Attributes
    ----------
    nearest : one row a (asset, pair of day counts), best first.
    met : whether any comes within `tolerance` points of both targets on one date.
    dates, pairs : calendar dates and (asset, pair) combinations tried.
    short_alone, long_alone : the smallest error of each figure on its own, any date and count: a
        figure met alone shows that the other one is at fault, and decides nothing.
    """

    targets: tuple[float, float]
    tolerance: float
    nearest: tuple[Nearest, ...]
    met: bool
    dates: int
    pairs: int
    short_alone: float
    long_alone: float

    @property
    def best(self) -> Nearest:
        """The nearest of all."""
        return self.nearest[0]

    def estimates(self) -> dict[str, Estimate]:
        """Both figures at their nearest, and the larger error: readings, so without an interval."""
        best = self.best
        said = (
            f"{best.asset} on {best.date:%Y-%m-%d} (close of {best.close:%Y-%m-%d}), "
            f"{best.short} and {best.long}, start rolled to the {best.roll} trading day"
        )
        rows = {
            "figure_short": (f"change over {best.short}, {self.targets[0]} said", best.short_value),
            "figure_long": (f"change over {best.long}, {self.targets[1]} said", best.long_value),
            "figure_error": ("larger of the two errors", best.error),
        }
        return {
            key: Estimate(
                label=label, value=value, low=None, high=None, level=0.95, p=None, p_floor=None,
                unit="percentage points" if key == "figure_error" else "percent", mde=None,
                n=self.dates, n_of="dates tried", method=f"search, {self.pairs} pairs of day counts",
                sample=(f"{best.long_start:%Y-%m-%d}", f"{best.close:%Y-%m-%d}"),
                note=f"a reading of closes, not an estimate of a mean: no interval; {said}",
            )
            for key, (label, value) in rows.items()
        }  # fmt: skip

    def table(self) -> pd.DataFrame:
        """One row a pair of day counts, best first; values in percent, errors in points."""
        return pd.DataFrame([{**vars(row), "error": row.error} for row in self.nearest])


def search_figures(
    closes: Mapping[str, pd.Series],
    targets: tuple[float, float] = TARGETS,
    *,
    first: str = "2023-12-01",
    last: str = "2023-12-31",
    tolerance: float = PRINTED,
    shorts: tuple[str, ...] = MONTHS,
    longs: tuple[str, ...] = QUARTERS,
) -> Search:
    """Try every date from `first` to `last` under every pair of day counts.

    A date quotes the close of its own or the last earlier trading day. Calendar counts go back from
    the date, trading-day counts from that close. The nearest date has the smallest larger error.
    With many dates and counts a near miss happens by chance: 0.005 points is asked, not "about".

    Parameters
    ----------
    closes : asset -> (n,) closes by date, price index or fund, any currency.
    targets : percent changes over the short and the long span.
    shorts, longs : "<number> calendar days | calendar month(s) | trading days".

    Raises
    ------
    ProjectError : no closes, dates out of order or twice, a close that is missing or not positive,
        closes that do not reach back or forward far enough, an unknown day count.
    """
    days = pd.date_range(first, last)
    if not closes or days.empty or not np.isfinite(targets).all() or tolerance < 0:
        raise ProjectError(
            f"{len(closes)} assets, {len(days)} dates, targets {targets}, tolerance {tolerance}",
            where="search_figures", expected="an asset, a date, finite targets, a tolerance >= 0",
        )  # fmt: skip
    found: list[Nearest] = []
    for asset, series in closes.items():
        _require_closes(series, asset, days)
        for short, long in product(shorts, longs):
            calendar = "calendar" in short or "calendar" in long
            rolls: tuple[Roll, ...] = ("previous", "next") if calendar else ("none",)
            for roll in rolls:
                rows = [_one(series, asset, day, short, long, roll, targets) for day in days]
                # A weekend repeats Friday's figures: the earliest of equals is kept.
                found.append(min(rows, key=lambda row: row.error))
    nearest = tuple(sorted(found, key=lambda row: row.error))
    alone = [
        min(abs(_change(closes[a], day, count, roll)[0] - target)
            for a, day, count, roll in product(closes, days, counts, ("previous", "next")))
        for target, counts in zip(targets, (shorts, longs), strict=True)
    ]  # fmt: skip
    return Search(targets, tolerance, nearest, nearest[0].error <= tolerance, len(days),
                  len(found), alone[0], alone[1])  # fmt: skip


def _one(
    closes: pd.Series,
    asset: str,
    day: pd.Timestamp,
    short: str,
    long: str,
    roll: Roll,
    targets: tuple[float, float],
) -> Nearest:
    a, a_start = _change(closes, day, short, roll)
    b, b_start = _change(closes, day, long, roll)
    close = closes.index[_at(closes, day)]
    return Nearest(asset, short, long, roll, day, close, a_start, b_start, a, b,
                   a - targets[0], b - targets[1])  # fmt: skip


def _change(
    closes: pd.Series, day: pd.Timestamp, count: str, roll: str
) -> tuple[float, pd.Timestamp]:
    """Percent change to `day` and the trading day it starts from."""
    end = _at(closes, day)
    number, _, kind = count.partition(" ")
    steps = int(number) if number.isdigit() else 0
    if kind == "trading days":
        start = end - steps
    elif kind in ("calendar days", "calendar month", "calendar months"):
        back = pd.DateOffset(**{"days" if kind == "calendar days" else "months": steps})
        side: Literal["left", "right"] = "left" if roll == "next" else "right"
        start = int(closes.index.searchsorted(day - back, side=side)) - (roll != "next")
    else:
        steps = 0
    if steps < 1:
        raise ProjectError(
            f"day count {count!r}", where="search_figures",
            expected="'21 trading days', '90 calendar days' or '1 calendar month', say",
        )  # fmt: skip
    if start < 0:
        raise ProjectError(
            f"the closes begin on {closes.index[0]:%Y-%m-%d}", where="search_figures",
            expected=f"{count} before {day:%Y-%m-%d}",
        )  # fmt: skip
    change = float(closes.iloc[end] / closes.iloc[start] - 1)
    return 100 * change, closes.index[start]


def _at(closes: pd.Series, day: pd.Timestamp) -> int:
    """Row of the last close at or before `day`."""
    return int(closes.index.searchsorted(day, side="right")) - 1


def _require_closes(closes: pd.Series, asset: str, days: pd.DatetimeIndex) -> None:
    index = closes.index
    if not isinstance(index, pd.DatetimeIndex) or not (index.is_monotonic_increasing and index.is_unique):  # fmt: skip
        raise ProjectError(
            "dates out of order or twice", where=asset, expected="one close a day, in order"
        )
    if closes.empty or not (np.isfinite(closes) & (closes > 0)).all():
        raise ProjectError("a close is missing or not positive", where=asset, expected="closes")
    # The last date may be a holiday weekend: four days cover the longest of a normal year.
    if index[-1] < days[-1] - pd.Timedelta(days=4):
        raise ProjectError(
            f"the closes end on {index[-1]:%Y-%m-%d}", where=asset,
            expected=f"closes up to {days[-1]:%Y-%m-%d}",
        )  # fmt: skip
