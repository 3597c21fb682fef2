"""How cheap small companies are against large ones, and where that stands in its own history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.conditions._months import PERCENT, Floats, require_months, without_ends
from helpers.inference.resampling import block_length, resampled_rows
from helpers.project import ProjectError

# Low, middle and high book-to-market; the names of the French library's six portfolios, also where
# its sections call them otherwise.
SMALL = ("small_lobm", "me1_bm2", "small_hibm")
BIG = ("big_lobm", "me2_bm2", "big_hibm")
FORMATION = 7  # July: portfolios and their book equity are new


@dataclass(frozen=True)
class Standing:
    """Where a spread stood in its history.

    Attributes
    ----------
    month, value : the reading; log points, small minus large, high when small is cheap.
    times : the same as a ratio, book-to-market of small over that of large.
    then : percent of earlier months with a lower spread: known at the time.
    low, high : interval of `then`, history resampled in stationary blocks; block in months.
    full : percent of all other months with a lower spread, later ones included: hindsight.
    n, n_full : months before, and all months but this one. years : July formations before.
    book_year : fiscal year whose book equity is in the figure. formed : month end at which the
        portfolios were formed.
    """

    month: pd.Timestamp
    value: float
    times: float
    then: float
    low: float
    high: float
    full: float
    n: int
    n_full: int
    years: int
    block: float
    draws: int
    book_year: int
    formed: pd.Timestamp
    unit: str = "percent of months"


def size_spread(
    book_to_market: pd.DataFrame,
    *,
    returns: pd.DataFrame | None = None,
    market_equity: pd.DataFrame | None = None,
) -> pd.Series:
    """Log book-to-market of small minus that of large companies, by month.

    The six portfolios of the French library (two sizes by three ratios) are formed at the end of
    June; in July of year t to June of t+1 their book equity is that of fiscal year t-1. The
    library's rows divide it by the price of a fixed month (June of t, or December of t-1), so during
    a year they move by changing weights alone.

    Parameters
    ----------
    book_to_market : ratios, months x the six portfolios.
    returns : fractions, same columns, value weighted. With them the price is that of the month:
        the July row divided by growth since June. They include dividends, so the
        ratio drifts down by the yield within a year, for both sizes; July sets it back.
    market_equity : firms times mean size, same columns: companies of a size are pooled by their
        worth. Without it the three ratios weigh the same, as in SMB, and the spread does not see
        that small companies are more often value companies.

    Returns
    -------
    Series by month: log points; by the month of the row, and known at its end.

    Raises
    ------
    ProjectError : a portfolio lacking, months not consecutive, a ratio that is not positive, a
        return of -1 or less, months that the tables do not share.
    """
    where = "size_spread"
    ratios = _six(book_to_market, where=f"{where}, book_to_market")
    if (ratios <= 0).any(axis=None):
        raise ProjectError("a ratio that is not positive", where=where)
    worth = None if market_equity is None else _six(market_equity, where=f"{where}, market_equity")
    growth = pd.DataFrame(1.0, ratios.index, ratios.columns)
    if returns is not None:
        # The months before the first July have no price to start from.
        first = ratios.index[ratios.index.month == FORMATION]
        if first.empty:
            raise ProjectError("no July", where=where, expected="a formation month")
        gross = 1 + _six(returns, where=f"{where}, returns")
        if (gross <= 0).any(axis=None):
            raise ProjectError("a loss of all or more", where=f"{where}, returns")
        ratios = ratios.loc[first[0] : gross.index[-1]]
        if ratios.empty or ratios.index[0] < gross.index[0]:
            raise ProjectError("returns begin after the ratios", where=where)
        year = formation_year(pd.DatetimeIndex(ratios.index))
        growth = gross.loc[ratios.index].groupby(year).cumprod()
        ratios = ratios.groupby(year).transform("first")
    if worth is not None:
        shared = ratios.index.intersection(worth.index)
        if shared.empty:
            raise ProjectError("market_equity shares no month", where=where)
        ratios, growth, worth = ratios.loc[shared], growth.loc[shared], worth.loc[shared]
        if returns is not None:
            worth = worth.groupby(formation_year(pd.DatetimeIndex(shared))).transform("first")
    sides = [_log_ratio(ratios[list(s)], growth[list(s)], worth, list(s)) for s in (SMALL, BIG)]
    return (sides[0] - sides[1]).rename("size_spread")


def standing(
    spread: pd.Series,
    at: pd.Timestamp | str,
    *,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> Standing:
    """Percentile of the spread in a month: in its history until then, and in the full sample.

    The interval of the first resamples the history in stationary blocks (Politis and Romano 1994),
    mean length that of Politis and White (2004), at least 12 months: the reading is held fixed.

    Raises
    ------
    ProjectError : a hole, a month that is not in the spread, fewer than 120 months before it.
    """
    whole = without_ends(spread, where="standing")
    month = pd.Timestamp(at) + pd.offsets.MonthEnd(0)
    if month not in whole.index or whole.index.get_loc(month) < 120:
        raise ProjectError(
            f"{month:%Y-%m} is outside the spread or has fewer than 120 months before it",
            where="standing", expected=f"up to {whole.index[-1]:%Y-%m}",
        )  # fmt: skip
    if draws < 100 or not 0 < level < 1:
        raise ProjectError(f"draws={draws}, level={level}", where="standing", expected="100 draws")
    value = float(whole[month])
    before = whole.loc[whole.index < month].to_numpy()
    others = whole.drop(month).to_numpy()
    low, high, block = _interval(before < value, level, draws, seed)
    formed = pd.Timestamp(formation_year(pd.DatetimeIndex([month]))[0], 6, 30)
    return Standing(
        month=month,
        value=value,
        times=float(np.exp(value)),
        then=PERCENT * float((before < value).mean()),
        low=low,
        high=high,
        full=PERCENT * float((others < value).mean()),
        n=len(before),
        n_full=len(others),
        years=int((whole.index[whole.index < month].month == FORMATION).sum()),
        block=block,
        draws=draws,
        book_year=formed.year - 1,
        formed=formed,
    )


def expanding_percentile(spread: pd.Series, *, least: int = 120) -> pd.Series:
    """Percent of earlier months with a lower spread, every month after the first `least`.

    Raises
    ------
    ProjectError : a hole, `least` out of range.
    """
    whole = without_ends(spread, where="expanding_percentile")
    if not 1 <= least < len(whole):
        raise ProjectError(f"least={least}", where="expanding_percentile", expected="some months")
    values = whole.to_numpy()
    found = [PERCENT * float((values[:t] < values[t]).mean()) for t in range(least, len(values))]
    return pd.Series(found, whole.index[least:], name="percentile")


def formation_year(months: pd.DatetimeIndex) -> pd.Index:
    """Year of the June at whose end the portfolios of a month were formed."""
    return pd.Index(months.year - (months.month < FORMATION))


def _six(table: pd.DataFrame, *, where: str) -> pd.DataFrame:
    lacking = [name for name in (*SMALL, *BIG) if name not in table.columns]
    if lacking:
        raise ProjectError(f"no column {lacking[0]}", where=where, expected=", ".join(SMALL + BIG))
    require_months(table, where=where)
    chosen = table[[*SMALL, *BIG]].astype(float)
    if not np.isfinite(chosen.to_numpy()).all():
        raise ProjectError("a missing or infinite value", where=where)
    return chosen


def _log_ratio(
    ratios: pd.DataFrame, growth: pd.DataFrame, worth: pd.DataFrame | None, names: list[str]
) -> pd.Series:
    """Log book-to-market of one size; `growth` of prices since the ratios were struck."""
    if worth is None:
        return np.log(ratios / growth).mean(axis=1)
    weights = worth[names]
    return np.log((weights * ratios).sum(axis=1) / (weights * growth).sum(axis=1))


def _interval(lower: np.ndarray, level: float, draws: int, seed: int) -> tuple[float, float, float]:
    """Percentile interval of the mean of `lower`, in percent, and the mean block used."""
    marks: Floats = np.asarray(lower, dtype=float)
    if marks.min() == marks.max():
        # At a record every resample agrees: block 0 says that there is no interval.
        share = PERCENT * float(marks[0])
        return share, share, 0.0
    found = block_length(marks, kind="stationary", block=None, where="standing")
    block = float(np.clip(found, 12, len(marks) / 4))
    shares: list[Floats] = []
    for index in resampled_rows(len(marks), "stationary", block, seed):
        shares.append(marks[index].mean(1))
        if sum(map(len, shares)) >= draws:
            break
    tail = (1 - level) / 2
    low, high = np.quantile(np.concatenate(shares)[:draws], [tail, 1 - tail])
    return PERCENT * float(low), PERCENT * float(high), block
