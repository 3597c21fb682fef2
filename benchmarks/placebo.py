"""Seconds that placebo and bootstrap tests of 10,000 draws take on a century of days.

    python benchmarks/placebo.py          from the checkout, environment in place

Synthetic returns; 42 events, eight FOMC days a year. At most 5 s are wanted for every_car and
placebo together.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers.eventstudy import bootstrap, every_car, placebo, volatility_state

DAYS = pd.bdate_range("1926-07-01", periods=25_000)
DRAWS = 10_000


def timed(rows: list[tuple[str, float]], name: str, call: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    found = call()
    rows.append((name, time.perf_counter() - started))
    return found


def main() -> None:
    generator = np.random.default_rng(0)
    market = pd.Series(generator.normal(0, 0.01, len(DAYS)), DAYS)
    asset = (market + generator.normal(0, 0.01, len(DAYS))).rename("asset")
    fomc = DAYS[DAYS.day_of_week == 2][6::6]
    days = fomc[150::18][:32].append(DAYS[500::2400][:10])
    events = pd.DataFrame({"event_id": range(len(days)), "date": days})
    rows: list[tuple[str, float]] = []
    cars = timed(
        rows, "every_car, (-250, -30) and (0, 20)",
        lambda: every_car(asset, market, estimation=(-250, -30), window=(0, 20)),
    )  # fmt: skip
    states = timed(rows, "volatility_state", lambda: volatility_state(market))
    timed(
        rows, f"placebo, {len(days)} events, {DRAWS} draws",
        lambda: placebo(cars, events, fomc_days=fomc, volatility=states, draws=DRAWS),
    )  # fmt: skip
    timed(
        rows, f"bootstrap, {len(days)} events, {DRAWS} draws",
        lambda: bootstrap(cars, events, draws=DRAWS),
    )  # fmt: skip
    rows.append(("every_car and placebo (at most 5)", rows[0][1] + rows[2][1]))
    sys.stdout.write("".join(f"{name:<44}{seconds:>8.2f} s\n" for name, seconds in rows))


if __name__ == "__main__":
    main()
