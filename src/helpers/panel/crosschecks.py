"""Figures that reach us by two routes must agree: each check names both, and how far they may differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from helpers.panel.build import firm_weighted, recipes
from helpers.project import ProjectError, Workspace
from helpers.sources import available, load

YEAR = 12


def _growth(index: pd.Series) -> pd.Series:
    return 100 * index.pct_change(YEAR, fill_method=None)


Get = Callable[[str], pd.DataFrame]


def _copies(column: str) -> Callable[[Get], pd.Series]:
    return lambda get: get("ff3_monthly")[column] - get("factors_1949_monthly")[column]


def _core_inflation(get: Get) -> pd.Series:
    return _growth(get("core_cpi_sa")["index"]) - _growth(get("core_cpi_second_copy")["index"])


def _last_vintage(get: Get) -> pd.Series:
    return _growth(get("cpi_sa")["index"]) - _growth(get("cpi_vintages").iloc[:, -1])


def _rebuilt_market(get: Get) -> pd.Series:
    deciles = list(recipes("monthly")["ew"].pick)
    worth = get("size_n_firms")[deciles] * get("size_average_size")[deciles]
    rebuilt = firm_weighted(get("size_vw_monthly")[deciles], worth)
    return rebuilt - get("ff3_monthly")["mkt_rf"] - get("ff3_monthly")["rf"]


def _average_stock(get: Get) -> pd.Series:
    deciles = list(recipes("monthly")["ew"].pick)
    by_size = firm_weighted(get("size_ew_monthly")[deciles], get("size_n_firms")[deciles])
    by_industry = firm_weighted(get("industries_12_ew_monthly"), get("industries_12_n_firms"))
    return by_size - by_industry


def _returns(first: str, second: str, column: str = "close") -> Callable[[Get], pd.Series]:
    def gap(get: Get) -> pd.Series:
        one = get(first)["close"].pct_change(fill_method=None)
        return 100 * (one - get(second)[column].pct_change(fill_method=None))

    return gap


@dataclass(frozen=True)
class Check:
    """Two routes to one figure; `tolerance` bounds their mean absolute difference, in `unit`."""

    what: str
    datasets: tuple[str, ...]
    difference: Callable[[Get], pd.Series]
    tolerance: float
    unit: str
    why: str = ""


_MONTH, _YEAR, _DAY = (f"percentage points a {each}" for each in ("month", "year", "day"))
_TWO_COPIES = ("ff3_monthly", "factors_1949_monthly")
_SIZES = ("size_vw_monthly", "size_n_firms", "size_average_size", "ff3_monthly")
_FIRMS = ("size_ew_monthly", "size_n_firms", "industries_12_ew_monthly", "industries_12_n_firms")
CHECKS = (
    Check("market return, two copies", _TWO_COPIES, _copies("mkt_rf"), 0.01, _MONTH,
          "two vintages of the same library"),
    Check("SMB, two copies", _TWO_COPIES, _copies("smb"), 0.05, _MONTH,
          "two vintages: the size portfolios were revised"),
    Check("bill rate, two copies", _TWO_COPIES, _copies("rf"), 1e-9, _MONTH),
    Check("core inflation, two copies", ("core_cpi_sa", "core_cpi_second_copy"), _core_inflation,
          0.05, _YEAR, "seasonal factors are revised each year"),
    Check("market rebuilt from size deciles", _SIZES, _rebuilt_market, 0.1, _MONTH,
          "sizes are those of the month's start, and the two files have different vintages"),
    Check("average stock by size and by industry", _FIRMS, _average_stock, 0.03, _MONTH,
          "two vintages; firms without an industry"),
    Check("inflation at two publishers", ("cpi_sa", "cpi_vintages"), _last_vintage, 0.05, _YEAR,
          "the last vintage may be older"),
    Check("Russell 2000, two copies", ("russell2000_daily", "russell2000_second_copy"),
          _returns("russell2000_daily", "russell2000_second_copy"), 1e-3, _DAY),
    Check("IWM, quotes and the compiled table", ("iwm_daily", "pivot_2023_daily"),
          _returns("iwm_daily", "pivot_2023_daily", "iwm"), 0.01, _DAY,
          "the table is rounded to cents"),
)  # fmt: skip


def cross_check(workspace: Workspace) -> pd.DataFrame:
    """Every check that the edition's datasets allow.

    Returns
    -------
    Index check; columns datasets, n, mean_abs_difference, largest, at, tolerance, unit, why.

    Raises
    ------
    ProjectError : two routes disagree by more than the tolerance.
    """
    here = set(available(workspace))
    rows = {}
    for check in CHECKS:
        if not here >= set(check.datasets):
            continue
        gaps = check.difference(lambda name: load(workspace, name)).dropna().abs()
        mean = float(gaps.mean())
        if gaps.empty or mean > check.tolerance:
            raise ProjectError(
                f"{check.what}: they differ by {mean:.3g} {check.unit} on average",
                where=" and ".join(check.datasets),
                expected=f"at most {check.tolerance:g}",
                mend="one of the two is wrong or of another kind: look at both sidecars",
            )
        rows[check.what] = {
            "datasets": " and ".join(check.datasets),
            "n": len(gaps),
            "mean_abs_difference": mean,
            "largest": float(gaps.max()),
            "at": f"{gaps.idxmax():%Y-%m-%d}",
            "tolerance": check.tolerance,
            "unit": check.unit,
            "why": check.why,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("check")
