"""What others published, computed again from open data: ours beside theirs, and why they differ."""

from helpers.replications.prices import price_changes
from helpers.replications.studies import COLUMNS, Replications, replicate

__all__ = ["COLUMNS", "Replications", "price_changes", "replicate"]
