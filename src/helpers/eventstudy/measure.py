"""Abnormal returns of every unit, day 0 by day 0, and the spread that estimation gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helpers.eventstudy.alignment import Integers, Spans, Units
from helpers.eventstudy.models import Design, Fit, Floats, fit

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


def measure(values: Floats, design: Design, units: Units, spans: Spans) -> Measured:
    """One least squares a day 0 for all its assets; those with gaps each on their own days."""
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
