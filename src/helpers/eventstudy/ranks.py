"""Ranks over each unit's days, summed over units: what the rank tests need of a million of them.

Shapes: N units, L estimation days, W event days; missing values are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from helpers.eventstudy.models import Floats

_RESIDUAL, _EVENT, _EVENT_SAR = range(3)


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
    residuals : (N, L) standardised, of the estimation days. event : (N, W) abnormal returns over
        the unit's s. event_sar : (N, W) and scar : (N, windows), restandardised.

    Equals `rank_sums` of residuals with event, with event_sar (scaled) and with each scar (scaled).
    """
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


def _order(values: Floats) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Columns that sort each row, and whether that is certain: no tie, nothing missing.

    A float's bits order as an integer does once those of a negative are turned. The lowest carry
    the column, so that one sort gives both; values that differ only there count as tied.
    """
    mask = (1 << values.shape[1].bit_length()) - 1
    bits = values.view(np.int64)
    keys = bits ^ ((bits >> 63) & np.iinfo(np.int64).max)
    keys &= ~mask
    keys |= np.arange(values.shape[1])
    keys.sort(axis=1)
    apart = (keys[:, 1:] - keys[:, :-1] > mask).all(axis=1)
    return keys & mask, apart & np.isfinite(values.sum(axis=1))


def _simple(residuals: Floats, order: NDArray[np.int64], width: int, scar: Floats) -> AllRankSums:
    """`order` sorts residuals, event and event_sar side by side; all are there and differ."""
    n, length = residuals.shape
    kinds = np.repeat([_RESIDUAL, _EVENT, _EVENT_SAR], [length, width, width]).astype(np.int8)
    kind, columns = kinds[order], order.ravel()

    def by_column(values: NDArray[Any]) -> Floats:
        return np.bincount(columns, values.ravel(), len(kinds)).astype(float)

    rank = by_column(np.broadcast_to(np.arange(1.0, len(kinds) + 1), order.shape))
    events = by_column(np.cumsum(kind == _EVENT, axis=1, dtype=np.int16))
    sars = by_column(np.cumsum(kind == _EVENT_SAR, axis=1, dtype=np.int16))
    with_event = (rank - sars)[: length + width]
    with_sar = np.delete(rank - events, slice(length, length + width))
    alone = (rank - events - sars)[:length]
    middle = length + width + 1
    whole = np.full(length + width, float(n))
    generalised = []
    for each in scar.T[:, :, None]:
        above, equal = residuals > each, residuals == each
        tied = equal.sum(axis=0) / 2 if equal.any() else np.zeros(length)
        moved = alone + above.sum(axis=0) + tied
        own = n * (length + 1) - above.sum() - tied.sum()
        ranks = np.append(moved, own) / (length + 2) - n / 2
        generalised.append(RankSums(ranks, np.full(length + 1, float(n))))
    return AllRankSums(
        RankSums(with_event - n * middle / 2, whole),
        RankSums(with_sar / middle - n / 2, whole),
        tuple(generalised),
    )
