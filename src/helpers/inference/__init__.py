"""Inference for few events and persistent regimes; knows nothing of what is being tested."""

from helpers.inference._pairs import difference_and_se, hac_variance
from helpers.inference.differences import Difference, hac_difference
from helpers.inference.exact import ExactTest, sign_flip, sign_flip_columns
from helpers.inference.means import MeanTest, leave_one_out, t_mean
from helpers.inference.multiplicity import benjamini_hochberg, holm, romano_wolf
from helpers.inference.power import (
    RegimePower,
    mde_event_mean,
    minimum_detectable_effect,
    power_event_mean,
    power_regime_difference,
)
from helpers.inference.resampling import (
    Interval,
    ShiftTest,
    bootstrap_difference,
    circular_shift,
)

__all__ = [
    "Difference",
    "ExactTest",
    "Interval",
    "MeanTest",
    "RegimePower",
    "ShiftTest",
    "benjamini_hochberg",
    "bootstrap_difference",
    "circular_shift",
    "difference_and_se",
    "hac_difference",
    "hac_variance",
    "holm",
    "leave_one_out",
    "mde_event_mean",
    "minimum_detectable_effect",
    "power_event_mean",
    "power_regime_difference",
    "romano_wolf",
    "sign_flip",
    "sign_flip_columns",
    "t_mean",
]
