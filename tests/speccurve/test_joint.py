"""The joint test against shifts done one at a time, under the null, and with an effect."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.project import ProjectError
from helpers.speccurve import estimate_curve, load_grid, shift_test

Panel = Callable[..., pd.DataFrame]


def small_curve(monthly: pd.DataFrame, **choices: list[str | int | float]):
    chosen = {
        "outcome": ["average_minus_market", "smb"], "measure": ["cpi_nsa", "cpi_sa"],
        "start": [1990], "rate_months": [12], **choices,
    }  # fmt: skip
    return estimate_curve(monthly, load_grid().only(**chosen), sample_end="2018-12", hac_lags=12)


def test_it_is_the_median_of_shifts_done_one_at_a_time(panel: Panel) -> None:
    curve = small_curve(panel(5, planted=0.005))
    found = shift_test(curve, min_shift=24).query("statistic == 'median'")
    months = len(curve.groups[0].dates)
    medians = []
    for shift in [0, *range(24, months - 23)]:
        values = []
        for group in curve.groups:
            for spec in group.specs.itertuples():
                y, known = group.outcomes[spec.o], group.known[spec.o]
                up = np.roll(group.true[spec.r], shift) * known
                down = np.roll(group.false[spec.r], shift) * known
                values.append((y * up).sum() / up.sum() - (y * down).sum() / down.sum())
        medians.append(np.median(values))
    assert found["value"].item() == pytest.approx(medians[0])
    assert found["value"].item() == pytest.approx(curve.table["value"].median())
    reached = sum(abs(each) >= abs(medians[0]) for each in medians[1:])
    assert found["p"].item() == pytest.approx((1 + reached) / len(medians))
    assert found["shifts"].item() == months - 47
    assert found["p_floor"].item() == 1 / (months - 46)


def test_a_planted_effect_reaches_the_floor_and_a_sign_is_shared(panel: Panel) -> None:
    found = shift_test(small_curve(panel(6, planted=0.03))).set_index("statistic")
    assert found.loc["median", "p"] == found.loc["median", "p_floor"]
    assert found.loc["median", "value"] > 0
    assert found.loc["share_of_sign", "value"] > 0.9


def test_the_shortest_sample_has_the_say_over_all(panel: Panel) -> None:
    curve = small_curve(panel(7), start=[1963, 1990])
    found = shift_test(curve).query("statistic == 'median'").set_index("start")
    assert found.loc[0, "shifts"] == found.loc[1990, "shifts"] < found.loc[1963, "shifts"]
    assert found.loc[0, "n"] == found.loc[1990, "n"] + found.loc[1963, "n"]
    with pytest.raises(ProjectError, match="expected at least 400"):
        shift_test(curve, min_shift=200)


@pytest.mark.slow
def test_under_the_null_the_median_rejects_one_time_in_twenty(panel: Panel) -> None:
    draws = 200
    p = [
        shift_test(small_curve(panel(1000 + i), without=["none"]))
        .query("statistic == 'median'")["p"]
        .item()
        for i in range(draws)
    ]
    share = float(np.mean(np.array(p) <= 0.05))
    assert share <= 0.05 + 3.5 * np.sqrt(0.05 * 0.95 / draws), share
    assert 0.3 < float(np.mean(np.array(p) <= 0.5)) < 0.7
