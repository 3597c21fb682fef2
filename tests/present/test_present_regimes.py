"""Slices and power in words, and pictures of many rows."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from helpers.present import power_sentence
from helpers.present.regimes import many_sentence, plot_many


def forty() -> pd.DataFrame:
    value = np.linspace(-20, 19, 40)
    p = np.where(value < -18.5, 1e-6, np.where(value < -15.5, 0.01, 0.6))
    return pd.DataFrame(
        {"label": [f"industry {place}" for place in range(40)], "value": value, "low": value - 16,
         "high": value + 16, "p": p, "p_holm": np.minimum(40 * p, 1), "p_bh": np.minimum(4 * p, 1)}
    ).sample(frac=1, random_state=1)  # fmt: skip


def test_many_rows_say_how_many_are_left_when_adjusted() -> None:
    said = many_sentence(forty())
    assert "20 of 40 differences are negative, and 7 of 40 intervals miss zero" in said
    assert "5 of 40 stay apart from zero by Benjamini and Hochberg, 2 of 40 by Holm" in said
    assert "Lowest is industry 0, highest industry 39." in said
    none = forty().assign(p_holm=1.0, p_bh=1.0)
    assert "none of them stay apart" in many_sentence(none)


def test_many_rows_are_sorted_and_only_the_extremes_are_named() -> None:
    figure = plot_many(forty(), title="Forty industries", quantity="Rising minus falling")
    (ax,) = figure.axes
    names = [each.get_text() for each in ax.get_yticklabels()]
    assert names == [f"industry {place}" for place in (0, 1, 2, 3, 4, 35, 36, 37, 38, 39)]
    dots = ax.collections[-1].get_offsets()
    assert len(dots) == 40
    assert (np.diff(dots, axis=0) > 0).all()
    figure.canvas.draw()
    boxes = [each.get_window_extent() for each in ax.get_yticklabels()]
    assert not any(one.overlaps(other) for one, other in itertools.pairwise(boxes))


def test_power_is_said_with_what_it_rests_on() -> None:
    power = pd.DataFrame(
        {"effect": 5.0, "power": [0.204, 0.559], "size": [0.052, 0.058]}, index=["a", "b"]
    )
    said = power_sentence(power, {"a": "over bills", "b": "against the market"})
    assert "true difference 5 percentage points a year" in said
    assert "20% (over bills) and 56% (against the market) of samples" in said
    assert "claim one in 5% and 6%." in said
