"""Two groups of events against each other: do CARs differ by what was going on?"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy import stats

from helpers.eventstudy.alignment import Window
from helpers.eventstudy.by_set import cars
from helpers.eventstudy.study import EventStudy
from helpers.project import Estimate, ProjectError

_DRAWS = 99_999


def compare_groups(
    study: EventStudy,
    first: Collection[str],
    second: Collection[str],
    *,
    events: pd.DataFrame,
    asset: str,
    window: Window,
    label: str,
) -> Estimate:
    """Mean CAR of the first group less that of the second, percent.

    The interval is Welch's (1947); p is that of all assignments of events to the two groups (Fisher
    1935), of Welch's t, exact up to 99,999 assignments.

    Parameters
    ----------
    events : event_id, date, as given to `run`. first, second : event ids; those without a CAR are left out.

    Raises
    ------
    ProjectError : an event in both groups, or fewer than two events with a CAR in one.
    """
    if both := set(first) & set(second):
        raise ProjectError(f"{min(both)} is in both groups", where=label)
    found = cars(study, asset, window)
    one = found[found.index.isin(list(first))]
    two = found[found.index.isin(list(second))]
    if min(len(one), len(two)) < 2:
        raise ProjectError(
            f"{len(one)} and {len(two)} events", where=label, expected="two or more in each group"
        )
    test = stats.permutation_test(
        (one.to_numpy(), two.to_numpy()), _welch, n_resamples=_DRAWS, vectorized=True, rng=0
    )
    welch = stats.ttest_ind(one, two, equal_var=False)
    interval = welch.confidence_interval(0.95)
    value = float(one.mean() - two.mean())
    reach = float(stats.t.isf(0.025, welch.df) + stats.t.isf(0.2, welch.df))
    used = events.loc[events["event_id"].isin([*one.index, *two.index]), "date"]
    return Estimate(
        label=label, value=value, unit="percent", low=float(interval.low), high=float(interval.high), level=0.95,
        p=float(test.pvalue), p_floor=2 / len(test.null_distribution),
        mde=reach * abs(value / float(welch.statistic)), n=len(one) + len(two), n_of="events",
        method=f"difference of mean CAR[{window[0]}, {window[1]}], Welch interval, exact permutation p",
        sample=(f"{used.min():%Y-%m-%d}", f"{used.max():%Y-%m-%d}"),
        note=f"{len(one)} events against {len(two)}",
    )  # fmt: skip


def _welch(one: np.ndarray, two: np.ndarray, axis: int = -1) -> np.ndarray:
    spread = one.var(axis, ddof=1) / one.shape[axis] + two.var(axis, ddof=1) / two.shape[axis]
    return np.asarray((one.mean(axis) - two.mean(axis)) / np.sqrt(spread))
