"""The t test of a mean, and leaving one unit out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from helpers.inference import leave_one_out, t_mean
from helpers.project import ProjectError


def test_t_mean_of_one_to_five_by_hand() -> None:
    found = t_mean([1, 2, 3, 4, 5])
    assert (found.mean, found.df, found.n) == (3, 4, 5)
    assert found.se == pytest.approx(np.sqrt(2.5 / 5), rel=1e-15)
    assert found.t == pytest.approx(3 * np.sqrt(2), rel=1e-14)
    assert found.high - 3 == pytest.approx(2.7764451052 * np.sqrt(0.5), rel=1e-10)  # t table, 4 df


def test_t_mean_agrees_with_scipy() -> None:
    x = np.random.default_rng(1).normal(0.4, 2, 9)
    reference = stats.ttest_1samp(x, 0)
    interval = reference.confidence_interval(0.9)
    found = t_mean(x, level=0.9)
    assert (found.t, found.p) == pytest.approx((reference.statistic, reference.pvalue), rel=1e-12)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-12)


def test_leave_one_out_by_hand() -> None:
    assert leave_one_out([1, 2, 6]).tolist() == [4, 3.5, 1.5]
    assert leave_one_out([1, 2, 6], np.median).tolist() == [4, 3.5, 1.5]
    assert leave_one_out([1, 2, 6], np.max).tolist() == [6, 6, 2]


@pytest.mark.parametrize(
    ("x", "says"),
    [
        ([1.0], "1 observation"),
        ([], "shape"),
        ([[1.0, 2.0]], "shape"),
        ([1.0, np.nan, 2.0], r"first at position \(1,\)"),
        ([1.0, np.inf], "infinite"),
        ([2.0, 2.0, 2.0], "all 3 values are equal"),
    ],
)
def test_bad_samples_are_refused(x: list[float], says: str) -> None:
    with pytest.raises(ProjectError, match=says):
        t_mean(x)


def test_level_outside_0_to_1_is_refused() -> None:
    with pytest.raises(ProjectError, match="level=95"):
        t_mean([1, 2, 3], level=95)
