"""Specifications a second against the `specification-curve` package, the joint test, and growth.

    pip freeze > build/pins.txt; pip install --target build/theirs -c build/pins.txt specification-curve
    make && PYTHONPATH=build/theirs python benchmarks/speccurve.py

On the bundled panel, both in one process on the same regressions; ours with HAC errors, theirs with
the ones it has. Where the package is not there, only ours is shown.
"""

from __future__ import annotations

import contextlib
import io
import resource
import sys
import time

import numpy as np
import pandas as pd

from helpers.panel import load_panel
from helpers.project import Workspace
from helpers.speccurve import (
    Grid,
    SpecificationCurve,
    estimate_curve,
    load_grid,
    mapper,
    shift_test,
)

END, LAGS, THEIRS = "2020-12", 12, 200


def timed(monthly: pd.DataFrame, grid: Grid, where: str) -> tuple[float, SpecificationCurve]:
    with mapper(where) as over:  # type: ignore[arg-type]
        started = time.perf_counter()
        curve = estimate_curve(monthly, grid, sample_end=END, hac_lags=LAGS, mapper=over)
        return time.perf_counter() - started, curve


def theirs(curve: SpecificationCurve) -> float | None:
    """Seconds the package needs for `THEIRS` of the same regressions."""
    try:
        import specification_curve as sc  # type: ignore[import-not-found]
    except ImportError:
        return None
    group = max(curve.groups, key=lambda each: len(each.specs))
    rules = THEIRS // 4
    frame = pd.DataFrame(
        {f"y{i}": row for i, row in enumerate(group.outcomes[:4])}
        | {f"x{i}": row for i, row in enumerate(group.true[:rules])}
    )
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        found = sc.SpecificationCurve(
            frame, [f"y{i}" for i in range(4)], [f"x{i}" for i in range(rules)], []
        )
        found.fit()
    return time.perf_counter() - started


def main() -> None:
    monthly = load_panel(Workspace.current(), "monthly")
    grid = load_grid()
    lines = ["| specifications | seconds | a second |", "|---:|---:|---:|"]
    sizes, seconds = [], []
    for without in (["none"], ["none", "january"], ["none", "january", "ten_largest"]):
        took, curve = min(
            (timed(monthly, grid.only(without=without), "one process") for _ in range(2)),
            key=lambda pair: pair[0],
        )
        sizes.append(len(curve.table))
        seconds.append(took)
        lines.append(f"| {sizes[-1]:,} | {took:.2f} | {sizes[-1] / took:,.0f} |")
    took, _ = timed(monthly, grid, "all cores")
    lines.append(f"| {sizes[-1]:,}, all cores | {took:.2f} | {sizes[-1] / took:,.0f} |")
    slope = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
    started = time.perf_counter()
    joint = shift_test(curve)
    whole = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines += [
        "", f"Slope of log time on log number: {slope:.2f}. The joint test of {len(curve.table):,} "
        f"specifications over all shifts (up to {joint['shifts'].max():,}): {whole:.1f} s. "
        f"Peak memory {peak:,.0f} MiB.",
    ]  # fmt: skip
    package = theirs(curve)
    if package is None:
        lines.append("The specification-curve package is not there: see the head of this script.")
    else:
        rate = THEIRS / package
        lines.append(
            f"The package: {rate:,.0f} a second. Ratio: {sizes[-1] / seconds[-1] / rate:,.0f}."
        )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
