"""Comparisons of inflation regimes as rows and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from helpers.present.figures import plot_differences
from helpers.present.page import Page
from helpers.present.sentences import p_value, signed
from helpers.present.show import ShownFigure
from helpers.project import Exclusion

if TYPE_CHECKING:  # a page about dates need not load the statistics
    from helpers.inflation import Comparison

ALPHA = 0.05


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
    label, value, low, high (HAC), n (regimes), months, rising (months), bootstrap_low,
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


def show_slice(
    page: Page, name: str, cut: tuple[pd.DataFrame, list[Exclusion]], *, title: str, source: str
) -> ShownFigure:
    """Draw a slice of `helpers.inflation.slices`, keep its table, and what it had to leave out."""
    table, left_out = cut
    page.table(name, table, caption=f"{title}: rising minus falling, percentage points a year")
    page.exclude(left_out)
    return page.figure(
        name,
        plot_differences(table, title=title, unit="percentage points a year", n_of="regimes"),
        alt=f"{title}: {slice_sentence(table)}",
        caption=f"{title}. {slice_sentence(table)} HAC 95% intervals",
        source=source,
    )


def _count(part: int, whole: int) -> str:
    return {0: "none of the", whole: f"all {whole}"}.get(part, f"{part} of {whole}")


def pick(found: Sequence[Comparison], outcome: str, year: int) -> Comparison:
    """The comparison of an outcome in the sample from `year`, else in its first sample."""
    mine = [each for each in found if each.key.rpartition("_")[0] == outcome]
    return next((each for each in mine if each.key.endswith(f"_{year}")), mine[0])


def _sample(comparison: Comparison) -> str:
    return f"{comparison.first:%Y}–{comparison.last:%Y}"
