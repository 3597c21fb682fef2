"""Figures that reach us by two routes must agree: each check names both, and how far they may differ."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.project import ProjectError, Workspace
from helpers.sources import available, load

YEAR = 12


def _growth(index: pd.Series) -> pd.Series:
    return 100 * index.pct_change(YEAR, fill_method=None)


def _core_inflation(get: Callable[[str], pd.DataFrame]) -> pd.Series:
    return _growth(get("core_cpi_sa")["index"]) - _growth(get("core_cpi_second_copy")["index"])


def _market(get: Callable[[str], pd.DataFrame]) -> pd.Series:
    return get("ff3_monthly")["mkt_rf"] - get("factors_1949_monthly")["mkt_rf"]


def _size(get: Callable[[str], pd.DataFrame]) -> pd.Series:
    return get("ff3_monthly")["smb"] - get("factors_1949_monthly")["smb"]


def _bills(get: Callable[[str], pd.DataFrame]) -> pd.Series:
    return get("ff3_monthly")["rf"] - get("factors_1949_monthly")["rf"]


# what, datasets, difference, tolerance on the mean absolute difference, unit, why it is not zero.
CHECKS = (
    ("market return", ("ff3_monthly", "factors_1949_monthly"), _market, 0.01,
     "percentage points a month", "two vintages of the same library"),
    ("SMB", ("ff3_monthly", "factors_1949_monthly"), _size, 0.05,
     "percentage points a month", "two vintages: the size portfolios were revised"),
    ("bill rate", ("ff3_monthly", "factors_1949_monthly"), _bills, 1e-9,
     "percentage points a month", ""),
    ("core inflation, 12 months", ("core_cpi_sa", "core_cpi_second_copy"), _core_inflation, 0.05,
     "percentage points a year", "seasonal factors are revised each year"),
)  # fmt: skip


def cross_check(workspace: Workspace) -> pd.DataFrame:
    """Every check that the edition's datasets allow.

    Returns
    -------
    Index check; columns datasets, months, mean_abs_difference, largest, at, tolerance, unit, why.

    Raises
    ------
    ProjectError : two routes disagree by more than the tolerance.
    """
    here = set(available(workspace))
    rows = {}
    for what, datasets, difference, tolerance, unit, why in CHECKS:
        if not here >= set(datasets):
            continue
        gaps = difference(lambda name: load(workspace, name)).dropna().abs()
        mean = float(gaps.mean())
        if gaps.empty or mean > tolerance:
            raise ProjectError(
                f"{what}: they differ by {mean:.3g} {unit} on average",
                where=" and ".join(datasets),
                expected=f"at most {tolerance:g}",
                mend="one of the two is wrong or of another kind: look at both sidecars",
            )
        rows[what] = {
            "datasets": " and ".join(datasets),
            "months": len(gaps),
            "mean_abs_difference": mean,
            "largest": float(gaps.max()),
            "at": f"{gaps.idxmax():%Y-%m}",
            "tolerance": tolerance,
            "unit": unit,
            "why": why,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("check")
