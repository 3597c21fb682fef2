"""Event studies whose sample size is the number of events."""

from helpers.eventstudy.assets import event_assets
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
from helpers.eventstudy.study import CAR_WINDOWS, EventStudy, run

__all__ = [
    "CAR_WINDOWS",
    "EventStudy",
    "across_assets",
    "cars",
    "distinct_sets",
    "estimate",
    "event_assets",
    "forest",
    "mean_path",
    "run",
    "summarise",
    "without_each",
]
