"""Funds from a date to the end of their data: return, drawdown, years, and against the market."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm

from helpers.project import Estimate, ProjectError

DAYS = 252  # trading days a year
YEAR = 365.25  # calendar days


@dataclass(frozen=True)
class Drawdown:
    """The deepest fall from a peak.

    Attributes
    ----------
    depth : fraction, zero or below. peak, trough : days. recovery : first day back at the peak's
        value, None while below it.
    """

    depth: float
    peak: pd.Timestamp
    trough: pd.Timestamp
    recovery: pd.Timestamp | None


@dataclass(frozen=True)
class Year:
    """One calendar year: `value` a fraction over `days` returns; `whole` when it is all there."""

    year: int
    value: float
    days: int
    whole: bool


@dataclass(frozen=True)
class Against:
    """Mean daily difference from the benchmark, times 252: arithmetic, percentage points a year.

    Attributes
    ----------
    se, low, high, t, p : Newey-West (1987), `lags` lags, Student's t with n - 1 degrees.
    total : compounded return less the benchmark's over the same days, fraction.
    n : days both have. level : coverage of the interval.
    """

    benchmark: str
    value: float
    se: float
    low: float
    high: float
    t: float
    p: float
    total: float
    n: int
    lags: int
    level: float


@dataclass(frozen=True)
class Since:
    """One asset from the close of `start`.

    Attributes
    ----------
    first, last : days of the first and the last return used. n : returns.
    total, annualised : fractions; annualised is None under a year, where it would only exaggerate.
    note : what is short or late, empty when nothing is.
    """

    asset: str
    start: pd.Timestamp
    first: pd.Timestamp
    last: pd.Timestamp
    n: int
    total: float
    annualised: float | None
    drawdown: Drawdown
    years: tuple[Year, ...]
    against: Against | None
    note: str

    def estimate(self) -> Estimate | None:
        """The difference from the benchmark as a result; None for the benchmark itself."""
        if self.against is None:
            return None
        a = self.against
        return Estimate(
            label=f"{self.asset} minus {a.benchmark}, since the close of {self.start:%Y-%m-%d}",
            value=a.value, unit="percentage points a year", low=a.low, high=a.high,
            level=a.level, p=a.p, p_floor=None, mde=None, n=a.n, n_of="days", method=f"252 times the mean daily difference, HAC with {a.lags} lags",
            sample=(f"{self.first:%Y-%m-%d}", f"{self.last:%Y-%m-%d}"), note=self.note,
        )  # fmt: skip


def performance_since(
    returns: pd.DataFrame,
    start: str,
    *,
    assets: tuple[str, ...] | None = None,
    benchmark: str = "spy",
    hac_lags: int = 5,
    level: float = 0.95,
    least_days: int = 60,
) -> tuple[Since, ...]:
    """Each asset from the close of `start` to its own last return.

    The return of `start` itself is left out: a reader of that day could no longer earn it. A return
    counts only from the day the asset has one: late starts and early ends are noted, never filled.

    Parameters
    ----------
    returns : days x assets, simple returns with dividends, fractions; missing only at the ends.
    start : day of the first close. level : coverage. least_days : returns an asset must have.

    Raises
    ------
    ProjectError : an asset that is not there, has a hole, a loss of everything, or too few days,
        with their number; a level outside 0 to 1; unordered dates.
    """
    where = "performance_since"
    names = tuple(map(str, returns.columns)) if assets is None else assets
    missing = [name for name in (*names, benchmark) if name not in returns.columns]
    if missing:
        raise ProjectError(f"no column {missing[0]!r}", where=where, expected="a column of returns")
    if not returns.index.is_monotonic_increasing or not returns.index.is_unique:
        raise ProjectError("dates out of order or twice", where=where, expected="one row a day")
    if not 0 < level < 1:
        raise ProjectError(f"level={level}", where=where, expected="a number between 0 and 1")
    if least_days <= hac_lags + 1 or hac_lags < 0:
        raise ProjectError(
            f"least_days={least_days}, hac_lags={hac_lags}", where=where,
            expected="lags >= 0 and more days than lags",
        )  # fmt: skip
    after = returns.loc[returns.index > pd.Timestamp(start)]
    # Rows of other columns beyond the benchmark's last day are no days of this comparison.
    after = after.loc[_held(after[benchmark], benchmark, least_days).index]
    return tuple(
        _since(after, name, pd.Timestamp(start), benchmark, hac_lags, level, least_days)
        for name in names
    )


def max_drawdown(returns: pd.Series, start: pd.Timestamp) -> Drawdown:
    """The deepest fall of (n,) compounded simple returns, whose first peak may be `start`."""
    wealth = pd.concat([pd.Series([1.0], index=[start]), (1 + returns).cumprod()])
    fall = wealth / wealth.cummax() - 1
    trough = fall.idxmin()
    peak = wealth.loc[:trough].idxmax()
    after = wealth.loc[trough:]
    back = after.index[after >= wealth.loc[peak]]
    return Drawdown(float(fall.min()), peak, trough, back[0] if len(back) else None)


def _since(
    returns: pd.DataFrame,
    asset: str,
    start: pd.Timestamp,
    benchmark: str,
    lags: int,
    level: float,
    least: int,
) -> Since:
    held = _held(returns[asset], asset, least)
    first, last = held.index[0], held.index[-1]
    late, early = first > returns.index[0], last < returns.index[-1]
    # The close before the first return: of `start` unless the asset is younger.
    base = returns.index[returns.index.get_loc(first) - 1] if late else start
    span = (last - base).days / YEAR
    total = float((1 + held).prod() - 1)
    notes = [
        f"begins on {first:%Y-%m-%d}" if late else "",
        f"ends on {last:%Y-%m-%d}" if early else "",
        f"{len(held)} days, under a year: not annualised" if span < 1 else "",
    ]
    return Since(
        asset=asset, start=start, first=first, last=last, n=len(held), total=total,
        annualised=(1 + total) ** (1 / span) - 1 if span >= 1 else None,
        drawdown=max_drawdown(held, base), years=_years(held, base),
        against=None if asset == benchmark
        else _against(held, returns[benchmark].loc[first:last], benchmark, lags, level),
        note="; ".join(filter(None, notes)),
    )  # fmt: skip


def _held(column: pd.Series, asset: str, least: int) -> pd.Series:
    """The column without its missing ends."""
    present = column.dropna()
    if len(present) < least:
        raise ProjectError(
            f"{len(present)} days of returns", where=asset, expected=f"at least {least} after the start"
        )  # fmt: skip
    inside = column.loc[present.index[0] : present.index[-1]]
    if inside.isna().any():
        holes = inside.index[inside.isna()]
        raise ProjectError(
            f"{len(holes)} days missing, the first {holes[0]:%Y-%m-%d}", where=asset,
            expected="no hole between the first day and the last",
        )  # fmt: skip
    if not np.isfinite(present).all() or (present <= -1).any():
        raise ProjectError(
            "a return of -100% or less, or infinite", where=asset, expected="returns"
        )
    return inside


def _years(held: pd.Series, base: pd.Timestamp) -> tuple[Year, ...]:
    found = []
    last = held.index[-1]
    for year, part in held.groupby(held.index.year):
        # Whole: the close before it is of the year before, and it runs to the last days of December.
        begins = part.index[0] > held.index[0] or base.year < year
        ends = last.year > year or (last.month == 12 and last.day >= 29)
        value = float((1 + part).prod() - 1)
        found.append(Year(int(str(year)), value, len(part), bool(begins and ends)))
    return tuple(found)


def _against(
    held: pd.Series, market: pd.Series, benchmark: str, lags: int, level: float
) -> Against:
    gap = 100 * DAYS * (held - market)
    if float(gap.std()) <= 1e-12:
        raise ProjectError(
            "the returns equal the benchmark's every day", where=str(held.name),
            expected="an asset other than the benchmark",
        )  # fmt: skip
    fit = sm.OLS(gap.to_numpy(), np.ones(len(gap))).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
    )
    low, high = fit.conf_int(1 - level)[0]
    total = float((1 + held).prod() - (1 + market).prod())
    return Against(benchmark, float(fit.params[0]), float(fit.bse[0]), float(low), float(high),
                   float(fit.tvalues[0]), float(fit.pvalues[0]), total, len(gap), lags, level)  # fmt: skip
