"""Every specification's difference, rising minus falling, and the curve that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from helpers.inference import difference_and_se
from helpers.project import Exclusion, ProjectError
from helpers.speccurve.grid import Choice, Grid
from helpers.speccurve.sample import Floats, Group, build_groups, runs

# Anything that works like the builtin `map`: an executor's, or one over a Dask client.
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
RULES_AT_ONCE = 16
# The primary specification, fixed before results; one outcome a reading, the first comes first.
FIXED: Mapping[str, tuple[Choice, ...]] = {
    "measure": ("cpi_nsa",), "rate_months": (12,), "change_months": (6,), "threshold_pp": (0.0,),
    "lag_months": (1,), "outcome": ("average_excess", "average_minus_market"), "start": (1947,),
    "without": ("none",),
}  # fmt: skip


@dataclass(frozen=True)
class SpecificationCurve:
    """All specifications of one panel.

    Attributes
    ----------
    grid : the axes. groups : what was estimated on.
    table : one row a specification: the axes, `reading`, `value`, `low`, `high` (percentage points
        a year, HAC 95%), `t`, `p`, `months`, `rising` (months), `regimes`.
    left_out : combinations that rules exclude or data do not allow, with the reason.
    """

    grid: Grid
    groups: tuple[Group, ...]
    table: pd.DataFrame
    left_out: tuple[Exclusion, ...]

    def summary(self) -> pd.DataFrame:
        """By reading: n, share_negative, median, share of intervals below and above zero."""
        rows = []
        for reading, part in self.table.groupby("reading", sort=False):
            rows.append({
                "reading": reading, "n": len(part), "median": part["value"].median(),
                "lowest": part["value"].min(), "highest": part["value"].max(),
                "share_negative": (part["value"] < 0).mean(),
                "share_below": (part["high"] < 0).mean(), "share_above": (part["low"] > 0).mean(),
            })  # fmt: skip
        return pd.DataFrame(rows)

    def choices(self) -> pd.DataFrame:
        """What each choice does: by reading, axis and value n, median, share_negative; and `moves`.

        `moves` is the distance between the axis's lowest and highest median: the larger, the more
        the answer hangs on that choice. Other choices are mixed as the grid mixes them.
        """
        rows = []
        for reading, part in self.table.groupby("reading", sort=False):
            for axis in self.grid.axes:
                medians = part.groupby(axis, sort=False)["value"].median()
                for value, median in medians.items():
                    chosen = part.loc[part[axis] == value, "value"]
                    rows.append({
                        "reading": reading, "axis": axis, "choice": value, "n": len(chosen),
                        "median": median, "share_negative": (chosen < 0).mean(),
                        "moves": medians.max() - medians.min(),
                    })  # fmt: skip
        return pd.DataFrame(rows)


def estimate_curve(
    monthly: pd.DataFrame, grid: Grid, *, sample_end: str, hac_lags: int, mapper: Mapper = map
) -> SpecificationCurve:
    """Estimate every specification of a grid.

    Each is `helpers.inference.hac_difference` of its outcome by its regime, computed many at a time.

    Parameters
    ----------
    monthly : the panel, as published; regimes take their own lag.
    mapper : runs the blocks; `map` in this process, or see `helpers.speccurve.mappers`.

    Raises
    ------
    ProjectError : no specification has data; a sample no longer than the lags.
    """
    groups, left_out = build_groups(monthly, grid, sample_end=sample_end)
    for group in groups:
        if len(group.dates) <= hac_lags + 2:
            raise ProjectError(
                f"{len(group.dates)} months from {group.start} with {hac_lags} lags",
                where="specification curve", mend="fewer hac_lags, or a longer sample",
            )  # fmt: skip
    tables = []
    for group, parts in _by_group(groups, mapper(_estimate, _blocks(groups, hac_lags))):
        tables.append(_rows(group, parts))
    table = pd.concat(tables, ignore_index=True)
    lost = table["value"].isna()
    if lost.any():
        left_out.append(
            Exclusion(what=f"{int(lost.sum())} specifications", reason="one side has no month")
        )
    table = table[~lost]
    reading = table["outcome"].map(grid.reading_of())
    table.insert(0, "reading", reading.fillna("other"))
    return SpecificationCurve(grid, tuple(groups), table.reset_index(drop=True), tuple(left_out))


def is_primary(curve: SpecificationCurve) -> pd.Series:
    """Marks the specification fixed before results, in each reading, aligned with the table."""
    hits = [curve.table[name].isin(choices) for name, choices in FIXED.items()]
    return pd.concat(hits, axis=1).all(axis=1)


Block = tuple[int, Floats, Floats, Floats, Floats, int]


def _blocks(groups: list[Group], lags: int) -> Iterator[Block]:
    for place, group in enumerate(groups):
        for first in range(0, len(group.true), RULES_AT_ONCE):
            rules = slice(first, first + RULES_AT_ONCE)
            yield (
                place, group.outcomes, group.known, group.true[rules], group.false[rules], lags
            )  # fmt: skip


def _estimate(block: Block) -> tuple[int, Floats]:
    """Group, and (5, rules, outcomes): difference, error, months, months rising, regimes."""
    place, outcomes, known, true, false, lags = block
    up, down = true[:, None] * known, false[:, None] * known
    n1, n0 = up.sum(-1), down.sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        value, se = difference_and_se(outcomes[None], up, down, lags)
    empty = (n1 == 0) | (n0 == 0)
    value[empty] = se[empty] = np.nan
    regimes = np.array([[runs(side) for side in row] for row in up - down], dtype=float)
    return place, np.stack([value, se, n1 + n0, n1, regimes])


def _by_group(
    groups: list[Group], blocks: Iterable[tuple[int, Floats]]
) -> Iterator[tuple[Group, Floats]]:
    parts: dict[int, list[Floats]] = {}
    for place, block in blocks:
        parts.setdefault(place, []).append(block)
    for place, group in enumerate(groups):
        yield group, np.concatenate(parts[place], axis=1)


def _rows(group: Group, found: Floats) -> pd.DataFrame:
    specs = group.specs
    value, se, months, rising, regimes = found[:, specs["r"], specs["o"]]
    half = stats.t.isf(0.025, months - 2) * se
    return specs.drop(columns=["o", "r"]).assign(
        value=value, low=value - half, high=value + half, t=value / se,
        p=2 * stats.t.sf(np.abs(value / se), months - 2),
        months=months.astype(int), rising=rising.astype(int), regimes=regimes.astype(int),
    )  # fmt: skip
