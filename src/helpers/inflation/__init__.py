"""Measures of inflation, the regimes they make, and the returns within them."""

from helpers.inflation.comparison import Comparison, compare_regimes
from helpers.inflation.markov import filtered_probability
from helpers.inflation.measures import (
    LEVELS,
    change,
    direction,
    inflation_rate,
    known,
    level_bucket,
    level_by_direction,
    surprise,
)
from helpers.inflation.neville import in_neville_regime, load_neville
from helpers.inflation.outcomes import average_stock
from helpers.inflation.real_time import load_real_time, save_real_time
from helpers.inflation.regimes import (
    MEASURES,
    PRIMARY,
    Regime,
    RegimeSpec,
    real_time_directions,
    regime,
)

__all__ = [
    "LEVELS",
    "MEASURES",
    "PRIMARY",
    "Comparison",
    "Regime",
    "RegimeSpec",
    "average_stock",
    "change",
    "compare_regimes",
    "direction",
    "filtered_probability",
    "in_neville_regime",
    "inflation_rate",
    "known",
    "level_bucket",
    "level_by_direction",
    "load_neville",
    "load_real_time",
    "real_time_directions",
    "regime",
    "save_real_time",
    "surprise",
]
