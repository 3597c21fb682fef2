"""Macro conditions and valuation, and what small minus large did afterwards."""

from helpers.conditions.after import After, after_months
from helpers.conditions.predictive import Slope, predict, table
from helpers.conditions.readings import own_surprise, quarterly_growth
from helpers.conditions.realtime import Troughs, near_recession, pmi_troughs, sahm_gap, state_at
from helpers.conditions.stambaugh import Corrected, stambaugh
from helpers.conditions.valuation import Standing, expanding_percentile, size_spread, standing

__all__ = [
    "After",
    "Corrected",
    "Slope",
    "Standing",
    "Troughs",
    "after_months",
    "expanding_percentile",
    "near_recession",
    "own_surprise",
    "pmi_troughs",
    "predict",
    "quarterly_growth",
    "sahm_gap",
    "size_spread",
    "stambaugh",
    "standing",
    "state_at",
    "table",
]
