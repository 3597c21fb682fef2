"""The statistics of the literature over all pairs of event and asset: a check, never the verdict."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.eventstudy import statistics as st
from helpers.eventstudy.alignment import Integers
from helpers.eventstudy.event_level import ALL_UNITS, COLUMNS
from helpers.eventstudy.models import Floats
from helpers.eventstudy.ranks import AllRankSums, all_rank_sums

if TYPE_CHECKING:
    from helpers.eventstudy.study import EventStudy

BLOCK = 1024  # units held at once: what a core keeps near, and no gigabytes for a million
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
    share, ranks, correlation = _of_estimation_days(study, scar)
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
            (st.corrado, (ranks.plain, at, n)),
            (st.corrado_zivney, (ranks.scaled, at, n)),
            (st.cowan, (car, share[known])),
            (st.grank_t, (ranks.generalised[place], n)),
        ]
        tables += [_row(compute, values, window, n) for compute, values in calls]
    if len(scar) <= SQ_LIMIT:
        tables += list(_quantiles(study))
    return pd.DataFrame(tables, columns=COLUMNS)


def _of_estimation_days(study: EventStudy, scar: Floats) -> tuple[Floats, AllRankSums, float]:
    """Share of positive residuals by unit, sums of ranks, and the mean correlation of all pairs.

    By blocks of whole events, on all cores; blocks are added in their order, so that digits do not
    depend on the cores.
    """
    measured = study.measured
    by_day, event_scar = st.cross_section(measured.standardized), st.restandardise(scar)
    share = np.full(len(scar), np.nan)

    def of_block(rows: Integers) -> tuple[AllRankSums, float]:
        residuals, s = study.estimation_abnormal(rows), measured.s[rows, None]
        share[rows] = (residuals > 0).sum(axis=1, dtype=np.int32) / measured.n[rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            event_sar = measured.standardized[rows] * (s / by_day)
        sums = all_rank_sums(residuals, measured.abnormal[rows], event_sar, event_scar[rows] * s)
        return sums, st.correlated_pairs(residuals, study.units.event[rows])

    total: AllRankSums | None = None
    pairs = 0.0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for sums, found in pool.map(of_block, _whole_events(study.units.event)):
            total = sums if total is None else total + sums
            pairs += found
    assert total is not None  # `run` refuses a study without units
    n = len(share)
    return share, total, 2 * pairs / (n * (n - 1)) if n > 1 else 0.0


def _whole_events(event: Integers) -> list[Integers]:
    """Units in blocks of about BLOCK, none of which parts an event."""
    order = np.argsort(event, kind="stable")
    ends = np.flatnonzero(np.diff(event[order])) + 1
    cuts = ends[np.flatnonzero(np.diff(ends // BLOCK, prepend=0))]
    return np.split(order, cuts)


def _quantiles(study: EventStudy) -> Iterator[dict[str, Any]]:
    spans = study.spans
    for unit, each in enumerate(study.estimation_abnormal()):
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
