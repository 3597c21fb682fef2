"""Tests whose unit is the event, however many assets are watched, and the one that forgets it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from helpers.eventstudy.models import Floats
from helpers.inference import sign_flip_columns

MEAN_OF_ASSETS = "(mean)"
ALL_UNITS = "(all)"
COLUMNS = ["level", "asset", "window", "statistic", "value", "p", "df", "n", "note", "p_floor"]
_EXACT = 2**20  # assignments of signs, so 20 events
_DRAWS = 9_999


def event_tests(car: pd.DataFrame) -> pd.DataFrame:
    """`t_event` and `sign_flip` of each asset and, with several, of their mean.

    t_event: mean CAR over its standard error across events (N-1), t with N-1 degrees of freedom.
    sign_flip: the same t against all assignments of signs to events (Fisher 1935), above 20 events
    against random ones. The mean of assets is over those that the event has.

    t_cross: the same t over all pairs of event and asset, level "pooled". Assets that share dates
    are not independent (Brown and Warner 1980), so that it rejects too often; never the primary.

    Parameters
    ----------
    car : rows (event_id, window), a column an asset.

    Returns
    -------
    Rows as `EventStudy.tests`, level "event" but for t_cross; with fewer than two events, or no variation, a note
    in place of value and p.
    """
    tables = []
    for window, frame in _windows(car):
        values, assets = frame.to_numpy(), list(frame.columns)
        if len(assets) > 1:
            known = np.isfinite(values)
            some = known.any(axis=1)
            mean = np.full(len(values), np.nan)
            mean[some] = np.nansum(values[some], axis=1) / known[some].sum(axis=1)
            values, assets = np.column_stack([values, mean]), [*assets, MEAN_OF_ASSETS]
        for table in (_t(values, "t_event"), _sign_flip(values)):
            tables.append(table.assign(level="event", asset=assets, window=[window] * len(assets)))
        pooled = _t(frame.to_numpy().reshape(-1, 1), "t_cross")
        tables.append(pooled.assign(level="pooled", asset=ALL_UNITS, window=[window]))
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def _windows(car: pd.DataFrame) -> Iterator[tuple[tuple[int, int], pd.DataFrame]]:
    codes, windows = car.index.codes[1], car.index.levels[1]  # `xs` cannot look up a pair
    for code, window in enumerate(windows):
        yield window, car[codes == code]


def _t(values: Floats, statistic: str) -> pd.DataFrame:
    n, usable, note = _usable(values)
    chosen, count = values[:, usable], n[usable]
    mean = np.nansum(chosen, axis=0) / count
    sd = np.sqrt(np.nansum((chosen - mean) ** 2, axis=0) / (count - 1))
    value, p = np.full((2, len(n)), np.nan)
    value[usable] = mean / (sd / np.sqrt(count))
    p[usable] = 2 * stats.t.sf(np.abs(value[usable]), count - 1)
    df = np.where(usable, n - 1.0, np.nan)
    return pd.DataFrame(
        {"statistic": statistic, "value": value, "p": p, "df": df, "n": n, "note": note}
    ).assign(p_floor=np.nan)


def _sign_flip(values: Floats) -> pd.DataFrame:
    n, usable, note = _usable(values)
    value, p, floor = np.full((3, len(n)), np.nan)
    known = np.isfinite(values)
    alike = np.unique(known, axis=1, return_inverse=True)[1].ravel()
    for group in np.unique(alike[usable]):
        columns = np.flatnonzero((alike == group) & usable)
        chosen = values[known[:, columns[0]]][:, columns]
        found = sign_flip_columns(chosen, statistic="t", max_exact=_EXACT, draws=_DRAWS)
        for column, test in zip(columns, found, strict=True):
            value[column], p[column], floor[column] = test.value, test.p, test.p_floor
            note[column] = f"{test.method}, smallest attainable p {test.p_floor:.3g}"
    return pd.DataFrame(
        {"statistic": "sign_flip", "value": value, "p": p, "df": np.nan, "n": n, "note": note}
    ).assign(p_floor=floor)


def _usable(values: Floats) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Events of each column, whether they can be tested, and why not."""
    known = np.isfinite(values)
    n = known.sum(axis=0)
    high = np.where(known, values, -np.inf).max(axis=0)
    low = np.where(known, values, np.inf).min(axis=0)
    varies = high - low > 1e-14 * np.maximum(np.abs(high), np.abs(low))
    usable = (n >= 2) & varies
    note = np.where(usable, "", np.where(n < 2, "fewer than two", "no variation"))
    return n, usable, note.astype(object)
