"""What the event study watches: the best that an edition's daily panel allows."""

from __future__ import annotations

import pandas as pd

from helpers.project import ProjectError

# label, long side, short side ("" for a factor or an index by itself); the first asset whose
# columns are there is the headline.
ASSETS = {
    "smb": ("small minus big (SMB)", "smb", ""),
    "small_minus_large": ("smallest minus largest decile", "size_lo_10", "size_hi_10"),
    "iwm_minus_spy": ("IWM minus SPY", "iwm", "spy"),
    "average_minus_market": ("average stock minus market", "ew", "mkt"),
    "rsp_minus_spy": ("RSP minus SPY", "rsp", "spy"),
    "rmw": ("robust minus weak profits (RMW)", "rmw", ""),
    "qual_minus_spy": ("QUAL minus SPY", "qual", "spy"),
    "nasdaq": ("Nasdaq composite", "nasdaq", ""),
}
MARKETS = ("mkt", "sp500")
FEWEST_DAYS = 1000


def event_assets(daily: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series, dict[str, str]]:
    """Assets, market and labels for an event study.

    Parameters
    ----------
    daily : the daily panel; fractions.

    Returns
    -------
    assets : days of the market x assets; fractions, a long side minus a short one where it has two;
        missing where either side is. Assets with fewer than a thousand days are left out: an event
        needs a year before it.
    market : the market of the market model, on those days.
    labels : asset -> words.

    Raises
    ------
    ProjectError : no market, or no asset.
    """
    name = next((each for each in MARKETS if each in daily), None)
    if name is None:
        raise ProjectError(
            "no market", where="daily panel", expected=" or ".join(MARKETS), mend="make data"
        )
    market = daily[name].dropna()
    found: dict[str, pd.Series] = {}
    for asset, (_, long, short) in ASSETS.items():
        if long in daily and (not short or short in daily):
            values = daily[long] - (daily[short] if short else 0.0)
            values = values.reindex(market.index)
            if values.count() >= FEWEST_DAYS:
                found[asset] = values
    if not found:
        raise ProjectError("no asset", where="daily panel", expected=", ".join(ASSETS))
    return pd.DataFrame(found), market, {asset: ASSETS[asset][0] for asset in found}
