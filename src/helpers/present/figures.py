"""The report's figures. Each function takes tidy numbers and returns a matplotlib Figure.

Values are percent unless `unit` says otherwise; intervals are the caller's, 95% by convention.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter
from numpy.typing import ArrayLike

from helpers.present import style
from helpers.present.style import BLUE, GREY, INK, PALE, VERMILION
from helpers.project import ProjectError

_LABEL_LETTERS = 23


def plot_car_paths(
    paths: Mapping[str, pd.DataFrame],
    *,
    title: str,
    unit: str = "percent",
    quantity: str = "Cumulative abnormal return",
    columns: int = 2,
) -> Figure:
    """Mean path with its 95% band around day 0: one panel an event set, one scale for all.

    Parameters
    ----------
    paths : label (say n in it) -> columns day (trading days from the event), mean, low, high.
        Missing band ends draw the path alone.
    title : the finding.
    """
    _filled(paths, "paths")
    columns = min(columns, len(paths))
    rows = math.ceil(len(paths) / columns)
    figure = style.new_figure(0.9 + 2.0 * rows, title)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for ax, (label, path) in zip(grid.flat, paths.items(), strict=False):
        _has(path, ("day", "mean", "low", "high"), label)
        _zero(ax, "y")
        ax.axvline(0, color=GREY, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
        ax.fill_between(path["day"], path["low"], path["high"], color=BLUE, alpha=0.2, linewidth=0)
        ax.plot(path["day"], path["mean"], color=BLUE)
        ax.set_title("\n".join(textwrap.wrap(label, 24)))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    for ax in list(grid.flat)[len(paths) :]:
        ax.set_visible(False)
    for ax in list(grid.flat)[: len(paths)][-columns:]:  # the lowest panel of each column
        ax.tick_params(labelbottom=True)
    figure.supxlabel("Trading days from the event", fontsize=10)
    figure.supylabel(f"{quantity}, {unit}", fontsize=10)
    return figure


def plot_event_forest(
    car: pd.DataFrame,
    *,
    title: str,
    means: pd.DataFrame | None = None,
    unit: str = "percent",
    quantity: str = "Cumulative abnormal return",
) -> Figure:
    """Each event with its interval, and below a rule the means of the sets.

    Parameters
    ----------
    car : one row an event: label, value, low, high; drawn in the order given. Missing ends draw
        the dot alone.
    means : the sets' means, the same columns.
    """
    blocks = [(car, BLUE, "o"), *([] if means is None else [(means, INK, "D")])]
    rows = sum(len(block) for block, _, _ in blocks)
    _filled(car, "car")
    figure = style.new_figure(1.1 + 0.27 * rows, title)
    ax = figure.subplots()
    _zero(ax, "x")
    labels: list[str] = []
    for block, shade, marker in blocks:
        labels += _dots(ax, block, first=len(labels), shade=shade, marker=marker)
    if means is not None:
        ax.axhline(len(car) - 0.5, color=GREY, linewidth=0.8)
    _rows(ax, labels)
    ax.set_xlabel(f"{quantity}, {unit}")
    return figure


def plot_regime_bars(
    frame: pd.DataFrame,
    *,
    title: str,
    unit: str = "percent a year",
    quantity: str = "Mean return",
) -> Figure:
    """Two bars a sample or series, inflation rising and falling, each with its number.

    Parameters
    ----------
    frame : columns label, mean_rising, mean_falling; drawn from top to bottom.
    """
    _has(frame, ("label", "mean_rising", "mean_falling"), "frame")
    figure = style.new_figure(1.15 + 0.62 * len(frame), title)
    ax = figure.subplots()
    _zero(ax, "x")
    values = frame[["mean_rising", "mean_falling"]].to_numpy(dtype=float)
    width = max(values.max(), 0.0) - min(values.min(), 0.0)
    for side, place in (("rising", -0.19), ("falling", 0.19)):
        shade = style.colour(side)
        for row, value in enumerate(frame[f"mean_{side}"]):
            ax.barh(row + place, value, height=0.34, color=shade)
            text = _signed(value) + f" {side}" * (row == 0)
            ax.annotate(
                text, (value, row + place), xytext=(4 if value >= 0 else -4, 0),
                textcoords="offset points", va="center", ha="left" if value >= 0 else "right",
                fontsize=9.5, color=shade,
            )  # fmt: skip
    ax.set_xlim(
        min(values.min(), 0.0) - 0.3 * width * (values.min() < 0),
        max(values.max(), 0.0) + 0.3 * width,
    )
    _rows(ax, frame["label"])
    ax.set_xlabel(f"{quantity}, {unit}")
    return figure


class HasInterval(Protocol):
    """What an estimate and a response share."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def n(self) -> int: ...


def interval_rows(found: Mapping[str, HasInterval]) -> pd.DataFrame:
    """Rows of `plot_differences` from estimates by label: label, value, low, high, n."""
    return pd.DataFrame([
        {"label": label, "value": each.value, "low": each.low, "high": each.high, "n": each.n}
        for label, each in found.items()
    ])  # fmt: skip


def plot_differences(
    frame: pd.DataFrame,
    *,
    title: str,
    unit: str = "percent a year",
    quantity: str = "Rising minus falling",
    n_of: str = "months",
) -> Figure:
    """Dot and interval for each estimate: where an interval misses zero, the dot is filled.

    Parameters
    ----------
    frame : columns label, value, low, high, and if wanted n (count) and note (short text), which
        are written at the right.
    """
    figure = style.new_figure(1.15 + 0.4 * len(frame), title)
    ax = figure.subplots()
    _zero(ax, "x")
    labels = _dots(ax, frame, first=0, shade=BLUE, marker="o")
    for row, record in enumerate(frame.to_dict("records")):
        said = [f"n = {record['n']:,} {n_of}"] if "n" in record else []
        said += [record["note"]] if record.get("note") else []
        ax.annotate(
            "\n".join(said), (1.02, row), xycoords=ax.get_yaxis_transform(), va="center",
            fontsize=9.5, color=GREY, annotation_clip=False,
        )  # fmt: skip
    _rows(ax, labels)
    ax.set_xlabel(f"{quantity}, {unit}")
    return figure


def plot_replications(table: pd.DataFrame, *, title: str) -> Figure:
    """Ours with its interval as a multiple of the published figure, which stands at one.

    Parameters
    ----------
    table : columns study, what, published (not zero), ours, low, high, n, inside.
    """
    _has(table, ("study", "what", "published", "ours", "low", "high", "n", "inside"), "table")
    figure = style.new_figure(1.3 + 0.46 * len(table), title)
    ax = figure.subplots()
    ax.axvline(1, color=GREY, linewidth=0.9, zorder=1)
    for row, record in enumerate(table.to_dict("records")):
        ends = sorted(record[name] / record["published"] for name in ("low", "high"))
        ax.plot(ends, [row, row], color=BLUE, linewidth=1.6)
        ax.plot(
            record["ours"] / record["published"], row, "o", markersize=6.5, color=BLUE,
            markerfacecolor="white" if record["inside"] else BLUE, markeredgewidth=1.6,
        )  # fmt: skip
        ax.annotate(
            f"n = {record['n']:,}", (1.02, row), xycoords=ax.get_yaxis_transform(), va="center",
            fontsize=9.5, color=GREY, annotation_clip=False,
        )  # fmt: skip
    _rows(ax, table["study"] + ": " + table["what"])
    ax.set_xlabel("Ours as a multiple of the published figure; published = 1")
    return figure


def plot_funds_rate_pivots(
    rate: pd.Series,
    recessions: Iterable[tuple[Any, Any]],
    pivots: pd.DataFrame,
    *,
    title: str,
    quantity: str = "Federal funds rate, percent",
) -> Figure:
    """The policy rate as a step, with recessions and pivots.

    Parameters
    ----------
    rate : percent, indexed by date. A raw series: save it with `raster=True`.
    recessions : pairs of first and last day.
    pivots : columns effective_day, direction.
    """
    _filled(rate, "rate")
    figure = style.new_figure(3.4, title)
    ax = figure.subplots()
    ax.step(rate.index, rate.to_numpy(), where="post", color=style.colour("funds rate"))
    ax.set_xlim(rate.index[0], rate.index[-1])
    ax.set_ylim(min(0.0, float(rate.min())), float(rate.max()) * 1.18)
    shaded = list(recessions)
    style.mark_recessions(ax, shaded)
    style.mark_pivots(ax, pivots)
    ax.set_ylabel(quantity)
    style.pivot_key(figure, recessions=bool(shaded))
    return figure


def plot_coverage(coverage: pd.DataFrame, pivots: pd.DataFrame, *, title: str) -> Figure:
    """Which dataset covers which years, and where the pivots fall.

    Parameters
    ----------
    coverage : one row a dataset: label, first, last (dates); drawn from top to bottom.
    pivots : columns effective_day, direction.
    """
    _has(coverage, ("label", "first", "last"), "coverage")
    figure = style.new_figure(1.3 + 0.26 * len(coverage), title)
    ax = figure.subplots()
    ax.xaxis_date()
    first, last = pd.to_datetime(coverage["first"]), pd.to_datetime(coverage["last"])
    for row, (start, end) in enumerate(zip(first, last, strict=True)):
        ax.barh(row, end - start, left=start, height=0.55, color="#9CC5E0")
    ax.set_xlim(first.min(), last.max())
    _rows(ax, coverage["label"])
    ax.set_ylim(len(coverage) - 0.5, -1.6)  # a free row for the marks
    style.mark_pivots(ax, pivots)
    style.pivot_key(figure, recessions=False)
    return figure


def plot_placebo(
    drawn: ArrayLike,
    observed: float,
    *,
    title: str,
    quantity: str = "Mean abnormal return, percent",
) -> Figure:
    """A histogram of what placebo dates give, with what the events gave.

    Parameters
    ----------
    drawn : (draws,) means of matched placebo dates. observed : the events' own, the same unit.
    """
    import seaborn  # here: half a second that no other figure needs

    figure = style.new_figure(2.6, title)
    ax = figure.subplots()
    seaborn.histplot(np.asarray(drawn), ax=ax, bins=60, color="#9CC5E0", edgecolor="none")
    ax.axvline(observed, color=VERMILION, linewidth=1.6)
    ax.annotate(
        f"the events: {_signed(observed)}", (observed, 0.97), xycoords=ax.get_xaxis_transform(),
        xytext=(4, 0), textcoords="offset points", va="top", fontsize=9.5, color=VERMILION,
    )  # fmt: skip
    _zero(ax, "x")
    ax.set_xlabel(quantity)
    ax.set_ylabel("Draws")
    return figure


def plot_cumulative(
    paths: Mapping[str, pd.Series],
    *,
    title: str,
    quantity: str = "Growth of 100",
    colours: Mapping[str, str] | None = None,
    mark: Any | None = None,
    log: bool = False,
) -> Figure:
    """Lines over time, each named at its end.

    Parameters
    ----------
    paths : label -> values indexed by date. Raw series: save with `raster=True`.
    colours : label -> name of a series in `style.COLOURS`; the others take the cycle.
    mark : a day to mark by a dashed line.
    log : equal steps for equal growth; for paths over decades.
    """
    _filled(paths, "paths")
    figure = style.new_figure(3.4, title)
    ax = figure.subplots()
    ends = {}
    for place, (label, path) in enumerate(paths.items()):
        shade = style.CYCLE[place % len(style.CYCLE)]
        if colours and label in colours:
            shade = style.colour(colours[label])
        ax.plot(path.index, path.to_numpy(), color=shade)
        ends[label] = (path.index[-1], float(path.iloc[-1]), shade)
    if mark is not None:
        ax.axvline(pd.Timestamp(mark), color=GREY, linewidth=0.8, linestyle=(0, (3, 2)))
    if log:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.grid(axis="y")
    style.label_ends(ax, ends)
    ax.set_ylabel(quantity)
    return figure


def _dots(ax: Axes, frame: pd.DataFrame, *, first: int, shade: str, marker: str) -> list[str]:
    """Draw rows of value and interval from row `first` on; returns their labels."""
    _has(frame, ("label", "value", "low", "high"), "frame")
    rows = frame[["value", "low", "high"]].to_numpy(dtype=float)
    for place, (value, low, high) in enumerate(rows, start=first):
        if not math.isnan(low):
            ax.plot([low, high], [place, place], color=shade, linewidth=1.6)
        apart = low > 0 or high < 0
        ax.plot(
            value, place, marker, markersize=6.5, color=shade,
            markerfacecolor=shade if apart else "white", markeredgewidth=1.6,
        )  # fmt: skip
    return [str(label) for label in frame["label"]]


def _rows(ax: Axes, labels: Iterable[str]) -> None:
    """One label a row, read from the top, with faint guides."""
    wrapped = [
        "\n".join(textwrap.wrap(str(label), _LABEL_LETTERS, break_long_words=False))
        for label in labels
    ]
    ax.set_yticks(range(len(wrapped)), wrapped)
    ax.set_ylim(len(wrapped) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=PALE)


def _zero(ax: Axes, axis: str) -> None:
    draw = ax.axhline if axis == "y" else ax.axvline
    draw(0, color=GREY, linewidth=0.9, zorder=1)


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "\N{MINUS SIGN}")


def _has(frame: pd.DataFrame, columns: Iterable[str], where: str) -> None:
    if missing := [name for name in columns if name not in frame.columns]:
        raise ProjectError(f"no column {', '.join(missing)}", where=where)
    _filled(frame, where)


def _filled(data: pd.DataFrame | pd.Series | Mapping, where: str) -> None:
    if len(data) == 0:
        raise ProjectError("nothing to draw", where=where)
