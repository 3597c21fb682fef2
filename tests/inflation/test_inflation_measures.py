"""Rates, changes and states on series short enough to check by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.inflation import (
    change,
    direction,
    inflation_rate,
    known,
    level_bucket,
    level_by_direction,
    surprise,
)
from helpers.project import ProjectError


def monthly(values: object, first: str = "2000-01") -> pd.Series:
    values = list(values)  # type: ignore[call-overload]
    return pd.Series(values, pd.date_range(first, periods=len(values), freq="ME"))


def test_rates_of_a_hand_made_index() -> None:
    index = monthly([100.0, 101.0, 102.0, 104.0])
    three = inflation_rate(index, 3, annualised=False)
    assert three.iloc[:3].isna().all()
    assert three.iloc[3] == pytest.approx(4.0)
    assert inflation_rate(index, 1).iloc[1] == pytest.approx(100 * (1.01**12 - 1))
    assert inflation_rate(index, 3).iloc[3] == pytest.approx(100 * (1.04**4 - 1))


@pytest.mark.parametrize("months", [1, 3, 6, 12])
def test_steady_inflation_has_one_annualised_rate(months: int) -> None:
    index = monthly(100 * 1.05 ** (np.arange(30) / 12))
    assert inflation_rate(index, months).dropna().to_numpy() == pytest.approx(5.0)


def test_the_name_says_the_unit() -> None:
    index = monthly(np.arange(100.0, 130.0))
    assert inflation_rate(index, 12).name == "inflation_12m_pct"
    assert inflation_rate(index, 3).name == "inflation_3m_annualised_pct"
    assert inflation_rate(index, 3, annualised=False).name == "inflation_3m_pct"


def test_direction_of_a_hand_made_rate() -> None:
    rate = monthly([2.0, 3.0, 3.0, 1.0, np.nan, 1.0, 2.0])
    found = direction(change(rate, 1)).astype(object).where(lambda each: each.notna(), None)
    assert found.tolist() == [None, "rising", "unchanged", "falling", None, None, "rising"]


def test_a_threshold_widens_the_third_state() -> None:
    found = direction(monthly([-0.6, -0.5, 0.0, 0.5, 0.6]), threshold_pp=0.5)
    assert found.tolist() == ["falling", "unchanged", "unchanged", "unchanged", "rising"]


@given(
    st.integers(min_value=90, max_value=3500), st.integers(min_value=1, max_value=60),
    st.sampled_from([0.1, 0.001]),
)  # fmt: skip
def test_equal_rates_of_printed_indices_are_unchanged(base: int, rise: int, unit: float) -> None:
    """P, P+r, 3P, 3P+3r: both rates are equal, whatever doubles make of them."""
    small = np.array([base, base + rise, 3 * base, 3 * (base + rise)]) * unit
    rates = monthly(100 * (small[1::2] / small[::2] - 1))
    assert direction(change(rates, 1)).iloc[1] == "unchanged"


def test_the_smallest_printed_difference_is_a_change() -> None:
    """Two rates near 330 that differ in the last digit of the index, 0.001."""
    rates = monthly([100 * (329.999 / 330.000 - 1), 100 * (330.000 / 330.001 - 1)])
    assert 0 < change(rates, 1).iloc[1] < 1e-8
    assert direction(change(rates, 1)).iloc[1] == "rising"


def test_a_missing_month_makes_missing_what_touches_it_and_nothing_else() -> None:
    index = monthly(100 * 1.002 ** np.arange(60) + np.sin(np.arange(60)))
    index.iloc[30] = np.nan
    states = direction(change(inflation_rate(index, 12), 6))
    missing = [i for i in range(18, 60) if pd.isna(states.iloc[i])]
    assert missing == [30, 36, 42, 48], "P in t, t-6, t-12 and t-18"


def test_levels_hold_their_lower_end() -> None:
    rate = monthly([-0.1, 0.0, 1.9, 2.0, 100 * (102.0 / 100.0 - 1), 3.9, 4.0, 12.0, np.nan])
    assert level_bucket(rate).astype(object).tolist()[:-1] == [
        "below 0", "0 to 2", "0 to 2", "2 to 4", "2 to 4", "2 to 4", "4 and above", "4 and above",
    ]  # fmt: skip
    assert pd.isna(level_bucket(rate).iloc[-1])


def test_level_by_direction() -> None:
    rate = monthly([1.0, 3.0, 3.0, np.nan, 5.0, 4.5])
    found = level_by_direction(level_bucket(rate), direction(change(rate, 1)))
    assert found.isna().tolist() == [True, False, True, True, True, False]
    assert found.dropna().tolist() == ["2 to 4, rising", "4 and above, falling"]
    assert len(found.cat.categories) == 8
    with pytest.raises(ProjectError, match="different months"):
        level_by_direction(level_bucket(rate), direction(change(rate, 1)).iloc[1:])


def test_known_moves_the_month_not_the_value() -> None:
    state = monthly(["rising", "falling", "rising"])
    assert known(state, 2).index.strftime("%Y-%m").tolist() == ["2000-03", "2000-04", "2000-05"]
    assert known(state, 2).tolist() == state.tolist()
    assert known(state, 0).equals(state)
    with pytest.raises(ProjectError, match="2 months; expected more than the lag of 2"):
        known(state.iloc[:2], 2)
    with pytest.raises(ProjectError, match="zero or more"):
        known(state, -1)


def test_surprise_is_actual_minus_expected_where_both_are() -> None:
    found = surprise(monthly([3.0, 2.0, 2.5]), monthly([2.5, 2.5, 9.0], "2000-02"))
    assert found.to_dict() == {
        pd.Timestamp("2000-02-29"): -0.5, pd.Timestamp("2000-03-31"): 0.0,
    }  # fmt: skip
    with pytest.raises(ProjectError, match="no month has both"):
        surprise(monthly([1.0]), monthly([1.0], "2001-01"))


GOOD = monthly(np.linspace(100, 130, 30))
FAULTS = {
    "gap": (GOOD.drop(GOOD.index[7]), "2000-08 has no row.*Mend"),
    "double": (pd.concat([GOOD, GOOD.iloc[3:4]]), "2000-04 stands twice"),
    "order": (GOOD.iloc[::-1], "not in order"),
    "month starts": (GOOD.set_axis(GOOD.index.to_period("M").to_timestamp()), "2000-01-01"),
    "numbers": (GOOD.reset_index(drop=True), "no months"),
    "empty": (GOOD.iloc[:0], "no months"),
    "infinite": (GOOD.replace(100.0, np.inf), "infinite"),
    "a rate": (GOOD - 110, "the index is -10.0 in 2000-01; expected a price index"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_monthly_index_is_refused(fault: str) -> None:
    series, message = FAULTS[fault]
    with pytest.raises(ProjectError, match=message):
        inflation_rate(series, 12)


def test_unknown_horizons_are_refused() -> None:
    with pytest.raises(ProjectError, match="2 months; expected 1, 3, 6 or 12"):
        inflation_rate(GOOD, 2)
    with pytest.raises(ProjectError, match="one month or more"):
        change(GOOD, 0)
    with pytest.raises(ProjectError, match="threshold_pp: -1; expected zero or more"):
        direction(GOOD, threshold_pp=-1)
    with pytest.raises(ProjectError, match="threshold_pp: nan"):
        direction(GOOD, threshold_pp=float("nan"))
