"""Directions that others published, beside ours, in words."""

from __future__ import annotations

import pandas as pd

from helpers.present.sentences import signed


def direction_sentence(table: pd.DataFrame) -> str:
    """What became of findings that have a direction and no figure to compare.

    Parameters
    ----------
    table : as in `helpers.replications.Replications`.
    """
    rows = table[table["published"].isna()].to_dict("records")
    if not rows:
        return "Every finding of these studies is a figure."
    told = "; ".join(
        f"{row['study']}, {row['what']}: {_finding(row)} ({signed(row['ours'], 2)} {row['unit']}, "
        f"95% interval {signed(row['low'], 2)} to {signed(row['high'], 2)})"
        for row in rows
    )
    return f"Where a direction is published, or the study ended: {told}."


def _finding(row: dict) -> str:
    if row["low"] <= 0 <= row["high"]:
        return "cannot be told from zero"
    if row["direction"] == 0:
        return "positive" if row["ours"] > 0 else "negative"
    return "as published" if row["ours"] * row["direction"] > 0 else "the other way"
