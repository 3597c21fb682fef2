"""A synthetic panel: prices that wander, returns that owe a planted part to them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

PLANTED = 0.012  # a month, added while 12-month inflation is above that of six months before


def synthetic_panel(seed: int, *, planted: float = 0.0, years: int = 75) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    months = pd.date_range("1945-01-31", periods=12 * years, freq="ME", unit="us")
    shocks = rng.normal(0, 0.0012, len(months))
    drift = 0.003 + np.convolve(shocks, 0.95 ** np.arange(120))[: len(months)]
    prices = pd.Series(50 * np.exp(np.cumsum(drift)), months)
    core = pd.Series(48 * np.exp(np.cumsum(0.5 * drift + 0.0015)), months)
    rate = prices / prices.shift(12)
    rising = (rate > rate.shift(6)).shift(1, fill_value=False).to_numpy()
    market = rng.normal(0.007, 0.04, len(months))
    average = market + rng.normal(0, 0.02, len(months)) + planted * rising
    return pd.DataFrame(
        {
            "cpi_nsa_index": prices, "cpi_sa_index": prices * np.exp(rng.normal(0, 0.0005, len(months))),
            "core_cpi_sa_index": core.where(months >= "1957"), "rf": 0.003, "mkt": market,
            "smb": average - market, "ew": average, "ew_without_smallest": 0.9 * average,
            "size_vw_hi_10": market + rng.normal(0, 0.005, len(months)),
        },
        index=months,
    )  # fmt: skip


@pytest.fixture(scope="session")
def panel() -> Callable[..., pd.DataFrame]:
    return synthetic_panel
