"""The statistics of the literature over all pairs of event and asset: a check, never the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.eventstudy import statistics as st
from helpers.eventstudy.event_level import ALL_UNITS, COLUMNS
from helpers.eventstudy.models import Floats

if TYPE_CHECKING:
    from helpers.eventstudy.study import EventStudy

BLOCK = 4096  # units held at once, so that a million of them need no gigabytes
SQ_LIMIT = 500  # units above which one p a unit would fill the table


def pooled_tests(study: EventStudy) -> pd.DataFrame:
    """patell, bmp, kp_patell, kp_bmp, corrado, corrado_zivney, cowan and grank_t; sq of each unit.

    Units are treated as independent, or corrected by their mean correlation: with a few portfolios
    on shared dates they are not, so that most of these reject too often.

    Returns
    -------
    Rows as `EventStudy.tests`, level "pooled", asset "(all)", and for `sq` level "asset" with event
    and asset in the note. A statistic that cannot be had has a note in place of value and p.
    """
    measured, spans = study.measured, study.spans
    scar = measured.car / measured.sd_independent
    df = measured.n - len(study.design.names)
    event_sar = st.restandardise(measured.standardized)
    event_scar = st.restandardise(scar)
    share = np.full(len(scar), np.nan)
    ranks: st.RankSums | None = None
    scaled: st.RankSums | None = None
    generalised: list[st.RankSums | None] = [None] * len(spans.car_windows)
    for rows, residuals in _residuals(study):
        share[rows] = np.nanmean(residuals > 0, axis=1, where=np.isfinite(residuals))
        raw = residuals * measured.s[rows, None]
        ranks = _plus(ranks, st.rank_sums(raw, measured.abnormal[rows], scaled=False))
        scaled = _plus(scaled, st.rank_sums(residuals, event_sar[rows], scaled=True))
        for place in range(len(spans.car_windows)):
            sums = st.rank_sums(residuals, event_scar[rows, place][:, None], scaled=True)
            generalised[place] = _plus(generalised[place], sums)
    correlation = _correlation(study)
    days = spans.estimation[1] - spans.estimation[0] + 1
    tables: list[dict[str, Any]] = []
    for place, window in enumerate(spans.car_windows):
        known = np.isfinite(measured.car[:, place])
        n, at = int(known.sum()), days + np.arange(len(spans.days))[spans.rows(window)]
        car, scars = measured.car[known, place], scar[known, place]
        calls: list[tuple[Callable[..., st.Statistic], tuple[Any, ...]]] = [
            (st.patell, (scars, df[known])),
            (st.bmp, (scars,)),
            (st.kp_patell, (scars, df[known], correlation)),
            (st.kp_bmp, (scars, correlation)),
            (st.corrado, (ranks, at, n)),
            (st.corrado_zivney, (scaled, at, n)),
            (st.cowan, (car, share[known])),
            (st.grank_t, (generalised[place], n)),
        ]
        tables += [_row(compute, values, window, n) for compute, values in calls]
    if len(scar) <= SQ_LIMIT:
        tables += list(_quantiles(study))
    return pd.DataFrame(tables, columns=COLUMNS)


def _residuals(study: EventStudy) -> Iterator[tuple[slice, Floats]]:
    """Standardised estimation residuals, (units, L), by blocks."""
    for first in range(0, len(study.measured.s), BLOCK):
        rows = slice(first, first + BLOCK)
        yield rows, study.estimation_abnormal(rows) / study.measured.s[rows, None]


def _correlation(study: EventStudy) -> float:
    """Mean correlation of all pairs of units: within an event that of residuals, else zero."""
    events, sizes = np.unique(study.units.event, return_counts=True)
    n, pairs = len(study.units.event), 0.0
    order = np.argsort(study.units.event, kind="stable")
    ends = np.cumsum(sizes)
    for event, size, end in zip(events, sizes, ends, strict=True):
        if size > 1:
            rows = order[end - size : end]
            residuals = study.estimation_abnormal(rows) / study.measured.s[rows, None]
            mean = st.mean_correlation(residuals, np.full(size, event))
            pairs += mean * size * (size - 1)
    return pairs / (n * (n - 1)) if n > 1 else 0.0


def _quantiles(study: EventStudy) -> Iterator[dict[str, Any]]:
    spans = study.spans
    for rows, residuals in _residuals(study):
        raw = residuals * study.measured.s[rows, None]
        for unit, each in enumerate(raw, start=rows.start):
            event = study.units.ids[study.units.event[unit]]
            asset = str(study.units.assets[study.units.asset[unit]])
            for place, window in enumerate(spans.car_windows):
                car, length = study.measured.car[unit, place], window[1] - window[0] + 1
                if np.isfinite(car) and length <= len(each):
                    found = st.sq(each, float(car), length)
                    yield {
                        "level": "asset", "asset": asset, "window": window, "statistic": "sq",
                        "value": found.value, "p": found.p, "n": 1,
                        "note": f"{event}: share of {found.n} estimation sums below the CAR",
                        "p_floor": 2 / (1 + found.n),
                    }  # fmt: skip


def _row(
    compute: Callable[..., st.Statistic], values: tuple[Any, ...], window: tuple[int, int], n: int
) -> dict[str, Any]:
    base = {
        "level": "pooled", "asset": ALL_UNITS, "window": window, "statistic": compute.__name__, "n": n
    }  # fmt: skip
    if n < 2:
        return {**base, "note": f"{n} units, at least two are needed"}
    with np.errstate(divide="ignore", invalid="ignore"):
        try:
            found = compute(*values)
        except (ZeroDivisionError, ValueError):
            return {**base, "note": "no variation to divide by"}
    if not (np.isfinite(found.value) and np.isfinite(found.p)):
        return {**base, "note": "no variation to divide by"}
    return {
        **base, "value": found.value, "p": found.p,
        "df": np.nan if found.df is None else found.df, "n": found.n, "note": found.note,
    }  # fmt: skip


def _plus(total: st.RankSums | None, more: st.RankSums) -> st.RankSums:
    return more if total is None else total + more
