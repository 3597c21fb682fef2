"""The engine against the `eventstudy` package on the same returns, and how its cost grows.

    pip install --no-deps --target build/theirs eventstudy
    PYTHONPATH=build/theirs python benchmarks/eventstudy_engine.py

Market model, 250 estimation and 31 event days, all closed-form statistics; synthetic returns. Both
run in one process; where the package is not there, only the growth is shown.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from helpers.eventstudy import run
from helpers.eventstudy.pooled import pooled_tests

ESTIMATION, WINDOW, BUFFER = (-290, -41), (-10, 20), 30
SIZES = ((10, 10), (32, 32), (100, 100), (316, 316), (1000, 1000))  # assets x events


def drawn(assets: int, events: int) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    rng = np.random.default_rng(1)
    days = pd.bdate_range("1980-01-01", periods=6000, unit="us")
    market = pd.Series(rng.normal(0, 0.01, len(days)), days)
    noise = rng.normal(0, 0.015, (len(days), assets))
    names = [f"a{i}" for i in range(assets)]
    returns = pd.DataFrame(market.to_numpy()[:, None] + noise, days, names)
    chosen = np.sort(rng.choice(np.arange(400, 5900), events, replace=False))
    dates = pd.DataFrame({"event_id": [f"e{i}" for i in range(events)], "date": days[chosen]})
    return returns, market, dates


def ours(assets: int, events: int) -> float:
    returns, market, dates = drawn(assets, events)
    started = time.perf_counter()
    study = run(
        returns, dates, market=market, estimation=ESTIMATION, window=WINDOW, car_windows=[WINDOW]
    )
    assert len(pooled_tests(study)) > 0
    return time.perf_counter() - started


def theirs(assets: int, events: int) -> float | None:
    try:
        from eventstudy import Single  # type: ignore[import-not-found]
    except ImportError:
        return None
    returns, market, dates = drawn(assets, events)
    Single._parameters["returns"] = {
        "date": returns.index.to_numpy().astype("datetime64[D]"),
        "market": market.to_numpy(),
        **{name: returns[name].to_numpy() for name in returns},
    }
    Single._parameters["max_iteration"] = 10
    study = run(returns, dates, market=market, estimation=ESTIMATION, window=WINDOW)
    started, worst = time.perf_counter(), 0.0
    for event, date in dates.itertuples(index=False):
        for asset in returns:
            single = Single.market_model(
                security_ticker=asset, market_ticker="market", event_date=np.datetime64(date, "D"),
                event_window=WINDOW, estimation_size=250, buffer_size=BUFFER,
            )  # fmt: skip
            gap = np.abs(single.AR - study.abnormal.loc[event, asset].to_numpy()).max()
            worst = max(worst, float(gap))
    assert worst < 1e-9, worst  # the same abnormal returns
    return time.perf_counter() - started


def main() -> None:
    lines = ["| asset-events | seconds | a second | peak MiB |", "|---:|---:|---:|---:|"]
    sizes, seconds = [], []
    for assets, events in SIZES:
        # Twice: the first touch of a gigabyte is the machine's time, not the engine's.
        took, n = min(ours(assets, events) for _ in range(2)), assets * events
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sizes.append(n)
        seconds.append(took)
        lines.append(f"| {n:,} | {took:.3f} | {n / took:,.0f} | {peak:,.0f} |")
    slope = np.polyfit(np.log(sizes[1:]), np.log(seconds[1:]), 1)[0]
    lines += ["", f"Slope of log time on log number, from {sizes[1]:,} on: {slope:.2f}."]
    if (package := theirs(20, 20)) is None:
        lines.append("The eventstudy package is not there: see the head of this script.")
    else:
        package = min(package, theirs(20, 20) or package)
        mine = min(ours(20, 20) for _ in range(3))
        ratios = [n / took * package / 400 for n, took in zip(sizes, seconds, strict=True)]
        lines += [
            "", "| 400 asset-events | seconds | a second |", "|---|---:|---:|",
            f"| eventstudy package (abnormal returns only) | {package:.2f} | {400 / package:,.0f} |",
            f"| this engine, all closed-form statistics | {mine:.3f} | {400 / mine:,.0f} |",
            "", f"Ratio at 400: {package / mine:.0f}; at {sizes[-2]:,}: {ratios[-2]:.0f}; "
            f"at {sizes[-1]:,}: {ratios[-1]:.0f}.",
        ]  # fmt: skip
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
