"""Event sets side by side: mean CAR, its tests, its path, and what one event does to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
from scipy import stats

from helpers.eventstudy.alignment import Window
from helpers.eventstudy.study import EventStudy
from helpers.inference import (
    holm,
    leave_one_out,
    mde_event_mean,
    romano_wolf,
    sign_flip,
    t_mean,
)
from helpers.project import Estimate, ProjectError

PERCENT = 100


class Events(Protocol):
    """A set of events, as `helpers.pivots.derive_sets` makes it."""

    @property
    def definition(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def events(self) -> pd.DataFrame: ...


def cars(study: EventStudy, asset: str, window: Window) -> pd.Series:
    """CAR of one asset in one window by event, percent; events without one are left out.

    Raises
    ------
    ProjectError : no such asset or window in the study.
    """
    if asset not in study.car:
        raise ProjectError(f"no asset {asset!r}", expected=", ".join(map(str, study.car.columns)))
    chosen = [each == window for each in study.car.index.get_level_values("window")]
    if not any(chosen):
        raise ProjectError(f"no window {window} in the study", where="car_windows")
    column = study.car.loc[chosen, asset].droplevel("window")
    return PERCENT * column.dropna()


def summarise(
    study: EventStudy, sets: Mapping[str, Events], *, asset: str, window: Window
) -> pd.DataFrame:
    """One row a set: its mean CAR and its tests.

    Returns
    -------
    set, definition, direction, status, n (events used), n_listed, mean_car_pct, low, high (95% t
    interval, percent), t, p_t, p_sign_flip, p_floor, mde_pct, and the leave-one-out range. A set
    with one event has a mean and nothing else; a set without any is left out.
    """
    rows = []
    for name, each in sets.items():
        found = _of(cars(study, asset, window), each.events["event_id"])
        if len(found):
            rows.append({
                "set": name, "definition": each.definition, "direction": each.direction,
                "status": each.status, "n": len(found), "n_listed": len(each.events),
                **_tests(found),
            })  # fmt: skip
    return pd.DataFrame(rows)


def distinct_sets(
    study: EventStudy, sets: Mapping[str, Events], *, asset: str, at_least: int
) -> list[str]:
    """Names of the sets with enough events that have a whole window; of equal ones the first.

    Unions ("all_...") and variants with or without some events are left to the table.
    """
    whole = study.abnormal[asset].groupby(level="event_id").count()
    whole = whole[whole == study.abnormal.index.get_level_values("day").nunique()]
    found: dict[frozenset[str], str] = {}
    for name, each in sets.items():
        events = frozenset(each.events["event_id"]) & set(whole.index)
        variant = name.startswith("all_") or "_with" in name or name.endswith("_unconfounded")
        if len(events) >= at_least and not variant:
            found.setdefault(events, name)
    return list(found.values())


def across_assets(
    study: EventStudy, sets: Mapping[str, Events], *, labels: Mapping[str, str], window: Window
) -> pd.DataFrame:
    """Mean CAR of every asset by set, with p adjusted for looking at several assets.

    Returns
    -------
    set, asset (words), n, mean, low, high (percent), p_sign_flip, p_floor, p_holm, p_romano_wolf
    (sign-flips of whole events, over the assets that have all the set's usable events; missing for
    those that lack some). A set needs two events.
    """
    rows: list[dict[str, Any]] = []
    for name, each in sets.items():
        found = {a: _of(cars(study, a, window), each.events["event_id"]) for a in labels}
        found = {a: values for a, values in found.items() if len(values) >= 2}
        if not found:
            continue
        tests = {asset: _tests(values) for asset, values in found.items()}
        adjusted = holm([test["p_sign_flip"] for test in tests.values()])
        most = max(map(len, found.values()))
        common = pd.DataFrame({a: v for a, v in found.items() if len(v) == most}).dropna()
        joint = dict.fromkeys(found, np.nan)
        if len(common) == most:
            joint |= dict(zip(common, romano_wolf(common.to_numpy()), strict=True))
        for (asset, test), p_holm in zip(tests.items(), adjusted, strict=True):
            rows.append({
                "set": name.replace("_", " "), "asset": labels[asset], "n": len(found[asset]),
                "mean": test["mean_car_pct"], "low": test["low"], "high": test["high"],
                "p_sign_flip": test["p_sign_flip"], "p_floor": test["p_floor"],
                "p_holm": float(p_holm), "p_romano_wolf": float(joint[asset]),
            })  # fmt: skip
    return pd.DataFrame(rows)


def estimate(
    study: EventStudy, events: Events, *, asset: str, window: Window, label: str
) -> Estimate:
    """The mean CAR of one set, percent, as a result file keeps it.

    Raises
    ------
    ProjectError : fewer than two events.
    """
    found = _of(cars(study, asset, window), events.events["event_id"])
    if len(found) < 2:
        raise ProjectError(f"{len(found)} events", where=label, expected="two or more")
    tests = _tests(found)
    days = events.events.set_index("event_id")["effective_day"].reindex(found.index)
    return Estimate(
        label=label,
        value=tests["mean_car_pct"],
        unit="percent",
        low=tests["low"],
        high=tests["high"],
        level=0.95,
        p=tests["p_sign_flip"],
        p_floor=tests["p_floor"],
        mde=tests["mde_pct"],
        n=len(found),
        n_of="events",
        method=f"t interval over events, exact sign-flip p, CAR[{window[0]}, {window[1]}]",
        sample=(f"{days.min():%Y-%m-%d}", f"{days.max():%Y-%m-%d}"),
        note=f"t = {tests['t']:.2f}, p by t {tests['p_t']:.3f}",
    )


def mean_path(
    study: EventStudy,
    event_ids: Sequence[str],
    *,
    asset: str,
    cumulative: bool = True,
    since: int | None = None,
    fewest: int = 3,
) -> pd.DataFrame:
    """Mean abnormal return of some events by day, or its sum from the first day of the window.

    Parameters
    ----------
    since : day the sum starts with instead; days before it count back, so that the path is zero at
        the close before.
    fewest : events below which there is no band: two give one of 12.7 standard errors.

    Returns
    -------
    day, mean, low, high (95% t interval over events, each day by itself), n; percent. Only events
    with the whole window count, so that each day has the same events.

    Raises
    ------
    ProjectError : no event has the whole window; `since` is not a day of the window.
    """
    wide = PERCENT * study.abnormal[asset].unstack("day")  # noqa: PD010 - a day a column
    chosen = wide.loc[wide.index.isin(list(event_ids))].dropna()
    if chosen.empty:
        raise ProjectError("no event has the whole window", where=asset)
    if since is not None and since not in chosen:
        raise ProjectError(f"since = {since}", where="mean_path", expected="a day of the window")
    values = chosen.cumsum(axis=1) if cumulative else chosen
    if cumulative and since is not None:
        values = values.sub(values[since] - chosen[since], axis=0)
    rows = []
    for day in values.columns:
        column = values[day].to_numpy()
        varies = len(column) >= max(fewest, 2) and np.ptp(column) > 0
        test = t_mean(column) if varies else None
        rows.append({
            "day": int(day), "mean": float(column.mean()),
            "low": test.low if test else np.nan, "high": test.high if test else np.nan,
            "n": len(column),
        })  # fmt: skip
    return pd.DataFrame(rows)


def without_each(study: EventStudy, events: Events, *, asset: str, window: Window) -> pd.DataFrame:
    """What the mean CAR would be without each event: event_id, car_pct, mean_without_pct."""
    found = _of(cars(study, asset, window), events.events["event_id"])
    return pd.DataFrame({
        "event_id": found.index, "car_pct": found.to_numpy(),
        "mean_without_pct": leave_one_out(found.to_numpy()),
    })  # fmt: skip


def forest(study: EventStudy, events: Events, *, asset: str, window: Window) -> pd.DataFrame:
    """Each event's CAR and the 95% interval of its own forecast error.

    Returns
    -------
    label (event_id), value, low, high; percent. The interval is CAR -+ t(L-k) times the standard
    error that ignores covariance across days.
    """
    car = _of(cars(study, asset, window), events.events["event_id"])
    chosen = [each == window for each in study.scar.index.get_level_values("window")]
    scar = study.scar.loc[chosen, asset].droplevel("window").reindex(car.index)
    described = study.coefficients.xs(asset, level="asset").reindex(car.index)
    names = [name for name in described.columns if name not in ("s", "r2", "n_estimation")]
    half = stats.t.isf(0.025, described["n_estimation"] - len(names)) * (car / scar).abs()
    return pd.DataFrame({
        "label": car.index, "value": car.to_numpy(),
        "low": (car - half).to_numpy(), "high": (car + half).to_numpy(),
    })  # fmt: skip


def _of(found: pd.Series, events: pd.Series) -> pd.Series:
    return found[found.index.isin(set(events))]


def _tests(found: pd.Series) -> dict[str, Any]:
    values = found.to_numpy()
    if len(values) < 2:
        return {"mean_car_pct": float(values.mean())}
    t, flip, without = t_mean(values), sign_flip(values), leave_one_out(values)
    return {
        "mean_car_pct": t.mean, "low": t.low, "high": t.high, "t": t.t, "p_t": t.p,
        "p_sign_flip": flip.p, "p_floor": flip.p_floor,
        "mde_pct": mde_event_mean(len(values), float(values.std(ddof=1))),
        "without_one_low": float(without.min()), "without_one_high": float(without.max()),
    }  # fmt: skip
