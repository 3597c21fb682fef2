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


def readable_sets(summary: pd.DataFrame) -> pd.DataFrame:
    """The sets of an event study in reading order: direction, set, n, mean CAR, interval, tests.

    Parameters
    ----------
    summary : as from `helpers.eventstudy.summarise`.
    """
    names = {
        "direction": "direction", "set": "set", "status": "status", "n": "n", "n_listed": "of",
        "mean_car_pct": "mean", "low": "low", "high": "high", "p_t": "p_t",
        "p_sign_flip": "p_sign_flip", "p_floor": "smallest_p", "mde_pct": "detectable",
    }  # fmt: skip
    order = ["primary", "sensitivity", "selection_contaminated"]
    rank = summary["status"].map(order.index)
    shown = summary.assign(rank=rank).sort_values(["rank", "direction"], kind="stable")
    shown = shown.rename(columns=names)
    words = {column: shown[column].str.replace("_", " ") for column in ("set", "status")}
    return shown[list(names.values())].assign(**words).reset_index(drop=True)


def spells(state: pd.Series) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """First and last month of each unbroken run of ones, for shading.

    Parameters
    ----------
    state : 0 or 1 by month end; missing months belong to no run.
    """
    on = state.eq(1)
    run = (on != on.shift()).cumsum()
    months = [part.index for _, part in state[on].groupby(run[on])]
    return [(each[0].replace(day=1), each[-1]) for each in months]
