"""The event study: abnormal returns, their standard errors, and what had to be left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
from helpers.eventstudy.models import Design, Fit, Floats, fit, make_design
from helpers.project import ProjectError

CAR_WINDOWS: tuple[Window, ...] = ((0, 0), (0, 1), (-1, 1), (-5, 5), (0, 20), (1, 20))
_BLOCK = 4096  # assets fitted at once, which bounds memory


@dataclass(frozen=True, eq=False)
class Measured:
    """Numbers by unit, a unit being an event and an asset; what cannot be had is missing.

    Attributes
    ----------
    abnormal, standardized : (units, days of the window). car, sd_independent, sd, bhar : (units,
        CAR windows). coefficients : (units, k). n : estimation days. s, r2, spanned : (units,).
    """

    abnormal: Floats
    standardized: Floats
    car: Floats
    sd_independent: Floats
    sd: Floats
    bhar: Floats
    coefficients: Floats
    n: Floats
    s: Floats
    r2: Floats
    spanned: Floats

    @classmethod
    def empty(cls, units: int, days: int, windows: int, coefficients: int) -> Measured:
        widths = [days] * 2 + [windows] * 4 + [coefficients]
        wide = [np.full((units, width), np.nan) for width in widths]
        return cls(*wide, *(np.zeros(units) for _ in range(4)))

    def take(self, mask: NDArray[np.bool_]) -> Measured:
        if mask.all():  # copies of everything would double the memory
            return self
        return Measured(**{name: values[mask] for name, values in vars(self).items()})


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
        return event_tests(self.car)

    @cached_property
    def overlaps(self) -> pd.DataFrame:
        return find_overlaps(self.listed, self.spans)

    @property
    def snapped(self) -> pd.DataFrame:
        return self.units.snapped

    @property
    def min_attainable_p(self) -> float:
        return 2.0 ** (1 - len(np.unique(self.units.event)))

    def estimation_abnormal(self, chosen: slice = slice(None)) -> Floats:
        """Abnormal returns of the estimation days, (units, days), by units to save memory.

        Missing where the return is, or where Dimson's model lacks a neighbouring day.
        """
        first, last = self.spans.estimation
        rows = self.units.position[chosen, None] + np.arange(first, last + 1)
        outside, rows = rows < 0, rows.clip(0)
        forecast = np.einsum(
            "udk,uk->ud", self.design.forecast[rows], self.measured.coefficients[chosen]
        )
        found = self.values[rows, self.units.asset[chosen, None]] - self.design.base[rows]
        found[outside | ~np.isfinite(self.design.x.sum(axis=1))[rows]] = np.nan
        return found - forecast

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
    measured = _measure(values, design, units, spans)
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
        values=values, design=design, listed=units, units=units.take(kept), measured=measured.take(kept), spans=spans,
        dropped=dropped, notes=notes,
    )  # fmt: skip


def _measure(values: Floats, design: Design, units: Units, spans: Spans) -> Measured:
    found = Measured.empty(
        len(units.event), len(spans.days), len(spans.car_windows), len(design.names)
    )
    for position, members in _blocks(units.position):
        assets = units.asset[members]
        x, forecast, y = _estimation_days(values, design, position, assets, spans)
        known = np.isfinite(y)
        found.n[members] = known.sum(axis=0)
        enough = found.n[members] >= spans.min_estimation
        complete = enough & known[known[:, enough].any(axis=1)].all(axis=0)
        for group in (complete, enough & ~complete):
            if group.any():
                fitted = fit(x, forecast, y if group.all() else y[:, group])
                _fill(found, members[group], fitted, values, design, position, assets[group], spans)
    return found


def _blocks(position: Integers) -> Iterator[tuple[int, Integers]]:
    """Units with the same day 0, since they share regressors; none outside the data."""
    order = np.argsort(position, kind="stable")
    edges = np.flatnonzero(np.diff(position[order])) + 1
    for members in np.split(order, edges):
        if len(members) and position[members[0]] >= 0:
            for start in range(0, len(members), _BLOCK):
                yield int(position[members[0]]), members[start : start + _BLOCK]


def _estimation_days(
    values: Floats, design: Design, position: int, assets: Integers, spans: Spans
) -> tuple[Floats, Floats, Floats]:
    first, last = (max(0, position + day) for day in spans.estimation)
    rows = slice(first, last + 1 if position + spans.estimation[1] >= 0 else 0)
    x = design.x[rows]
    y = values[rows].take(assets, axis=1)
    y -= design.base[rows, None]
    y[~np.isfinite(x).all(axis=1)] = np.nan
    return x, design.forecast[rows], y


def _fill(
    found: Measured,
    members: Integers,
    fitted: Fit,
    values: Floats,
    design: Design,
    position: int,
    assets: Integers,
    spans: Spans,
) -> None:
    """Event-window numbers of units that share day 0 and a fit."""
    rows = position + np.arange(spans.window[0], spans.window[1] + 1)
    inside = (rows >= 0) & (rows < len(values))
    rows = rows.clip(0, len(values) - 1)
    actual = np.where(inside[:, None], values[rows][:, assets], np.nan)
    forecast = design.forecast[rows]
    abnormal = actual - design.base[rows, None] - forecast @ fitted.coefficients
    s = np.where(fitted.spanned, np.nan, fitted.s)
    abnormal[:, np.isnan(s)] = np.nan
    error = 1 + _spread(forecast, fitted.inverse)
    found.abnormal[members] = abnormal.T
    found.standardized[members] = (abnormal / (s * np.sqrt(error))).T
    normal = actual - abnormal
    for column, window in enumerate(spans.car_windows):
        days = spans.rows(window)
        car = abnormal[days].sum(axis=0)
        s_car = np.where(np.isnan(car), np.nan, s)
        shared = _spread(forecast[days].sum(axis=0, keepdims=True), fitted.inverse)[0]
        found.car[members, column] = car
        found.sd_independent[members, column] = s_car * np.sqrt(error[days].sum(axis=0))
        found.sd[members, column] = s_car * np.sqrt(window[1] - window[0] + 1 + shared)
        found.bhar[members, column] = (1 + actual[days]).prod(axis=0) - (1 + normal[days]).prod(
            axis=0
        )
    found.coefficients[members] = fitted.coefficients.T
    found.s[members], found.r2[members] = fitted.s, fitted.r2
    found.spanned[members] = fitted.spanned


def _spread(rows: Floats, inverse: Floats) -> Floats:
    """x'(X'X)^-1 x of each row: (rows, 1 or assets)."""
    return np.einsum("dk,akl,dl->da", rows, inverse, rows)


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
