"""The dated events as readers see them."""

from __future__ import annotations

import pandas as pd


def readable_events(pivots: pd.DataFrame) -> pd.DataFrame:
    """A short row an event: day, time (New York), kind, action, surprise, economy, note.

    Parameters
    ----------
    pivots : as from `helpers.pivots.load_pivots`.
    """
    size = pivots["action_bp"].astype("Float64")
    action = pivots["action"].astype(str) + size.map(lambda x: f" {x:+.0f} bp", na_action="ignore")
    excluded = pivots["exclude"].fillna(False).astype(bool)
    return pd.DataFrame(
        {
            "effective_day": pivots["effective_day"],
            "time": pivots["announced_at"].map(lambda x: f"{x:%H:%M}", na_action="ignore"),
            "kind": pivots["kind"].str.replace("_", " "),
            "action": action.fillna(pivots["action"]).str.replace("_", " "),
            "surprise": pivots["surprise_sign"],
            "economy": pivots["economy"],
            "chosen_by": pivots["chosen_by"].str.replace("_", " "),
            "confounded_by": pivots["confounders"].map(", ".join),
            "left_out": excluded.map({True: "yes", False: ""}),
            "reason": pivots["reason"],
        }
    ).reset_index(drop=True)
