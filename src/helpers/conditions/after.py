"""What a return did in the months after chosen months, against every month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.conditions._rows import future_sum
from helpers.inference import mde_event_mean, sign_flip, t_mean
from helpers.project import ProjectError


@dataclass(frozen=True)
class After:
    """Sums over the `horizon` months after chosen months, percentage points.

    Attributes
    ----------
    mean, usual : after the chosen months, and after every month of the sample.
    excess, se, low, high, p : mean minus usual; Student's t with n - 1 degrees of freedom.
    p_sign_flip, p_floor : exact sign-flip of the excesses, and the least p that n allows.
    mde : smallest true excess found with probability 0.8.
    n : chosen months used. overlapping : those less than `horizon` months after the one before:
        they share returns, so n counts too many. left_out : chosen months without `horizon` months
        of returns.
    """

    outcome: str
    horizon: int
    mean: float
    usual: float
    excess: float
    se: float
    low: float
    high: float
    p: float
    p_sign_flip: float
    p_floor: float
    mde: float
    n: int
    overlapping: int
    left_out: tuple[pd.Timestamp, ...]
    sums: pd.Series
    unit: str = "percentage points"


def after_months(
    y: pd.Series, months: pd.DatetimeIndex, *, horizon: int, level: float = 0.95
) -> After:
    """Sum of `y` after each of `months` minus its average after all months from the first on.

    `months` : month ends, in order, each once. Pass the months at which an event was KNOWN for
    what could have been earned; the months of the events themselves are hindsight. The average
    is that of the whole sample and is taken as fixed.

    Raises
    ------
    ProjectError : fewer than three chosen months with returns; months out of order or no month
        ends; a hole in `y`.
    """
    where = f"after_months, {y.name} over {horizon} months"
    if not (months.is_unique and months.is_monotonic_increasing and months.is_month_end.all()):
        raise ProjectError("months out of order, repeated or no month ends", where=where)
    ahead = future_sum(y, horizon).dropna()
    used = months.intersection(ahead.index)
    if len(used) < 3:
        raise ProjectError(f"{len(used)} chosen months with returns", where=where, expected="3")
    sums = ahead.loc[used]
    usual = float(ahead.loc[used[0] :].mean())
    excess = (sums - usual).to_numpy()
    test, flips = t_mean(excess, level=level), sign_flip(excess)
    number = used.year * 12 + used.month
    return After(
        outcome=str(y.name),
        horizon=horizon,
        mean=float(sums.mean()),
        usual=usual,
        excess=test.mean,
        se=test.se,
        low=test.low,
        high=test.high,
        p=test.p,
        p_sign_flip=flips.p,
        p_floor=flips.p_floor,
        mde=mde_event_mean(len(used), float(excess.std(ddof=1))),
        n=len(used),
        overlapping=int((np.diff(number) < horizon).sum()),
        left_out=tuple(months.difference(used)),
        sums=sums,
    )
