"""What a reader may choose from: every crossing of five axes, the others as fixed before results."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from helpers.inference import hac_variance
from helpers.speccurve.curve import FIXED, SpecificationCurve
from helpers.speccurve.sample import FEWEST_REGIMES, Floats, Group

EXPLORED = ("measure", "rate_months", "change_months", "start", "outcome")
_REST = {name: values[0] for name, values in FIXED.items() if name not in EXPLORED}
_ESTIMATED = ["value", "low", "high", "p", "months", "rising", "regimes"]


def explore(curve: SpecificationCurve, *, hac_lags: int) -> pd.DataFrame:
    """Every crossing of `EXPLORED`: the mean return on each side, their difference, its place.

    A mean's HAC interval is that of the regression of the outcome on one dummy a side, without a
    constant: the same errors, lags and factor n / (n - 2) as those of the difference.

    Parameters
    ----------
    hac_lags : as given to `estimate_curve`.

    Returns
    -------
    One row a crossing, in the order of the grid: the axes; `reading`; `primary`; `reason`, empty
    where it was estimated, else why not, with what follows missing; `rising_mean`, `rising_low`,
    `rising_high` and the same of `falling_`, percent a year (95%); `value`, `low`, `high` (points
    a year), `p`, `months`, `rising` (months), `regimes` as in the curve; `rank`, 1 for the lowest
    value of its reading, and `n`, specifications of that reading; `first` and `last` month counted.
    """
    axes = [curve.grid.axes[name].choices for name in EXPLORED]
    crossed = pd.DataFrame(list(itertools.product(*axes)), columns=list(EXPLORED))
    found = _as_fixed(_placed(curve))
    sides = [_sides(group, hac_lags) for group in curve.groups if group.without == _REST["without"]]
    found = found[[*EXPLORED, *_ESTIMATED, "rank", "n"]].merge(pd.concat(sides), on=list(EXPLORED))
    table = crossed.merge(found, on=list(EXPLORED), how="left")
    counts = ["months", "rising", "regimes", "rank", "n"]
    table = table.astype(dict.fromkeys(counts, "Int64"))
    reading = table["outcome"].map(curve.grid.reading_of()).fillna("other")
    table.insert(len(EXPLORED), "reading", reading)
    table.insert(len(EXPLORED) + 1, "primary", _primary(table))
    table.insert(len(EXPLORED) + 2, "reason", list(_reasons(curve, table)))
    return table


def _primary(table: pd.DataFrame) -> pd.Series:
    hits = [table[name].isin(FIXED[name]) for name in EXPLORED]
    return pd.concat(hits, axis=1).all(axis=1)


def _placed(curve: SpecificationCurve) -> pd.DataFrame:
    by_reading = curve.table.groupby("reading")["value"]
    return curve.table.assign(
        rank=by_reading.rank(method="min").astype(int), n=by_reading.transform("size")
    )


def _as_fixed(specs: pd.DataFrame) -> pd.DataFrame:
    """Those that are as fixed before results on the axes that are not explored."""
    for name, value in _REST.items():
        specs = specs[specs[name] == value]
    return specs


def _sides(group: Group, lags: int) -> pd.DataFrame:
    """Mean and interval on each side, and the first and last month counted."""
    specs = _as_fixed(group.specs)
    o, r = specs["o"].to_numpy(), specs["r"].to_numpy()
    outcomes, known = group.outcomes[o], group.known[o]
    sides = {"rising": group.true[r] * known, "falling": group.false[r] * known}
    counted = sides["rising"] + sides["falling"]
    found = specs[list(EXPLORED)].copy()
    for name, side in sides.items():
        mean, half = _mean(outcomes, side, counted.sum(axis=1), lags)
        found[f"{name}_mean"] = mean
        found[f"{name}_low"], found[f"{name}_high"] = mean - half, mean + half
    months = group.dates.strftime("%Y-%m").to_numpy()
    last = counted.shape[1] - 1 - counted[:, ::-1].argmax(axis=1)
    return found.assign(first=months[counted.argmax(axis=1)], last=months[last])


def _mean(outcomes: Floats, side: Floats, n: Floats, lags: int) -> tuple[Floats, Floats]:
    """Mean of the outcome on one side, and half its 95% interval."""
    on_side = side.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):  # a side without a month is no row of ours
        mean = (outcomes * side).sum(axis=1) / on_side
        influence = (outcomes - mean[:, None]) * side / on_side[:, None]
    se = np.sqrt(hac_variance(influence, lags) * n / (n - 2))
    return mean, stats.t.isf(0.025, n - 2) * se


def _reasons(curve: SpecificationCurve, table: pd.DataFrame) -> Iterator[str]:
    """The words of the grid's rules and of the curve's `left_out`; empty where there is a value."""
    full = table.assign(**_REST)
    ruled = pd.Series("", table.index)
    for rule in curve.grid.exclude:  # of several the last: "that one stands" is true by itself only
        ruled = ruled.mask(rule.covers(full), rule.reason)
    said = {each.what: each.reason for each in curve.left_out}
    few = f"fewer than {FEWEST_REGIMES} regimes"
    for row, value, rule_says in zip(table.to_dict("records"), table["value"], ruled, strict=True):
        absent = said.get(row["measure"]) or said.get(row["outcome"])
        late = said.get(f"{row['outcome']} from {row['start']}")
        yield "" if pd.notna(value) else absent or rule_says or late or few
