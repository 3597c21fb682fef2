"""One look for every figure: palette, fonts, and the same marks for recessions and pivots.

The palette is Okabe and Ito's (2008), whose colours stay apart in the common forms of colour
blindness; the two used for text are a little darker, for contrast on white.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import matplotlib as mpl
import pandas as pd
from cycler import cycler
from matplotlib import dates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from helpers.project import ProjectError
from helpers.project.errors import nearest

BLUE, VERMILION, GREEN = "#0072B2", "#C44E00", "#00795A"
ORANGE, SKY, PURPLE = "#E69F00", "#56B4E9", "#AA4A85"
INK, GREY, PALE = "#262626", "#666666", "#E3E3E3"

COLOURS = {
    "average stock": BLUE,
    "market": INK,
    "small minus large": VERMILION,
    "small": VERMILION,
    "fund": PURPLE,
    "quality": GREEN,
    "inflation": ORANGE,
    "funds rate": INK,
    "rising": VERMILION,
    "falling": BLUE,
    "dovish": BLUE,
    "hawkish": VERMILION,
    "supported": GREEN,
    "contradicted": VERMILION,
}
CYCLE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, INK)

# A phone shows a figure 360 pixels wide: at this width its text stays readable there.
WIDTH = 5.4
_TITLE_LETTERS = 55

_RC: dict[Any, object] = {
    "font.family": "DejaVu Sans",  # shipped with matplotlib: the same on every machine
    "font.size": 10.5,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 10,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "text.color": INK,
    "date.converter": "concise",
    "lines.linewidth": 1.8,
    "figure.facecolor": "white",  # the card behind a figure, in dark mode too
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "svg.fonttype": "path",  # no font of the reader's machine moves a label
    "svg.hashsalt": "pivots-and-prices",
}


def use() -> None:
    """Set the style for every figure made after this call. Safe to call again."""
    mpl.rcParams.update(_RC)
    mpl.rcParams["axes.prop_cycle"] = cycler(color=CYCLE)


def colour(series: str) -> str:
    """The colour of a series, the same in every figure.

    Raises
    ------
    ProjectError : the series has no colour of its own.
    """
    if series not in COLOURS:
        raise ProjectError(
            f"no series is called {series!r}{nearest(series, COLOURS)}",
            where="present.style",
            expected=", ".join(COLOURS),
        )
    return COLOURS[series]


def new_figure(height: float, title: str, *, width: float = WIDTH) -> Figure:
    """An empty figure in the style, its title at the left and wrapped.

    Parameters
    ----------
    height, width : inches.
    title : the finding, or what is shown; one short sentence.
    """
    use()
    figure = Figure(figsize=(width, height), layout="constrained")
    lines = textwrap.wrap(title, _TITLE_LETTERS)
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=11.5, fontweight="bold")
    return figure


def mark_recessions(ax: Axes, recessions: Iterable[tuple[Any, Any]]) -> None:
    """Shade recessions: pairs of first and last day (anything `pandas.Timestamp` reads)."""
    low, high = ax.get_xlim()
    for start, end in recessions:
        left, right = _on_axis(start), _on_axis(end)
        if right > low and left < high:
            ax.axvspan(max(left, low), min(right, high), color=PALE, linewidth=0, zorder=0)
    ax.set_xlim(low, high)


def mark_pivots(ax: Axes, pivots: pd.DataFrame) -> None:
    """Mark pivots at the top of the axes: dovish a triangle down, hawkish one up.

    Parameters
    ----------
    pivots : columns effective_day and direction, whose first word ("dovish" or "hawkish") is the
        action's; days outside the axis are not drawn.
    """
    low, high = ax.get_xlim()
    days = pd.to_datetime(pivots["effective_day"]).map(_on_axis)
    action = pivots["direction"].str.split().str[0]
    figure = ax.get_figure(root=True)
    assert figure is not None
    points = 0.8 * 72 * figure.get_figheight()  # height of the axes, before any layout
    for direction, marker, below in (("dovish", "v", 13), ("hawkish", "^", 3)):
        chosen = days[(action == direction) & days.between(low, high)]
        for day in chosen:
            ax.axvline(day, color=colour(direction), linewidth=0.6, alpha=0.45, zorder=1)
        ax.plot(
            chosen,
            [1 - below / points] * len(chosen),
            transform=ax.get_xaxis_transform(),
            linestyle="none",
            marker=marker,
            markersize=5.5,
            color=colour(direction),
            clip_on=False,
            zorder=4,
        )
    ax.set_xlim(low, high)


def pivot_key(figure: Figure, *, recessions: bool = True) -> None:
    """Say below the axes what the marks mean."""
    marks = [
        Line2D([], [], linestyle="none", marker="v", color=colour("dovish"), label="dovish pivot"),
        Line2D(
            [], [], linestyle="none", marker="^", color=colour("hawkish"), label="hawkish pivot"
        ),
    ]
    if recessions:
        marks.append(Line2D([], [], color=PALE, linewidth=8, label="recession"))
    figure.legend(
        handles=marks, loc="outside lower left", ncols=3, frameon=False, fontsize=9.5,
        handletextpad=0.4, columnspacing=1.4,
    )  # fmt: skip


def label_ends(ax: Axes, ends: Mapping[str, tuple[Any, float, str]], *, gap: float = 0.06) -> None:
    """Write each line's name at its end instead of in a legend, moved apart where they touch.

    Parameters
    ----------
    ends : label -> (x, y, colour) of the line's last point.
    gap : least distance between two labels, as a fraction of the axis.
    """
    bottom, top = ax.get_ylim()
    least = gap * (top - bottom)
    placed: list[tuple[float, str]] = []
    for label, (_, y, _) in sorted(ends.items(), key=lambda item: item[1][1]):
        placed.append((max(y, placed[-1][0] + least) if placed else y, label))
    overshoot = max(0.0, placed[-1][0] - top) if placed else 0.0
    for y, label in placed:
        x, _, shade = ends[label]
        ax.annotate(
            label, (x, y - overshoot), xytext=(5, 0), textcoords="offset points",
            va="center", fontsize=9.5, color=shade, annotation_clip=False,
        )  # fmt: skip


def _on_axis(day: Any) -> float:
    return float(dates.date2num(pd.Timestamp(day)))
