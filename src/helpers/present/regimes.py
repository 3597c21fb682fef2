"""Comparisons of inflation regimes as rows and sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.inflation import Comparison
from helpers.present.sentences import p_value

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
        f"{_signed(value.value)} percentage points a year (95% interval {_signed(value.low)} to "
        f"{_signed(value.high)}; {p_value(p)} by the stricter of two tests; {value.regimes} regimes)"
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


def pick(found: Sequence[Comparison], outcome: str, year: int) -> Comparison:
    """The comparison of an outcome in the sample from `year`, else in its first sample."""
    mine = [each for each in found if each.key.rpartition("_")[0] == outcome]
    return next((each for each in mine if each.key.endswith(f"_{year}")), mine[0])


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")


def _sample(comparison: Comparison) -> str:
    return f"{comparison.first:%Y}–{comparison.last:%Y}"
