"""The specification curve as a figure, a table and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.present import style
from helpers.present.sentences import p_value, signed
from helpers.present.style import BLUE, GREY, PALE, VERMILION
from helpers.project import ProjectError

if TYPE_CHECKING:
    from helpers.speccurve import SpecificationCurve

_COLUMNS = 150  # of the picture: neighbours on the curve share one
READINGS = {
    "absolute": "the average stock by itself",
    "relative": "the average stock against large ones",
}


def plot_specification_curve(
    curve: SpecificationCurve, reading: str, *, title: str, marked: pd.Series | None = None
) -> Figure:
    """Effects in order, with the choices that made them below.

    Each column is one of 150 equal parts of the curve: above, the median effect and interval in it;
    below, the darker the more of its specifications made that choice.

    Parameters
    ----------
    marked : True for the one specification to point at, aligned with `curve.table`.

    Raises
    ------
    ProjectError : no specification of that reading.
    """
    part = curve.table[curve.table["reading"] == reading].sort_values("value", kind="stable")
    if part.empty:
        raise ProjectError(f"no specification is {reading}", where="plot_specification_curve")
    column = np.arange(len(part)) * min(_COLUMNS, len(part)) // len(part)
    binned = part[["value", "low", "high"]].groupby(column).median()
    rows, shares, breaks = _choices(curve, part, column)
    figure = style.new_figure(2.9 + 0.205 * len(rows), title)
    top, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.2, 0.205 * len(rows) + 0.2])
    x = binned.index.to_numpy() + 0.5
    top.fill_between(x, binned["low"], binned["high"], color=PALE, linewidth=0)
    clear = (binned["low"] > 0) | (binned["high"] < 0)
    top.scatter(x[~clear], binned["value"][~clear], s=5, color=GREY)
    top.scatter(x[clear], binned["value"][clear], s=5, color=BLUE)
    top.axhline(0, color=GREY, linewidth=0.9)
    low, high = binned["low"].quantile(0.02), binned["high"].quantile(0.98)
    top.set_ylim(min(low, 0) * 1.1, max(high, 0) * 1.1)
    top.annotate(
        "blue: interval misses zero", (0.98, 0.04), xycoords="axes fraction", ha="right",
        fontsize=9.5, color=BLUE,
    )  # fmt: skip
    top.set_ylabel("Rising minus falling,\npoints a year")
    if marked is not None and marked[part.index].any():
        place = int(np.flatnonzero(marked[part.index])[0])
        at, value = column[place] + 0.5, part["value"].iloc[place]
        top.annotate(
            "primary", (at, value), xytext=(0, 26), textcoords="offset points", ha="center",
            color=VERMILION, fontsize=9.5, arrowprops={"arrowstyle": "-", "color": VERMILION},
        )  # fmt: skip
    below.imshow(
        shares, aspect="auto", cmap="Blues", vmin=0, vmax=4,
        extent=(0, len(binned), len(rows) - 0.5, -0.5), interpolation="nearest",
    )  # fmt: skip
    for edge in breaks:
        below.axhline(edge - 0.5, color="white", linewidth=2.5)
    below.set_yticks(range(len(rows)), rows, fontsize=7.5)
    below.tick_params(axis="both", length=0)
    below.set_xticks([])
    figure.supxlabel(
        f"{len(part):,} specifications, from the lowest effect to the highest", fontsize=10
    )
    for side in ("left", "bottom"):
        below.spines[side].set_visible(False)
    return figure


def _choices(
    curve: SpecificationCurve, part: pd.DataFrame, column: np.ndarray
) -> tuple[list[str], np.ndarray, list[int]]:
    """Labels, share of each column's specifications with that choice, and where axes begin.

    A share is over that of an even spread, so that axes with many choices are as dark as others.
    """
    labels: list[str] = []
    shares: list[np.ndarray] = []
    breaks: list[int] = []
    for name, axis in curve.grid.axes.items():
        used = [each for each in axis.choices if (part[name] == each).any()]
        if len(used) < 2:
            continue
        breaks.append(len(labels))
        for place, choice in enumerate(used):
            made = part[name] == choice
            shares.append(made.groupby(column).mean().to_numpy() / made.mean())
            label = axis.label(choice)
            labels.append(f"{axis.what}: {label}" if place == 0 else label)
    return labels, np.array(shares), breaks[1:]


def curve_sentence(curve: SpecificationCurve, joint: pd.DataFrame, reading: str) -> str:
    """Count, sign, median and the joint test that counts, in one sentence."""
    found = curve.summary().set_index("reading").loc[reading]
    test = joint.set_index(["reading", "start", "statistic"]).loc[
        (reading, _widest(joint), "median")
    ]
    return (
        f"Of {int(found['n']):,} specifications of {READINGS[reading]}, "
        f"{100 * found['share_negative']:.0f}% find it worse when inflation is rising; the median is "
        f"{signed(found['median'])} percentage points a year, and {100 * found['share_below']:.0f}% of "
        f"intervals lie below zero against {100 * found['share_above']:.1f}% above. Tested as one by "
        f"circular shifts, the median has {p_value(test['p'])} (smallest attainable "
        f"{test['p_floor']:.3f})."
    )


def moving_sentence(choices: pd.DataFrame, labels: dict[str, str]) -> str:
    """Which choice moves the median most, and whether any turns its sign."""
    widest = choices.loc[choices["moves"].idxmax()]
    same = choices[choices["axis"] == widest["axis"]]
    low, high = same.loc[same["median"].idxmin()], same.loc[same["median"].idxmax()]
    turned = choices[np.sign(choices["median"]) != np.sign(choices["median"].median())]
    said = (
        f"The answer hangs most on the {labels[widest['axis']]}: the median runs from "
        f"{signed(low['median'])} ({low['choice']}) to {signed(high['median'])} ({high['choice']})."
    )
    if turned.empty:
        return f"{said} No single choice turns its sign."
    names = ", ".join(f"{labels[row.axis]} {row.choice}" for row in turned.itertuples())
    return f"{said} These turn its sign: {names}."


def _widest(joint: pd.DataFrame) -> int:
    """0 stands for all samples together; with a single sample there is only that."""
    return 0 if (joint["start"] == 0).any() else int(joint["start"].iloc[0])
