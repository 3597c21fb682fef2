"""Bootstrap intervals against scipy, circular shifts against a direct loop."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from arch.bootstrap import optimal_block_length
from scipy import stats

from helpers.inference import bootstrap_difference, circular_shift, hac_difference
from helpers.project import ProjectError

MONTHS = pd.date_range("1960-01-31", periods=180, freq="ME")


def made_sample(missing: bool = False, effect: float = 0.0) -> tuple[pd.Series, pd.Series]:
    """Planted truth: `effect` added to y where the state is True."""
    generator = np.random.default_rng(5)
    persistent = np.convolve(generator.normal(size=191), np.ones(12), "valid")
    state = pd.Series(persistent > 0, MONTHS).astype("boolean")
    y = pd.Series(generator.normal(0.5, 4, 180), MONTHS) + effect * state.astype(float)
    if missing:
        state.iloc[[0, 50, 51, 120]] = pd.NA
    return y, state


def shifted(state: pd.Series, by: int) -> pd.Series:
    return pd.Series(np.roll(state.to_numpy(), by), state.index).astype("boolean")


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("statistic", ["difference", "t"])
def test_shifts_are_those_of_a_direct_loop(statistic: str, missing: bool) -> None:
    y, state = made_sample(missing)
    name = "value" if statistic == "difference" else "t"
    observed = getattr(hac_difference(y, state), name)
    loop = [getattr(hac_difference(y, shifted(state, s)), name) for s in range(24, 180 - 24 + 1)]
    reached = sum(abs(value) >= abs(observed) for value in loop)
    found = circular_shift(y, state, statistic=statistic)
    assert found.value == pytest.approx(observed, rel=1e-10)
    assert found.n_shifts == len(loop) == 133
    assert found.p == (1 + reached) / 134
    assert 1 < reached < 133


def test_a_planted_effect_reaches_the_smallest_attainable_p() -> None:
    found = circular_shift(*made_sample(effect=20))
    assert found.p == found.p_floor == 1 / 134


def test_a_shift_that_ties_counts() -> None:
    """State and outcome both repeat every 10 rows, so every tenth shift gives the same |d|."""
    days = pd.RangeIndex(40)
    y = pd.Series(np.tile([1.0, 2, 0, 1, 5, 7, 6, 9, 8, 6], 4), days)
    state = pd.Series(np.tile([False] * 4 + [True] * 6, 4), days)
    assert circular_shift(y, state, min_shift=10).p >= (1 + 3) / (1 + 21)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"min_shift": 0}, "min_shift=0"),
        ({"min_shift": 91}, "1 to half"),
        ({"statistic": "median"}, "difference or t"),
        ({"statistic": "t", "hac_lags": 180}, "180 lags"),
    ],
)
def test_bad_shifts_are_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(ProjectError, match=says):
        circular_shift(*made_sample(), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["stationary", "circular"])
def test_blocks_of_one_row_give_the_interval_of_scipy(kind: str) -> None:
    y, state = made_sample()

    def difference(y: np.ndarray, s: np.ndarray, axis: int = -1) -> np.ndarray:
        return (y * s).sum(axis) / s.sum(axis) - (y * (1 - s)).sum(axis) / (1 - s).sum(axis)

    reference = stats.bootstrap(
        (y.to_numpy(), state.to_numpy(dtype=float)),
        difference,
        paired=True,
        vectorized=True,
        n_resamples=20_000,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval
    found = bootstrap_difference(y, state, kind=kind, block=1)
    assert found.low == pytest.approx(reference.low, abs=4 * found.low_mc_se)
    assert found.high == pytest.approx(reference.high, abs=4 * found.high_mc_se)


@pytest.mark.parametrize("kind", ["stationary", "circular"])
def test_the_block_is_that_of_the_influence_of_each_row(kind: str) -> None:
    y, state = made_sample()
    y = y.rolling(6, min_periods=1).sum()  # strong dependence, so that the length is not 1
    s = state.to_numpy(dtype=float)
    residual = y - y.groupby(state).transform("mean")
    slope_score = residual.to_numpy() * (s - s.mean())
    length = float(optimal_block_length(slope_score)[kind].iloc[0])
    assert length > 2
    found = bootstrap_difference(y, state, kind=kind, draws=300)
    assert found.block == pytest.approx(length if kind == "stationary" else np.ceil(length))


def test_monte_carlo_error_is_the_spread_between_seeds() -> None:
    y, state = made_sample()
    intervals = [bootstrap_difference(y, state, draws=500, seed=seed) for seed in range(60)]
    assert len({each.low for each in intervals}) == 60
    for end in ("low", "high"):
        spread = np.std([getattr(each, end) for each in intervals], ddof=1)
        stated = np.mean([getattr(each, f"{end}_mc_se") for each in intervals])
        assert 0.7 < spread / stated < 1.4


def test_a_seed_repeats_and_a_year_scales() -> None:
    y, state = made_sample(missing=True)
    month = bootstrap_difference(y, state, draws=300)
    year = bootstrap_difference(y, state, draws=300, periods_per_year=12)
    assert month == bootstrap_difference(y, state, draws=300)
    assert (year.low, year.high) == pytest.approx((12 * month.low, 12 * month.high), rel=1e-10)
    assert month.redrawn == 0


def test_resamples_without_one_side_are_replaced_and_counted() -> None:
    y, _ = made_sample()
    state = pd.Series(np.arange(180) < 2, MONTHS)
    found = bootstrap_difference(y, state, draws=1000, block=10)
    assert found.redrawn > 100
    assert found.low < found.high


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "moving"}, "stationary or circular"),
        ({"block": 0.5}, "1 to 180 rows"),
        ({"block": 181}, "1 to 180 rows"),
        ({"level": 0}, "level=0"),
        ({"draws": 0}, "draws=0"),
    ],
)
def test_bad_bootstraps_are_refused(options: dict[str, object], says: str) -> None:
    with pytest.raises(ProjectError, match=says):
        bootstrap_difference(*made_sample(), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("test", [circular_shift, bootstrap_difference])
def test_an_outcome_without_variation_is_refused(test: object) -> None:
    y, state = made_sample()
    with pytest.raises(ProjectError, match="does not vary"):
        test(y * 0 + 7, state)  # type: ignore[operator]
