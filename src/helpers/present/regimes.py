"""Comparisons of inflation regimes as rows and sentences."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

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


def regime_reading(comparison: Comparison) -> str:
    """Whether the difference can be told from none, and what could have been."""
    p, mde = comparison.p, comparison.mde
    if max(p, comparison.p_worst) <= ALPHA:
        return "Both tests tell this difference from none, in every sample that ends up to a year earlier."
    if p <= ALPHA:
        return (
            "Both tests tell this difference from none, but not in every sample that ends up to a "
            "year earlier: it is fragile."
        )
    return (
        f"The stricter of two tests cannot tell it from none (p = {p:.2f}); a true difference of "
        f"{mde:.1f} points a year would have been found four times in five."
    )


def did(comparison: Comparison) -> str:
    """Better or worse, rising against falling; no word of it where the tests see no difference."""
    side = "better" if comparison.difference.value > 0 else "worse"
    return f"did {side}" if comparison.p <= ALPHA else f"did {side}, within chance,"


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


def _sample(comparison: Comparison) -> str:
    return f"{comparison.first:%Y}–{comparison.last:%Y}"
