"""The answer of C12 cut one way at a time: horizon, level, decade, month, portfolio, forecast."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from helpers.inference import benjamini_hochberg, hac_difference, holm
from helpers.inflation.measures import LEVELS, known, level_bucket
from helpers.inflation.regimes import RegimeSpec, regime
from helpers.project import Exclusion, ProjectError

MONTHS = 12
INDUSTRIES = Path(__file__).with_name("industries.toml")
COLUMNS = ["label", "value", "low", "high", "p", "n", "months", "rising"]
Case = tuple[str, pd.Series, pd.Series]
Slice = tuple[pd.DataFrame, list[Exclusion]]


def compare(cases: Iterable[Case], *, hac_lags: int) -> Slice:
    """Rising minus falling for each case.

    Parameters
    ----------
    cases : label, outcome (fractions a month), rising (nullable boolean; months to leave out are
        missing, so that lags stay those of the calendar).

    Returns
    -------
    One row a case: label, value, low, high (percentage points a year, HAC 95%), p, n (regimes),
    months, rising (months); and the cases that cannot be estimated, with the reason.
    """
    rows, left_out = [], []
    for label, outcome, rising in cases:
        y = 100 * outcome.dropna()
        if y.empty:
            left_out.append(Exclusion(what=label, reason="no month of it"))
            continue
        try:
            found = hac_difference(
                y, rising.loc[y.index[0] : y.index[-1]], hac_lags=hac_lags, periods_per_year=MONTHS
            )
        except ProjectError as error:
            left_out.append(Exclusion(what=label, reason=error.what))
            continue
        rows.append({
            "label": label, "value": found.value, "low": found.low, "high": found.high,
            "p": found.p, "n": found.regimes, "months": found.n_true + found.n_false,
            "rising": found.n_true,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS), left_out


def by_horizon(outcome: pd.Series, index: pd.Series, *, lag_months: int, hac_lags: int) -> Slice:
    """The change over 1, 3, 6 and 12 months of the 12-month rate; over 1, 3 and 6 of the 3-month one.

    The 3-month rate is higher than 12 months before exactly when the 12-month rate is higher than 3
    months before: both compare P(t) P(t-15) with P(t-3) P(t-12). That case stands here once.
    """

    def cases() -> Iterator[Case]:
        for rate, changes in ((12, (1, 3, 6, 12)), (3, (1, 3, 6))):
            for months in changes:
                spec = RegimeSpec(rate_months=rate, change_months=months, lag_months=lag_months)
                label = f"{rate}-month rate, change over {months}"
                yield label, outcome, regime(index, spec).rising

    return compare(cases(), hac_lags=hac_lags)


def by_threshold(outcome: pd.Series, index: pd.Series, spec: RegimeSpec, *, hac_lags: int) -> Slice:
    """Changes that count only above a quarter, a half, one percentage point either way."""
    cases = (
        (
            f"change above {threshold:g} points",
            outcome,
            regime(
                index,
                RegimeSpec(
                    spec.measure, spec.rate_months, spec.change_months, spec.lag_months, threshold
                ),
            ).rising,
        )
        for threshold in (0.0, 0.25, 0.5, 1.0)
    )
    return compare(cases, hac_lags=hac_lags)


def by_decade(outcome: pd.Series, rising: pd.Series, *, hac_lags: int) -> Slice:
    """Each decade by itself."""
    present = outcome.dropna().index
    decades = sorted({10 * (year // 10) for year in present.year})
    cases = (
        (f"{decade}s", outcome[(outcome.index.year // 10) * 10 == decade], rising)
        for decade in decades
    )
    return compare(cases, hac_lags=hac_lags)


def without(outcome: pd.Series, rising: pd.Series, *, hac_lags: int) -> Slice:
    """All months; without January; January alone; without the 1930s; without the largest moves."""
    index = pd.DatetimeIndex(outcome.index)
    january = pd.Series(index.month == 1, index)
    thirties = pd.Series((index.year >= 1930) & (index.year < 1940), index)
    largest = outcome.abs().rank(ascending=False) <= 10
    masks = {
        "all months": pd.Series(False, index),
        "without January": january,
        "January alone": ~january,
        "without the 1930s": thirties,
        "without the ten largest months": largest,
    }
    cases = (
        (label, outcome, rising.reindex(index).mask(mask))
        for label, mask in masks.items()
        if label != "without the 1930s" or thirties[outcome.notna()].any()
    )
    return compare(cases, hac_lags=hac_lags)


def by_level(
    outcome: pd.Series, rising: pd.Series, rate: pd.Series, *, lag_months: int, hac_lags: int
) -> Slice:
    """Rising minus falling within each level of inflation, with p adjusted by Holm over levels.

    The reflation reading: that rising inflation is good when it starts low. Exploratory: the ledger
    does not hang on it.

    Parameters
    ----------
    rate : inflation, percent a year, by the month it describes; it is known with the lag.
    """
    level = known(level_bucket(rate), lag_months).reindex(rising.index)
    cases = (
        (f"inflation {_percent(each)}", outcome, rising.where(level == each)) for each in LEVELS
    )
    table, left_out = compare(cases, hac_lags=hac_lags)
    return table.assign(p_holm=holm(table["p"]) if len(table) else []), left_out


def by_portfolio(portfolios: pd.DataFrame, rising: pd.Series, *, hac_lags: int) -> Slice:
    """Each portfolio, with p adjusted over all of them by Holm and by Benjamini-Hochberg.

    Parameters
    ----------
    portfolios : months x columns of the monthly panel, over bills or less another; fractions a
        month, missing before a portfolio begins.
    """
    cases = ((portfolio_name(str(name)), portfolios[name], rising) for name in portfolios)
    table, left_out = compare(cases, hac_lags=hac_lags)
    if table.empty:
        return table, left_out
    adjusted = {"p_holm": holm(table["p"]), "p_bh": benjamini_hochberg(table["p"])}
    return table.assign(**adjusted), left_out


def portfolio_name(column: str) -> str:
    """A column in words: "industry49_hlth" is "health services", "size_ew_dec_2" is "dec 2"."""
    family, _, code = column.partition("_")
    industries = tomllib.loads(INDUSTRIES.read_text(encoding="utf-8"))
    if family in industries:
        return str(industries[family].get(code, code))
    return column.removeprefix("size_value_").removeprefix("size_ew_").replace("_", " ")


def forecasts(outcome: pd.Series, rising: pd.Series, *, hac_lags: int) -> Slice:
    """Does a regime known at the end of a month tell of the next 1, 3 and 12 months?

    Overlapping sums of monthly outcomes, a year's worth; the lags of the HAC cover the overlap.
    """

    def cases() -> Iterator[tuple[int, Case]]:
        for ahead in (1, 3, 12):
            later = outcome.rolling(ahead).mean().shift(-ahead)
            words = "the next month" if ahead == 1 else f"the next {ahead} months"
            yield ahead, (words, later, rising)

    parts = [compare([case], hac_lags=max(hac_lags, ahead - 1)) for ahead, case in cases()]
    table = pd.concat([part for part, _ in parts], ignore_index=True)
    return table, [each for _, left_out in parts for each in left_out]


def _percent(level: str) -> str:
    number, above, rest = level.partition(" and above")
    return f"{number}%{above}{rest}"
