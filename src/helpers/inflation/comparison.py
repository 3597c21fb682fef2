"""Mean returns when inflation is rising against falling, sample by sample: the tests of C12."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers.inference import (
    Difference,
    Interval,
    ShiftTest,
    bootstrap_difference,
    circular_shift,
    hac_difference,
    minimum_detectable_effect,
    power_regime_difference,
)
from helpers.project import Estimate, Exclusion, ProjectError

MONTHS = 12
UNIT = "percentage points a year"
LATE_START = 36  # months a series may begin after the start of a sample, disclosed
EARLIER_ENDS = 12  # months the regime rule takes off the end of a sample


@dataclass(frozen=True)
class Comparison:
    """One outcome in one sample; returns in percent, differences in points a year.

    Attributes
    ----------
    key : outcome and first year asked for. first, last : months actually used.
    p_worst : largest deciding p (of HAC and shift) over samples ending 1 to 12 months earlier;
        1 where the sign turns.
    mde : smallest true difference found with probability 0.8 at 5%, from the HAC error.
    """

    key: str
    label: str
    first: pd.Timestamp
    last: pd.Timestamp
    months: int
    difference: Difference
    bootstrap: Interval
    shift: ShiftTest
    mde: float
    p_worst: float
    hac_lags: int

    @property
    def p(self) -> float:
        """The p that decides: the larger of the two deterministic tests."""
        return max(self.difference.p, self.shift.p)

    def estimates(self) -> dict[str, Estimate]:
        """The difference thrice, by HAC, circular shift and stationary bootstrap.

        n is the number of unbroken regimes: months of one regime are not independent.
        """
        months = f"{self.months} months, {self.difference.n_true} of them with inflation rising"
        common: dict[str, Any] = {
            "label": self.label,
            "value": self.difference.value,
            "unit": UNIT,
            "n": self.difference.regimes,
            "n_of": "regimes",
            "sample": (f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"),
            "mde": self.mde,
        }
        return {
            f"{self.key}_hac": Estimate(
                **common,
                low=self.difference.low,
                high=self.difference.high,
                p=self.difference.p, note=months,
                method=f"difference of means, HAC with {self.hac_lags} lags",
            ),
            f"{self.key}_shift": Estimate(
                **common, low=None, high=None, p=self.shift.p, p_floor=self.shift.p_floor,
                note="a shift test gives a p-value and no interval",
                method=f"circular shift of the regime, {self.shift.n_shifts} shifts",
            ),
            f"{self.key}_bootstrap": Estimate(
                **common, low=self.bootstrap.low, high=self.bootstrap.high, note=months,
                method=self.bootstrap.method,
            ),
        }  # fmt: skip


def compare_regimes(
    outcomes: pd.DataFrame,
    rising: pd.Series,
    *,
    labels: Mapping[str, str],
    sample_starts: Sequence[int],
    sample_end: str,
    hac_lags: int,
    min_shift: int,
    draws: int,
    seed: int,
) -> tuple[list[Comparison], list[Exclusion]]:
    """Every outcome in every sample, rising minus falling.

    Parameters
    ----------
    outcomes : months x outcomes, simple returns or differences of returns, fractions; a month may
        be missing at either end of a column, not inside it.
    rising : nullable boolean by month, as known by its end (lag 1) or as the regime's lag has it;
        missing is a third state.
    labels : outcome -> words. sample_starts : first years; sample_end : last month, "YYYY-MM".

    Returns
    -------
    Comparisons by outcome and sample, and the samples left out because the data start too late.

    Raises
    ------
    ProjectError : an outcome with a hole, or anything `helpers.inference` refuses.
    """
    found: list[Comparison] = []
    left_out: list[Exclusion] = []
    for name in outcomes.columns:
        series = _whole(outcomes[name], name).loc[:sample_end]
        for year in sample_starts:
            asked, begins = pd.Timestamp(year, 1, 1), series.index[0]
            late = (begins.year - asked.year) * MONTHS + begins.month - asked.month
            if late > LATE_START:
                left_out.append(Exclusion(
                    what=f"{labels[name]}, sample from {year}",
                    reason=f"the data begin in {begins:%Y-%m}",
                ))  # fmt: skip
                continue
            found.append(_compare(
                series.loc[asked:], rising, f"{name}_{year}", labels[name],
                hac_lags=hac_lags, min_shift=min_shift, draws=draws, seed=seed,
            ))  # fmt: skip
    return found, left_out


def _compare(
    outcome: pd.Series,
    rising: pd.Series,
    key: str,
    label: str,
    *,
    hac_lags: int,
    min_shift: int,
    draws: int,
    seed: int,
) -> Comparison:
    known = rising.reindex(outcome.index).dropna().index
    if known.empty:
        raise ProjectError("no month has a known regime", where=key)
    percent = 100 * outcome.loc[known[0] : known[-1]]
    state = rising.loc[percent.index[0] : percent.index[-1]]

    def tests(months: int) -> tuple[Difference, ShiftTest]:
        y, s = percent.iloc[:months], state.iloc[:months]
        return (
            hac_difference(y, s, hac_lags=hac_lags, periods_per_year=MONTHS),
            circular_shift(y, s, min_shift=min_shift),
        )

    difference, shift = tests(len(percent))
    shortened = [tests(len(percent) - cut) for cut in range(1, EARLIER_ENDS + 1)]
    worst = max(max(d.p, s.p) if d.value * difference.value > 0 else 1.0 for d, s in shortened)
    return Comparison(
        key=key,
        label=label,
        first=percent.index[0],
        last=percent.index[-1],
        months=len(percent),
        difference=difference,
        bootstrap=bootstrap_difference(
            percent, state, draws=draws, seed=seed, periods_per_year=MONTHS
        ),
        shift=shift,
        mde=minimum_detectable_effect(difference.se, df=difference.n_true + difference.n_false - 2),
        p_worst=worst,
        hac_lags=hac_lags,
    )


def power_to_find(
    found: Sequence[Comparison],
    outcomes: pd.DataFrame,
    rising: pd.Series,
    *,
    effect: float,
    seed: int,
    draws: int = 2000,
) -> pd.DataFrame:
    """How often the HAC test finds a difference of `effect`, and one of nothing.

    By simulation, see `power_regime_difference`: the regimes as found, moved round the sample, and
    the outcome of the sample, freed of its own difference and resampled in blocks.

    Parameters
    ----------
    found : comparisons of `outcomes` with `rising`. effect : percentage points a year.

    Returns
    -------
    One row a comparison, indexed by its key: effect, power, size, monte_carlo_se (of the power),
    mde (found four times in five; points a year), regimes, switches.
    """
    rows = {}
    for each in found:
        outcome = outcomes[each.key.rpartition("_")[0]].loc[each.first : each.last]
        simulated = power_regime_difference(
            100 * outcome, rising.loc[each.first : each.last], [effect],
            draws=draws, seed=seed, hac_lags=each.hac_lags, periods_per_year=MONTHS,
        )  # fmt: skip
        rows[each.key] = {
            "effect": effect,
            "power": float(simulated.power[0]),
            "size": simulated.size,
            "monte_carlo_se": float(simulated.power_se[0]),
            "mde": simulated.mde,
            "regimes": each.difference.regimes,
            "switches": each.difference.switches,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("key")


def _whole(series: pd.Series, name: str) -> pd.Series:
    """The series without its missing ends.

    Raises
    ------
    ProjectError : a month is missing inside it.
    """
    present = series.dropna()
    if present.empty:
        raise ProjectError("no value at all", where=name)
    inside = series.loc[present.index[0] : present.index[-1]]
    if inside.isna().any():
        raise ProjectError(
            f"{inside.index[inside.isna()][0]:%Y-%m} is missing", where=name,
            expected="no hole between the first month and the last",
        )  # fmt: skip
    return inside
