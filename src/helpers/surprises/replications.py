"""What others found, and what open data give: published, ours, difference, why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from helpers.surprises.responses import FEWEST, Response, respond

COLUMNS = ["study", "what", "published", "ours", "low", "high", "difference", "n", "sample", "why"]
# Six days that Bernanke and Kuttner name as outliers are taken here as the six most influential.
OUTLIERS = 6


def replications(daily: pd.DataFrame, surprises: pd.DataFrame) -> pd.DataFrame:
    """Published figures beside ours.

    Parameters
    ----------
    daily : columns mkt, smb, fomc_announcement; fractions. surprises : as `Announcements.table`.

    Returns
    -------
    One row a figure: study, what (with unit), published, ours, low, high (95%), difference, n,
    sample, why (when they differ).
    """
    target = surprises["target_pp"]
    rows = [
        *_bernanke_kuttner(daily["mkt"].rename("market"), target.loc["1989-06":"2002-12"]),
        _gurkaynak(surprises.loc["1990":"2004", ["target_pp", "sp500_pct"]].dropna()),
        _wrong_way(surprises.loc["1990":"2016", ["target_pp", "path_pp", "sp500_pct"]].dropna()),
        *_announcement_days(daily),
        _small_more(daily["smb"], target),
    ]
    frame = pd.DataFrame(rows)
    return frame.assign(difference=frame["ours"] - frame["published"])[COLUMNS]


def _bernanke_kuttner(market: pd.Series, target: pd.Series) -> list[dict[str, object]]:
    study = "Bernanke and Kuttner 2005"
    found = respond(market, target)
    fewer = respond(market, target.drop(found.influence.index[:OUTLIERS]))
    why = "surprises over half an hour, theirs over the day"
    return [
        _row(study, "market, percent for a point of surprise", -4.68, found, why),
        _row(study, f"the same without {OUTLIERS} outliers", -2.55, fewer,
             f"{why}; our {OUTLIERS} most influential days"),
    ]  # fmt: skip


def _gurkaynak(both: pd.DataFrame) -> dict[str, object]:
    fit = sm.OLS(both["sp500_pct"], sm.add_constant(both["target_pp"])).fit(
        cov_type="HC3", use_t=True
    )
    low, high = fit.conf_int().loc["target_pp"]
    return {
        "study": "Gürkaynak, Sack and Swanson 2005", "what": "S&P 500 within 30 minutes, percent for a point",
        "published": -4.3, "ours": fit.params["target_pp"], "low": low, "high": high, "n": len(both),
        "sample": _sample(both.index), "why": "another file of the same surprises; R2 "
        f"{fit.rsquared:.2f}, published 0.37",
    }  # fmt: skip


def _wrong_way(both: pd.DataFrame) -> dict[str, object]:
    moved = both[(both["path_pp"] != 0) & (both["sp500_pct"] != 0)]
    wrong = int((np.sign(moved["path_pp"]) == np.sign(moved["sp500_pct"])).sum())
    interval = stats.binomtest(wrong, len(moved)).proportion_ci(0.95, method="wilson")
    return {
        "study": "Jarociński and Karadi 2020", "what": "percent of surprises after which stocks moved with them",
        "published": 100 / 3, "ours": 100 * wrong / len(moved), "low": 100 * interval.low,
        "high": 100 * interval.high, "n": len(moved), "sample": _sample(moved.index),
        "why": "about a third; they use a component of several futures, here the fourth Eurodollar",
    }  # fmt: skip


def _announcement_days(daily: pd.DataFrame) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for what, first, last in (
        ("1994-09 to 2011-03", "1994-09", "2011-03"),
        ("after 2011-03", "2011-04", "2024-09"),
    ):
        part = daily.loc[first:last, ["mkt_rf", "fomc_announcement"]].dropna()
        on = 100 * part.loc[part["fomc_announcement"] == 1, "mkt_rf"]
        off = 100 * part.loc[part["fomc_announcement"] == 0, "mkt_rf"]
        if len(on) < FEWEST:
            continue
        welch = stats.ttest_ind(on, off, equal_var=False)
        interval = welch.confidence_interval()
        rows.append({
            "study": "Lucca and Moench 2015", "what": f"announcement days less others, percent, {what}",
            "published": 0.49 if first == "1994-09" else np.nan, "ours": on.mean() - off.mean(),
            "low": interval.low, "high": interval.high, "n": len(on), "sample": _sample(part.index),
            "why": "close to close, theirs the 24 hours before the announcement"
            if first == "1994-09" else "after their sample",
        })  # fmt: skip
    return rows


def _small_more(smb: pd.Series, target: pd.Series) -> dict[str, object]:
    found = respond(smb.rename("SMB"), target, (0, 5))
    return _row(
        "Ehrmann and Fratzscher 2004; Maio 2014", "small minus big, days 0 to 5 (published: negative)",
        np.nan, found, "direction only: theirs are other samples and assets",
    )  # fmt: skip


def _row(study: str, what: str, published: float, found: Response, why: str) -> dict[str, object]:
    return {
        "study": study, "what": what, "published": published, "ours": found.value, "low": found.low,
        "high": found.high, "n": found.n, "sample": f"{found.first:%Y-%m} to {found.last:%Y-%m}", "why": why,
    }  # fmt: skip


def _sample(days: pd.Index) -> str:
    return f"{days[0]:%Y-%m} to {days[-1]:%Y-%m}"
