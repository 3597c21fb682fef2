"""Measures of inflation, the regimes they make, and the returns within them."""

from helpers.inflation.comparison import Comparison, compare_regimes, power_to_find
from helpers.inflation.expectations import expected_rising, surprises_up, survey_forecast
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
from helpers.inflation.real_time import load_first_release, load_real_time, save_real_time
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
    "expected_rising",
    "filtered_probability",
    "in_neville_regime",
    "inflation_rate",
    "known",
    "level_bucket",
    "level_by_direction",
    "load_first_release",
    "load_neville",
    "load_real_time",
    "power_to_find",
    "real_time_directions",
    "regime",
    "save_real_time",
    "surprise",
    "surprises_up",
    "survey_forecast",
]
