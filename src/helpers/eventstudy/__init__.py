"""Event studies whose sample size is the number of events."""

from helpers.eventstudy.by_set import (
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
    "cars",
    "distinct_sets",
    "estimate",
    "forest",
    "mean_path",
    "run",
    "summarise",
    "without_each",
]
