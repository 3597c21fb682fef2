"""When inflation was rising, by one rule declared as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.inflation.measures import (
    DIRECTIONS,
    RATE_MONTHS,
    change,
    direction,
    inflation_rate,
    known,
    require_months,
)
from helpers.project import ProjectError
from helpers.project.errors import nearest

# An index of prices, or already a rate in percent a year.
MEASURES: dict[str, Literal["index", "rate"]] = {
    "cpi_nsa": "index",
    "cpi_sa": "index",
    "core_cpi_nsa": "index",
    "core_cpi_sa": "index",
    "pce": "index",
    "core_pce": "index",
    "expected_inflation": "rate",
}


@dataclass(frozen=True)
class RegimeSpec:
    """A rule for rising inflation.

    Attributes
    ----------
    measure : a name of `MEASURES`.
    rate_months : months the (annualised) rate spans; a measure that is a rate already ignores it.
    change_months : rising when the rate is higher than this many months before.
    lag_months : months until a reading is known.
    threshold_pp : changes up to this, either way, count as none.

    Raises
    ------
    ProjectError : unknown measure, or a number out of range.
    """

    measure: str = "cpi_nsa"
    rate_months: int = 12
    change_months: int = 6
    lag_months: int = 1
    threshold_pp: float = 0.0

    def __post_init__(self) -> None:
        if self.measure not in MEASURES:
            raise ProjectError(
                f"no measure is called {self.measure!r}{nearest(self.measure, MEASURES)}",
                where="RegimeSpec", expected=", ".join(MEASURES),
            )  # fmt: skip
        for name, good, words in (
            ("rate_months", self.rate_months in RATE_MONTHS, "1, 3, 6 or 12"),
            ("change_months", self.change_months >= 1, "one or more"),
            ("lag_months", self.lag_months >= 0, "zero or more"),
            ("threshold_pp", 0 <= self.threshold_pp < np.inf, "zero or more"),
        ):
            if not good:
                raise ProjectError(
                    f"{name} = {getattr(self, name)}", where="RegimeSpec", expected=words
                )


PRIMARY = RegimeSpec()


@dataclass(frozen=True)
class Regime:
    """What a rule found.

    Attributes
    ----------
    rate, change : percent, percentage points; by the month they describe.
    state : falling, unchanged or rising, by the month in which it was known (see `known`).
    switches, regimes : changes from one of rising, falling to the other, and unbroken runs.
        Unchanged and missing months are passed over: by themselves they are no change.
    counts : months rising, falling, unchanged and missing, from the first month with a state on.
    """

    spec: RegimeSpec
    rate: pd.Series
    change: pd.Series
    state: pd.Series
    switches: int
    regimes: int
    counts: dict[str, int]

    @property
    def rising(self) -> pd.Series:
        """Nullable boolean by month: rising, falling, or missing for the third state."""
        return as_boolean(self.state)


def as_boolean(state: pd.Series) -> pd.Series:
    """Rising as a nullable boolean; unchanged and missing months are missing, never False."""
    decided = state.isin(["rising", "falling"])
    return (state == "rising").astype("boolean").where(decided).rename("rising")


def regime(series: pd.Series, spec: RegimeSpec = PRIMARY) -> Regime:
    """Apply a rule to a monthly series.

    Parameters
    ----------
    series : the index or rate that `spec.measure` names, a row for every month, at month end; a
        month without a figure has a missing value.

    Raises
    ------
    ProjectError : gaps or duplicates, too few months, inflation never rising or never falling.
    """
    rate = _rate(series, spec)
    changed = change(rate, spec.change_months)
    first = changed.first_valid_index()
    if first is None:
        spanned = 0 if MEASURES[spec.measure] == "rate" else spec.rate_months
        needed = spanned + spec.change_months + 1
        raise ProjectError(
            f"{len(series)} months make no change", where=f"regime, {spec.measure}",
            expected=f"{needed} months or more",
        )  # fmt: skip
    state = known(direction(changed.loc[first:], threshold_pp=spec.threshold_pp), spec.lag_months)
    decided = as_boolean(state).dropna()
    for side, present in (("rising", decided.any()), ("falling", (~decided).any())):
        if not present:
            raise ProjectError(
                f"inflation is never {side} in {len(state)} months, so no regime switches",
                where=f"regime, {spec.measure}", expected="months of either side",
            )  # fmt: skip
    switches = int((decided.to_numpy()[1:] != decided.to_numpy()[:-1]).sum())
    counts = {side: int((state == side).sum()) for side in ("rising", "falling", "unchanged")}
    return Regime(
        spec=spec,
        rate=rate,
        change=changed,
        state=state,
        switches=switches,
        regimes=switches + 1,
        counts=counts | {"missing": int(state.isna().sum())},
    )


def _rate(series: pd.Series, spec: RegimeSpec) -> pd.Series:
    if MEASURES[spec.measure] == "rate":
        return series
    return inflation_rate(series, spec.rate_months)


def real_time_directions(vintages: pd.DataFrame, spec: RegimeSpec = PRIMARY) -> pd.DataFrame:
    """What the rule said in each month, from the figures published by then.

    Parameters
    ----------
    vintages : reference months x vintages. A column is dated by the end of the month in which it
        was published, and missing after its last figure. Vintages may differ in base year.
    spec : its lag is not used: the vintages carry the true one.

    Returns
    -------
    By vintage: `direction` (as in `direction`, of the latest reference month), `reference_month`.

    Raises
    ------
    ProjectError : a vintage without a figure, or with figures later than its own month; gaps or
        duplicates in the months or the vintages.
    """
    require_months(pd.Series(0.0, index=vintages.columns), where="vintages")
    rows = {column: _latest(vintages[column], spec) for column in vintages.columns}
    table = pd.DataFrame(rows, index=["direction", "reference_month"]).T
    table.index = pd.DatetimeIndex(vintages.columns, name="vintage")
    table["direction"] = table["direction"].astype(
        pd.CategoricalDtype(list(DIRECTIONS), ordered=True)
    )
    table["reference_month"] = pd.to_datetime(table["reference_month"])
    return table


def _latest(vintage: pd.Series, spec: RegimeSpec) -> tuple[object, pd.Timestamp]:
    published = pd.Timestamp(str(vintage.name))
    last = vintage.last_valid_index()
    where = f"vintage {published:%Y-%m}"
    if last is None:
        raise ProjectError("no figure", where=where)
    if last > published:
        raise ProjectError(f"has a figure for {last:%Y-%m}, after it was published", where=where)
    series = vintage.loc[:last]
    changed = change(_rate(series, spec), spec.change_months)
    states = direction(changed, threshold_pp=spec.threshold_pp)
    return states.iloc[-1], last
