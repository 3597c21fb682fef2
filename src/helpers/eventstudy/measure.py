"""Abnormal returns of every unit, day 0 by day 0, and the spread that estimation gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.eventstudy.alignment import Integers, Spans, Units
from helpers.eventstudy.models import Design, Fit, Floats, explained, fit

_BLOCK = 1024  # assets fitted at once, which bounds memory


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


def measure(values: Floats, design: Design, units: Units, spans: Spans) -> Measured:
    """One least squares a day 0 for all its assets; those with gaps each on their own days.

    On one core: with some hundred assets a call is so short that threads would wait on each other.
    """
    found = Measured.empty(
        len(units.event), len(spans.days), len(spans.car_windows), len(design.names)
    )
    left, actual = explained(values, design), np.ascontiguousarray(values.T)
    for position, members in _blocks(units.position):
        days, assets = _estimation_days(position, spans), units.asset[members]
        y = left[assets, days]
        known = np.isfinite(y)
        found.n[members] = known.sum(axis=1, dtype=np.int32)
        for group in _alike(known, found.n[members] >= spans.min_estimation):
            fitted = fit(design.x[days], design.forecast[days], y[group])
            _fill(found, members[group], fitted, actual, design, position, assets[group], spans)
    return found


def _blocks(position: Integers) -> Iterator[tuple[int, Integers]]:
    """Units with the same day 0, since they share regressors; none outside the data."""
    order = np.argsort(position, kind="stable")
    edges = np.flatnonzero(np.diff(position[order])) + 1
    for members in np.split(order, edges):
        if len(members) and position[members[0]] >= 0:
            for start in range(0, len(members), _BLOCK):
                yield int(position[members[0]]), members[start : start + _BLOCK]


def _estimation_days(position: int, spans: Spans) -> slice:
    first, last = (max(0, position + day) for day in spans.estimation)
    return slice(first, last + 1 if position + spans.estimation[1] >= 0 else 0)


def _alike(known: NDArray[np.bool_], enough: NDArray[np.bool_]) -> list[slice | NDArray[np.bool_]]:
    """Units with enough days: those that have every day that any has, and those with gaps."""
    if enough.all() and known.all():
        return [slice(None)]
    complete = enough & known[:, known[enough].any(axis=0)].all(axis=1)
    return [group for group in (complete, enough & ~complete) if group.any()]


def _fill(
    found: Measured,
    members: Integers,
    fitted: Fit,
    returns: Floats,
    design: Design,
    position: int,
    assets: Integers,
    spans: Spans,
) -> None:
    """Event-window numbers of units that share day 0 and a fit; `returns` are assets x days."""
    rows = position + np.arange(spans.window[0], spans.window[1] + 1)
    actual = np.full((len(members), len(rows)), np.nan)
    inside = returns[assets, max(0, rows[0]) : max(0, rows[-1] + 1)]
    start = max(0, -rows[0])
    actual[:, start : start + inside.shape[1]] = inside
    rows = rows.clip(0, returns.shape[1] - 1)
    forecast = design.forecast[rows]
    abnormal = actual - design.base[rows] - fitted.coefficients @ forecast.T
    s = np.where(fitted.spanned, np.nan, fitted.s)
    abnormal[np.isnan(s)] = np.nan
    error = 1 + _spread(forecast, fitted.inverse)
    found.abnormal[members] = abnormal
    found.standardized[members] = abnormal / (s[:, None] * np.sqrt(error))
    normal = actual - abnormal
    for column, window in enumerate(spans.car_windows):
        days = spans.rows(window)
        car = abnormal[:, days].sum(axis=1)
        s_car = np.where(np.isnan(car), np.nan, s)
        shared = _spread(forecast[days].sum(axis=0, keepdims=True), fitted.inverse)[:, 0]
        found.car[members, column] = car
        found.sd_independent[members, column] = s_car * np.sqrt(error[:, days].sum(axis=1))
        found.sd[members, column] = s_car * np.sqrt(window[1] - window[0] + 1 + shared)
        held, expected = ((1 + each[:, days]).prod(axis=1) for each in (actual, normal))
        found.bhar[members, column] = held - expected
    found.coefficients[members] = fitted.coefficients
    found.s[members], found.r2[members] = fitted.s, fitted.r2
    found.spanned[members] = fitted.spanned


def _spread(rows: Floats, inverse: Floats) -> Floats:
    """x'(X'X)^-1 x of each row: (1 or assets, rows)."""
    return np.einsum("dk,akl,dl->ad", rows, inverse, rows)
