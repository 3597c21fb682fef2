"""Comparisons of inflation regimes as rows and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.present import style
from helpers.present.figures import plot_differences
from helpers.present.page import Page
from helpers.present.sentences import Said, p_value, said, signed
from helpers.present.show import ShownFigure
from helpers.project import Exclusion

if TYPE_CHECKING:  # a page about dates need not load the statistics
    from helpers.inflation import Comparison

ALPHA = 0.05
UNIT = "percentage points a year"
NAMED = 5  # of many rows, those at either end that a picture names


def regime_means(found: Sequence[Comparison]) -> pd.DataFrame:
    """For `plot_regime_bars`: columns label (the sample), mean_rising, mean_falling, percent a year."""
    return pd.DataFrame(
        {
            "label": [_sample(each) for each in found],
            "mean_rising": [each.difference.mean_true for each in found],
            "mean_falling": [each.difference.mean_false for each in found],
        }
    )


def regime_rows(found: Sequence[Comparison]) -> pd.DataFrame:
    """One row a comparison, for `plot_differences` and the table.

    Returns
    -------
    label, value, low, high (HAC), n (regimes), switches, months, rising (months), bootstrap_low,
    bootstrap_high, p_hac, p_shift, p_shift_floor, p_worst, mde; points a year.
    """
    return pd.DataFrame(
        [
            {
                "label": f"{each.label}, {_sample(each)}",
                "value": each.difference.value,
                "low": each.difference.low,
                "high": each.difference.high,
                "n": each.difference.regimes,
                "switches": each.difference.switches,
                "months": each.months,
                "rising": each.difference.n_true,
                "bootstrap_low": each.bootstrap.low,
                "bootstrap_high": each.bootstrap.high,
                "p_hac": each.difference.p,
                "p_shift": each.shift.p,
                "p_shift_floor": each.shift.p_floor,
                "p_worst": each.p_worst,
                "mde": each.mde,
            }
            for each in found
        ]
    )


def regime_finding(comparison: Comparison) -> str:
    """Value, interval, the p that decides, and what follows: the end of a sentence."""
    p, value = comparison.p, comparison.difference
    said = (
        f"{signed(value.value)} percentage points a year (95% interval {signed(value.low)} to "
        f"{signed(value.high)}; {p_value(p)} by the stricter of two tests; {value.regimes} regimes)"
    )
    if p > ALPHA:
        return (
            f"{said}, no more than chance allows; a true difference of {comparison.mde:.1f} points "
            "would have been found four times in five"
        )
    if comparison.p_worst > ALPHA:
        return f"{said}; it is fragile: a sample that ends up to a year earlier does not show it"
    return f"{said}, and so it is when the sample ends up to a year earlier"


def did(comparison: Comparison) -> str:
    """Better or worse, rising against falling, where the tests tell; else that they do not."""
    if comparison.p > ALPHA:
        return "did neither better nor worse, as far as can be told,"
    return "did better" if comparison.difference.value > 0 else "did worse"


def regime_headline(comparison: Comparison, subject: str = "average stock") -> str:
    """The title of the first picture, from its numbers."""
    value = comparison.difference.value
    if comparison.p > ALPHA:
        return f"The {subject}: no difference that can be told from chance"
    return f"The {subject} did {'better' if value > 0 else 'worse'} when inflation was rising"


def slice_sentence(table: pd.DataFrame) -> str:
    """What to see in a slice: how many differences are negative, how many intervals miss zero."""
    below = int((table["value"] < 0).sum())
    missing = int(((table["low"] > 0) | (table["high"] < 0)).sum())
    told = (
        f"{_count(below, len(table))} differences are negative, and {_count(missing, len(table))} "
        f"intervals miss zero; they run from {signed(table['value'].min())} to "
        f"{signed(table['value'].max())} points a year."
    )
    return told[0].upper() + told[1:]


def many_sentence(table: pd.DataFrame) -> str:
    """`slice_sentence` of many rows, and what is left of them when p is adjusted for their number.

    Parameters
    ----------
    table : as of `helpers.inflation.slices.by_portfolio`, with p_holm and p_bh.
    """
    n = len(table)
    holm, bh = (int((table[each] <= ALPHA).sum()) for each in ("p_holm", "p_bh"))
    ordered = table.sort_values("value")["label"]
    return (
        f"{slice_sentence(table)} Adjusted for their number, {_left(bh, n)} stay apart from zero by "
        f"Benjamini and Hochberg, {_left(holm, n)} by Holm. Lowest is {ordered.iloc[0]}, highest "
        f"{ordered.iloc[-1]}."
    )


def _left(part: int, whole: int) -> str:
    return f"{part} of {whole}" if part else "none of them"


def power_sentence(power: pd.DataFrame, words: dict[str, str]) -> str:
    """How often a true difference would be found, and how often one is found that is not there.

    Parameters
    ----------
    power : as of `helpers.inflation.power_to_find`. words : key -> what it is, for those to be said.
    """
    rows = power.loc[list(words)]
    told = " and ".join(
        f"{100 * row.power:.0f}% ({words[str(row.Index)]})" for row in rows.itertuples()
    )
    nothing = " and ".join(f"{100 * size:.0f}%" for size in rows["size"])
    return (
        f"Were the true difference {rows['effect'].iloc[0]:g} percentage points a year, the HAC test "
        f"would find it, with regimes and returns like these, in {told} of samples; were there none, "
        f"it would claim one in {nothing}."
    )


def show_slice(
    page: Page,
    name: str,
    cut: tuple[pd.DataFrame, list[Exclusion]],
    *,
    title: str,
    source: str,
    quantity: str = "Rising minus falling",
) -> ShownFigure | Said:
    """Draw a slice of `helpers.inflation.slices`, keep its table, and what it had to leave out.

    Where nothing could be estimated, that is said. Beyond 20 rows only the extremes are named, and
    the page shows the table below.
    """
    table, left_out = cut
    page.exclude(left_out)
    if table.empty:
        return said(f"{title}: this edition has no data for it.")
    page.table(name, table, caption=f"{title}: {quantity.lower()}, {UNIT}")
    if many := len(table) > 20:
        sentence, drawn = many_sentence(table), plot_many(table, title=title, quantity=quantity)
    else:
        sentence = slice_sentence(table)
        drawn = plot_differences(table, title=title, unit=UNIT, quantity=quantity, n_of="regimes")
    unnamed = " Every row stands in the table below" if many else ""
    return page.figure(
        name,
        drawn,
        alt=f"{title}: {sentence}",
        caption=f"{title}. {sentence} HAC 95% intervals.{unnamed}",
        source=source,
    )


def plot_many(table: pd.DataFrame, *, title: str, quantity: str) -> Figure:
    """Many rows as one sorted column of dots and intervals, the extremes named.

    Parameters
    ----------
    table : columns label, value, low, high; more than twice five rows.
    """
    rows = table.sort_values("value", ignore_index=True)
    ends = (rows.index < NAMED) | (rows.index >= len(rows) - NAMED)
    height = np.where(ends, 0.24, 0.09)  # inches
    places = height.cumsum() - height / 2
    figure = style.new_figure(0.9 + height.sum(), title)
    ax = figure.subplots()
    ax.axvline(0, color=style.GREY, linewidth=0.9, zorder=1)
    apart = (rows["low"] > 0) | (rows["high"] < 0)
    ax.hlines(places, rows["low"], rows["high"], color=style.BLUE, linewidth=1.2)
    ax.scatter(
        rows["value"], places, s=np.where(ends, 36, 12), zorder=2, linewidth=1.2,
        edgecolor=style.BLUE, facecolor=np.where(apart, style.BLUE, "white"),
    )  # fmt: skip
    ax.set_yticks(places[ends], rows.loc[ends, "label"])
    ax.set_ylim(height.sum(), 0)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=style.PALE)
    ax.set_xlabel(f"{quantity}, {UNIT}")
    return figure


def _count(part: int, whole: int) -> str:
    return {0: "none of the", whole: f"all {whole}"}.get(part, f"{part} of {whole}")


def pick(found: Sequence[Comparison], outcome: str, year: int) -> Comparison:
    """The comparison of an outcome in the sample from `year`, else in its first sample."""
    mine = [each for each in found if each.key.rpartition("_")[0] == outcome]
    return next((each for each in mine if each.key.endswith(f"_{year}")), mine[0])


def _sample(comparison: Comparison) -> str:
    return f"{comparison.first:%Y}–{comparison.last:%Y}"
