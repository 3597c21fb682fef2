"""The published figures, one function a study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from helpers.inflation import in_neville_regime
from helpers.project import Estimate, Exclusion
from helpers.surprises import Response, respond

COLUMNS = [
    "study", "what", "unit", "published", "direction", "ours", "low", "high", "difference",
    "inside", "n", "n_of", "published_sample", "sample", "why",
]  # fmt: skip
# Six days that Bernanke and Kuttner name as outliers are taken here as the six most influential.
OUTLIERS = 6
MONTHS, HAC_LAGS = 12, 12
EVEN_WEEKS = (0, 2, 4, 6)
Row = dict[str, Any]


@dataclass(frozen=True)
class Panels:
    """daily, monthly : fractions. surprises : as `helpers.surprises.load_announcements`."""

    daily: pd.DataFrame
    monthly: pd.DataFrame
    surprises: pd.DataFrame


@dataclass(frozen=True)
class Replications:
    """Figures of other studies beside ours.

    Attributes
    ----------
    table : one row a figure, `COLUMNS`. published : missing where no figure is compared; direction
        is then the sign that the study found, or zero after its sample. low, high : 95% interval of
        ours. inside : whether that interval holds the published figure; missing without one.
    left_out : studies whose data the edition lacks.
    estimates : ours by key.
    """

    table: pd.DataFrame
    left_out: list[Exclusion]
    estimates: dict[str, Estimate]


@dataclass(frozen=True)
class Study:
    """needs : columns by panel. rows : figures of the study from the panels."""

    name: str
    needs: dict[str, tuple[str, ...]]
    rows: Callable[[Panels], list[Row]]


def replicate(daily: pd.DataFrame, monthly: pd.DataFrame, surprises: pd.DataFrame) -> Replications:
    """Compute every figure whose data are at hand.

    Parameters
    ----------
    daily : columns mkt, mkt_rf, smb; monthly : mkt, rf, cpi_nsa_index; fractions and an index.
    surprises : by effective day, columns target_pp, path_pp, sp500_pct, scheduled.
    """
    panels = Panels(daily, monthly, surprises)
    rows: list[Row] = []
    left_out = []
    for study in STUDIES:
        lacking = [
            name for panel, names in study.needs.items() for name in names
            if name not in getattr(panels, panel)
        ]  # fmt: skip
        if lacking:
            left_out.append(Exclusion(what=study.name, reason=f"no data for {', '.join(lacking)}"))
            continue
        rows += [{"study": study.name, **row} for row in study.rows(panels)]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "key"])
    frame["direction"] = frame["direction"].fillna(np.sign(frame["published"])).astype(int)
    frame["difference"] = frame["ours"] - frame["published"]
    held = frame["published"].between(frame["low"], frame["high"])
    frame["inside"] = held.astype("boolean").where(frame["published"].notna())
    estimates = {str(row["key"]): _estimate(row) for row in frame.to_dict("records")}
    return Replications(frame[COLUMNS], left_out, estimates)


def _estimate(row: Row) -> Estimate:
    first, _, last = str(row["sample"]).partition(" to ")
    return Estimate(
        label=f"{row['study']}, {row['what']}", value=row["ours"], unit=row["unit"], low=row["low"],
        high=row["high"], level=0.95, p=None, p_floor=None, mde=None, n=int(row["n"]),
        n_of=row["n_of"], sample=(first, last), method=row["why"] or "as published",
    )  # fmt: skip


def _bernanke_kuttner(panels: Panels) -> list[Row]:
    """Table 3: the market's day on the surprise, and the same without six outliers."""
    target = panels.surprises["target_pp"].loc["1989-06":"2002-12"]
    market = panels.daily["mkt"].rename("market")
    found = respond(market, target)
    fewer = respond(market, target.drop(found.influence.index[:OUTLIERS]))
    why = "surprises over half an hour, theirs over the day"
    shared = {"unit": "percent for a point", "published_sample": "1989-06 to 2002-12, 131"}
    return [
        {**_slope(found), **shared, "key": "bernanke_kuttner", "published": -4.68,
         "what": "market on the day", "why": why},
        {**_slope(fewer), **shared, "key": "bernanke_kuttner_fewer", "published": -2.55,
         "what": f"market, without {OUTLIERS} outliers",
         "why": f"{why}; our {OUTLIERS} most influential days"},
    ]  # fmt: skip


def _gurkaynak(panels: Panels) -> list[Row]:
    """Table 5: the S&P 500 within half an hour."""
    both = panels.surprises.loc["1990":"2004", ["target_pp", "sp500_pct"]].dropna()
    fit = _ols(both["sp500_pct"], both["target_pp"])
    return [{
        **_fitted(fit, "target_pp", both.index), "key": "gurkaynak_sack_swanson",
        "unit": "percent for a point", "n_of": "announcements", "published": -4.3,
        "published_sample": "1990 to 2004, 138",
        "what": "S&P 500 within half an hour",
        "why": f"another file of the same surprises; R2 {fit.rsquared:.2f}, published 0.37",
    }]  # fmt: skip


def _jarocinski_karadi(panels: Panels) -> list[Row]:
    both = panels.surprises.loc["1990":"2016", ["target_pp", "path_pp", "sp500_pct"]].dropna()
    moved = both[(both["path_pp"] != 0) & (both["sp500_pct"] != 0)]
    wrong = int((np.sign(moved["path_pp"]) == np.sign(moved["sp500_pct"])).sum())
    interval = stats.binomtest(wrong, len(moved)).proportion_ci(0.95, method="wilson")
    return [{
        "what": "stocks moved with the rate", "published": 100 / 3,
        "ours": 100 * wrong / len(moved), "low": 100 * interval.low, "high": 100 * interval.high,
        "n": len(moved), "sample": _sample(moved.index), "key": "jarocinski_karadi",
        "unit": "percent of surprises", "n_of": "announcements", "published_sample": "1990 to 2016, about a third",
        "why": "theirs is a component of several futures, here the fourth Eurodollar",
    }]  # fmt: skip


def _lucca_moench(panels: Panels) -> list[Row]:
    """The day of scheduled announcements less other days; theirs ends before the announcement."""
    meetings = _scheduled(panels.surprises)
    rows: list[Row] = []
    for key, what, published, first, last, why in (
        ("lucca_moench", "scheduled days less others", 0.49, "1994-09", "2011-03",
         "close to close, theirs the 24 hours before"),
        ("lucca_moench_after", "the same, since", np.nan, "2011-04", "2100", "after their sample"),
    ):  # fmt: skip
        part = 100 * panels.daily.loc[first:last, "mkt_rf"].dropna()
        part = part.loc[: meetings[-1]]
        on = part.index.isin(meetings)
        welch = stats.ttest_ind(part[on], part[~on], equal_var=False)
        interval = welch.confidence_interval()
        rows.append({
            "what": what, "direction": 0 if np.isnan(published) else 1, "published": published, "ours": part[on].mean() - part[~on].mean(), "low": interval.low,
            "high": interval.high, "n": int(on.sum()), "sample": _sample(part.index), "key": key,
            "unit": "percent a day", "n_of": "announcements", "why": why,
            "published_sample": "" if np.isnan(published) else "1994-09 to 2011-03, 131",
        })  # fmt: skip
    return rows


def _cieslak(panels: Panels) -> list[Row]:
    """Days in even weeks of the announcement cycle less days in odd weeks."""
    days = panels.daily["mkt_rf"].dropna()
    week, cycle = cycle_weeks(pd.DatetimeIndex(days.index), _scheduled(panels.surprises))
    frame = pd.DataFrame({"y": 100 * days, "week": week, "cycle": cycle}).loc["1994":"2016"]
    frame = frame.dropna()
    even = frame["week"].isin(EVEN_WEEKS).astype(float).rename("even")
    fit = sm.OLS(frame["y"], sm.add_constant(even)).fit(
        cov_type="cluster", cov_kwds={"groups": frame["cycle"].astype(int)}, use_t=True
    )
    odd = f"{fit.params['const']:+.3f}".replace("-", "\N{MINUS SIGN}")
    return [{
        **_fitted(fit, "even", frame.index), "n": frame["cycle"].nunique(), "key": "cieslak",
        "n_of": "announcement cycles", "unit": "percent a day", "published": np.nan,
        "published_sample": "1994 to 2016, the premium is earned in even weeks only",
        "what": "even weeks less odd ones", "direction": 1,
        "why": f"direction; odd weeks earned {odd} percent a day here",
    }]  # fmt: skip


def cycle_weeks(days: pd.DatetimeIndex, meetings: pd.DatetimeIndex) -> tuple[pd.Series, pd.Series]:
    """Week of each trading day in announcement-cycle time, and the cycle's number.

    Week 0 is the day before a meeting's day to three days after it, week 1 the next five trading
    days, and so on (Cieslak, Morse and Vissing-Jorgensen 2019). Missing before the first meeting.
    """
    at = days.get_indexer(meetings)
    starts = at[at > 0] - 1
    place = np.arange(len(days))
    cycle = np.searchsorted(starts, place, side="right") - 1
    week = (place - starts[cycle.clip(0)]) // 5
    known = cycle >= 0
    return (
        pd.Series(np.where(known, week, np.nan), days),
        pd.Series(np.where(known, cycle, np.nan), days),
    )


def _neville(panels: Panels) -> list[Row]:
    """Compound real return of the market inside and outside the dated inflations."""
    monthly = panels.monthly
    prices = monthly["cpi_nsa_index"].pct_change(fill_method=None)
    real = np.log((1 + monthly["mkt"]) / (1 + prices)).loc["1926-07":"2020-12"].dropna()
    inside = in_neville_regime(pd.DatetimeIndex(real.index)).astype(bool)
    sides = pd.DataFrame({"inside": inside, "outside": ~inside}).astype(float)
    fit = sm.OLS(real, sides).fit(cov_type="HAC", cov_kwds={"maxlags": HAC_LAGS}, use_t=True)
    rows: list[Row] = []
    for side, published in (("inside", -7.0), ("outside", 10.0)):
        value = fit.params[side]
        ours, low, high = (
            100 * np.expm1(MONTHS * each) for each in (value, *fit.conf_int().loc[side])
        )
        rows.append({
            "what": f"real return {side} the inflations",
            "published": published, "ours": ours, "low": low, "high": high,
            "n": int(sides[side].sum()), "n_of": "months", "unit": "percent a year",
            "sample": _sample(real.index), "key": f"neville_{side}",
            "published_sample": "1926 to 2020", "why": "published to the whole percent; our interval "
            f"takes the dates as given, HAC with {HAC_LAGS} lags",
        })  # fmt: skip
    return rows


def _fama_schwert(panels: Panels) -> list[Row]:
    """The market's month on the bill rate known before it."""
    part = panels.monthly.loc["1953-01":"1971-07", ["mkt", "rf"]].dropna()
    fit = _ols(part["mkt"], part["rf"])
    return [{
        **_fitted(fit, "rf", part.index), "n_of": "months", "key": "fama_schwert",
        "unit": "percent for a percent", "published": -5.5, "published_sample": "1953-01 to 1971-07",
        "what": "market on the bill rate",
        "why": "all listed stocks, theirs those of the New York exchange",
    }]  # fmt: skip


def _small_more(panels: Panels) -> list[Row]:
    smb = panels.daily["smb"].rename("SMB")
    return [
        {**_slope(respond(smb, panels.surprises[column], (0, 5))), "key": f"small_more_{words}",
         "unit": "percent for a point", "published": np.nan, "direction": -1,
         "published_sample": "small firms respond more: negative",
         "what": f"small minus big, days 0 to 5, on the {words}",
         "why": "direction; their samples and assets are others"}
        for words, column in (("target", "target_pp"), ("path", "path_pp"))
    ]  # fmt: skip


STUDIES = (
    Study("Bernanke and Kuttner 2005", {"daily": ("mkt",), "surprises": ("target_pp",)},
          _bernanke_kuttner),
    Study("Gürkaynak, Sack and Swanson 2005", {"surprises": ("target_pp", "sp500_pct")}, _gurkaynak),
    Study("Lucca and Moench 2015", {"daily": ("mkt_rf",), "surprises": ("scheduled",)},
          _lucca_moench),
    Study("Cieslak, Morse and Vissing-Jorgensen 2019",
          {"daily": ("mkt_rf",), "surprises": ("scheduled",)}, _cieslak),
    Study("Jarociński and Karadi 2020", {"surprises": ("target_pp", "path_pp", "sp500_pct")},
          _jarocinski_karadi),
    Study("Neville et al. 2021", {"monthly": ("mkt", "cpi_nsa_index")}, _neville),
    Study("Fama and Schwert 1977", {"monthly": ("mkt", "rf")}, _fama_schwert),
    Study("Ehrmann and Fratzscher 2004; Maio 2014",
          {"daily": ("smb",), "surprises": ("target_pp", "path_pp")}, _small_more),
)  # fmt: skip


def _scheduled(surprises: pd.DataFrame) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(surprises.index[surprises["scheduled"].eq(True).fillna(False)])


def _ols(y: pd.Series, x: pd.Series) -> Any:
    return sm.OLS(y, sm.add_constant(x)).fit(cov_type="HC3", use_t=True)


def _fitted(fit: Any, name: str, days: pd.Index) -> Row:
    low, high = fit.conf_int().loc[name]
    return {
        "ours": fit.params[name], "low": low, "high": high, "n": int(fit.nobs),
        "sample": _sample(days),
    }  # fmt: skip


def _slope(found: Response) -> Row:
    return {
        "ours": found.value, "low": found.low, "high": found.high, "n": found.n,
        "n_of": "announcements", "sample": f"{found.first:%Y-%m} to {found.last:%Y-%m}",
    }  # fmt: skip


def _sample(days: pd.Index) -> str:
    return f"{days[0]:%Y-%m} to {days[-1]:%Y-%m}"
