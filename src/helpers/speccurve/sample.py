"""Outcomes and regimes as arrays on one calendar: what the specifications choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.inflation import RegimeSpec, average_stock, regime
from helpers.project import Exclusion, ProjectError
from helpers.speccurve.grid import Grid

Floats = NDArray[np.float64]
RULE = ("measure", "rate_months", "change_months", "threshold_pp", "lag_months")
LATE_START = 36  # months a series may begin after the start of a sample
FEWEST_REGIMES = 6
PER_YEAR = 1200  # fractions a month to percent a year


@dataclass(frozen=True)
class Group:
    """One sample of months, the outcomes in it and the regimes that rule them.

    Attributes
    ----------
    start, without : values on those axes. dates : (T,).
    outcomes : (O, T) percent a year, zero where `known` is. known : (O, T) months that count.
    true, false : (R, T), rising and falling as known.
    specs : rows of the specification table, with columns `o` and `r`: places in outcomes and rules.
    """

    start: int
    without: str
    dates: pd.DatetimeIndex
    outcomes: Floats
    known: Floats
    true: Floats
    false: Floats
    specs: pd.DataFrame


def build_outcomes(monthly: pd.DataFrame) -> pd.DataFrame:
    """Months x outcomes of the grid, fractions a month, those that the panel allows."""
    frame, _, _ = average_stock(monthly)
    found = frame[["average_excess", "average_real", "average_minus_market", "smb"]].copy()
    average = "ew" if "ew" in monthly else "avg9"
    inner = {"ew": "ew_without_smallest", "avg9": "avg6"}[average]
    largest = next((n for n in ("size_vw_hi_10", "avg_big") if n in monthly), None)
    if inner in monthly:
        inflation = monthly["cpi_nsa_index"].pct_change(fill_method=None)
        found["without_smallest_excess"] = monthly[inner] - monthly["rf"]
        found["without_smallest_real"] = (1 + monthly[inner]) / (1 + inflation) - 1
        found["without_smallest_minus_market"] = monthly[inner] - monthly["mkt"]
    if largest is not None:
        found["average_minus_largest"] = monthly[average] - monthly[largest]
    return found


def build_groups(
    monthly: pd.DataFrame, grid: Grid, *, sample_end: str
) -> tuple[list[Group], list[Exclusion]]:
    """Arrays of every specification, by first year and months left out.

    Parameters
    ----------
    monthly : the panel, as published. sample_end : last month, "YYYY-MM".

    Returns
    -------
    Groups, and what the edition or the data cannot give, with the reason.

    Raises
    ------
    ProjectError : nothing of the grid can be estimated.
    """
    specs, left_out = grid.expand()
    monthly = monthly.loc[:sample_end]
    outcomes = build_outcomes(monthly)
    absent = [n for n in specs["outcome"].unique() if n not in outcomes]
    absent += [n for n in specs["measure"].unique() if f"{n}_index" not in monthly]
    left_out += [Exclusion(what=name, reason="no data for it in this edition") for name in absent]
    specs = specs[~specs["outcome"].isin(absent) & ~specs["measure"].isin(absent)]
    rules = specs[list(RULE)].drop_duplicates(ignore_index=True)
    rising, gone = _rising(monthly, rules)
    left_out += gone
    specs = specs.merge(rules.rename_axis("r").reset_index(), on=list(RULE))
    groups = []
    for start, of_start in specs.groupby("start", sort=False):
        names, gone = _in_time(outcomes, int(start), of_start["outcome"].unique())
        left_out += gone
        of_start = of_start[of_start["outcome"].isin(names)]
        for without, chosen in of_start.groupby("without", sort=False):
            group, gone = _group(int(start), str(without), chosen, outcomes[names], rising)
            left_out += gone
            groups += [group] if len(group.specs) else []
    if not groups:
        raise ProjectError(
            "no specification has data", where="specification curve", mend="make data"
        )
    return groups, left_out


def _rising(monthly: pd.DataFrame, rules: pd.DataFrame) -> tuple[Floats, list[Exclusion]]:
    """(rules, months of the panel): 1 rising, -1 falling, 0 neither or not known."""
    found = np.zeros((len(rules), len(monthly)))
    left_out = []
    for row, (measure, rate, changed, threshold, lag) in enumerate(
        rules.itertuples(index=False, name=None)
    ):
        try:
            spec = RegimeSpec(measure, rate, changed, lag, threshold)
            rising = regime(monthly[f"{measure}_index"], spec).rising.reindex(monthly.index)
        except ProjectError as error:  # one side only: no months, so that fewest_regimes drops it
            what = f"{measure}, {rate}-month rate over {changed}, above {threshold:g}, lag {lag}"
            left_out.append(Exclusion(what=what, reason=error.what))
            continue
        found[row] = rising.map({True: 1.0, False: -1.0}).fillna(0.0)
    return found, left_out


def _in_time(
    outcomes: pd.DataFrame, start: int, asked: Iterable[str]
) -> tuple[list[str], list[Exclusion]]:
    """Outcomes whose data begin soon enough after the start of a sample."""
    late = pd.Timestamp(f"{start}-01-31") + pd.DateOffset(months=LATE_START)
    first = outcomes.apply(pd.Series.first_valid_index)
    names = [name for name in asked if pd.notna(first[name]) and first[name] <= late]
    late_ones = [name for name in asked if name not in names]
    return names, [
        Exclusion(what=f"{name} from {start}", reason="its data begin too late")
        for name in late_ones
    ]


def _group(
    start: int, without: str, specs: pd.DataFrame, outcomes: pd.DataFrame, rising: Floats
) -> tuple[Group, list[Exclusion]]:
    frame = outcomes.loc[str(start) :].dropna(how="all")
    dates = pd.DatetimeIndex(frame.index)
    values = np.ascontiguousarray(PER_YEAR * frame.to_numpy(dtype=float).T)
    known = np.isfinite(values) & _kept(values, dates, without)
    used, r = np.unique(specs["r"], return_inverse=True)
    side = np.ascontiguousarray(rising[used][:, outcomes.index.get_indexer(dates)])
    specs = specs.assign(o=frame.columns.get_indexer(specs["outcome"]), r=r)
    few = (np.array([runs(row) for row in side]) < FEWEST_REGIMES)[r]
    left_out = [
        Exclusion(
            what=f"{int(few.sum())} specifications from {start}, without {without}",
            reason=f"fewer than {FEWEST_REGIMES} regimes",
        )
    ]
    group = Group(
        start, without, dates, np.where(known, values, 0.0), known.astype(float),
        (side > 0).astype(float), (side < 0).astype(float), specs[~few],
    )  # fmt: skip
    return group, left_out if few.any() else []


def _kept(values: Floats, dates: pd.DatetimeIndex, without: str) -> NDArray[np.bool_]:
    if without == "january":
        return np.broadcast_to(np.asarray(dates.month != 1), values.shape)
    if without == "ten_largest":
        size = np.where(np.isfinite(values), np.abs(values), -1.0)
        tenth = np.sort(size, axis=1)[:, -10][:, None]
        return np.asarray(size < tenth)
    return np.ones(values.shape, dtype=bool)


def runs(side: Floats) -> int:
    """Unbroken runs of one side; a month without a side (0) is passed over."""
    sides = side[side != 0]
    return 1 + int((sides[1:] != sides[:-1]).sum()) if len(sides) else 0
