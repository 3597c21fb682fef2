"""Quotes through yfinance, where it is installed: an optional library, never a dependency."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import pandas as pd

from helpers.project import ProjectError

LIBRARY = "yfinance"
Download = Callable[[str], pd.DataFrame]


def library_download() -> Download | None:
    """The library's download by symbol; None where it is not installed."""
    if importlib.util.find_spec(LIBRARY) is None:
        return None
    library: Any = importlib.import_module(LIBRARY)

    def download(symbol: str) -> pd.DataFrame:
        table: pd.DataFrame = library.download(
            symbol, period="max", auto_adjust=True, progress=False, multi_level_index=False
        )
        return table

    return download


def quotes_csv(symbol: str, download: Download) -> bytes:
    """Daily closes of a symbol, adjusted, as the csv that `parse_quotes` reads.

    Raises
    ------
    ProjectError : the library fails in whatever way, or gives no close.
    """
    try:
        table = download(symbol)
    except Exception as error:
        raise ProjectError(
            f"{LIBRARY} failed: {type(error).__name__}: {error}", where=symbol
        ) from error
    if table is None or "Close" not in table or table["Close"].dropna().empty:
        raise ProjectError(f"{LIBRARY} gave no close", where=symbol)
    closes = table["Close"].dropna()
    days = pd.DatetimeIndex(closes.index).tz_localize(None).strftime("%Y-%m-%d")
    return pd.DataFrame({"Date": days, "Close": closes.to_numpy()}).to_csv(index=False).encode()
