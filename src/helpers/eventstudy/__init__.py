"""Event studies whose sample size is the number of events."""

from helpers.eventstudy.assets import event_assets
from helpers.eventstudy.bootstrap import Bootstrap, bootstrap
from helpers.eventstudy.by_set import (
    across_assets,
    cars,
    distinct_sets,
    estimate,
    forest,
    mean_path,
    summarise,
    without_each,
)
from helpers.eventstudy.groups import compare_groups
from helpers.eventstudy.placebo import (
    EveryCar,
    Placebo,
    benchmark_days,
    every_car,
    fomc_week,
    placebo,
    tidy,
    volatility_state,
)
from helpers.eventstudy.study import CAR_WINDOWS, EventStudy, run

__all__ = [
    "CAR_WINDOWS",
    "Bootstrap",
    "EventStudy",
    "EveryCar",
    "Placebo",
    "across_assets",
    "benchmark_days",
    "bootstrap",
    "cars",
    "compare_groups",
    "distinct_sets",
    "estimate",
    "event_assets",
    "every_car",
    "fomc_week",
    "forest",
    "mean_path",
    "placebo",
    "run",
    "summarise",
    "tidy",
    "volatility_state",
    "without_each",
]
