"""Ranks over each unit's days, summed over units: what the rank tests need of a million of them.

Shapes: N units, L estimation days, W event days; missing values are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from helpers.eventstudy.models import Floats

Integers = NDArray[np.int64]
_UNITS = 1024  # ranked at once: what a core keeps near


@dataclass(frozen=True)
class RankSums:
    """Of one test.

    Attributes
    ----------
    total : (T,) sum over units of the rank's distance from its middle, by day; estimation days
        first. count : (T,) units with a return on that day.
    """

    total: Floats
    count: Floats

    def __add__(self, other: RankSums) -> RankSums:
        return RankSums(self.total + other.total, self.count + other.count)


@dataclass(frozen=True)
class AllRankSums:
    """Of `corrado`, of `corrado_zivney` and, by CAR window, of `grank_t`."""

    plain: RankSums
    scaled: RankSums
    generalised: tuple[RankSums, ...]

    def __add__(self, other: AllRankSums) -> AllRankSums:
        windows = zip(self.generalised, other.generalised, strict=True)
        return AllRankSums(
            self.plain + other.plain,
            self.scaled + other.scaled,
            tuple(mine + theirs for mine, theirs in windows),
        )


def rank_sums(estimation: Floats, event: Floats, *, scaled: bool) -> RankSums:
    """Ranks of each unit's days, its estimation and event days together; ties get their average.

    Parameters
    ----------
    estimation, event : (N, L) and (N, W).
    scaled : False gives K - (T+1)/2 (Corrado 1989); True K/(M+1) - 1/2 with the M days that the
        unit has (Corrado and Zivney 1992).
    """
    values = np.concatenate([estimation, event], axis=1)
    known = np.isfinite(values)
    ranks = stats.rankdata(values, axis=1, nan_policy="omit")
    days = known.sum(axis=1, keepdims=True)
    centred = ranks / (days + 1) - 0.5 if scaled else ranks - (days + 1) / 2
    return RankSums(np.where(known, centred, 0).sum(axis=0), known.sum(axis=0).astype(float))


def all_rank_sums(residuals: Floats, event: Floats, event_sar: Floats, scar: Floats) -> AllRankSums:
    """The sums of every rank test, from one sort a unit.

    Parameters
    ----------
    residuals : (N, L) of the estimation days. event : (N, W) abnormal returns. event_sar : (N, W)
        and scar : (N, windows), restandardised. All of a unit on one scale, whichever.

    Equals `rank_sums` of residuals with event, with event_sar (scaled) and with each scar (scaled).
    """
    several = _at_once(residuals.shape[1], event.shape[1])
    given = (residuals, event, event_sar, scar)
    starts = range(0, len(residuals), several)
    return reduce(add, (_of_some(*(each[i : i + several] for each in given)) for i in starts))


def _at_once(length: int, width: int) -> int:
    """Units whose three sums `_below` can add in one float, of 53 bits and some to round up."""
    return max(1, min(_UNITS, int((2.0**50 / ((length + 2 * width) * width**2)) ** (1 / 3))))


def _of_some(residuals: Floats, event: Floats, event_sar: Floats, scar: Floats) -> AllRankSums:
    order, simple = _order(np.concatenate([residuals, event, event_sar], axis=1))
    simple &= np.isfinite(scar).all(axis=1)
    if simple.all():
        return _simple(residuals, order, event.shape[1], scar)
    rest = ~simple
    slow = AllRankSums(
        rank_sums(residuals[rest], event[rest], scaled=False),
        rank_sums(residuals[rest], event_sar[rest], scaled=True),
        tuple(rank_sums(residuals[rest], each[rest, None], scaled=True) for each in scar.T),
    )
    if not simple.any():
        return slow
    return slow + _simple(residuals[simple], order[simple], event.shape[1], scar[simple])


def _order(values: Floats) -> tuple[Integers, NDArray[np.bool_]]:
    """Columns that sort each row, and whether that is certain: no tie, nothing missing.

    Short keys sort several times as fast; the few rows that they leave in doubt get long ones.
    """
    order, certain = _sorted(values, np.int32)
    doubtful = np.flatnonzero(~certain)
    if len(doubtful):
        order[doubtful], certain[doubtful] = _sorted(values[doubtful], np.int64)
    return order, certain


def _sorted(
    values: Floats, kind: type[np.signedinteger[Any]]
) -> tuple[Integers, NDArray[np.bool_]]:
    """As `_order`, by integers: a value in steps of its row's range, and in the low bits its column.

    One sort gives both. Rounding to steps keeps the order of all that differ afterwards; values
    that share a step count as tied.
    """
    columns = values.shape[1]
    low = columns.bit_length()
    most = 0.99 * 2.0 ** (np.iinfo(kind).bits - 1 - low)  # short of what the high bits can hold
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = most / np.abs(values).max(axis=1)
        keys = (values * scale[:, None]).astype(kind)
    keys <<= low
    keys |= np.arange(columns, dtype=kind)
    keys.sort(axis=1)
    order = np.bitwise_and(keys, (1 << low) - 1, dtype=np.int64)
    steps = (keys >> low).ravel()
    certain = np.isfinite(scale) & (scale > 0)
    certain[np.flatnonzero(steps[1:] == steps[:-1]) // columns] = False
    return order, certain


def _below(order: Integers, length: int, width: int) -> tuple[Integers, Integers, Integers]:
    """Sums over rows, by column, of its rank, and of the event and event_sar columns up to it.

    Each has bits of its own in one integer, enough for all rows (`_at_once`), so that one pass adds
    all three.
    """
    low, middle = order.size.bit_length(), (len(order) * width).bit_length()
    event, event_sar = 1 << low, 1 << low + middle
    step = np.repeat([1, 1 + event, 1 + event_sar], [length, width, width])
    counts = np.cumsum(step.take(order), axis=1)
    sums = np.bincount(order.ravel(), counts.ravel(), order.shape[1]).astype(np.int64)
    return sums % event, sums % event_sar // event, sums // event_sar


def _simple(residuals: Floats, order: Integers, width: int, scar: Floats) -> AllRankSums:
    """`order` sorts residuals, event and event_sar side by side; all are there and differ."""
    n, length = residuals.shape
    rank, events, sars = _below(order, length, width)
    with_event = (rank - sars)[: length + width]
    with_sar = np.delete(rank - events, slice(length, length + width))
    alone = (rank - events - sars)[:length]
    middle = length + width + 1
    whole = np.full(length + width, float(n))
    generalised = []
    for each in scar.T[:, :, None]:
        above, equal = residuals > each, residuals == each
        higher = above.sum(axis=0, dtype=np.int32) + 0.0
        if equal.any():
            higher += equal.sum(axis=0) / 2
        own = n * (length + 1) - higher.sum()
        ranks = np.append(alone + higher, own) / (length + 2) - n / 2
        generalised.append(RankSums(ranks, np.full(length + 1, float(n))))
    return AllRankSums(
        RankSums(with_event - n * middle / 2, whole),
        RankSums(with_sar / middle - n / 2, whole),
        tuple(generalised),
    )
