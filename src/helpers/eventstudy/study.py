"""The event study: abnormal returns, their standard errors, and what had to be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from helpers.eventstudy.alignment import (
    Integers,
    Spans,
    Units,
    Window,
    align,
    find_overlaps,
    require_returns,
    require_spans,
)
from helpers.eventstudy.event_level import event_tests
from helpers.eventstudy.measure import Measured, measure
from helpers.eventstudy.models import Design, Floats, explained, make_design
from helpers.eventstudy.pooled import pooled_tests
from helpers.project import ProjectError

CAR_WINDOWS: tuple[Window, ...] = ((0, 0), (0, 1), (-1, 1), (-5, 5), (0, 20), (1, 20))


@dataclass(frozen=True, eq=False)
class EventStudy:
    """What `run` found. Returns are simple and fractions; windows inclusive, in trading days.

    Frames are made when asked for. Rows (event_id, day) or (event_id, window), a window being a
    pair; a column an asset; missing where the unit was dropped or the window is not whole.

    Attributes
    ----------
    abnormal, standardized : by day. `standardized` divides by s sqrt(C), with the forecast error
        C = 1 + x'(X'X)^-1 x: 1 + 1/L + (Rm - mean Rm)^2 / Sxx in the market model (Patell 1976).
    car, scar, scar_exact, bhar : by window. CAR sums abnormal returns; SCAR divides by
        `car_sd_independent`, s sqrt(sum of C), as if days were independent; `scar_exact` by
        `car_sd`, which adds the covariances that shared coefficients put between days (Salinger
        1992). BHAR is the compounded return less the compounded normal return (Barber and Lyon
        1997).
    coefficients : rows (event_id, asset): the model's, s (residual standard deviation with
        n_estimation less the number of coefficients degrees of freedom), r2, n_estimation.
    tests : level, asset, window, statistic, value, p (two-sided), df, n, note, p_floor (smallest
        p that n can give).
    dropped : event_id, asset, reason, lost ("all", or the windows lost).
    overlaps : event_id, other, where, day. snapped : event_id, date, day.
    min_attainable_p : smallest p of an exact test over the events kept.
    notes : what was changed in what was asked for.
    values, design, listed, units, measured, spans : what the frames are made of.
    """

    values: Floats
    design: Design
    listed: Units
    units: Units
    measured: Measured
    spans: Spans
    dropped: pd.DataFrame
    notes: tuple[str, ...]

    @cached_property
    def abnormal(self) -> pd.DataFrame:
        return self._by_day(self.measured.abnormal)

    @cached_property
    def standardized(self) -> pd.DataFrame:
        return self._by_day(self.measured.standardized)

    @cached_property
    def car(self) -> pd.DataFrame:
        return self._by_window(self.measured.car)

    @cached_property
    def scar(self) -> pd.DataFrame:
        return self._by_window(self.measured.car / self.measured.sd_independent)

    @cached_property
    def scar_exact(self) -> pd.DataFrame:
        return self._by_window(self.measured.car / self.measured.sd)

    @cached_property
    def car_sd_independent(self) -> pd.DataFrame:
        return self._by_window(self.measured.sd_independent)

    @cached_property
    def car_sd(self) -> pd.DataFrame:
        return self._by_window(self.measured.sd)

    @cached_property
    def bhar(self) -> pd.DataFrame:
        return self._by_window(self.measured.bhar)

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        found = self.measured
        rows = pd.MultiIndex(
            levels=[self.units.ids, self.units.assets],
            codes=[self.units.event, self.units.asset],
            names=["event_id", "asset"],
        ).remove_unused_levels()
        table = pd.DataFrame(found.coefficients, index=rows, columns=list(self.design.names))
        return table.assign(s=found.s, r2=found.r2, n_estimation=found.n.astype(int))

    @cached_property
    def tests(self) -> pd.DataFrame:
        return pd.concat([event_tests(self.car), pooled_tests(self)], ignore_index=True)

    @cached_property
    def overlaps(self) -> pd.DataFrame:
        return find_overlaps(self.listed, self.spans)

    @property
    def snapped(self) -> pd.DataFrame:
        return self.units.snapped

    @property
    def min_attainable_p(self) -> float:
        return 2.0 ** (1 - len(np.unique(self.units.event)))

    def estimation_abnormal(self, chosen: slice | Integers = slice(None)) -> Floats:
        """Abnormal returns of the estimation days, (units, days), by units to save memory.

        Missing where the return is, or where Dimson's model lacks a neighbouring day.
        """
        units, (first, last) = self.units, self.spans.estimation
        position, asset = units.position[chosen], units.asset[chosen]
        coefficients = self.measured.coefficients[chosen]
        found = np.empty((len(position), last - first + 1))
        edges = [0, *(np.flatnonzero(np.diff(position)) + 1).tolist(), len(position)]
        for start, end in pairwise(edges if len(position) else []):
            day0 = int(position[start])
            rows = slice(max(0, day0 + first), max(0, day0 + last + 1))
            normal = coefficients[start:end] @ self.design.forecast[rows].T
            absent = found.shape[1] - normal.shape[1]
            found[start:end, :absent] = np.nan
            np.subtract(
                self._explained[asset[start:end], rows], normal, out=found[start:end, absent:]
            )
        return found

    @cached_property
    def _explained(self) -> Floats:
        return explained(self.values, self.design)

    def _by_day(self, values: Floats) -> pd.DataFrame:
        return self._frame(values, pd.Index(self.spans.days), "day")

    def _by_window(self, values: Floats) -> pd.DataFrame:
        windows = pd.Index(self.spans.car_windows, tupleize_cols=False)
        return self._frame(values, windows, "window")

    def _frame(self, values: Floats, inner: pd.Index, name: str) -> pd.DataFrame:
        kept, event = np.unique(self.units.event, return_inverse=True)
        shape = (len(kept), len(inner), len(self.units.assets))
        block = np.full(shape, np.nan)
        block[event, :, self.units.asset] = values
        rows = pd.MultiIndex(
            levels=[self.units.ids[kept], inner],
            codes=[np.repeat(np.arange(shape[0]), shape[1]), np.tile(np.arange(shape[1]), shape[0])],
            names=["event_id", name],
        )  # fmt: skip
        return pd.DataFrame(block.reshape(-1, shape[2]), index=rows, columns=self.units.assets)


def run(
    returns: pd.DataFrame,
    events: pd.DataFrame,
    *,
    model: str = "market",
    market: pd.Series | None = None,
    factors: pd.DataFrame | None = None,
    risk_free: pd.Series | None = None,
    estimation: Window = (-250, -30),
    window: Window = (-5, 20),
    car_windows: Sequence[Window] = CAR_WINDOWS,
    min_estimation: int | None = None,
) -> EventStudy:
    """An event study of every asset around every event.

    Parameters
    ----------
    returns : days x assets, simple returns, fractions; a missing return is missing, not zero.
    events : event_id, date and, where dates differ by asset, asset. A date without trading means
        the next trading day.
    model : "mean", "market_adjusted", "market", "dimson", "ff3", "ff5" or "carhart".
    market : simple returns by day, for market_adjusted, market and dimson. factors, risk_free: by
        day, for the factor models, columns mkt_rf, smb, hml, rmw, cma, mom. All fractions, and on
        every day of the returns.
    estimation, window : first and last trading day from the event, both included.
    car_windows : windows to cumulate, within `window`; of the default ones, those that are.
    min_estimation : fewest estimation days with a return, else the unit is dropped; by default half
        of the estimation window.

    Raises
    ------
    ProjectError : an unknown model, a missing series, percents, an unusable index, windows that
        overlap or leave nothing to estimate, unusable events, or no event that can be used.
    """
    values = require_returns(returns)
    days = pd.DatetimeIndex(returns.index)
    design = make_design(model, days, market=market, factors=factors, risk_free=risk_free)
    chosen: tuple[Window, ...] = tuple(car_windows)
    notes: tuple[str, ...] = ()
    if chosen == CAR_WINDOWS:
        chosen = tuple(each for each in chosen if window[0] <= each[0] and each[1] <= window[1])
        left = [str(each) for each in CAR_WINDOWS if each not in chosen]
        notes = (f"CAR windows outside {window} left out: {', '.join(left)}",) if left else ()
    spans = require_spans(estimation, window, chosen, min_estimation, k=len(design.names))
    units = align(events, returns)
    measured = measure(values, design, units, spans)
    kept = np.asarray(np.isfinite(measured.car).any(axis=1))
    dropped = _dropped(units, measured, spans, days)
    if not kept.any():
        raise ProjectError(
            f"none of {len(units.ids)} event(s) can be used, the first because: "
            f"{dropped['reason'].iloc[0]}", where="events",
            expected=f"events between {days[0]:%Y-%m-%d} and {days[-1]:%Y-%m-%d} with "
            f"{spans.min_estimation} estimation days",
        )  # fmt: skip
    return EventStudy(
        values=values, design=design, listed=units, units=units.take(kept),
        measured=measured.take(kept), spans=spans, dropped=dropped, notes=notes,
    )  # fmt: skip


def _dropped(units: Units, found: Measured, spans: Spans, days: pd.DatetimeIndex) -> pd.DataFrame:
    """Units without an abnormal return, and those that lost some windows, with the reason."""
    rows = []
    for unit in np.flatnonzero(np.isnan(found.car).any(axis=1)).tolist():
        lost = [
            str(w)
            for w, car in zip(spans.car_windows, found.car[unit], strict=True)
            if np.isnan(car)
        ]
        everything = len(lost) == len(spans.car_windows)
        rows.append({
            "event_id": units.ids[units.event[unit]], "asset": units.assets[units.asset[unit]],
            "reason": _reason(unit, units, found, spans, days),
            "lost": "all" if everything else ", ".join(lost),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=["event_id", "asset", "reason", "lost"])


def _reason(unit: int, units: Units, found: Measured, spans: Spans, days: pd.DatetimeIndex) -> str:
    position = units.position[unit]
    if position < 0:
        return f"outside the returns, {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"
    if found.n[unit] < spans.min_estimation:
        return f"{found.n[unit]:.0f} estimation days, fewer than {spans.min_estimation}"
    if found.spanned[unit]:
        return "the model explains the asset wholly: nothing is abnormal"
    if np.isnan(found.s[unit]):
        return "regressors are collinear on the estimation days"
    absent = np.array(spans.days)[np.isnan(found.abnormal[unit])]
    cut = (position + absent < 0) | (position + absent >= len(days))
    if cut.all():
        return f"the returns end within the window: {len(absent)} day(s) cut"
    return f"{(~cut).sum()} return(s) missing within the window, the first on day {absent[~cut][0]}"
