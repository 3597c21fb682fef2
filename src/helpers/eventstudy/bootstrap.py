"""Stationary bootstrap of the events' mean CAR: pseudo-events on days of a resampled history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from helpers.eventstudy.alignment import Integers, Window
from helpers.eventstudy.models import Floats
from helpers.eventstudy.placebo import EveryCar, counted, events_at, share_reached, t_of
from helpers.inference import t_mean
from helpers.inference.resampling import block_length, resampled_rows
from helpers.project import ProjectError


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """A stationary bootstrap of the mean CAR.

    Attributes
    ----------
    value : t of the events' CARs, N-1. mean, low, high : their mean and its interval, fractions.
    p : (1 + #{|t*| >= |t|}) / (1 + draws), two-sided. p_floor : the smallest it can be.
    n : events used. block : mean block length, trading days. statistics : (draws,) t*.
    left_out : ids of events without a CAR. note : the null and what was left out.
    """

    statistic: ClassVar[str] = "bootstrap"
    asset: str
    window: Window
    value: float
    p: float
    p_floor: float
    n: int
    draws: int
    mean: float
    low: float
    high: float
    block: float
    statistics: Floats
    left_out: tuple[str, ...]
    note: str


def bootstrap(
    cars: EveryCar,
    events: pd.DataFrame,
    *,
    draws: int = 10_000,
    seed: int = 0,
    level: float = 0.95,
) -> Bootstrap:
    """Studentised mean CAR of the events against pseudo-events in a resampled history.

    The null: CARs of the events are draws from the process of all days' CARs, centred so that its
    mean is zero: no abnormal return is expected on any day, and an event's is no more volatile
    than another day's. The history of CARs is resampled in blocks of geometric length (Politis and
    Romano 1994), and the pseudo-events stand in it as far apart as the events do, so that windows
    near each other stay dependent. Unlike in `placebo`, nothing is matched. The days around
    the events are part of the history, which makes it cautious when there are many.

    Mean block: that of Politis and White (2004; corrected by Patton, Politis and White 2009) for
    the CARs, at least the window. The interval is the bootstrap-t one: mean less quantiles of t*
    times the standard error (Efron and Tibshirani 1993, chapter 12).

    Parameters
    ----------
    events : event_id, date, as `run` takes them. level : coverage of the interval.

    Raises
    ------
    ProjectError : fewer than two events with a CAR, no draws, or a level outside 0 to 1.
    """
    if draws < 1 or not 0 < level < 1:
        raise ProjectError(
            f"draws = {draws}, level = {level}", where="bootstrap",
            expected="one draw or more, a level between 0 and 1",
        )  # fmt: skip
    ids, listed, used = events_at(cars, events)
    known = np.isfinite(cars.car)
    history = cars.car[known]
    at = (np.cumsum(known) - 1)[listed[used]]
    length = block_length(history, kind="stationary", block=None, where="bootstrap")
    block = max(length, float(cars.length))
    drawn = _pseudo_events(len(history), at, block, draws, seed)
    _, statistics = t_of((history - history.mean())[drawn])
    test = t_mean(cars.car[listed[used]])
    tail = (1 - level) / 2
    upper, lower = np.quantile(statistics, [1 - tail, tail])
    left_out = tuple(map(str, ids[~used]))
    note = f"{draws} draws, mean block {block:.3g} days; null: CARs of all days, centred"
    return Bootstrap(
        cars.asset, cars.window, test.t, share_reached(statistics, test.t), 1 / (1 + draws), len(at),
        draws, test.mean, test.mean - float(upper) * test.se, test.mean - float(lower) * test.se,
        block, statistics, left_out, "; ".join([note, *counted(left_out)]),
    )  # fmt: skip


def _pseudo_events(n: int, at: Integers, block: float, draws: int, seed: int) -> Integers:
    """(draws, events) rows of the history at the events' places in its resamples."""
    parts: list[Integers] = []
    for rows in resampled_rows(n, "stationary", block, seed):
        parts.append(rows[:, at])
        if sum(map(len, parts)) >= draws:
            break
    return np.concatenate(parts)[:draws]
