"""The event study: abnormal returns, their standard errors, and what had to be left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.eventstudy.normal import Design, Fit, Floats, fit, make_design
from helpers.eventstudy.placing import Placed, Window, find_overlaps, place, require_returns
from helpers.inference import sign_flip, t_mean
from helpers.project import ProjectError

CAR_WINDOWS: tuple[Window, ...] = ((0, 0), (0, 1), (-1, 1), (-5, 5), (0, 20), (1, 20))
MEAN_OF_ASSETS = "(mean)"


@dataclass(frozen=True)
class EventStudy:
    """What `run` found. Returns are simple and fractions; windows inclusive, in trading days.

    Attributes
    ----------
    abnormal, standardized : rows (event_id, day), a column an asset. `standardized` divides by
        s sqrt(1 + x'(X'X)^-1 x), the forecast error of that day (Patell 1976, equation 8).
    car, scar : rows (event_id, window), a column an asset. CAR sums abnormal returns; SCAR divides
        it by its standard error as if days were independent.
    scar_exact : the same with the covariances that shared coefficients put between days (Salinger
        1992).
    bhar : rows (event_id, window): compounded return minus compounded normal return (Barber and
        Lyon 1997).
    coefficients : rows (event_id, asset): the model's, with s, r2, n_estimation.
    tests : level, asset, window, statistic, value, p, df, n, note, p_floor; p two-sided.
    dropped : event_id, asset, reason, lost ("all" or the windows lost).
    overlaps : event_id, other, where, day. snapped : event_id, date, day.
    min_attainable_p : smallest p an exact test of the events used can give.
    """

    abnormal: pd.DataFrame
    standardized: pd.DataFrame
    car: pd.DataFrame
    scar: pd.DataFrame
    scar_exact: pd.DataFrame
    bhar: pd.DataFrame
    coefficients: pd.DataFrame
    tests: pd.DataFrame
    dropped: pd.DataFrame
    overlaps: pd.DataFrame
    snapped: pd.DataFrame
    min_attainable_p: float


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
    min_estimation: int = 100,
) -> EventStudy:
    """An event study of every asset around every event.

    Parameters
    ----------
    returns : days x assets, simple returns, fractions; a missing day is missing, not zero.
    events : event_id, date and, where dates differ by asset, asset.
    model : "mean", "market_adjusted", "market", "dimson", "ff3", "ff5" or "carhart".
    market, factors, risk_free : by day, fractions; what the model needs.
    estimation, window : first and last trading day from the event, both included.
    car_windows : windows to cumulate, within `window`.
    min_estimation : fewest estimation days with a return; an event with fewer is dropped.

    Raises
    ------
    ProjectError : windows that overlap or do not fit, fewer estimation days than coefficients,
        returns that look like percent or are out of order, a market that lacks days, unreadable
        events, or no event left.

    Notes
    -----
    An asset whose return is missing inside a window has no CAR there. A window cut by the end of
    the returns loses the CAR windows that are not complete. Both stand in `dropped`.
    """
    require_returns(returns)
    index = pd.DatetimeIndex(returns.index)
    design = make_design(model, index, market, factors, risk_free)
    _require_windows(estimation, window, car_windows, min_estimation, len(design.names))
    placed = place(events, returns)
    units = _Units(returns, window, tuple(car_windows), design.names)
    for event, position, columns in zip(placed.ids, placed.positions, placed.assets, strict=True):
        units.add(event, position, columns, design, estimation, min_estimation)
    if not units.kept:
        raise ProjectError(
            f"none of {len(events)} events can be used", where="events",
            expected=f"events from {index[0]:%Y-%m-%d} to {index[-1]:%Y-%m-%d} with "
            f"{min_estimation} estimation days before them",
        )  # fmt: skip
    return units.study(placed, estimation)


def _require_windows(
    estimation: Window,
    window: Window,
    car_windows: Sequence[Window],
    min_estimation: int,
    coefficients: int,
) -> None:
    for name, (first, last) in {"estimation": estimation, "window": window}.items():
        if first > last:
            raise ProjectError(f"{name} = ({first}, {last})", expected="the first day first")
    if estimation[1] >= window[0] and estimation[0] <= window[1]:
        raise ProjectError(
            f"the window {window} reaches into the estimation period {estimation}",
            expected="estimation to end before the window begins",
        )
    for each in car_windows:
        if not window[0] <= each[0] <= each[1] <= window[1]:
            raise ProjectError(f"car window {each}", expected=f"a window within {window}")
    days = estimation[1] - estimation[0] + 1
    if min(days, min_estimation) <= coefficients:
        raise ProjectError(
            f"{min(days, min_estimation)} estimation days for {coefficients} coefficients",
            where="estimation" if days < min_estimation else "min_estimation",
            expected=f"more than {coefficients} days",
        )
    if days < min_estimation:
        raise ProjectError(
            f"estimation {estimation} has {days} days", expected=f"at least {min_estimation}",
            mend="a longer estimation window, or a smaller min_estimation",
        )  # fmt: skip


class _Units:
    """Collects event by event; every array grows by one event at a time."""

    def __init__(
        self,
        returns: pd.DataFrame,
        window: Window,
        car_windows: tuple[Window, ...],
        names: tuple[str, ...],
    ) -> None:
        self.assets = returns.columns
        self.values = returns.to_numpy(float)
        self.index = pd.DatetimeIndex(returns.index)
        self.window, self.car_windows, self.names = window, car_windows, names
        self.kept: list[str] = []
        self.frames: dict[str, list[Floats]] = {
            name: [] for name in ("abnormal", "standardized", "car", "scar", "scar_exact", "bhar")
        }
        self.coefficients: list[dict[str, Any]] = []
        self.dropped: list[dict[str, str]] = []

    def add(
        self,
        event: str,
        position: int,
        columns: np.ndarray,
        design: Design,
        estimation: Window,
        min_estimation: int,
    ) -> None:
        """Estimate one event for all its assets, those with the same estimation days together."""
        first = max(position + estimation[0], 0)
        rows = slice(first, max(position + estimation[1] + 1, first))
        days = np.arange(position + self.window[0], position + self.window[1] + 1)
        inside = (days >= 0) & (days < len(self.index))
        window = slice(int(days[inside][0]), int(days[inside][-1]) + 1)
        shape = {
            "abnormal": len(days), "standardized": len(days), "car": len(self.car_windows),
            "scar": len(self.car_windows), "scar_exact": len(self.car_windows),
            "bhar": len(self.car_windows),
        }  # fmt: skip
        made = {name: np.full((n, len(self.assets)), np.nan) for name, n in shape.items()}
        regressed = np.isfinite(design.x[rows]).all(axis=1, keepdims=True)
        known = np.isfinite(self.values[rows][:, columns]) & regressed
        used = False
        for group in _alike(known, columns):
            n = int(known[:, np.searchsorted(columns, group[0])].sum())
            if n < min_estimation:
                reason = f"{n} estimation days, at least {min_estimation} are asked for"
                self._drop(event, group, reason, "all")
                continue
            found = fit(self.values[:, group], design, rows, window)
            if (found.s <= 0).any():
                self._drop(event, group, "its estimation returns do not vary", "all")
                continue
            self._fill(made, group, found, inside, self.values[window][:, group])
            self._describe(event, group, found)
            self._disclose(event, group, made["car"])
            used = True
        if used:
            self.kept.append(event)
            for name, values in made.items():
                self.frames[name].append(values)

    def _fill(
        self,
        made: dict[str, Floats],
        group: np.ndarray,
        found: Fit,
        inside: np.ndarray,
        raw: Floats,
    ) -> None:
        abnormal = np.full((len(inside), len(group)), np.nan)
        abnormal[inside] = found.abnormal
        error = np.full((len(inside), 1), np.nan)
        error[inside] = np.sqrt(1 + np.diag(found.leverage))[:, None]
        made["abnormal"][:, group] = abnormal
        made["standardized"][:, group] = abnormal / (found.s * error)
        full = np.full((len(inside), len(inside)), np.nan)
        full[np.ix_(inside, inside)] = found.leverage
        actual = np.full((len(inside), len(group)), np.nan)
        actual[inside] = raw
        for place_, (first, last) in enumerate(self.car_windows):
            days = slice(first - self.window[0], last - self.window[0] + 1)
            car = abnormal[days].sum(axis=0)
            length = last - first + 1
            variance = length + np.trace(full[days, days])
            exact = length + full[days, days].sum()
            made["car"][place_, group] = car
            made["scar"][place_, group] = car / (found.s * np.sqrt(variance))
            made["scar_exact"][place_, group] = car / (found.s * np.sqrt(exact))
            normal = actual[days] - abnormal[days]
            made["bhar"][place_, group] = (1 + actual[days]).prod(axis=0) - (1 + normal).prod(
                axis=0
            )

    def _describe(self, event: str, group: np.ndarray, found: Fit) -> None:
        for place_, column in enumerate(group):
            row: dict[str, Any] = {"event_id": event, "asset": self.assets[column]}
            row |= dict(zip(self.names, found.coefficients[:, place_], strict=True))
            row |= {"s": found.s[place_], "r2": found.r2[place_], "n_estimation": found.days}
            self.coefficients.append(row)

    def _disclose(self, event: str, group: np.ndarray, car: Floats) -> None:
        """Windows without a CAR: cut by the end of the returns, or with a missing return."""
        for column in group:
            lost = [
                f"[{first}, {last}]"
                for place_, (first, last) in enumerate(self.car_windows)
                if np.isnan(car[place_, column])
            ]
            if lost:
                reason = "a return is missing in the window, or the returns end in it"
                self._drop(event, np.array([column]), reason, ", ".join(lost))

    def _drop(self, event: str, group: np.ndarray, reason: str, lost: str) -> None:
        self.dropped += [
            {"event_id": event, "asset": str(self.assets[column]), "reason": reason, "lost": lost}
            for column in group
        ]

    def study(self, placed: Placed, estimation: Window) -> EventStudy:
        days = range(self.window[0], self.window[1] + 1)
        by_day = pd.MultiIndex.from_product([self.kept, days], names=["event_id", "day"])
        windows = pd.Index(self.car_windows, tupleize_cols=False, name="window")
        by_window = pd.MultiIndex.from_arrays(
            [np.repeat(self.kept, len(windows)), list(windows) * len(self.kept)],
            names=["event_id", "window"],
        )
        index = {"abnormal": by_day, "standardized": by_day}
        frames = {
            name: pd.DataFrame(
                np.concatenate(parts), index=index.get(name, by_window), columns=self.assets
            )
            for name, parts in self.frames.items()
        }
        columns = ["event_id", "asset", "reason", "lost"]
        coefficients = pd.DataFrame(self.coefficients).set_index(["event_id", "asset"])
        return EventStudy(
            **frames,
            coefficients=coefficients,
            tests=event_tests(frames["car"], self.car_windows),
            dropped=pd.DataFrame([*placed.dropped, *self.dropped], columns=columns),
            overlaps=find_overlaps(placed, estimation, self.window),
            snapped=placed.snapped,
            min_attainable_p=min(1.0, 2.0 ** (1 - len(self.kept))),
        )


def _alike(known: np.ndarray, columns: np.ndarray) -> Iterator[np.ndarray]:
    """Assets in groups that have the same estimation days."""
    if known.all():
        yield columns
        return
    _, inverse = np.unique(known, axis=1, return_inverse=True)
    for group in range(int(inverse.max()) + 1):
        yield columns[inverse == group]


def event_tests(car: pd.DataFrame, windows: Sequence[Window]) -> pd.DataFrame:
    """T and exact sign-flip over events: one number an event, however many assets.

    Parameters
    ----------
    car : rows (event_id, window), a column an asset; fractions.

    Returns
    -------
    Rows as `EventStudy.tests`, level "event": each asset, and with several their mean an event.
    """
    rows: list[dict[str, Any]] = []
    for window in windows:
        # Rows of one window, an event each; `xs` cannot look up a tuple.
        frame = car[[each == window for each in car.index.get_level_values("window")]]
        columns = {str(name): frame[name] for name in frame.columns}
        if len(columns) > 1:
            columns[MEAN_OF_ASSETS] = frame.mean(axis=1, skipna=True)
        for asset, column in columns.items():
            rows += _rows(asset, window, column.dropna().to_numpy())
    columns_ = ["level", "asset", "window", "statistic", "value", "p", "df", "n", "note", "p_floor"]
    return pd.DataFrame(rows, columns=columns_)


def _rows(asset: str, window: Window, values: Floats) -> list[dict[str, Any]]:
    n = len(values)
    base = {"level": "event", "asset": asset, "window": window, "n": n}
    if n < 2 or np.ptp(values) == 0:
        note = f"{n} event{'s' * (n != 1)}: no test"
        return [{**base, "statistic": "t_event", "note": note}]
    t, flip = t_mean(values), sign_flip(values, statistic="t")
    return [
        {**base, "statistic": "t_event", "value": t.t, "p": t.p, "df": t.df, "note": ""},
        {**base, "statistic": "sign_flip", "value": flip.value, "p": flip.p, "df": np.nan,
         "note": flip.method, "p_floor": flip.p_floor},
    ]  # fmt: skip
