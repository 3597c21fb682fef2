"""Sign-flip tests against scipy's permutation test, and at their smallest attainable p."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from helpers.inference import exact, sign_flip, sign_flip_columns
from helpers.project import ProjectError


@pytest.mark.parametrize("n", [2, 3, 7, 10])
@pytest.mark.parametrize("statistic", ["mean", "t"])
def test_exact_p_is_that_of_scipy(n: int, statistic: str) -> None:
    x = np.random.default_rng(n).normal(0.5, 1, n)

    def scipy_statistic(sample: np.ndarray, axis: int) -> np.ndarray:
        mean = sample.mean(axis)
        return mean if statistic == "mean" else mean / sample.std(axis, ddof=1) * np.sqrt(n)

    reference = stats.permutation_test(
        (x,), scipy_statistic, permutation_type="samples", n_resamples=np.inf, vectorized=True
    )
    found = sign_flip(x, statistic=statistic)
    assert found.method == "exact"
    assert found.value == pytest.approx(reference.statistic, rel=1e-12)
    assert found.p == pytest.approx(reference.pvalue, rel=1e-12)


def test_seven_events_of_one_sign_reach_two_in_128() -> None:
    found = sign_flip([1, 2, 3, 4, 5, 6, 7])
    assert found.p == found.p_floor == 2 / 128


def test_ties_count_as_reached() -> None:
    # 1, 1, 2: sums 4, 2, 2, 0 and their opposites; |2| or more in 6 of 8.
    assert sign_flip([1, 1, -2]).p == 1
    assert sign_flip([1, -1, 2]).p == 6 / 8
    assert sign_flip([0.1, -0.1, 0.2]).p == 6 / 8


@given(
    hnp.arrays(float, st.integers(2, 9), elements=st.integers(-50, 50).map(float)).filter(np.any),
    st.floats(1e-6, 1e6),
)
@settings(max_examples=60, deadline=None)
def test_p_stays_above_its_floor_and_ignores_scale_and_order(x: np.ndarray, scale: float) -> None:
    found = sign_flip(x)
    assert found.p_floor <= found.p <= 1
    assert sign_flip(-scale * x[::-1]).p == found.p


def test_blocks_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(3).normal(0.4, 1, (11, 3))
    whole = sign_flip_columns(x)
    monkeypatch.setattr(exact, "_BLOCK", 64)
    assert [each.p for each in sign_flip_columns(x)] == [each.p for each in whole]


def test_columns_are_tested_one_by_one() -> None:
    x = np.random.default_rng(4).normal(0.4, 1, (8, 3))
    alone = [sign_flip(column) for column in x.T]
    assert [each.p for each in sign_flip_columns(x)] == [each.p for each in alone]
    assert [each.value for each in alone] == pytest.approx(x.mean(0), rel=1e-12)


def test_monte_carlo_agrees_with_enumeration_and_repeats() -> None:
    x = np.random.default_rng(5).normal(0.4, 1, 12)
    truth = sign_flip(x).p
    found = sign_flip(x, max_exact=100, draws=40_000, seed=1)
    assert (found.method, found.p_floor) == ("monte carlo", 1 / 40_001)
    assert found.p == pytest.approx(truth, abs=4 * np.sqrt(truth * (1 - truth) / 40_000))
    assert found == sign_flip(x, max_exact=100, draws=40_000, seed=1)


def test_monte_carlo_p_is_never_zero() -> None:
    found = sign_flip(np.arange(1.0, 41.0), draws=999)
    assert found.p == found.p_floor == 1 / 1000


@pytest.mark.parametrize(
    ("x", "says"),
    [([1.0, np.nan], "missing"), ([0.0, 0.0], "only zeros"), ([1.0], "1 observation")],
)
def test_bad_samples_are_refused(x: list[float], says: str) -> None:
    with pytest.raises(ProjectError, match=says):
        sign_flip(x)


def test_no_draws_are_refused() -> None:
    with pytest.raises(ProjectError, match="draws=0"):
        sign_flip([1, 2, 3], max_exact=2, draws=0)


def test_unknown_statistic_is_refused() -> None:
    with pytest.raises(ProjectError, match="median"):
        sign_flip([1, 2], statistic="median")  # type: ignore[arg-type]
